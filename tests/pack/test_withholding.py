"""Fields withheld from a pack: nowhere in it, not to be guessed from it, counted, and provable later."""

import csv
import hashlib
import itertools
import json
from pathlib import Path

import pytest

from psa_evidence.errors import ConfigurationError
from psa_evidence.format import Opening
from psa_evidence.pack.rebuilding import rebuild
from psa_evidence.verify import verify_pack

KEY = "ticket/1002"
NATIVE = "data/natives/ticket/1002.disclosed.json"


def files(folder):
    return [p for p in sorted(folder.rglob("*")) if p.is_file()]


def everything(folder):
    return b"\n".join(p.read_bytes() for p in files(folder))


def body_of(vault, key):
    [record] = [r for r in vault.select(connection="demo", client="10") if r.key == key]
    return record


@pytest.fixture
def summary(vault):
    return json.loads(body_of(vault, KEY).body)["summary"]


def test_a_withheld_field_is_nowhere_in_the_pack(make, vault, tables, summary, pages):
    words = summary.split()[0]
    whole = make(vault, out="whole", exporters={"pages": pages, "tables": tables})
    assert words.encode() in everything(whole.folder)
    result = make(vault, withheld={KEY: {"summary": "privilege"}}, exporters={"pages": pages, "tables": tables})
    native = json.loads((result.folder / NATIVE).read_bytes())
    assert "summary" not in {field.get("name") for field in native["fields"]}
    assert json.dumps(summary)[1:-1].encode() not in everything(result.folder)
    assert not (result.folder / "data/natives/ticket/1002.json").exists()


def digests_in(folder):
    """All texts of 16 and 64 hexadecimal digits in any file, as windows, so that a cut digest is found too."""
    found = set()
    for path in files(folder):
        run = []
        for char in path.read_bytes().decode("latin-1").lower():
            if char in "0123456789abcdef":
                run.append(char)
                continue
            if len(run) >= 16:
                found.add("".join(run))
            run = []
    return "\n".join(found)


def test_a_withheld_value_of_few_possibilities_cannot_be_found_by_trying_them(make, vault, tables, pages):
    """The attacker has the pack, every field but one, and a list of a few values; he tries each as the whole record."""
    record = body_of(vault, KEY)
    secret = json.loads(record.body)["priority"]
    whole = make(vault, out="whole", exporters={"pages": pages, "tables": tables})
    result = make(vault, withheld={KEY: {"priority": "privilege"}}, exporters={"pages": pages, "tables": tables})
    digest = hashlib.sha256(record.body).hexdigest()
    assert digest in digests_in(whole.folder)
    inside = digests_in(result.folder)
    assert digest not in inside
    assert digest[:16] not in inside
    name, value = b'"priority"', json.dumps(secret).encode()
    assert value in record.body
    native = json.loads((result.folder / NATIVE).read_bytes())
    salts = [b"", *(bytes.fromhex(field["salt"]) for field in native["fields"] if "salt" in field)]
    for salt, domain, data in itertools.product(
        salts, (b"", b"\x00", b"\x02"), (record.body, value, name + b":" + value)
    ):
        tried = hashlib.sha256(domain + salt + data).hexdigest()
        assert tried not in inside


def test_the_pack_passes_counts_what_it_withholds_and_says_why(make, vault, pages):
    pages_without_pdf_checks = {"8.1", "8.2", "8.3"}
    result = make(vault, withheld={KEY: {"summary": "privilege", "priority": "not relevant"}})
    report = verify_pack(result.folder)
    assert {c.id for c in report.checks if c.status == "fail"} <= pages_without_pdf_checks
    [in_part] = [c for c in report.checks if c.id == "6.5"]
    assert "2 fields withheld" in in_part.detail
    assert result.counts["withheld_fields"] == 2
    with (result.folder / "data/logs/redaction.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["record"], r["native"], r["reason"], r["fields"]) for r in rows] == [
        (KEY, NATIVE, "not relevant", "1"),
        (KEY, NATIVE, "privilege", "1"),
    ]


def test_a_pack_that_withholds_nothing_is_whole(make, vault):
    result = make(vault)
    assert result.counts["withheld_fields"] == 0
    assert not (result.folder / "data/logs/redaction.csv").exists()
    assert not list(result.folder.rglob("*.disclosed.json"))


def test_the_same_pack_twice(make, vault):
    one, two = (make(vault, out=out, withheld={KEY: {"summary": "x"}}) for out in "ab")
    names = [p.relative_to(one.folder) for p in files(one.folder)]
    assert all((one.folder / n).read_bytes() == (two.folder / n).read_bytes() for n in names)


