"""Natives against what their leaves commit to, whole and in part; the custody log against the seals.

Whoever attacks has the pack and no key: he can change any file of it and repair every digest over it.
"""

import json
from hashlib import sha256

import pytest

from psa_evidence.format import Disclosed, canonical, record_salt

MANIFEST = "data/manifest.json"
PROOFS = "data/proofs/1.json"
TICKET = "data/natives/ticket/1042.json"
IN_PART = "data/natives/ticket/1042.disclosed.json"
CAPTURE = "2026-02-01T020000Z-connectwise"


def digest(data):
    return sha256(data).hexdigest()


def record(manifest):
    return next(r for r in manifest["records"] if (r["kind"], r["id"]) == ("ticket", "1042"))


@pytest.fixture
def in_part(pack):
    """The pack with the summary of ticket 1042 withheld, honestly."""
    salt = record_salt(bytes(range(32)), CAPTURE, 1)
    made = Disclosed.of("ticket", "1042", pack.files.pop(TICKET), salt, {"summary": "privilege"}).document()
    pack.files[IN_PART] = made
    pack.edit(MANIFEST, lambda m: record(m).update(native=IN_PART, sha256=digest(made)))
    pack.edit(MANIFEST, lambda m: m["counts"].update(withheld_fields=1))
    pack.edit(PROOFS, lambda p: p["proofs"][0].update(salt=None))
    pack.repair()
    return pack


def change(pack, apply):
    """Change the record in part and everything over it."""
    document = json.loads(pack.files[IN_PART])
    apply(document)
    pack.files[IN_PART] = canonical(document)
    pack.edit(MANIFEST, lambda m: record(m).update(sha256=digest(pack.files[IN_PART])))
    pack.repair()


def details(report, check):
    return [c.detail for c in report.checks if c.id == check]


def test_a_whole_record_that_is_called_one_in_part_makes_no_room(pack, failed):
    """As many instants may rest on no record as records are shown in part: the name alone would say that one is."""
    pack.files[IN_PART] = pack.files.pop(TICKET)
    pack.edit(MANIFEST, lambda m: record(m).update(native=IN_PART))
    pack.repair()
    report = pack.verify()
    assert failed(report) == {"6.4"}
    assert details(report, "6.4") == ["the native is whole, and is called a .disclosed.json file"]


def test_a_record_in_part_under_the_name_of_a_whole_one_fails(in_part, failed):
    """All that the document says is true and proved; its name would hide that fields are withheld."""
    in_part.files[TICKET] = in_part.files.pop(IN_PART)
    in_part.edit(MANIFEST, lambda m: record(m).update(native=TICKET))
    in_part.repair()
    report = in_part.verify()
    assert failed(report) == {"6.5", "9.1"}
    assert details(report, "6.5") == ["the proof gives no salt, and the native is not a .disclosed.json file"]


def test_an_honest_record_in_part_passes_and_is_counted(in_part, failed):
    report = in_part.verify()
    assert failed(report) == set()
    assert details(report, "6.5") == [
        "1 native with withheld fields: the fields their leaves commit to; 1 field withheld"
    ]
    assert details(report, "6.4") == ["5 whole natives: the bytes and the fields their leaves commit to"]
    assert b"Backup failed" not in b"".join(in_part.files.values())


def test_the_salt_of_a_record_is_withheld_only_with_a_field_of_it(pack, failed):
    """Every field is shown and proved, and the salt that shows the record's own bytes is left out."""
    salt = record_salt(bytes(range(32)), CAPTURE, 1)
    made = Disclosed.of("ticket", "1042", pack.files.pop(TICKET), salt, {}).document()
    pack.files[IN_PART] = made
    pack.edit(MANIFEST, lambda m: record(m).update(native=IN_PART, sha256=digest(made)))
    pack.edit(PROOFS, lambda p: p["proofs"][0].update(salt=None))
    pack.repair()
    report = pack.verify()
    assert failed(report) == {"6.5"}
    assert "no field is withheld" in details(report, "6.5")[0]


def test_natives_whole_and_in_part_are_counted_apart(in_part):
    assert details(in_part.verify(), "6.4")[0].startswith("5 whole natives")


def test_without_withheld_fields_it_says_so(pack):
    assert details(pack.verify(), "6.5") == ["no native withholds a field"]


def withhold_nothing(document):
    document["fields"].pop()


@pytest.mark.parametrize(
    ("apply", "expected"),
    [
        (lambda d: d["fields"][0].update(value="1043"), {"6.5"}),
        (lambda d: d["fields"][0].update(name="number"), {"6.5"}),
        (lambda d: d["fields"][0].update(salt="0" * 64), {"6.5"}),
        (lambda d: d["fields"][1].update(hash="0" * 64), {"6.5"}),
        (lambda d: d["fields"].reverse(), {"6.5"}),
        (lambda d: d["fields"].append(d["fields"][1]), {"6.5", "9.1"}),
        (lambda d: d["fields"].pop(0), {"6.5"}),
        (withhold_nothing, {"6.5", "9.1"}),
        (lambda d: d.update(id="1043"), {"6.5", "9.1"}),
        (lambda d: d.update(kind="note"), {"6.5", "9.1"}),
        (lambda d: d.update(format="psa-evidence/disclosed/2"), {"6.5", "9.1"}),
        (lambda d: d["fields"][0].update(value='1042,"paid":true'), {"6.5", "9.1"}),
    ],
)
def test_a_changed_record_in_part_is_found(in_part, failed, apply, expected):
    change(in_part, apply)
    assert "6.5" in failed(in_part.verify())
    assert failed(in_part.verify()) - {"9.1"} == expected - {"9.1"}


