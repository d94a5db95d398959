"""Attacks from the inside out, by somebody who repairs every layer above the one he changed: manifest, PDF and bag.

That each attack is well formed shows in the exact set of failed checks: nothing outside the attacked layer complains.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from psa_evidence.format import Leaf, Manifest, Seal, Tree, canonical, commit, sha256
from psa_evidence.verify import bag, container, contents, pdf, sealed, seekable, verify_pack

MANIFEST = "data/manifest.json"
TICKET = "data/natives/ticket/1042.json"
OTHER = "data/natives/ticket/1043.json"


def record(manifest, kind, id_):
    return next(r for r in manifest["records"] if (r["kind"], r["id"]) == (kind, id_))


# 6 proofs: a pack of two source systems


def test_records_of_two_connections_are_not_one_pack(pack, failed, monkeypatch):
    """He holds two packs of one vault, of two PSAs whose tickets have the same numbers, and makes one of them."""
    module = sys.modules[type(pack).__module__]
    real = module.make_leaf
    monkeypatch.setattr(module, "make_leaf", lambda n, i: replace(real(n, i), connection=f"psa-{n}"))
    pack.build()
    assert failed(pack.verify()) == {"6.2"}


# 4 manifest


def test_manifest_not_rewritten_after_a_native_was_changed(pack, failed):
    pack.files[TICKET] = b'{"id":1042,"summary":"Backup fine"}'
    pack.repair_bag()
    assert failed(pack.verify()) == {"4.3", "5.2", "6.4"}


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\n",
        lambda data: b" " + data,
        lambda data: data.replace(b'"as_of":', b'"as_of": '),
        lambda data: json.dumps(json.loads(data), sort_keys=True).encode(),
        lambda data: data.replace(b"Acme", b"\\u0041cme"),
    ],
)
def test_manifest_in_other_than_canonical_form(pack, failed, change):
    pack.files[MANIFEST] = change(pack.files[MANIFEST])
    pack.repair_pdf()
    assert failed(pack.verify()) == {"4.1"}


def edited(change):
    def attack(data):
        document = json.loads(data)
        change(document)
        return canonical(document)

    return attack


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[: len(data) // 2],
        lambda _: b"",
        lambda _: b"null",
        lambda _: b"[" * 100_000,
        lambda _: b"\xff\xfe{}",
        lambda data: data.replace(b'"client":', b'"client":"Somebody else","client":', 1),
        lambda data: data.replace(b"manifest/1", b"manifest/2"),
        lambda data: data.replace(b'"size":', b'"size":1e999,"size":', 1),
        lambda data: data.replace(b'"captured":40', b'"captured":' + b"9" * 5000),
        lambda data: data.replace(b'"captured":40', b'"captured":' + b"9" * 400),
        lambda data: data.replace(b'"captured":40', b'"captured":NaN'),
        lambda data: data.replace(b'"captured":40', b'"captured":-1'),
        lambda data: data.replace(b'"captured":40', b'"captured":true'),
        lambda data: data.replace(b'"captured":40', b'"captured":4.5'),
        edited(lambda m: m.pop("seals")),
        edited(lambda m: m.pop("witness")),
        edited(lambda m: m.update(verified=True)),
        edited(lambda m: m.update(records=None)),
        edited(lambda m: m["records"].append([])),
        edited(lambda m: m["records"][0].update(sha256="A" * 64)),
        edited(lambda m: m["files"][0].update(sha256="0" * 63)),
        edited(lambda m: m["files"][0].update(size="1")),
        edited(lambda m: m.update(pdfs="data/Evidence Pack.pdf")),
        edited(lambda m: m.update(client=None)),
        lambda data: data.replace(b'"Northwind"', b'"\\ud800"'),
    ],
)
def test_manifest_that_is_not_of_the_format(pack, failed, change):
    before = pack.files[MANIFEST]
    pack.files[MANIFEST] = change(before)
    assert pack.files[MANIFEST] != before
    pack.repair_pdf()
    report = pack.verify()
    assert failed(report) == {"4.1"}
    assert {c.status for c in report.checks if int(c.id.split(".")[0]) >= 5} == {"inconclusive"}


def test_manifest_lists_a_file_twice(pack, failed):
    pack.edit(MANIFEST, lambda m: m["files"].append(m["files"][0]))
    pack.repair_pdf()
    assert failed(pack.verify()) == {"4.2"}


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "bagit.txt", "seals/000001.json", "data/none.txt"])
def test_manifest_lists_a_file_that_is_not_of_the_payload(pack, failed, path):
    entry = {"path": path, "sha256": "0" * 64, "size": 0, "media_type": "text/plain"}
    pack.edit(MANIFEST, lambda m: m["files"].append(entry))
    pack.repair_pdf()
    assert "4.2" in failed(pack.verify())


def test_manifest_lists_the_pdf_among_the_files(pack, failed):
    def change(manifest):
        data = pack.files["data/Evidence Pack.pdf"]
        entry = {"path": "data/Evidence Pack.pdf", "sha256": sha256(data), "size": len(data), "media_type": "x/y"}
        manifest["files"].append(entry)

    pack.edit(MANIFEST, change)
    pack.repair_pdf()
    assert "4.2" in failed(pack.verify())


def test_manifest_leaves_a_table_out_by_calling_it_a_pdf(pack, failed):
    pack.edit(MANIFEST, lambda m: m["pdfs"].append("data/tables/devices.csv"))
    pack.repair()
    assert failed(pack.verify()) == {"8.1"}


# 5 natives


def commit_to_ticket(pack):
    """Make the first proof's leaf commit to the native as it is, with the salt that the pack gives away."""

    def change(document):
        proof = document["proofs"][0]
        proof["leaf"]["record"], proof["leaf"]["fields"] = commit(bytes.fromhex(proof["salt"]), pack.files[TICKET])

    pack.edit("data/proofs/1.json", change)