def test_a_withheld_field_is_opened_against_the_same_pack(make, vault, summary):
    result = make(vault, withheld={KEY: {"summary": "privilege"}})
    opening = Opening.read(vault.opening(body_of(vault, KEY), "summary").document())
    assert opening.problem() is None
    native = json.loads((result.folder / NATIVE).read_bytes())
    assert native["fields"][opening.position]["hash"] == opening.field.hash().hex()
    assert json.loads(opening.field.value) == summary
    seal = json.loads((result.folder / f"seals/{opening.seal:06d}.json").read_bytes())
    assert (seal["root"], seal["leaves"]) == (opening.root, opening.size)


def test_what_changed_in_a_withheld_field_is_not_shown(make, vault, new_psa, start, tables, pages):
    from datetime import timedelta

    again = new_psa().story()
    for row in again.rows:
        if (row[0], row[1]) == ("ticket", "1002"):
            row[2]["summary"] = "EDITED SECRET"
            row[2]["resources"] = "EDITED OPENLY"
    again.fill(vault, start=start + timedelta(days=1))
    result = make(vault, withheld={KEY: {"summary": "privilege"}}, exporters={"pages": pages, "tables": tables})
    content = everything(result.folder)
    assert b"EDITED SECRET" not in content
    assert b"EDITED OPENLY" in content
    with (result.folder / "data/tables/record_changes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert any("withheld: privilege" in " ".join(row) for row in csv.reader(file))


@pytest.mark.parametrize(
    ("withheld", "words"),
    [
        ({"ticket/99999": {"summary": "x"}}, "not among the records"),
        ({KEY: {"no such field": "x"}}, "cannot be withheld"),
        ({"attachment/77": {"name": "x"}}, "cannot be withheld"),
        ({"sla/1": {"name": "x"}}, "setting"),
    ],
)
def test_what_cannot_be_withheld_is_refused_and_no_pack_is_left(make, vault, tmp_path, withheld, words):
    with pytest.raises(ConfigurationError, match=words) as caught:
        make(vault, withheld=withheld)
    assert caught.value.next_step
    assert not Path(tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_an_id_that_ends_like_the_name_of_a_record_in_part_is_no_such_record(
    make, new_psa, empty_vault, pages, tables, connector
):
    """The marker is what stands behind the id: one whole, one in part, and one whose plain name is taken by a record in
    part with the shorter id."""
    psa = new_psa().story()
    hang = {"client": "10", "parent": "ticket/1002"}
    texts = {"1002-a.disclosed": "First", "1002-b.disclosed": "Secret two", "1002-c": "Secret three",
             "1002-c.disclosed": "Fourth"}  # fmt: skip
    for name, text in texts.items():
        line = {"text": text, "enteredDate": "2025-03-05T16:00:00Z", "enteredBy": "tbell"}
        psa.add("history", line, id=name, **hang)
    psa.fill(empty_vault)
    in_part = {"history/1002-b.disclosed": {"text": "privilege"}, "history/1002-c": {"text": "privilege"}}
    result = make(empty_vault, withheld=in_part, exporters={"pages": pages, "tables": tables})
    names = {p.name for p in (result.folder / "data/natives/history").glob("*disclosed*")}
    assert names == {
        "1002-a.disclosed.json", "1002-b.disclosed.disclosed.json", "1002-c.disclosed.json",
        "1002-c.disclosed.2.json",
    }  # fmt: skip
    report = verify_pack(result.folder)
    assert {c.id for c in report.checks if c.status == "fail"} <= {"8.1", "8.2", "8.3"}, "of the PDF of these tests"
    [said] = [c.detail for c in report.checks if c.id == "6.5"]
    assert said.startswith("2 natives with withheld fields")
    again = rebuild(result.folder, None, connector, tables)
    assert {c.what: c.outcome for c in again.compared if "disclosed" in c.what} == {
        f"data/natives/history/{name}": "agrees" for name in names
    }
    assert "data/tables/history.csv" in {c.what for c in again.compared}


def test_the_ledger_of_numbers_does_not_give_away_what_another_copy_showed(make, vault, tmp_path):
    """An earlier pack of the matter showed the record whole; its exhibit's digest must not stand in this one."""
    ledger = tmp_path / "bates.jsonl"
    whole = make(vault, out="whole", ledger=ledger)
    result = make(vault, ledger=ledger, withheld={KEY: {"summary": "privilege"}})
    shown = {}
    for pack in (whole, result):
        with (pack.folder / "data/logs/bates.csv").open(encoding="utf-8-sig", newline="") as file:
            shown[pack.folder] = {row["content_sha256"] for row in csv.DictReader(file) if row["exhibit"] == "T-1002"}
    assert not shown[whole.folder] & shown[result.folder]
