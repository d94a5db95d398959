"""What a pack says: all misses, counts that add up, no cite without an exhibit, the same figures everywhere."""

import csv
import io
import re
from collections import Counter
from dataclasses import fields, is_dataclass, replace

import pytest

from psa_evidence.matter import Contract
from psa_evidence.pack import wording
from psa_evidence.pack.content import content_of
from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts import ORDER
from psa_evidence.pack.parts.breaches import NONE_SHOWN
from psa_evidence.pack.parts.finding_blocks import PLACED, finding_blocks
from psa_evidence.pack.settings_exhibit import hours_words
from psa_evidence.pack.time_stamps import NEVER_ASKED
from psa_evidence.records import Goal, Span
from psa_evidence.spi import Cite, Paragraph, Silent, Strip, Table, Verbatim


@pytest.fixture
def read(vault, connector, matter):
    """The dossier and content of a matter, from the vault of the test or another."""

    def run(matter=matter, vault=vault):
        dossier = gather(matter, vault, connector, software="psa-evidence 0.test", progress=Silent()).dossier
        return dossier, content_of(dossier, Silent())

    return run


def part(content, name):
    return next(p for p in content.parts if p.id == name)


def table(content, name):
    found = next(t for t in content.tables if t.name == name)
    return [dict(zip((c for c, _ in found.columns), row, strict=True)) for row in found.rows]


def texts(value):
    """Every text below a value, and every cite."""
    if isinstance(value, str | Cite):
        yield value
    if isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def words(part_):
    return " ".join(t for t in texts(part_) if isinstance(t, str))


@pytest.fixture
def nothing(matter):
    """A period without a ticket."""
    return replace(matter, first_day=matter.first_day.replace(year=2020), last_day=matter.first_day.replace(year=2021))


def test_parts_stand_in_one_order_and_none_is_empty(read):
    _, content = read()
    assert [p.number for p in content.parts] == list(range(1, len(ORDER) + 1))
    assert len({p.id for p in content.parts}) == len(ORDER)
    assert all(p.blocks for p in content.parts)


def test_no_part_is_empty_when_there_is_nothing_to_show(read, nothing):
    _, content = read(nothing)
    assert all(p.blocks for p in content.parts)
    assert NONE_SHOWN in words(part(content, "breaches"))
    answer = words(part(content, "answer"))
    assert "Without a ticket no target was met or missed." in answer
    assert "was determined from the records" not in answer
    assert "Of 0" not in answer


def test_a_question_for_which_there_was_nothing_to_examine_is_answered_in_one_paragraph(read, nothing):
    dossier, _ = read(nothing)
    assert {f.id for f in dossier.findings if not f.examined} == {f.id for f in dossier.findings}
    for finding in dossier.findings:
        heading, answer = finding_blocks(dossier, finding)
        assert (heading.text, answer.text.split("?")[0]) == (finding.title, finding.question.removesuffix("?"))


def test_nothing_is_cited_that_has_no_exhibit(read):
    _, content = read()
    shown = {e.id for e in content.exhibits}
    cited = {t.exhibit for t in texts((content.parts, content.exhibits)) if isinstance(t, Cite)}
    cited |= {e for t in content.tables for e in t.exhibits or () if e is not None}
    assert cited
    assert cited <= shown
    assert len(shown) == len(content.exhibits)


def test_each_record_said_to_be_shown_has_its_exhibit(read):
    dossier, content = read()
    assert set(dossier.exhibit_of.values()) == {e.id for e in content.exhibits}
    for exhibit in content.exhibits:
        assert all(dossier.exhibit_of[s.key] == exhibit.id for s in exhibit.sources), exhibit.id


