"""Page and program judge the same packs by the same procedure: they must find the same."""

import hashlib
import io
import json
import sys
import zipfile
from dataclasses import replace

import pytest

from psa_evidence.format import Disclosed, canonical, record_salt
from psa_evidence.verify import verify_pack

TICKET = "data/natives/ticket/1042.json"
OTHER = "data/natives/ticket/1043.json"
MANIFEST = "data/manifest.json"
SEAL = "seals/000002.json"


def flipped_byte(pack):
    data = bytearray(pack.files[TICKET])
    data[10] ^= 1
    pack.files[TICKET] = bytes(data)


def flipped_byte_in_the_pdf(pack):
    pack.files["data/Evidence Pack.pdf"] += b"\n"


def missing_file(pack):
    del pack.files["data/tables/devices.csv"]


def extra_file(pack):
    pack.files["data/tables/more.csv"] = b"a\n"


def extra_file_at_the_top(pack):
    pack.files["fetch.txt"] = b"http://example.test/x - data/x\n"


def extra_file_listed_in_the_bag(pack):
    pack.files["data/more.txt"] = b"a\n"
    pack.repair_bag()


def payload_manifest_with_crlf(pack):
    pack.files["manifest-sha256.txt"] = pack.files["manifest-sha256.txt"].replace(b"\n", b"\r\n")
    pack.repair_tags()


def file_of_the_operating_system(pack):
    pack.files["data/.DS_Store"] = b"x"


def swapped_natives(pack):
    pack.files[TICKET], pack.files[OTHER] = pack.files[OTHER], pack.files[TICKET]
    pack.repair()


def native_under_another_name(pack):
    pack.files["data/natives/ticket/1099.json"] = pack.files.pop(TICKET)
    pack.edit(MANIFEST, lambda m: m["records"][0].update(native="data/natives/ticket/1099.json"))
    pack.repair()


def changed_record_with_all_lists_repaired(pack):
    pack.files[TICKET] = pack.files[TICKET].replace(b"failed", b"worked")
    digest = hashlib.sha256(pack.files[TICKET]).hexdigest()
    pack.edit(MANIFEST, lambda m: m["records"][0].update(sha256=digest))
    pack.repair()


def broken_path(pack):
    pack.edit("data/proofs/1.json", lambda p: p["proofs"][0]["path"].__setitem__(0, "0" * 64))
    pack.repair()


def path_too_short(pack):
    pack.edit("data/proofs/1.json", lambda p: p["proofs"][0]["path"].pop())
    pack.repair()


def path_too_long(pack):
    pack.edit("data/proofs/1.json", lambda p: p["proofs"][0]["path"].append("0" * 64))
    pack.repair()


def proof_removed(pack):
    pack.edit("data/proofs/1.json", lambda p: p["proofs"].pop(0))
    pack.repair()


def proofs_in_another_order(pack):
    pack.edit("data/proofs/1.json", lambda p: p["proofs"].reverse())
    pack.repair()


def leaf_of_another_connection(pack):
    module = sys.modules[type(pack).__module__]
    real = module.make_leaf
    module.make_leaf = lambda n, i: replace(real(n, i), connection=f"psa-{n}")
    try:
        pack.build()
    finally:
        module.make_leaf = real


def leaf_renamed(pack):
    pack.edit("data/proofs/1.json", lambda p: p["proofs"][0]["leaf"].update(id="7"))
    pack.repair()


def seal_removed(pack):
    del pack.files[SEAL]
    pack.repair()


def resealed(pack, **changes):
    pack.edit(SEAL, lambda s: s.update(changes))
    digest = hashlib.sha256(pack.files[SEAL]).hexdigest()
    pack.edit(MANIFEST, lambda m: m["seals"][1].update(digest=digest))
    pack.repair()


def broken_chain(pack):
    resealed(pack, previous="0" * 64)


def chain_that_begins_again(pack):
    resealed(pack, previous=None)