def test_native_changed_and_its_digest_with_it(pack, failed):
    """The strongest change without the seal's cooperation: only the proof can tell."""
    pack.files[TICKET] = b'{"id":1042,"summary":"Backup fine"}'
    pack.edit(MANIFEST, lambda m: record(m, "ticket", "1042").update(sha256=sha256(pack.files[TICKET])))
    pack.repair()
    assert failed(pack.verify()) == {"6.4"}


def test_native_changed_with_digest_and_leaf(pack, failed):
    pack.files[TICKET] = b'{"id":1042,"summary":"Backup fine"}'
    pack.edit(MANIFEST, lambda m: record(m, "ticket", "1042").update(sha256=sha256(pack.files[TICKET])))
    commit_to_ticket(pack)
    pack.repair()
    assert failed(pack.verify()) == {"6.3"}


def test_natives_of_two_records_swapped(pack, failed):
    pack.files[TICKET], pack.files[OTHER] = pack.files[OTHER], pack.files[TICKET]
    pack.repair()
    assert failed(pack.verify()) == {"5.2", "6.4"}


def test_natives_swapped_with_their_digests(pack, failed):
    pack.files[TICKET], pack.files[OTHER] = pack.files[OTHER], pack.files[TICKET]

    def change(manifest):
        one, two = record(manifest, "ticket", "1042"), record(manifest, "ticket", "1043")
        one["sha256"], two["sha256"] = two["sha256"], one["sha256"]

    pack.edit(MANIFEST, change)
    pack.repair()
    assert failed(pack.verify()) == {"6.4"}


def test_records_swapped_with_digests_and_leaves_of_each_other(pack, failed):
    """Each record points to the other's native and leaf: both exist, both proofs hold."""

    def change(manifest):
        one, two = record(manifest, "ticket", "1042"), record(manifest, "ticket", "1043")
        for name in ("native", "sha256", "index"):
            one[name], two[name] = two[name], one[name]

    pack.edit(MANIFEST, change)
    pack.repair()
    assert failed(pack.verify()) == {"5.3", "6.2"}