def test_every_missed_stage_is_in_the_breach_table_and_in_the_report(read):
    dossier, content = read()
    missed = {
        (r.ticket_id, r.stage, r.reading) for x in dossier.results for r in x.results if r.verdict == "missed"
    }  # fmt: skip
    assert any(reading == "contract" for _, _, reading in missed)
    assert {(r["ticket"], r["stage"], r["reading"]) for r in table(content, "breaches")} == missed
    printed = Counter()
    tables = [block for block in part(content, "breaches").blocks if isinstance(block, Table)]
    for reading, block in zip(("contract", "psa", "strict"), tables, strict=True):
        printed.update((row[1], row[2].split("\n")[0], reading) for row in block.rows)
        for row in block.rows if reading != "contract" else ():
            assert row[3] == dossier.sla[row[1]].result(row[2].split("\n")[0], "contract").verdict
    assert printed == Counter(missed)


def test_breach_overrun_is_elapsed_minus_target(read):
    _, content = read()
    for row in table(content, "breaches"):
        if row["elapsed_seconds"] and row["target_seconds"]:
            assert int(row["overrun_seconds"]) == int(row["elapsed_seconds"]) - int(row["target_seconds"]) > 0


def test_attainment_adds_up_to_the_results(read):
    dossier, content = read()
    rows = table(content, "attainment")
    classes = ("met", "missed", "not_determined", "no_target", "excluded")
    for row in rows:
        assert int(row["n"]) == sum(int(row[c]) for c in classes)
    verdicts = Counter(
        (r["stage"], r["reading"], r["verdict"].replace(" ", "_")) for r in table(content, "sla_results")
    )
    for stage in ("response", "plan", "resolution"):
        for reading in ("psa", "contract", "strict"):
            mine = [r for r in rows if (r["stage"], r["reading"]) == (stage, reading)]
            assert sum(int(r["n"]) for r in mine) == len(dossier.population.tickets)
            for name in classes:
                assert sum(int(r[name]) for r in mine) == verdicts[stage, reading, name]


def test_printed_attainment_states_the_same_figures_as_the_table(read):
    _, content = read()
    verdicts = Counter((r["stage"], r["reading"], r["verdict"]) for r in table(content, "sla_results"))
    first = next(b for b in part(content, "attainment").blocks if isinstance(b, Table))
    names = {"PSA's own figure": "psa", "contract reading": "contract", "strict reading (no pause)": "strict"}
    assert len(first.rows) == 9
    for stage, reading, n, met, missed, open_, none, excluded, _, fraction, _, _ in first.rows:
        key = names[reading]
        assert [int(met), int(missed), int(open_), int(none), int(excluded)] == [
            verdicts[stage, key, v] for v in ("met", "missed", "not determined", "no target", "excluded")
        ]
        assert int(n) == int(met) + int(missed) + int(open_) + int(none) + int(excluded)
        assert fraction == f"{met}/{int(met) + int(missed)}"


def test_scope_tables_add_up(read):
    _, content = read()
    kinds = next(b for b in part(content, "scope").blocks if isinstance(b, Table) and b.columns[0].title == "Kind")
    for _, captured, included, withheld, out in kinds.rows:
        assert int(captured) == int(included) + int(withheld) + int(out)
    tickets = next(b for b in part(content, "scope").blocks if isinstance(b, Table) and b.columns[0].title == "Tickets")
    rows = dict(tickets.rows)
    *classes, (last, total) = ((name, int(n)) for name, n in tickets.rows)
    assert last.startswith("captured of this client")
    assert (rows["in the population"], total) == ("3", 5)
    assert sum(n for _, n in classes) == total


def test_services_sum_up(read):
    dossier, content = read()
    for block in part(content, "services").blocks:
        if isinstance(block, Table):
            last = block.rows[-1]
            for column in range(1, len(last)):
                cells = [row[column].replace(",", "") for row in block.rows]
                if all(c.replace(".", "", 1).isdigit() for c in cells):
                    assert float(cells[-1]) == pytest.approx(sum(map(float, cells[:-1])))
    assert sum(e.hours for e in dossier.records.time_entries) == 1.5