def seal_with_another_root(pack):
    resealed(pack, root="0" * 64)


def seal_of_another_vault(pack):
    resealed(pack, vault="other")


def seal_with_a_promise_of_its_own(pack):
    resealed(pack, trusted=True)


def manifest_not_canonical(pack):
    pack.files[MANIFEST] = json.dumps(json.loads(pack.files[MANIFEST]), indent=1).encode()
    pack.repair_pdf()


def manifest_with_a_name_twice(pack):
    pack.files[MANIFEST] = pack.files[MANIFEST].replace(b'"client":', b'"client":"Somebody","client":', 1)
    pack.repair_pdf()


def manifest_of_a_newer_format(pack):
    pack.edit(MANIFEST, lambda m: m.update(format=m["format"][:-1] + "9"))
    pack.repair_pdf()


def manifest_with_a_fraction(pack):
    pack.files[MANIFEST] = pack.files[MANIFEST].replace(b'"captured":40', b'"captured":40.0')
    pack.repair_pdf()


def manifest_nested_like_a_bomb(pack):
    pack.files[MANIFEST] = b"[" * 100_000
    pack.repair_bag()


def manifest_without_records(pack):
    pack.edit(MANIFEST, lambda m: m.update(records=[]))
    pack.repair()


def count_too_high(pack):
    pack.edit(MANIFEST, lambda m: m["counts"].update({"table:devices": 4}))
    pack.repair()


def count_of_natives_missing(pack):
    pack.edit(MANIFEST, lambda m: m["counts"].pop("natives"))
    pack.repair()


def open_quote(pack):
    pack.files["data/tables/devices.csv"] += b'1060,"open\r\n'
    pack.repair()


def told(pack, change=lambda table: table, repair=True):
    """With a table of natives; `change` is what the attacker does to it."""
    rows = [
        f"{r['kind']}/{r['id']},x,{r['native']},{r['sha256']},{len(pack.files[r['native']])}\r\n"
        for r in json.loads(pack.files[MANIFEST])["records"]
    ]
    table = "\ufeffrecord,more,native,sha256,bytes\r\n" + "".join(rows)
    pack.files["data/tables/natives.csv"] = change(table).encode()
    if repair:
        pack.repair()


def natives_told_with_another_digest(pack):
    told(pack, lambda table: table[:-10] + "0" + table[-9:])


def natives_told_with_another_size(pack):
    told(pack, lambda table: table[:-2] + "0" + table[-2:])


def natives_told_without_the_last(pack):
    told(pack, lambda table: table[: table[:-2].rindex("\n") + 1])


def natives_told_with_one_twice(pack):
    told(pack, lambda table: table + table[table[:-2].rindex("\n") + 1 :])


def natives_told_with_a_broken_row(pack):
    told(pack, lambda table: table + "x\r\n")


def natives_told_under_another_heading(pack):
    told(pack, lambda table: table.replace("sha256", "digest", 1))


def natives_told_under_a_heading_twice(pack):
    told(pack, lambda table: table.replace("more", "bytes", 1))


def natives_told_in_nothing(pack):
    told(pack, lambda table: "")


def told_whole(pack, **other):
    """With a table of natives that says all it can, and of the first record what `other` says."""
    manifest = json.loads(pack.files[MANIFEST])
    seals = {s["number"]: json.loads(pack.files[s["path"]]) for s in manifest["seals"]}
    names = ("record", "native", "sha256", "bytes", "capture", "captured_at", "exhibit", "version", "versions")
    rows = []
    for record in manifest["records"]:
        seal = seals[record["seal"]]
        row = dict(zip(names, (
            f"{record['kind']}/{record['id']}", record["native"], record["sha256"],
            str(len(pack.files[record["native"]])), seal["capture"], f"{seal['sealed_at'][:19]}Z",
            record["exhibit"] or "", "1", "1",
        ), strict=True))  # fmt: skip
        rows.append(",".join((row if rows else row | other).values()) + "\r\n")
    pack.files["data/tables/natives.csv"] = ("\ufeff" + ",".join(names) + "\r\n" + "".join(rows)).encode()
    pack.repair()