def test_record_passed_off_as_another_kind(pack, failed):
    pack.files["data/natives/invoice/1042.json"] = pack.files.pop(TICKET)
    pack.edit(
        MANIFEST,
        lambda m: record(m, "ticket", "1042").update(kind="invoice", native="data/natives/invoice/1042.json"),
    )
    pack.repair()
    assert failed(pack.verify()) == {"6.2", "9.3"}


def test_record_left_out_of_the_manifest_but_its_native_left_in(pack, failed):
    pack.edit(MANIFEST, lambda m: m["records"].remove(record(m, "ticket", "1043")))
    pack.repair()
    assert failed(pack.verify()) == {"5.4", "6.2", "9.1", "9.3"}


def test_record_left_out_everywhere_but_the_count(pack, failed):
    pack.edit(MANIFEST, lambda m: m["records"].remove(record(m, "ticket", "1043")))
    pack.edit("data/proofs/1.json", lambda p: p["proofs"].pop(1))
    del pack.files[OTHER]
    pack.repair()
    assert failed(pack.verify()) == {"9.1", "9.3"}


def test_record_listed_twice(pack, failed):
    pack.edit(MANIFEST, lambda m: m["records"].append(m["records"][0]))
    pack.repair()
    assert failed(pack.verify()) == {"6.2", "9.1", "9.3"}


@pytest.mark.parametrize(
    "native", ["../../etc/passwd", "/etc/passwd", "data/natives", "seals/000001.json", "bagit.txt", ""]
)
def test_record_whose_native_lies_elsewhere(pack, failed, native):
    pack.edit(MANIFEST, lambda m: record(m, "ticket", "1042").update(native=native))
    pack.repair()
    assert {"5.3", "5.4"} <= failed(pack.verify())


def test_two_records_that_share_one_native(pack, failed):
    """Their ids look the same in a file name."""
    shared = "data/natives/ticket/a_1.json"

    def change(manifest):
        record(manifest, "ticket", "1042").update(id="a/1", native=shared)
        record(manifest, "ticket", "1043").update(id="a_1", native=shared)

    pack.files[shared] = pack.files.pop(TICKET)
    pack.edit(MANIFEST, change)
    pack.repair()
    report = pack.verify()
    assert failed(report) >= {"5.2", "5.3", "5.4", "6.2"}
    assert any("shares its native" in check.detail for check in report.checks if check.id == "5.3")


def test_readable_copy_of_an_attachment_changed(pack, failed):
    """People open the copy with the readable name, not the native."""
    pack.files["data/attachments/12/invoice.pdf"] = b"%PDF-1.4 another contract"
    pack.repair()
    assert failed(pack.verify()) == {"5.5"}


@pytest.mark.parametrize(
    "path", ["data/attachments/13/invoice.pdf", "data/attachments/invoice.pdf", "data/attachments/1042/a.json"]
)
def test_readable_copy_that_is_nobodys(pack, failed, path):
    pack.files[path] = pack.files[TICKET] if "1042" in path else pack.files["data/attachments/12/invoice.pdf"]
    pack.repair()
    assert failed(pack.verify()) == {"5.5"}