def test_a_tickets_exhibit_shows_it_whole(read):
    dossier, content = read()
    exhibit = next(e for e in content.exhibits if e.id == "T-1002")
    said = words(exhibit)
    for message in dossier.messages["1002"]:
        assert any(isinstance(b, Verbatim) and b.text == message.text for b in exhibit.blocks)
    for line in dossier.history["1002"]:
        assert line.text in said
    assert dossier.native["attachment/77"].sha256 in said
    assert "Replaced toner" in said
    assert dossier.native["ticket/1002"].path in said


def test_clock_intervals_add_up_and_cover_the_stage(read):
    dossier, content = read()
    paused = 0
    for exhibit in content.exhibits:
        if not exhibit.id.startswith("T-"):
            continue
        for result in dossier.sla[exhibit.id[2:]].results:
            if result.intervals:
                assert sum(i.seconds for i in result.intervals) == result.elapsed_seconds
        assert not any(isinstance(block, Strip) for block in exhibit.blocks), "a computed drawing on a source page"
        for block in exhibit.computed:
            if isinstance(block, Table) and block.columns[0].title == "From":
                assert _adds_up(block, dossier.sla[exhibit.id[2:]], dossier.zone)
            if isinstance(block, Strip):
                assert all(a.end == b.start for a, b in zip(block.segments, block.segments[1:], strict=False))
                paused += sum(s.state == "paused" for s in block.segments)
    assert paused


def test_readings_that_give_the_same_share_a_row_and_no_other_does(read):
    dossier, content = read()
    shared = 0
    for exhibit in content.exhibits:
        if not exhibit.id.startswith("T-"):
            continue
        sla = dossier.sla[exhibit.id[2:]]
        rows = [row[:3] for row in next(b for b in exhibit.computed if isinstance(b, Table)).rows]
        for stage in ("response", "plan", "resolution"):
            contract, strict = sla.result(stage, "contract"), sla.result(stage, "strict")
            same = all(
                getattr(contract, name) == getattr(strict, name)
                for name in ("verdict", "target_seconds", "elapsed_seconds", "paused_seconds", "due_at", "met_at")
            )
            shared += same
            names = ["contract and strict reading"] if same else ["contract reading", "strict reading (no pause)"]
            assert [row[1] for row in rows if row[0] == stage] == ["PSA's own figure", *names]
    assert 0 < shared < 3 * len(dossier.population.tickets)


def _adds_up(block, sla, zone):
    """Each sum is of the stage that it names, and the instants in the first column are those of its intervals."""
    seen = []
    for at, state, counted, why, record in block.rows:
        if state != "sum":
            seen.append((at, state, counted, why))
            continue
        for stage in record.removeprefix("end of ").split(", "):
            result = sla.result(stage, "contract")
            assert [row[0] for row in seen] == [wording.local(i.start, zone) for i in result.intervals]
            assert [row[2] for row in seen] == [wording.duration(i.seconds) for i in result.intervals]
            assert (at, counted) == (
                wording.local(result.intervals[-1].end, zone), wording.duration(result.elapsed_seconds),
            )  # fmt: skip
            assert why == f"{result.elapsed_seconds:,} seconds"
    return block.rows[-1][1] == "sum"


def test_the_worked_example_is_a_breach_of_this_pack(read):
    dossier, content = read()
    said = words(part(content, "methodology"))
    missed = [r for x in dossier.results for r in x.results if r.verdict == "missed" and r.reading == "contract"]
    (miss,) = [r for r in missed if f"Ticket {r.ticket_id}, {r.stage}, contract reading" in said]
    assert f"{miss.elapsed_seconds:,} s" in said
    rows = next(b for b in part(content, "methodology").blocks if isinstance(b, Table) and "Seconds" in str(b.columns))
    assert [row[4] for row in rows.rows] == [*(f"{i.seconds:,}" for i in miss.intervals), f"{miss.elapsed_seconds:,}"]