def native_told_of_another_capture(pack):
    told_whole(pack, capture="20200101T000000Z-x")


def native_told_at_another_time(pack):
    told_whole(pack, captured_at="2036-01-01T00:00:00Z")


def native_told_at_no_time(pack):
    told_whole(pack, captured_at="2026-02-30T00:00:00Z")


def native_told_in_another_exhibit(pack):
    told_whole(pack, exhibit="T-1")


def native_told_as_an_earlier_version(pack):
    told_whole(pack, versions="2")


def native_told_and_missing(pack):
    told(pack, repair=False)
    del pack.files[TICKET]
    pack.repair()


def wrong_total(pack):
    pack.files["bag-info.txt"] = b"Payload-Oxum: 1.1\n"
    pack.repair_tags()


def no_total(pack):
    pack.files["bag-info.txt"] = b"Bagging-Date: 2026-03-02\n"
    pack.repair_tags()


def declaration_of_another_version(pack):
    pack.files["bagit.txt"] = b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"
    pack.repair_tags()


def unlisted_tag_file(pack):
    pack.files["tagmanifest-sha256.txt"] = b"".join(
        line for line in pack.files["tagmanifest-sha256.txt"].splitlines(keepends=True) if b"bag-info" not in line
    )


def no_payload_manifest(pack):
    del pack.files["manifest-sha256.txt"]


def payload_manifest_that_leads_out(pack):
    pack.files["manifest-sha256.txt"] += b"0" * 64 + b"  data/../../etc/passwd\n"
    pack.repair_tags()


def twins(pack):
    pack.files["data/tables/DEVICES.csv"] = b"a\n"
    pack.repair()


def look_alike_names(pack):
    pack.files["data/logs/straße.csv"] = b"a\n"
    pack.files["data/logs/STRASSE.csv"] = b"a\n"
    pack.repair()


def reserved_name(pack):
    pack.files["data/logs/con.csv"] = b"a\n"
    pack.repair()


def invisible_name(pack):
    pack.files["data/logs/a\u202eb.csv"] = b"a\n"
    pack.repair()


def attachment_copy_replaced(pack):
    pack.files["data/attachments/12/invoice.pdf"] = b"%PDF-1.4 another"
    pack.repair()


def pdf_missing(pack):
    del pack.files["data/Evidence Pack.pdf"]
    pack.repair_bag()


def pdf_not_named(pack):
    pack.edit(MANIFEST, lambda m: m.update(pdfs=[]))
    pack.repair_bag()


def whole_record_of_other_bytes(pack):
    pack.files[TICKET] = pack.files[TICKET].replace(b'{"id"', b'{ "id"')
    digest = hashlib.sha256(pack.files[TICKET]).hexdigest()
    pack.edit(MANIFEST, lambda m: m["records"][0].update(sha256=digest))
    pack.repair()


def whole_record_called_one_in_part(pack):
    native = TICKET.replace(".json", ".disclosed.json")
    pack.files[native] = pack.files.pop(TICKET)
    pack.edit(MANIFEST, lambda m: m["records"][0].update(native=native))
    pack.repair()


def salt_of_another_record(pack):
    pack.edit("data/proofs/1.json", lambda p: p["proofs"][0].update(salt=p["proofs"][1]["salt"]))
    pack.repair()


def salt_stripped(pack):
    pack.edit("data/proofs/1.json", lambda p: p["proofs"][0].update(salt=None))
    pack.repair()


def fields_denied(pack):
    pack.edit("data/proofs/1.json", lambda p: p["proofs"][0]["leaf"].update(fields=None))
    pack.repair()