def test_the_reason_is_for_people_and_proves_nothing(in_part, failed):
    change(in_part, lambda d: d["fields"][1].update(reason="another"))
    assert failed(in_part.verify()) == set()


def test_a_record_in_part_of_another_slot(in_part, failed):
    """The document of one record in the place of another that the seal commits to."""
    other = Disclosed.of("ticket", "1042", b'{"id":1042,"summary":"x"}', bytes(32), {"summary": "x"}).document()
    in_part.files[IN_PART] = other
    in_part.edit(MANIFEST, lambda m: record(m).update(sha256=digest(other)))
    in_part.repair()
    assert "6.5" in failed(in_part.verify())


def test_a_salt_stripped_to_leave_a_whole_native_unproved(pack, failed):
    pack.edit(PROOFS, lambda p: p["proofs"][0].update(salt=None))
    pack.repair()
    assert failed(pack.verify()) == {"6.5"}


def test_a_whole_native_dressed_as_a_record_in_part(pack, failed):
    pack.files[IN_PART] = pack.files.pop(TICKET)
    pack.edit(MANIFEST, lambda m: record(m).update(native=IN_PART))
    pack.edit(PROOFS, lambda p: p["proofs"][0].update(salt=None))
    pack.repair()
    assert failed(pack.verify()) == {"6.5"}


def test_another_salt(pack, failed):
    pack.edit(PROOFS, lambda p: p["proofs"][0].update(salt=p["proofs"][1]["salt"]))
    pack.repair()
    assert failed(pack.verify()) == {"6.4"}


@pytest.mark.parametrize("name", ["record", "fields"])
def test_a_commitment_of_the_leaf_changed(pack, failed, name):
    pack.edit(PROOFS, lambda p: p["proofs"][0]["leaf"].update({name: "0" * 64}))
    pack.repair()
    assert failed(pack.verify()) == {"6.3", "6.4"}


def test_fields_denied(pack, failed):
    pack.edit(PROOFS, lambda p: p["proofs"][0]["leaf"].update(fields=None))
    pack.repair()
    assert failed(pack.verify()) == {"6.3", "6.4"}


@pytest.mark.parametrize("stated", [0, 2, None])
def test_withheld_fields_miscounted(in_part, failed, stated):
    in_part.edit(
        MANIFEST,
        lambda m: m["counts"].pop("withheld_fields") if stated is None else m["counts"].update(withheld_fields=stated),
    )
    in_part.repair()
    assert failed(in_part.verify()) == {"9.1"}


# 7.4


def with_log(pack, entries, stated=2):
    """The pack with a custody log of `entries`, of which seal 2 states the first `stated`."""
    lines, previous = [], None
    for number in range(1, entries + 1):
        entry = {"action": "sealed", "number": number, "previous": previous, "who": "owner"}
        lines.append(canonical(entry))
        previous = digest(lines[-1])
    pack.files["data/logs/custody.jsonl"] = b"".join(line + b"\n" for line in lines)
    head = {"entries": stated, "sha256": digest(lines[stated - 1])}
    pack.edit("seals/000002.json", lambda s: s["logs"].update(custody=head))
    sealed = digest(pack.files["seals/000002.json"])
    pack.edit(MANIFEST, lambda m: m["seals"][1].update(digest=sealed))
    pack.repair()


def test_a_custody_log_that_goes_on_after_the_seals_passes(pack, failed):
    with_log(pack, 5)
    report = pack.verify()
    assert failed(report) == set()
    assert details(report, "7.4") == ["custody log with 5 entries; it stood as 1 seal of this pack say"]


@pytest.mark.parametrize(
    "attack",
    [
        lambda data: data[: data.index(b"\n") + 1],
        lambda data: data.replace(b"owner", b"other"),
        lambda data: data.split(b"\n", 1)[1],
        lambda data: data[:-1],
        lambda data: data[: data[:-1].rindex(b"\n") + 1][:-3],
        lambda data: b"",
        lambda data: b"\x00\n",
        lambda data: b"[]\n",
    ],
    ids=["cut", "edited", "first removed", "no end", "torn", "emptied", "not JSON", "not an object"],
)
def test_a_changed_custody_log(pack, failed, attack):
    with_log(pack, 3)
    pack.files["data/logs/custody.jsonl"] = attack(pack.files["data/logs/custody.jsonl"])
    pack.repair()
    assert failed(pack.verify()) == {"7.4"}


def test_a_custody_log_made_anew_with_its_chain(pack, failed):
    with_log(pack, 3)
    lines, previous = [], None
    for number in range(1, 4):
        lines.append(canonical({"action": "sealed", "number": number, "previous": previous, "who": "somebody"}))
        previous = digest(lines[-1])
    pack.files["data/logs/custody.jsonl"] = b"".join(line + b"\n" for line in lines)
    pack.repair()
    assert failed(pack.verify()) == {"7.4"}