def test_the_methodology_says_when_each_stage_ends_and_what_becomes_of_changed_tickets(read, matter, contract):
    _, content = read()
    said = words(part(content, "methodology"))
    for told in (
        "first act of a person",
        "automatic reply",
        "last entry into a resolved",
        "reopened",
        "merged",
        "child",
    ):
        assert told in said, told
    assert "priority the ticket had when the stage ended" in said
    _, content = read(replace(matter, contract=replace(contract, priority_rule="at entry")))
    assert "priority at the ticket's entry" in words(part(content, "methodology"))


def test_another_reading_of_the_contract_changes_verdicts_and_is_shown_beside_the_psas(read, matter, contract):
    _, before = read()
    _, after = read(replace(matter, contract=contract))

    def verdict(content, reading):
        return {r["ticket"]: r["verdict"] for r in table(content, "sla_results")
                if (r["stage"], r["reading"]) == ("response", reading)}  # fmt: skip

    assert verdict(before, "contract")["1002"] == "missed"
    assert verdict(after, "contract")["1002"] == "met"
    assert verdict(after, "psa") == verdict(before, "psa")
    said = words(part(after, "contract"))
    assert "MSA schedule B" in said
    assert "differs" in said


def test_a_stage_that_the_contract_leaves_open_is_not_said_to_have_no_target(read, matter):
    """The PSA's target is used for it; the pack must not print the opposite."""
    _, content = read(replace(matter, contract=Contract(goals=(("*", Goal(response=7200)),))))
    compared = next(
        b for b in part(content, "contract").blocks if isinstance(b, Table) and "Compared" in str(b.columns)
    )
    ours = next(row for row in compared.rows if row[0] == "contract")
    assert ours[1:5] == ("any other", "2 h", "not stated: as in the PSA", "not stated: as in the PSA")
    stages = {r["stage"] for r in table(content, "sla_results") if (r["reading"], r["verdict"]) == ("contract", "met")}
    assert {"plan", "resolution"} & stages
    assert "whose targets are used" not in words(part(content, "answer"))


def test_hours_past_midnight_are_written_as_a_clock_shows_them():
    assert (
        hours_words((Span(start=79_200, end=108_000), Span(start=0, end=86_400)))
        == "22:00-06:00 the next day, 00:00-24:00"
    )


def test_time_is_not_claimed_to_be_witnessed(read):
    _, content = read()
    assert NEVER_ASKED in words(part(content, "integrity"))


def test_as_of_is_the_newest_capture_and_never_the_wall_clock(read, vault):
    dossier, content = read()
    assert content.as_of == max(c.finished_at for c in vault.captures())
    assert dossier.as_of.year == 2025


def test_rows_are_rectangular_and_known_to_csv(read):
    _, content = read()
    for one in content.tables:
        assert all(len(row) == len(one.columns) for row in one.rows), one.name
        assert one.exhibits is not None
        assert len(one.exhibits) == len(one.rows)
        out = io.StringIO()
        csv.writer(out).writerows(one.rows)


def test_tables_of_the_report_are_rectangular(read):
    _, content = read()
    for block in (b for p in (*content.parts, *content.exhibits) for b in p.blocks):
        if isinstance(block, Table):
            assert all(len(row) == len(block.columns) for row in block.rows), block.columns


def test_results_name_utc_instants(read):
    _, content = read()
    for row in table(content, "sla_results"):
        assert row["entered_at"].endswith("Z")
        assert not row["due_at"] or row["due_at"].endswith("Z")


def test_an_unread_history_line_is_shown_as_such_and_listed(read, empty_vault, new_psa):
    psa = new_psa().story()
    psa.add("history", {"text": "Quantum state collapsed", "enteredDate": "2025-03-04T15:05:00Z", "enteredBy": "x",
                        "auditType": "Ticket", "auditSubType": "Status"},
            id="1001-f", client="10", parent="ticket/1001")  # fmt: skip
    psa.fill(empty_vault)
    dossier, content = read(vault=empty_vault)
    exhibit = next(e for e in content.exhibits if e.id == "T-1001")
    rows = [row for b in exhibit.blocks if isinstance(b, Table) for row in b.rows if "Quantum state collapsed" in row]
    assert rows
    assert rows[0][-1].startswith("not read")
    assert "Quantum state collapsed" in words(content.exhibits)
    assert len(dossier.records.unread) == len(table(content, "unread"))