def in_part(pack, change=lambda document: None):
    """Ticket 1042 without its summary; `change` is what the attacker does to the document."""
    salt = record_salt(bytes(range(32)), "2026-02-01T020000Z-connectwise", 1)
    document = json.loads(Disclosed.of("ticket", "1042", pack.files.pop(TICKET), salt, {"summary": "x"}).document())
    change(document)
    native = TICKET.replace(".json", ".disclosed.json")
    pack.files[native] = canonical(document)
    digest = hashlib.sha256(pack.files[native]).hexdigest()
    pack.edit(MANIFEST, lambda m: m["records"][0].update(native=native, sha256=digest))
    pack.edit(MANIFEST, lambda m: m["counts"].update(withheld_fields=1))
    pack.edit("data/proofs/1.json", lambda p: p["proofs"][0].update(salt=None))
    pack.repair()


def in_part_with_another_value(pack):
    in_part(pack, lambda d: d["fields"][0].update(value="1043"))


def in_part_with_two_members_in_one(pack):
    in_part(pack, lambda d: d["fields"][0].update(value='1042,"paid":true'))


def in_part_of_another_record(pack):
    in_part(pack, lambda d: d.update(id="1043"))


def in_part_with_a_field_less(pack):
    in_part(pack, lambda d: d["fields"].pop())


def in_part_miscounted(pack):
    in_part(pack)
    pack.edit(MANIFEST, lambda m: m["counts"].update(withheld_fields=2))
    pack.repair()


def seal_whose_counts_do_not_add_up(pack):
    resealed(pack, counts={"ticket": 1})


def seal_that_counts_fewer_of_a_kind(pack):
    resealed(pack, counts={"ticket": 4, "attachment": 1})


def custody_log_cut(pack):
    line = canonical({"action": "captured", "number": 1, "previous": None})
    head = {"entries": 2, "sha256": hashlib.sha256(line).hexdigest()}
    pack.files["data/logs/custody.jsonl"] = line + b"\n"
    resealed(pack, logs={"custody": head, "holds": {"entries": 0, "sha256": None}})


def custody_log_out_of_order(pack):
    pack.files["data/logs/custody.jsonl"] = canonical({"action": "x", "number": 2, "previous": None}) + b"\n"
    pack.repair()


def time_stamp_that_nobody_claims(pack):
    pack.files["seals/000001.x.tsr"] = b"0"
    pack.repair()


def versions_named_in_the_wrong_order(pack, counts=(("earlier_versions", 1),)):
    """The later leaf of one record has the name of an earlier version."""
    pack.files["data/natives/ticket/1042.2.json"] = pack.files.pop(OTHER)

    def change(manifest):
        [later] = (record for record in manifest["records"] if record["native"] == OTHER)
        later.update(id="1042", native="data/natives/ticket/1042.2.json")
        manifest["counts"].update(counts)

    pack.edit(MANIFEST, change)
    pack.repair()


def versions_that_no_number_states(pack):
    versions_named_in_the_wrong_order(pack, counts=())


def versions_miscounted(pack):
    versions_named_in_the_wrong_order(pack, counts=(("earlier_versions", 2),))


ATTACKS = [
    value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == __name__
]
ATTACKS = [attack for attack in ATTACKS if attack not in {resealed, in_part, told, told_whole}]


def same(browser, outcome, control, path):
    found, expected = outcome(browser.give(control, path)), outcome(verify_pack(path))
    assert found == expected
    return found[0]


def test_the_good_pack_passes_as_zip_and_as_folder(browser, pack, outcome, tmp_path):
    assert same(browser, outcome, "zip", pack.write_zip(tmp_path / "pack.zip")) == "pass"
    assert same(browser, outcome, "zip", pack.write_zip(tmp_path / "flat.zip", prefix="")) == "pass"
    assert same(browser, outcome, "folder", pack.write()) == "pass"
    assert browser.complaints() == []


def test_a_table_of_natives_in_any_order_passes(browser, pack, outcome, tmp_path):
    told(pack, lambda table: "".join([table.splitlines(True)[0], *reversed(table.splitlines(True)[1:])]))
    assert same(browser, outcome, "zip", pack.write_zip(tmp_path / "pack.zip")) == "pass"


