"""The pack's part and table on what changed between captures, from real captures of a small PSA."""

import csv
import json
from datetime import timedelta

import pytest

from psa_evidence.pack.changes import hidden_words
from psa_evidence.spi import Facts, Paragraph, Table
from psa_evidence.vault import Hidden


def part_of(pages):
    return next(part for part in pages.content.parts if part.id == "changes")


def words(part):
    text = []
    for block in part.blocks:
        if isinstance(block, Paragraph):
            text.append(block.text)
        elif isinstance(block, Facts):
            text += [f"{label}: {value}" for label, value in block.rows]
        elif isinstance(block, Table):
            text += [str(cell) for row in block.rows for cell in row] + [block.caption]
    return "\n".join(text)


def table(result, name="record_changes"):
    with (result.folder / f"data/tables/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def again(psa, new_psa, vault, start, *, edit=None, drop=(), add=None, lists=()):
    """A second capture of the same PSA, later, with rows edited, gone or added."""
    later = new_psa()
    later.rows = [
        (kind, id_, edit(kind, id_, json.loads(json.dumps(row))) if edit and isinstance(row, dict) else row, *rest)
        for kind, id_, row, *rest in psa.rows
        if (kind, id_) not in drop
    ]
    if add:
        add(later)
    return later.fill(vault, start=start, lists=lists)


def test_with_one_capture_the_part_says_that_nothing_can_be_compared(vault, make, pages):
    make(vault)
    part = part_of(pages)
    assert part.title == "Changes to the records since they were first captured"
    assert "Only one capture" in words(part)
    before = next(one for one in pages.content.parts if one.number == part.number - 1)
    assert before.id == "record-quality"


def test_when_nothing_changed_the_part_says_so_in_one_line(vault, psa, new_psa, make, pages, start):
    again(psa, new_psa, vault, start + timedelta(days=30))
    make(vault)
    assert "No record of this pack was edited, merged, deleted or back-dated between the 2 captures" in words(
        part_of(pages)
    )


def test_edits_merges_deletions_and_back_dated_records_are_listed(vault, psa, new_psa, make, pages, tables, start):
    def edit(kind, id_, row):
        if (kind, id_) == ("ticket", "1001"):
            row["priority"] = {"id": 7, "name": "Priority 2"}
            row["_info"] = {**row["_info"], "lastUpdated": "2025-07-15T10:00:00Z", "updatedBy": "mallory"}
        if (kind, id_) == ("ticket", "1003"):
            row["mergedParentTicket"] = {"id": 1002}
        if (kind, id_) == ("ticket", "1500"):
            row["summary"] = "ANOTHER CLIENT'S CHANGE"
        if (kind, id_) == ("note", "100200"):
            row["text"] = "Rewritten"
        return row

    kept = [str(n) for n in (990, 1001, 1003, 1500, 1999, 1600)]
    again(
        psa, new_psa, vault, start + timedelta(days=30), edit=edit, drop={("ticket", "1002")},
        add=lambda p: p.ticket(1600, "2025-03-07T15:00:00+00:00"), lists=[("ticket", kept)],
    )  # fmt: skip
    result = make(vault, exporters={"pages": pages, "tables": tables})
    rows = table(result)
    by_what = {}
    for row in rows:
        by_what.setdefault(row["what"], []).append(row)
    edits = {(r["record"], r["field"]): r for r in by_what["edited"]}
    changed = edits["ticket/1001", "/priority/name"]
    assert (changed["old"], changed["new"]) == ('"Priority 1"', '"Priority 2"')
    assert (changed["who"], changed["source"]) == ("mallory", "the record's own last update")
    rewritten = edits["note/100200", "/text"]
    assert rewritten["new"] == '"Rewritten"'
    assert (rewritten["who"], rewritten["source"]) == ("not recorded", "")  # its last update is an older one
    assert [(r["record"], r["new"]) for r in by_what["merged"]] == [("ticket/1003", "1002")]
    assert [r["record"] for r in by_what["vanished"]] == ["ticket/1002"]
    assert "not among the 6 listed" in by_what["vanished"][0]["note"]
    assert "ticket/1600" in {r["record"] for r in by_what["back-dated"]}
    assert not any("1500" in r["record"] or "ANOTHER" in json.dumps(r) for r in rows)
    text = words(part_of(pages))
    assert "Priority 2" in text
    assert "/_info/lastUpdated (1)" in text
    assert "ANOTHER CLIENT" not in text
    assert (result.folder / "data/natives/ticket/1002.json").is_file()


def test_a_change_of_status_is_laid_to_who_the_audit_trail_names(vault, psa, new_psa, make, pages, tables, start):
    at = start + timedelta(days=10)

    def edit(kind, id_, row):
        if (kind, id_) == ("ticket", "1001"):
            row["status"] = {"id": 2, "name": "In Progress"}
        return row

    def add(later):
        later.add("history", {
            "text": 'Status has been changed from "Closed" to "In Progress".', "enteredBy": "ghost",
            "enteredDate": at.isoformat().replace("+00:00", "Z"), "auditType": "Ticket", "auditSubType": "Status",
            "auditSource": "Member",
        }, id="1001-9", client="10", parent="ticket/1001", at=at)  # fmt: skip

    again(psa, new_psa, vault, start + timedelta(days=30), edit=edit, add=add)
    rows = {r["field"]: r for r in table(make(vault, exporters={"pages": pages, "tables": tables}))}
    line = rows["/status/name"]
    assert (line["who"], line["at"], line["source"]) == ("ghost", "2025-07-11T02:00:00Z", "audit trail")


def test_what_the_key_could_not_see_is_said(vault, psa, make, pages, start):
    psa.fill(vault, start=start + timedelta(days=30), missing=[("finance/invoices", "no permission")])
    make(vault)
    assert "finance/invoices" in words(part_of(pages))
    assert "absent proves nothing" in words(part_of(pages))


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        (Hidden("c", "invoice", ("invoice",), 7, ()), "invoice: no permission; 7 in the vault all the same"),
        (Hidden("c", "time", (), None, ("status 403",)), "time: status 403"),
        (
            Hidden("c", "notes", ("note",), 0, tuple("abcde")),
            "notes (note): a; b; c; and 2 more; 0 in the vault all the same",
        ),
    ],
)
def test_a_refusal_is_told_with_what_the_capture_states_of_it_and_what_is_held(hidden, said):
    assert hidden_words(hidden) == said