@pytest.mark.parametrize(
    ("path", "kind", "id_", "belongs"),
    [
        ("data/natives/ticket/1042.json", "ticket", "1042", True),
        ("data/natives/ticket/1043.json", "ticket", "1042", False),
        ("data/natives/note/1042.json", "ticket", "1042", False),
        ("data/natives/ticket/../ticket/1042.json", "ticket", "1042", False),
        ("data/natives/ticket/../1042.json", "ticket", "../1042", False),
        ("data/natives/ticket/1042.2.json", "ticket", "1042", True),
        ("data/natives/ticket/1042.02.json", "ticket", "1042", False),
        ("data/natives/attachment/9.pdf", "attachment", "9", True),
        ("data/natives/attachment/9", "attachment", "9", False),
        ("data/natives/ticket/A_1.json", "ticket", "A/1", True),
        ("data/natives/ticket/A/1.json", "ticket", "A/1", False),
        ("data/natives/ticket/1042x.json", "ticket", "1042.", False),
        ("data/natives/ticket/1042.json\n", "ticket", "1042", False),
        ("data/natives/ticket/1042\n.json", "ticket", "1042\n", False),
        ("data/natives/ti.ket/1.json", "ti.ket", "1", True),
        ("data/natives/ticket/1.json", "ti.ket", "1", False),
    ],
)
def test_place_of_a_native(path, kind, id_, belongs):
    assert contents.belongs(path, kind, id_) is belongs


# 6 proofs


def proofs(change):
    def attack(pack):
        pack.edit("data/proofs/1.json", change)
        pack.repair()

    return attack


@pytest.mark.parametrize(
    ("attack", "expected"),
    [
        (proofs(lambda p: p["proofs"][0]["path"].reverse()), {"6.3"}),
        (proofs(lambda p: p["proofs"][0]["path"].pop()), {"6.3"}),
        (proofs(lambda p: p["proofs"][0]["path"].clear()), {"6.3"}),
        (proofs(lambda p: p["proofs"][0]["path"].append("0" * 64)), {"6.3"}),
        (proofs(lambda p: p["proofs"][0].update(path=["0" * 64] * 65)), {"6.3"}),
        (proofs(lambda p: p["proofs"][0].update(path=["0" * 64] * 3)), {"6.3"}),
        (proofs(lambda p: p["proofs"][0].update(path=p["proofs"][1]["path"])), {"6.3"}),
        (proofs(lambda p: p["proofs"][0]["leaf"].update(capture="2030-01-01T000000Z-x")), {"6.3", "7.2"}),
        (proofs(lambda p: p["proofs"][0]["leaf"].update(connection="other")), {"6.2", "6.3"}),
        (proofs(lambda p: p["proofs"][0]["leaf"].update(id="1043")), {"6.2", "6.3"}),
        (proofs(lambda p: p["proofs"][0].update(index=2)), {"6.2", "6.3"}),
        (proofs(lambda p: p["proofs"][2].update(index=7)), {"6.2", "6.3"}),
        (proofs(lambda p: p["proofs"][2].update(index=2**53 - 1)), {"6.2", "6.3"}),
        (proofs(lambda p: p["proofs"].pop()), {"6.2"}),
        (proofs(lambda p: p["proofs"].clear()), {"6.2"}),
        (proofs(lambda p: p["proofs"].reverse()), {"6.1"}),
        (proofs(lambda p: p["proofs"].append(p["proofs"][-1])), {"6.1", "7.2"}),
        (proofs(lambda p: p.update(size=8)), {"6.3", "7.2"}),
        (proofs(lambda p: p.update(size=0)), {"6.3", "7.2"}),
        (proofs(lambda p: p.update(root="0" * 64)), {"6.3", "7.2"}),
        (proofs(lambda p: p.update(seal=2)), {"6.1", "6.2"}),
        (proofs(lambda p: p.update(seal=3)), {"6.1", "6.2"}),
        (proofs(lambda p: p.update(format="psa-evidence/proofs/3")), {"6.1", "6.2"}),
        (proofs(lambda p: p.update(note="trust me")), {"6.1", "6.2"}),
    ],
)
def test_proof_changed(pack, failed, attack, expected):
    attack(pack)
    assert failed(pack.verify()) == expected


@pytest.mark.parametrize(
    "change", [lambda d: d + b" ", lambda d: d[:-9], lambda d: d.replace(b'"size"', b'"size":1,"size"')]
)
def test_proof_file_in_other_than_canonical_form(pack, failed, change):
    pack.files["data/proofs/1.json"] = change(pack.files["data/proofs/1.json"])
    pack.repair()
    assert "6.1" in failed(pack.verify())