def test_advice_and_its_answer_are_as_recorded(read):
    _, content = read()
    said = words(part(content, "recommendations"))
    assert "Backup proposal" in said
    assert "INV-40" in words(part(content, "invoices"))


def test_a_prefix_is_made_of_the_clients_name_when_none_is_given(read, matter):
    _, content = read(replace(matter, client="10", bates_prefix=""))
    assert content.bates.prefix == "NORTHW-"


def test_the_matters_zone_prints_times_and_does_not_move_the_opening_hours(read, matter):
    def due(content):
        return {(r["ticket"], r["stage"]): (r["due_at"], r["verdict"]) for r in table(content, "sla_results")
                if r["reading"] == "contract" and r["ticket"].startswith("10")}  # fmt: skip

    _, here = read()
    _, there = read(replace(matter, time_zone="Asia/Tokyo"))
    assert due(here) == due(there)
    _, moved = read(replace(matter, contract=Contract(time_zone="Asia/Tokyo")))
    assert due(moved) != due(here)


def test_every_question_examined_is_answered_in_one_part_which_leads_to_its_rows(read):
    dossier, content = read()
    found = {block.text: block.see for block in part(content, "questions").blocks if isinstance(block, Paragraph)}
    for finding in dossier.findings:
        (see,) = (see for text, see in found.items() if text.startswith(finding.question))
        assert finding.question in texts(part(content, see[0]).blocks)


def test_a_table_of_statements_has_no_column_that_none_of_them_fills(read):
    dossier, _ = read()
    heads = {}
    for block in [b for finding in dossier.findings for b in finding_blocks(dossier, finding)]:
        if isinstance(block, Table) and any(c.title == "Statement" for c in block.columns):
            titles = [c.title for c in block.columns]
            heads[block.rows[0][titles.index("Statement")].split()[0]] = titles
            assert all(
                any(row[n] != "-" for row in block.rows) for n, t in enumerate(titles) if t in {"When", "Ticket"}
            )
    assert "When" not in heads["Invoice"]
    assert {"When", "Ticket"} <= set(heads["Work"])


@pytest.mark.parametrize("name", ["psa-figures", "recommendations", "invoices"])
def test_what_a_row_of_the_part_shows_is_not_stated_again(read, name):
    """Six pages of a table and then six of the same in sentences: a reader looks for what differs, and nothing does."""
    dossier, content = read()
    [finding] = [f for f in dossier.findings if PLACED.get(f.id) == name]
    said = words(part(content, name))
    assert len(finding.statements) > 1
    assert not [s.text for s in finding.statements[1:] if s.text in said]
    assert finding.statements[0].text in said
    assert finding.limits in said
    assert "above show what" in said


def test_what_the_statements_said_stands_in_the_rows(read):
    """Days past due, the reason of a refusal."""
    dossier, content = read()
    [invoice] = next(b for b in part(content, "invoices").blocks if isinstance(b, Table)).rows
    [stated] = next(f for f in dossier.findings if f.id == "unpaid-invoices").statements[1:]
    [days] = re.findall(r"\d+ days? past due", stated.text)
    assert days in words(invoice)
    advice = next(b for b in part(content, "recommendations").blocks if isinstance(b, Table)).rows
    assert all(
        "no reason recorded" in words(row) or "declined:" in words(row) for row in advice if "declined" in row[4]
    )


def test_the_invoices_are_summed_up_by_currency(read):
    _, content = read()
    sums = [t for t in texts(part(content, "invoices").blocks) if isinstance(t, str) and t.startswith("Sums")]
    (only,) = sums
    assert only.startswith("Sums without a currency recorded: total 1,000.00 (1 invoice), paid ")
    assert only.endswith(", balance 1,000.00 (1 invoice).")
