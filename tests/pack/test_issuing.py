"""Bates numbers through several builds of a matter: given once, to one content, for ever."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader

from psa_evidence.errors import ConfigurationError, StorageError, VaultError
from psa_evidence.matter.ledger import Issued
from psa_evidence.pack.issuing import Numbers
from psa_evidence.plugins import load_exporter
from psa_evidence.vault import Disk
from psa_evidence.vault.chain import ChainedLog, head_path
from psa_evidence.verify import verify_pack


@pytest.fixture
def ledger(tmp_path):
    return tmp_path / "dispute.bates.jsonl"


@pytest.fixture
def real(make, ledger):
    exporters = {name: load_exporter(name) for name in ("pdf", "tables", "loadfile")}

    def run(vault, out, **more):
        return make(vault, exporters=exporters, out=out, ledger=ledger, **more)

    return run


def rows(result):
    with (result.folder / "data/logs/bates.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def later(psa, vault, start, change):
    """A second capture, a day after the first, of the same PSA with `change` made."""
    change(psa)
    psa.fill(vault, start=start + timedelta(days=1))


def edit(psa):
    """Ticket 1001 gets a longer summary; all others are as they were."""
    for kind, id_, row, *_ in psa.rows:
        if kind == "ticket" and id_ == "1001":
            row["summary"] = f"{row['summary']} (edited since)"


def test_building_again_gives_the_same_numbers_and_bytes(real, vault, ledger):
    one = real(vault, "a")
    lines = ledger.read_bytes()
    two = real(vault, "b")
    assert one.pagination == two.pagination
    assert one.manifest == two.manifest
    assert ledger.read_bytes() == lines
    assert {row["state"] for row in rows(two)} == {"in this pack"}


def test_what_changed_gets_new_numbers_and_the_old_ones_are_listed_as_given(real, vault, psa, start, ledger):
    one = real(vault, "a")
    later(psa, vault, start, edit)
    two = real(vault, "b")
    before, after = one.pagination.exhibits, two.pagination.exhibits
    highest = max(last for _, last in before.values())
    assert after["T-1001"][0] > highest
    unchanged = [id_ for id_ in before if id_.startswith("T-") and id_ != "T-1001"]
    assert unchanged
    assert all(after[id_] == before[id_] for id_ in unchanged)
    listed = {row["first"]: row for row in rows(two)}
    assert listed[before["T-1001"][0]]["state"] == "issued earlier, not in this pack"
    assert listed[after["T-1001"][0]]["state"] == "in this pack"
    report = verify_pack(two.folder)
    assert [c for c in report.checks if c.status == "fail"] == []
    labels = [label for path in two.manifest.pdfs for label in PdfReader(two.folder / path).page_labels]
    exhibits = [label for label in labels if not label.startswith("NW-R-")]
    assert len(set(exhibits)) == len(exhibits)
    assert set(exhibits).isdisjoint(pages_of(before["T-1001"]))
    assert exhibits == sorted(exhibits)
    three = real(vault, "c")
    assert three.pagination == two.pagination


def pages_of(span):
    first, last = (int(text.removeprefix("NW-")) for text in span)
    return {f"NW-{n:06d}" for n in range(first, last + 1)}


def test_no_number_ever_stands_on_two_contents(real, vault, psa, start):
    seen: dict[str, tuple[str, str]] = {}
    packs = [real(vault, "a")]
    later(psa, vault, start, edit)
    packs.append(real(vault, "b"))
    for pack in packs:
        for row in rows(pack):
            if row["state"] != "in this pack":
                assert row["content_sha256"] == ""  # what this pack withholds could be guessed by it
                continue
            for number in pages_of((row["first"], row["last"])):
                assert seen.setdefault(number, (row["exhibit"], row["content_sha256"])) == (
                    row["exhibit"],
                    row["content_sha256"],
                )


def test_a_build_that_fails_gives_no_numbers(make, vault, ledger, pages):
    class Broken(type(pages)):
        def export(self, *_, **__):
            raise StorageError("no room")

    with pytest.raises(StorageError):
        make(vault, exporters={"pages": Broken()}, ledger=ledger)
    assert not ledger.exists()


def test_a_ledger_that_was_edited_stops_the_build(real, vault, ledger, tmp_path):
    real(vault, "a")
    ledger.write_bytes(ledger.read_bytes().replace(b'"pages":', b'"pages":1', 1))
    with pytest.raises(VaultError, match="ledger of Bates numbers"):
        real(vault, "b")
    assert not list((tmp_path / "b").glob("*")) if (tmp_path / "b").exists() else True


def test_two_builds_at_once_cannot_give_the_same_numbers(ledger, start):
    one, two = Numbers.open(ledger), Numbers.open(ledger)
    item = Issued(prefix="NW-", exhibit="T-1", content="a", first=1, pages=2)
    one.keep([item], now=start)
    with pytest.raises(StorageError, match="meanwhile"):
        two.keep([Issued(prefix="NW-", exhibit="T-2", content="b", first=1, pages=1)], now=start)


def test_an_exhibit_with_other_pages_than_issued_is_numbered_anew(make, vault, ledger, pages, start):
    make(vault, exporters={"pages": pages}, ledger=ledger)
    exporters = {"pdf": load_exporter("pdf")}
    result = make(vault, exporters=exporters, ledger=ledger, out="other")
    given = Numbers.open(ledger).ledger
    changed = [i for i in given.of("NW-") if i.exhibit == "T-1001"]
    assert result.pagination.changed == ()
    assert len({i.first for i in changed}) == len(changed)
    assert verify_pack(result.folder).verdict != "fail"


@pytest.mark.parametrize("attack", ["deleted", "cut off", "last line edited", "begun anew"])
def test_the_custody_log_knows_what_the_ledger_had(make, vault, ledger, pages, attack, tmp_path):
    """The chain alone cannot tell that lines are missing at its end, or that the last was edited."""
    make(vault, exporters={"pages": pages}, ledger=ledger)
    lines = ledger.read_bytes().splitlines(keepends=True)
    assert len(lines) > 2
    head_path(ledger).unlink()  # it would tell as well
    match attack:
        case "deleted":
            ledger.unlink()
        case "cut off":
            ledger.write_bytes(b"".join(lines[:-1]))
        case "last line edited":
            ledger.write_bytes(b"".join(lines[:-1]) + lines[-1].replace(b'"pages":', b'"pages":1'))
        case "begun anew":
            ledger.write_bytes(lines[0])
    with pytest.raises(VaultError, match="ledger of Bates numbers") as caught:
        make(vault, exporters={"pages": pages}, ledger=ledger, out="again")
    assert "custody log" in (caught.value.why or "")
    assert not list((tmp_path / "again").glob("*"))
    ledger.write_bytes(b"".join(lines))
    make(vault, exporters={"pages": pages}, ledger=ledger, out="again")


def test_two_matters_do_not_number_under_one_prefix(make, vault, ledger, pages, matter):
    make(vault, exporters={"pages": pages}, ledger=ledger)
    other = ledger.with_name("other.bates.jsonl")
    quarrel = replace(matter, name="Another quarrel")
    with pytest.raises(ConfigurationError, match="Bates numbers that begin with 'NW-' too"):
        make(vault, exporters={"pages": pages}, ledger=other, matter=quarrel, out="other")
    own = replace(quarrel, bates_prefix="NX-")
    make(vault, exporters={"pages": pages}, ledger=other, matter=own, out="other")


def test_a_build_after_another_is_not_held_to_have_lost_numbers(make, vault, ledger, pages, start):
    """The ledger may have more than the custody log states: a build can end between the two."""
    made = make(vault, exporters={"pages": pages}, ledger=ledger)
    entry = [e for e in vault.custody.read() if e["action"] == "exported"][-1]
    assert entry["detail"]["bates"]["entries"] == len(made.pagination.exhibits)
    Numbers.open(ledger).keep([Issued(prefix="NW-", exhibit="T-9", content="z", first=9000, pages=1)], now=start)
    make(vault, exporters={"pages": pages}, ledger=ledger, out="again")


def test_lines_are_added_behind_those_that_were_read_and_no_others(ledger, start):
    log = ChainedLog(ledger, Disk())
    assert log.append([{"a": 1}], now=start, behind=0)
    assert not log.append([{"a": 2}], now=start, behind=0)
    assert [entry["a"] for entry in log.read()] == [1]
    assert log.append([{"a": 2}], now=start, behind=1)
