"""Salted commitments, records in part, fields opened: what holds, what is refused, what cannot be guessed."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.format import (
    Disclosed,
    FormatError,
    Leaf,
    Opening,
    Proof,
    ProofFile,
    ShownField,
    Tree,
    WithheldField,
    canonical,
    commit,
    record_salt,
)
from psa_evidence.format.commitment import Committing, field_hashes, field_salt
from psa_evidence.format.members import MAX_OBJECT_BYTES, members

BODY = b'{"id":7, "rate" : 185,"notes":"a\\n","board":{"id":1},"rate2":true}'
SALT = bytes(range(32))
WITHHELD = {"rate": "privilege", "notes": "privacy"}


def file_for(leaf):
    tree = Tree([bytes(32), leaf.hash(), bytes([1]) * 32])
    proof = Proof(leaf, 1, tuple(step.hex() for step in tree.path(1)), None)
    return ProofFile(seal=1, size=3, root=tree.root.hex(), proofs=(proof,))


def opening(name="rate"):
    leaf = Leaf("main", "ticket", "7", *commit(SALT, BODY), "c")
    file = file_for(leaf)
    return Opening.of(file, file.proofs[0], SALT, BODY, name)


def test_salts_differ_by_key_capture_leaf_and_field():
    salts = [record_salt(key, capture, index) for key in (SALT, bytes(32)) for capture in "ab" for index in range(3)]
    salts += [field_salt(salt, number) for salt in salts[:2] for number in range(3)]
    assert len(set(salts)) == len(salts)
    assert all(len(salt) == 32 for salt in salts)


@given(st.binary(max_size=60) | st.sampled_from([BODY, b"{}", b'{"a":1}']), st.integers(1, 20))
def test_a_commitment_made_in_blocks_is_the_same(body, size):
    made = Committing(SALT)
    for start in range(0, len(body), size):
        made.update(body[start : start + size])
    assert made.finish() == commit(SALT, body)


def test_a_file_too_large_to_look_into_is_committed_to_whole():
    body = b'{"a":"' + b"x" * MAX_OBJECT_BYTES + b'"}'
    made = Committing(SALT)
    for start in range(0, len(body), 1 << 20):
        made.update(body[start : start + (1 << 20)])
    record, fields = made.finish()
    assert (record, fields) == (sha256(b"\x02" + SALT + body).hexdigest(), None) == commit(SALT, body)


def test_every_byte_changes_the_record_and_blanks_leave_the_fields():
    record, fields = commit(SALT, BODY)
    assert commit(SALT, BODY.replace(b", ", b",")) == (commit(SALT, BODY.replace(b", ", b","))[0], fields)
    assert commit(SALT, BODY.replace(b", ", b","))[0] != record
    assert commit(SALT, BODY.replace(b"185", b"186"))[1] != fields
    assert commit(SALT, b'{"b":1,"a":1}')[1] != commit(SALT, b'{"a":1,"b":1}')[1]
    assert commit(SALT, b'{"a":1}')[1] != commit(SALT, b'{"a":1.0}')[1]


def test_what_is_shown_and_what_is_not():
    made = Disclosed.of("ticket", "7", BODY, SALT, WITHHELD)
    assert json.loads(made.shown()) == {"id": 7, "board": {"id": 1}, "rate2": True}
    assert made.withheld() == 2
    assert made.reasons() == {"privilege": 1, "privacy": 1}
    assert made.root().hex() == commit(SALT, BODY)[1]
    assert Disclosed.read(made.document()) == made
    assert [f.reason for f in made.fields if isinstance(f, WithheldField)] == ["privilege", "privacy"]
    for hidden in (b"185", b"a\\n", b'rate"', b"notes", SALT.hex().encode()):
        assert hidden not in made.document()


def test_a_name_that_stands_twice_is_withheld_twice():
    made = Disclosed.of("ticket", "7", b'{"a":1,"b":2,"a":3}', SALT, {"a": "x"})
    assert [type(f) for f in made.fields] == [WithheldField, ShownField, WithheldField]
    assert made.reasons() == {"x": 2}
    file = file_for(Leaf("main", "ticket", "7", *commit(SALT, b'{"a":1,"a":3}'), "c"))
    with pytest.raises(FormatError, match="2 field"):
        Opening.of(file, file.proofs[0], SALT, b'{"a":1,"a":3}', "a")


def test_a_withheld_value_cannot_be_guessed_from_what_is_shown():
    """The attacker knows name, place and that it is a number below 1000, and all that the document holds."""
    made = Disclosed.of("ticket", "7", BODY, SALT, {"rate": "privilege"})
    hidden = next(f.digest for f in made.fields if isinstance(f, WithheldField))
    salts = [bytes.fromhex(f.salt) for f in made.fields if isinstance(f, ShownField)]
    guesses = set()
    for value in range(1000):
        for salt in (*salts, b"", bytes(32)):
            for data in (b'"rate":%d' % value, b"%d" % value, b'{"rate":%d}' % value):
                guesses |= {sha256(b"\x00" + salt + data).hexdigest(), sha256(salt + data).hexdigest()}
        guesses.add(sha256(BODY.replace(b"185", b"%d" % value)).hexdigest())
        guesses.add(sha256(b"\x02" + BODY.replace(b"185", b"%d" % value)).hexdigest())
    assert hidden not in guesses
    assert not [g for g in guesses if g.encode() in made.document()]
    assert hidden == field_hashes(SALT, BODY, members(BODY))[1].hex()


@pytest.mark.parametrize("body", [b"[1]", b"", b"%PDF", b'{"a":1,}'], ids=["an array", "nothing", "a file", "not JSON"])
def test_only_an_object_has_fields_to_withhold(body):
    with pytest.raises(FormatError, match="not a JSON object"):
        Disclosed.of("ticket", "7", body, SALT, {"a": "x"})


def change(path, value):
    def apply(document):
        here = document
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = value

    return apply


@pytest.mark.parametrize(
    "apply",
    [
        change(["fields", 0, "value"], "8"),
        change(["fields", 0, "name"], "ID"),
        change(["fields", 0, "salt"], "0" * 64),
        change(["fields", 1, "hash"], "0" * 64),
        lambda d: d["fields"].pop(),
        lambda d: d["fields"].reverse(),
        lambda d: d["fields"].append(d["fields"][0]),
        lambda d: d["fields"].__setitem__(slice(0, 2), [d["fields"][0]]),
    ],
)
def test_a_changed_disclosure_leads_elsewhere(apply):
    document = json.loads(Disclosed.of("ticket", "7", BODY, SALT, WITHHELD).document())
    apply(document)
    assert Disclosed.read(canonical(document)).root().hex() != commit(SALT, BODY)[1]


@pytest.mark.parametrize(
    "apply",
    [
        change(["fields", 0, "value"], '1,"paid":true'),
        change(["fields", 0, "value"], "1}"),
        change(["fields", 0, "value"], " 1"),
        change(["fields", 0, "value"], ""),
        change(["fields", 0, "value"], "NaN"),
        change(["fields", 0, "value"], 1),
        change(["fields", 0, "salt"], "00"),
        change(["fields", 1, "hash"], "zz"),
        change(["fields", 1, "reason"], None),
        change(["fields", 1, "name"], "rate"),
        change(["fields", 0, "hash"], "0" * 64),
        change(["fields", 0], 7),
        change(["fields"], {}),
        change(["format"], "psa-evidence/disclosed/2"),
        change(["note"], "trust me"),
        lambda d: d.pop("kind"),
    ],
)
def test_a_malformed_disclosure_is_refused(apply):
    document = json.loads(Disclosed.of("ticket", "7", BODY, SALT, WITHHELD).document())
    apply(document)
    with pytest.raises(FormatError):
        Disclosed.read(canonical(document))


def test_a_disclosure_in_other_than_canonical_form_is_refused():
    with pytest.raises(FormatError, match="canonical"):
        Disclosed.read(Disclosed.of("ticket", "7", BODY, SALT, WITHHELD).document() + b" ")


def test_a_disclosure_of_a_newer_program_is_said_to_be_one():
    document = Disclosed.of("ticket", "7", BODY, SALT, WITHHELD).document()
    with pytest.raises(FormatError, match=r"disclosed format.*newer version"):
        Disclosed.read(document.replace(b"disclosed/1", b"disclosed/2"))


def test_half_a_surrogate_pair_in_a_shown_field_is_refused():
    document = b'{"fields":[{"name":"a","salt":"%s","value":"\\"\\ud800\\""}],"format":"psa-evidence/disclosed/1"' % (
        b"0" * 64
    )
    with pytest.raises(FormatError):
        Disclosed.read(document + b',"id":"1","kind":"ticket"}')


def test_an_opening_leads_from_the_field_to_the_root():
    made = opening()
    assert made.problem() is None
    assert (made.field.name, made.field.value) == ("rate", "185")
    assert Opening.read(made.document()) == made
    for other in ("notes", "board", "id"):
        assert opening(other).problem() is None


def test_an_opening_opens_no_other_field():
    document = opening().document()
    for hidden in (b"notes", b"rate2", b'"board"', SALT.hex().encode()):
        assert hidden not in document


@pytest.mark.parametrize(
    "changed",
    [
        lambda o: replace(o, field=replace(o.field, value="186")),
        lambda o: replace(o, field=replace(o.field, name="Rate")),
        lambda o: replace(o, field=replace(o.field, salt="0" * 64)),
        lambda o: replace(o, position=0),
        lambda o: replace(o, position=99),
        lambda o: replace(o, members=4),
        lambda o: replace(o, field_path=()),
        lambda o: replace(o, leaf=replace(o.leaf, id="8")),
        lambda o: replace(o, leaf=replace(o.leaf, fields=None)),
        lambda o: replace(o, index=0),
        lambda o: replace(o, size=2),
        lambda o: replace(o, path=o.path[:-1]),
        lambda o: replace(o, root="0" * 64),
    ],
)
def test_a_changed_opening_has_a_problem(changed):
    made = Opening.read(changed(opening()).document())
    assert made.problem()


@given(st.binary(max_size=80))
def test_any_bytes_are_a_format_error_and_nothing_else(data):
    for kind in (Disclosed, Opening):
        with pytest.raises(FormatError):
            kind.read(data)


def test_an_opening_of_another_format_or_with_more_than_one_value_is_refused():
    document = opening().document()
    with pytest.raises(FormatError, match="opening format"):
        Opening.read(document.replace(b"psa-evidence/opening/", b"psa-evidence/opening/9"))
    made = opening()
    two = replace(made, field=replace(made.field, value='1,"other":2'))
    with pytest.raises(FormatError, match="not one JSON value"):
        Opening.read(two.document())