def test_proof_file_removed_everywhere(pack, failed):
    del pack.files["data/proofs/2.json"]
    pack.repair()
    assert failed(pack.verify()) == {"6.2"}


def test_proof_of_a_record_that_is_not_shown(pack, failed):
    """Another client's leaf must not slip out with the pack."""
    pack.edit("data/proofs/1.json", lambda p: p["proofs"].append({**p["proofs"][-1], "index": 5}))
    pack.edit("data/proofs/1.json", lambda p: p["proofs"].sort(key=lambda one: one["index"]))
    pack.repair()
    assert failed(pack.verify()) == {"6.2", "6.3", "7.2"}


def forged_tree(pack):
    """The attacker's own tree over a changed record, in the proof file."""
    pack.files[TICKET] = b'{"id":1042,"summary":"Backup fine"}'
    digest = sha256(pack.files[TICKET])
    commit_to_ticket(pack)
    document = json.loads(pack.files["data/proofs/1.json"])
    leaves = [bytes(32)] * 7
    for proof in document["proofs"]:
        leaves[proof["index"]] = Leaf(**proof["leaf"]).hash()
    tree = Tree(leaves)
    for proof in document["proofs"]:
        proof["path"] = [h.hex() for h in tree.path(proof["index"])]
    document["root"] = tree.root.hex()
    pack.files["data/proofs/1.json"] = canonical(document)
    pack.edit(MANIFEST, lambda m: record(m, "ticket", "1042").update(sha256=digest))
    return tree


def test_another_tree_under_the_same_seal(pack, failed):
    forged_tree(pack)
    pack.repair()
    assert failed(pack.verify()) == {"7.2"}


# 7 seals


def replace_seal(pack, seal, /, **changes):
    path = f"seals/{seal:06d}.json"
    pack.edit(path, lambda s: s.update(changes))
    return sha256(pack.files[path])


def test_seal_over_another_tree_with_the_digest_of_before(pack, failed):
    replace_seal(pack, 1, root=forged_tree(pack).root.hex())
    pack.repair()
    assert failed(pack.verify()) == {"7.1", "7.2"}


def test_seal_over_another_tree_with_its_digest_in_the_manifest_breaks_the_chain(pack, failed):
    digest = replace_seal(pack, 1, root=forged_tree(pack).root.hex())
    pack.edit(MANIFEST, lambda m: m["seals"][0].update(digest=digest))
    pack.repair()
    assert failed(pack.verify()) == {"7.3"}


def test_whole_chain_forged_is_consistent_and_only_a_witness_could_tell(pack):
    """What cannot be found without a time-stamp: the report must not claim more."""
    digest = replace_seal(pack, 1, root=forged_tree(pack).root.hex())
    second = replace_seal(pack, 2, previous=digest)
    pack.edit(MANIFEST, lambda m: [m["seals"][0].update(digest=digest), m["seals"][1].update(digest=second)])
    pack.repair()
    report = pack.verify()
    assert report.verdict == "pass"
    assert "Nothing here proves WHEN" in report.headline


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": "failed"}, {"7.1", "7.2"}),
        ({"sealed_at": "2020-01-01T00:00:00Z"}, {"7.1", "7.2"}),
        ({"format": "psa-evidence/seal/3"}, {"7.1", "7.2"}),
        ({"leaves": "7"}, {"7.1", "7.2"}),
        ({"comment": ""}, {"7.1", "7.2"}),
    ],
)
def test_seal_changed_without_the_manifest(pack, failed, changes, expected):
    replace_seal(pack, 1, **changes)
    pack.repair_tags()
    assert failed(pack.verify()) == expected