def test_a_table_of_natives_that_says_all_it_can_passes(browser, pack, outcome, tmp_path):
    told_whole(pack)
    assert same(browser, outcome, "zip", pack.write_zip(tmp_path / "pack.zip")) == "pass"


def test_a_record_in_part_and_a_custody_log_pass(browser, pack, outcome, tmp_path):
    in_part(pack)
    line = canonical({"action": "captured", "number": 1, "previous": None})
    pack.files["data/logs/custody.jsonl"] = line + b"\n"
    head = {"entries": 1, "sha256": hashlib.sha256(line).hexdigest()}
    resealed(pack, logs={"custody": head, "holds": {"entries": 0, "sha256": None}})
    assert same(browser, outcome, "zip", pack.write_zip(tmp_path / "pack.zip")) == "pass"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_is_found_as_the_verifier_finds_it(browser, pack, outcome, attack, tmp_path):
    attack(pack)
    assert same(browser, outcome, "zip", pack.write_zip(tmp_path / "pack.zip")) in {"fail", "inconclusive"}


@pytest.mark.parametrize("attack", [flipped_byte, missing_file, extra_file, swapped_natives], ids=lambda a: a.__name__)
def test_an_attack_on_a_folder_is_found_as_the_verifier_finds_it(browser, pack, outcome, attack):
    attack(pack)
    assert same(browser, outcome, "folder", pack.write()) == "fail"


@pytest.mark.parametrize(
    "attack",
    [None, flipped_byte, broken_path, broken_chain],
    ids=["honest", "flipped byte", "broken path", "broken chain"],
)
def test_without_webcrypto_the_same_is_found(browser_without_crypto, pack, outcome, attack, tmp_path):
    if attack:
        attack(pack)
    browser = browser_without_crypto
    assert browser.value("webCrypto() === null")
    assert browser.driver.find_element("id", "crypto").is_displayed()
    assert same(browser, outcome, "zip", pack.write_zip(tmp_path / "pack.zip")) == ("fail" if attack else "pass")


def add(archive, name, data=b"x", *, mode=0, extra=b""):
    with zipfile.ZipFile(archive, "a") as target:
        info = zipfile.ZipInfo(name)
        info.extra = extra
        info.external_attr = mode << 16
        target.writestr(info, data)


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("pack/../../evil.txt", 0), ("pack//etc/passwd", 0), ("pack/data/..\\..\\x", 0), ("pack/C:/x", 0),
        ("pack/data/link", 0o120777), ("pack/bagit.txt", 0), ("pack/data/folder/", 0),
        ("pack/data/", 0o120777), ("__MACOSX/pack/._bagit.txt", 0),
    ],
)  # fmt: skip
def test_a_hostile_member_of_a_zip_is_found(browser, pack, outcome, name, mode, tmp_path):
    archive = pack.write_zip(tmp_path / "pack.zip")
    add(archive, name, mode=mode)
    assert same(browser, outcome, "zip", archive) == "fail"


def test_a_second_name_beside_the_first_is_found(browser, pack, outcome, tmp_path):
    archive = pack.write_zip(tmp_path / "pack.zip")
    add(archive, "pack/data/x", extra=b"\x75\x70\x06\x00\x01\x00\x00\x00\x00y")
    assert same(browser, outcome, "zip", archive) == "fail"
    assert "a second name" in browser.driver.page_source


@pytest.mark.parametrize(("prefix", "verdict"), [("pack/", "fail"), ("caf\u00e9/", "pass")])
def test_a_name_in_an_encoding_that_is_not_stated_is_found(
    browser, pack, outcome, tmp_path, monkeypatch, prefix, verdict
):
    monkeypatch.setattr(
        zipfile.ZipInfo, "_encodeFilenameFlags", lambda info: (info.filename.encode("cp437"), info.flag_bits)
    )
    if prefix == "pack/":
        pack.files["data/logs/caf\u00e9.csv"] = b"a\n"
        pack.repair()
    assert same(browser, outcome, "zip", pack.write_zip(tmp_path / "pack.zip", prefix=prefix)) == verdict


