"""The custody log in a pack: its own entries whole, those of others as digests, the chain up to the seals."""

import csv
import json

import pytest

from psa_evidence.format import canonical, sha256
from psa_evidence.format.log import digest_of_line
from psa_evidence.spi import Facts, Table
from psa_evidence.verify import verify_pack


@pytest.fixture
def busy(vault, psa, start):
    """A vault in which much was logged about this client and others before its second capture."""
    for client, matter, mode in (
        ("10", "Northwind v. Acme", "draft"),
        ("20", "SECRET MATTER", "draft"),
        ("10", "SECRET STRATEGY", "draft"),
        ("10", "Northwind 2025-05", "routine archive"),
    ):
        detail = {"client": client, "connection": "demo", "matter": matter, "mode": mode}
        vault.log("accessed", matter, detail, who="Ann (ann)", at=start)
    vault.hold(matter="H", connection="demo", client="northwind trading", reason="r", who="me", at=start)
    vault.hold(matter="SECRET HOLD", connection="demo", client="20", reason="r", who="me", at=start)
    psa.fill(vault, start=start.replace(month=8))
    return vault


def lines_of(result):
    return (result.folder / "data/logs/custody.jsonl").read_bytes().splitlines()


def rows_of(result):
    with (result.folder / "data/logs/custody.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_own_entries_are_shown_and_others_are_digests_only(make, busy):
    result = make(busy)
    rows = [(r["action"], r["subject"]) for r in rows_of(result)]
    captures = [c.id for c in busy.captures()]
    assert rows[:2] == [("captured", captures[0]), ("sealed", captures[0])]
    assert rows[2:5] == [("accessed", "Northwind v. Acme"), ("accessed", "Northwind 2025-05"), ("held", "H")]
    assert "Ann (ann)" in {r["who"] for r in rows_of(result)}
    for path in result.folder.rglob("*"):
        if path.is_file():
            assert b"SECRET" not in path.read_bytes().replace(b"SECRET OF ANOTHER CLIENT", b""), path
    withheld = [json.loads(line) for line in lines_of(result) if b'"entry"' in line]
    assert len(withheld) == 3
    whole = busy.custody.lines()
    assert [w["entry"] for w in withheld] == [sha256(whole[w["number"] - 1]) for w in withheld]


def test_the_chain_leads_to_the_heads_that_the_seals_state(make, busy):
    result = make(busy)
    checks = {c.id: c for c in verify_pack(result.folder, []).checks}
    assert checks["7.4"].status == "pass"
    head = busy.seals()[-1].logs["custody"]
    assert head.entries > 2
    line = lines_of(result)[head.entries - 1]
    assert head.sha256 == (sha256(line) if b'"entry"' in line else digest_of_line(line))


def test_the_report_has_the_chain_of_custody_with_its_head(make, busy, pages):
    make(busy)
    part = next(p for p in pages.content.parts if p.id == "custody")
    assert part.title == "Chain of custody"
    facts = dict(next(b for b in part.blocks if isinstance(b, Facts)).rows)
    used = len(
        [e for e in busy.custody.read() if e["number"] <= int(facts["Entries up to the newest seal of this pack"])]
    )
    assert facts["About others, as digests only"] == "3"
    assert facts["Digest of the last entry"] == digest_of_line(busy.custody.lines()[used - 1])
    log = next(b for b in part.blocks if isinstance(b, Table))
    assert ("Ann (ann)", "accessed") in {(row[2], row[3]) for row in log.rows}
    details = [row[5] for row in log.rows]
    assert "client: 10; connection: demo; matter: Northwind v. Acme; mode: draft" in details
    assert not [d for d in details if d.startswith("{")]


def test_building_again_gives_the_same_log_although_the_first_build_was_logged(make, busy):
    one, two = make(busy, out="a"), make(busy, out="b")
    assert lines_of(one) == lines_of(two)
    assert busy.custody.read()[-1]["action"] == "exported"


def test_a_pack_that_was_exported_stands_in_the_log_of_the_next(make, busy, psa, start):
    first = make(busy, out="a")
    psa.fill(busy, start=start.replace(month=9))
    busy.log("verified", "somebody's pack", {"verdict": "pass"}, who="me", at=start)
    rows = rows_of(make(busy, out="b"))
    [exported] = [r for r in rows if r["action"] == "exported"]
    detail = json.loads(exported["detail"])
    assert exported["subject"] == first.folder.name
    assert detail["fingerprint"] == sha256((first.folder / "tagmanifest-sha256.txt").read_bytes())


def test_a_withheld_entry_with_another_digest_breaks_the_chain(make, busy):
    from psa_evidence.verify.logs import _chain

    lines = lines_of(make(busy))
    index = next(i for i, line in enumerate(lines) if b'"entry"' in line)
    entry = json.loads(lines[index])
    log = _chain(b"\n".join(lines) + b"\n")
    assert (len(log.digests), log.withheld) == (len(lines), 3)
    for wrong in ("0" * 64, "", 7, None):
        lines[index] = canonical({**entry, "entry": wrong})
        with pytest.raises(ValueError, match=r"hold together|digest"):
            _chain(b"\n".join(lines) + b"\n")


def test_a_withheld_entry_cannot_be_guessed(make, busy):
    """Whoever knows what an entry about another client says, to the microsecond, still does not know its salt."""
    whole = {json.loads(line)["number"]: json.loads(line) for line in busy.custody.lines()}
    for line in lines_of(make(busy)):
        if b'"entry"' in line:
            entry = whole[json.loads(line)["number"]]
            assert len(entry.pop("salt")) == 64
            assert sha256(canonical(entry)).encode() not in line