@pytest.mark.parametrize(
    ("number", "changes", "expected"),
    [
        (2, {"previous": "0" * 64}, {"7.3"}),
        (2, {"previous": None}, {"7.3"}),
        (1, {"previous": "0" * 64}, {"7.3"}),
        (2, {"number": 3}, {"7.1", "7.2"}),
        (2, {"vault": "another"}, {"7.1", "7.2"}),
        (2, {"capture": "2026-03-02T020000Z-connectwise"}, {"7.2"}),
        (2, {"leaves": 6}, {"7.1", "7.2"}),
        (2, {"leaves": 6, "counts": {"ticket": 4, "note": 1, "attachment": 1}}, {"7.2"}),
        (2, {"counts": {"ticket": 4, "attachment": 1}}, {"7.2"}),
        (2, {"root": "0" * 64}, {"7.2"}),
    ],
)
def test_seal_changed_with_its_digest_in_the_manifest(pack, failed, number, changes, expected):
    digest = replace_seal(pack, number, **changes)
    pack.edit(MANIFEST, lambda m: m["seals"][number - 1].update(digest=digest))
    if number == 1:
        second = replace_seal(pack, 2, previous=digest)
        pack.edit(MANIFEST, lambda m: m["seals"][1].update(digest=second))
    pack.repair()
    assert failed(pack.verify()) == expected


def test_seals_in_each_others_places(pack, failed):
    one, two = "seals/000001.json", "seals/000002.json"
    pack.files[one], pack.files[two] = pack.files[two], pack.files[one]
    pack.repair_tags()
    assert failed(pack.verify()) == {"7.1", "7.2"}


def test_seal_stripped_with_its_entry(pack, failed):
    del pack.files["seals/000002.json"]
    pack.edit(MANIFEST, lambda m: m["seals"].pop())
    pack.repair()
    assert failed(pack.verify()) == {"7.1", "7.2"}


def test_all_seals_and_proofs_stripped(pack, failed):
    for path in [path for path in pack.files if path.startswith(("seals/", "data/proofs/"))]:
        del pack.files[path]
    pack.edit(MANIFEST, lambda m: m["seals"].clear())
    pack.repair()
    assert failed(pack.verify()) == {"6.2", "7.1"}


def test_pack_that_shows_nothing_is_not_passed(pack):
    for path in [path for path in pack.files if path.startswith(("data/natives/", "data/attachments/"))]:
        del pack.files[path]
    for number in (1, 2):
        pack.edit(f"data/proofs/{number}.json", lambda p: p["proofs"].clear())
    pack.edit(
        MANIFEST,
        lambda m: [m["records"].clear(), m["counts"].update({"natives": 0, "captured": 0, "log:population": 0})],
    )
    pack.files["data/logs/population.csv"] = b"kind,class,reason,number\r\n"
    pack.repair()
    assert pack.verify().verdict == "inconclusive"


def test_seal_nobody_lists(pack, failed):
    pack.files["seals/000003.json"] = pack.files["seals/000002.json"]
    pack.repair_tags()
    assert failed(pack.verify()) == {"7.1"}


def test_seal_listed_at_another_path(pack, failed):
    pack.files["seals/1.json"] = pack.files.pop("seals/000001.json")
    pack.edit(MANIFEST, lambda m: m["seals"][0].update(path="seals/1.json"))
    pack.repair()
    assert "7.1" in failed(pack.verify())


def test_missing_seal_between_two_is_said_not_hidden(pack):
    """A pack need not hold all seals of a vault; the link that cannot be followed is named."""
    pack.edit("seals/000002.json", lambda s: s.update(number=9))
    pack.files["seals/000009.json"] = pack.files.pop("seals/000002.json")
    seal = Seal.read(pack.files["seals/000009.json"])
    pack.edit("data/proofs/2.json", lambda p: p.update(seal=9))
    pack.files["data/proofs/9.json"] = pack.files.pop("data/proofs/2.json")

    def change(manifest):
        manifest["seals"][1] = {"number": 9, "path": "seals/000009.json", "digest": seal.digest()}
        for one in manifest["records"]:
            one["seal"] = 9 if one["seal"] == 2 else one["seal"]

    pack.edit(MANIFEST, change)
    pack.repair()
    report = pack.verify()
    assert report.verdict == "pass"
    assert "1 to seals that are not in the pack could not be" in next(c.detail for c in report.checks if c.id == "7.3")