def test_bytes_before_the_zip_are_refused(browser, pack, outcome, tmp_path):
    archive = pack.write_zip(tmp_path / "pack.zip")
    archive.write_bytes(b"#!/bin/sh\nexit\n" + archive.read_bytes())
    assert same(browser, outcome, "zip", archive) == "fail"


@pytest.mark.parametrize("attack", ["header", "gap", "behind", "fields"])
def test_a_zip_with_two_meanings_is_refused(browser, pack, outcome, attack, tmp_path):
    """One program unpacks by the directory, another by the members' own headers."""
    archive = pack.write_zip(tmp_path / "pack.zip")
    if attack == "fields":
        add(archive, "pack/data/x", b"", extra=b"\x01\x00\x00\x00" * 2)
    data = bytearray(archive.read_bytes())
    if attack == "header":
        data[data.index(b"pack/data/manifest.json") - 30 + 14] ^= 1
    if attack == "gap":  # before the directory, which its end says stands further back
        directory = int.from_bytes(data[-6:-2], "little")
        data[directory:directory] = b"PK\x03\x04 listed nowhere"
        data[-6:-2] = (directory + 18).to_bytes(4, "little")
    archive.write_bytes(data + b"more" * (attack == "behind"))
    assert same(browser, outcome, "zip", archive) == "fail"
    words = {"behind": "behind its end", "gap": "does not list"}.get(attack, "programs unpack it differently")
    assert words in browser.driver.page_source


@pytest.mark.parametrize("large", [False, True])
def test_a_zip_that_was_written_in_one_go_passes(browser, pack, outcome, large, tmp_path):
    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path, data in pack.files.items():
            with made.open(f"pack/{path}", "w", force_zip64=large) as file:
                file.write(data)
    (tmp_path / "pack.zip").write_bytes(out.getvalue())
    assert same(browser, outcome, "zip", tmp_path / "pack.zip") == "pass"


class Pipe(io.BytesIO):
    """Cannot go back to a header: digest and sizes are written behind the data."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise io.UnsupportedOperation


def test_an_encrypted_member_is_refused(browser, pack, outcome, tmp_path):
    archive = pack.write_zip(tmp_path / "pack.zip")
    data = bytearray(archive.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    archive.write_bytes(data)
    assert same(browser, outcome, "zip", archive) == "fail"


def test_a_bomb_is_not_unpacked(browser, pack, outcome, tmp_path):
    archive = pack.write_zip(tmp_path / "pack.zip")
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr("pack/data/zeros", bytes(80 << 20))
    assert same(browser, outcome, "zip", archive) == "fail"
    assert "a bomb" in browser.text("verdict")


@pytest.mark.parametrize("damage", [lambda d: d[: len(d) // 2], lambda d: b"", lambda d: b"not a ZIP file" * 9])
def test_what_is_no_zip_is_said_to_be_none(browser, pack, outcome, damage, tmp_path):
    archive = pack.write_zip(tmp_path / "pack.zip")
    archive.write_bytes(damage(archive.read_bytes()))
    assert same(browser, outcome, "zip", archive) == "fail"


def test_a_member_that_unpacks_to_other_bytes_than_stated_is_found(browser, pack, outcome, tmp_path):
    archive = pack.write_zip(tmp_path / "pack.zip")
    data = bytearray(archive.read_bytes())
    entry = data.find(b"pack/data/natives/ticket/1043.json", data.find(b"PK\x01\x02")) - 46
    data[entry + 16] ^= 0xFF  # the check sum in the directory
    archive.write_bytes(data)
    assert same(browser, outcome, "zip", archive) == "fail"


def test_canonical_documents_of_the_fixture_are_what_the_attacks_assume(pack):
    assert canonical(json.loads(pack.files[MANIFEST])) == pack.files[MANIFEST]