@pytest.mark.parametrize("path", ["seals/000001.json", "data/proofs/1.json", MANIFEST, "data/Evidence Pack.pdf"])
def test_file_that_changes_between_hashing_and_reading(pack, failed, monkeypatch, path):
    """Somebody writes to the folder while it is checked: what was hashed and what is read must be the same bytes."""
    pack.write()
    opened = []

    def counting(original):
        def read(self, name):
            opened.append(name)
            if opened.count(name) == 2:
                pack.files[name] += b" "
                (pack.folder / name).write_bytes(pack.files[name])
            return original(self, name)

        return read

    for way in ("open", "whole"):
        monkeypatch.setattr(container.Folder, way, counting(getattr(container.Folder, way)))
    report = verify_pack(pack.folder)
    assert failed(report)
    assert any("changed while it was checked" in check.detail for check in report.checks)


@pytest.mark.parametrize(
    ("module", "limit", "expected"),
    [(contents, "MAX_MANIFEST", "4.1"), (sealed, "MAX_SEAL", "7.1"), (sealed, "MAX_PROOFS", "6.1"),
     (bag, "MAX_TAG_FILE", "3.1"), (seekable, "MAX_SEEKABLE", "8.1"), (pdf, "MAX_PAGES", "8.1")],
)  # fmt: skip
def test_document_over_its_limit(pack, failed, monkeypatch, module, limit, expected):
    monkeypatch.setattr(module, limit, 2)
    report = pack.verify()
    assert expected in failed(report)
    assert any("limit of 2" in c.detail or "more than 2" in c.detail for c in report.checks if c.id == expected)


# 9 figures, 10 time


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"natives": 7}, {"9.1"}),
        ({}, {"9.1"}),
        ({"natives": 6, "table:devices": 4}, {"9.2"}),
        ({"natives": 6, "table:invoices": 0}, {"9.2"}),
        ({"natives": 6, "log:population": 0}, {"9.2"}),
    ],
)
def test_stated_figure_differs_from_what_is_there(pack, failed, counts, expected):
    pack.edit(MANIFEST, lambda m: m.update(counts=counts))
    pack.repair()
    assert failed(pack.verify()) == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (b"id\r\n1\r\n2\r\n", {"9.2"}),
        (b'id\r\n"1\r\n2\r\n3\r\n', {"9.2"}),
        (b'id\r\n1\r\n2\r\n"3', {"9.2"}),
        (b"", {"9.2"}),
        (b"id\r\n1\r\n2\r\n3", set()),
    ],
)
def test_rows_of_a_table_are_counted_not_believed(pack, failed, table, expected):
    pack.files["data/tables/devices.csv"] = table
    pack.repair()
    assert failed(pack.verify()) == expected


def test_time_stamp_in_a_pack_that_claims_none(pack, failed):
    pack.files["seals/000001.tsa.tsr"] = b"\x30\x00"
    pack.repair_tags()
    assert failed(pack.verify()) == {"10.1"}


def test_claimed_state_of_a_partial_capture_is_shown(pack):
    digest = replace_seal(pack, 1, state="partial")
    second = replace_seal(pack, 2, previous=digest)
    pack.edit(MANIFEST, lambda m: [m["seals"][0].update(digest=digest), m["seals"][1].update(digest=second)])
    pack.repair()
    assert "capture partial" in next(c.detail for c in pack.verify().checks if c.id == "7.1")


def test_manifest_survives_its_own_round_trip(pack):
    assert Manifest.read(pack.files[MANIFEST]).document() == pack.files[MANIFEST]
