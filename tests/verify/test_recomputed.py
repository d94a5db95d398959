"""The tables of the clock against each other: one ticket's tables, with one cell, row or count changed at a time."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from psa_evidence.verify import attainment, clock, differences, months, recomputed
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.report import Checklist

ENTERED = "2026-01-01T11:00:00Z"
MISSED = {"target_seconds": "60", "elapsed_seconds": "70", "due_at": "2026-01-01T12:00:00Z",
          "met_at": "2026-01-01T13:00:00Z", "verdict": "missed",
          "reason": "missed by 10 s; due 2026-01-01T12:00:00Z"}  # fmt: skip


def table(columns, *rows):
    quoted = ([f'"{cell}"' if "," in cell else cell for cell in row] for row in (columns, *rows))
    return "".join(",".join(row) + "\r\n" for row in quoted).encode()


class Tables:
    """Tables of a ticket whose plan was missed by the contract reading, and nothing else of it determined. Columns are
    lists of cells by table; `verify` says which checks failed, and on what."""

    def __init__(self):
        self.manifest = {"missed_psa": 0, "missed_contract": 1, "missed_strict": 0, "tickets": 1}
        self.shown = ["7"]
        self.results = [self.result(stage, reading) for stage in clock.STAGES for reading in clock.READINGS]
        self.attainment = [
            ["Gold", "P1", stage, "2026-01", reading, "1",
             *(("0", "1", "0") if row["verdict"] == "missed" else ("0", "0", "1")),
             "0", "0", "1" if row["verdict"] == "missed" else "0"]
            for row in self.results for stage, reading in [(row["stage"], row["reading"])]
        ]  # fmt: skip
        self.breaches = [[*(self.missed()[name] for name in recomputed._SAME), "10"]]
        self.tickets = [["7", "Gold", ENTERED]]
        self.differences = []
        self.unread = None
        self.files = {}

    def result(self, stage, reading):
        of = MISSED if (stage, reading) == ("plan", "contract") else {"verdict": "not determined"}
        row = dict.fromkeys(clock.COLUMNS, "") | {"ticket": "7", "priority": "P1", "stage": stage, "reading": reading}
        return row | {"entered_at": ENTERED} | of

    def missed(self):
        return next(row for row in self.results if row["verdict"] == "missed")

    def of_attainment(self):
        return next(row for row in self.attainment if row[7] == "1")

    def verify(self):
        files = {
            recomputed.RESULTS: table(clock.COLUMNS, *([row[c] for c in clock.COLUMNS] for row in self.results)),
            attainment.ATTAINMENT: table(
                ("agreement", "priority", "stage", "month", "reading", "n", *attainment.COUNTED, "judged"),
                *self.attainment,
            ),
            recomputed.BREACHES: table((*recomputed._SAME, "overrun_seconds"), *self.breaches),
            recomputed.TICKETS: table(("ticket", "agreement", "entered_at"), *self.tickets),
        }
        if self.unread is not None:
            files[recomputed.UNREAD] = table(("record",), *self.unread)
        if self.differences is not None:
            files[differences.DIFFERENCES] = table(differences._COLUMNS, *self.differences)
        files |= self.files
        held = SimpleNamespace(
            files={path: len(data) for path, data in files.items()}, open=lambda path: io.BytesIO(files[path])
        )
        digests = {p: Hashed({"sha256": hashlib.sha256(data).hexdigest()}, len(data)) for p, data in files.items()}
        manifest = SimpleNamespace(
            counts=self.manifest, records=[SimpleNamespace(kind="ticket", id=ticket) for ticket in self.shown]
        )
        checks = Checklist()
        recomputed.check_tables(Bag(held, digests), checks, manifest)
        found = self.checks = checks.report().checks
        assert {check.id for check in found} >= {"9.4", "9.5", "9.6", "9.7"}, "each is settled, failed or skipped"
        return [(check.id, check.subject, check.detail) for check in found if check.status == "fail"]


def test_the_tables_of_one_ticket_agree():
    tables = Tables()
    assert tables.verify() == []
    assert [check.detail for check in tables.checks] == [
        "9 verdicts follow from target, elapsed, due, met and reason; "
        + ", ".join(
            f"{missed} missed by the {reading} reading"
            for missed, reading in zip((0, 1, 0), clock.READINGS, strict=True)
        )
        + "; 5 not determined by contract and strict reading",
        "9 rows count what the results say; months are those of some time zone on earth",
        "the missed results and the breaches are the same 1 row; 0 differences from the PSA's own figures",
        "1 ticket of the tables; each is a record of the pack",
    ]
    tables.attainment, tables.results, tables.breaches, tables.tickets = [], [], [], []
    tables.manifest, tables.shown = {}, []
    assert tables.verify() == []
    assert tables.checks[1].detail == "0 rows count what the results say; months are those of some time zone on earth"


def test_a_verdict_that_does_not_follow_is_found():
    tables = Tables()
    tables.results[0] |= {"target_seconds": "60", "elapsed_seconds": "61", "verdict": "met"}
    assert ("9.4", "ticket 7, response, psa") in [failure[:2] for failure in tables.verify()]


def test_tables_that_follow_from_results_are_not_judged_where_these_cannot_be_read():
    tables = Tables()
    tables.files[recomputed.RESULTS] = b"ticket\r\n"
    tables.verify()
    assert {(c.id, c.status) for c in tables.checks} >= {("9.5", "inconclusive"), ("9.6", "inconclusive")}


def test_tickets_and_missed_rows_without_end_are_refused_though_their_groups_are_few(monkeypatch):
    monkeypatch.setattr(recomputed, "MAX_TICKETS", 9)
    for change in ("ticket", "due_at"):
        tables = Tables()
        row = tables.missed() if change == "due_at" else tables.results[0]
        tables.results = [{**row, change: f"2026-01-01T12:00:{n:02}Z"} for n in range(10)]
        assert ("9.4", recomputed.RESULTS, "more than 9 different rows") in tables.verify()


def test_counts_that_the_manifest_does_not_state_are_not_asked_for():
    tables = Tables()
    tables.manifest = {}
    assert tables.verify() == []


@pytest.mark.parametrize("reading", clock.READINGS)
def test_missed_results_that_the_manifest_counts_otherwise(reading):
    tables = Tables()
    tables.manifest[f"missed_{reading}"] += 1
    [(check, subject, _)] = tables.verify()
    assert (check, subject) == ("9.4", f"missed_{reading}")


def test_judged_is_the_met_and_the_missed():
    tables = Tables()
    tables.of_attainment()[-1] = "0"
    assert tables.verify() == [("9.5", "row 5", "judged is not met and missed")]


def test_parts_that_do_not_add_up():
    tables = Tables()
    tables.of_attainment()[5] = "2"
    assert tables.verify() == [("9.5", "row 5", "n is not the sum of its parts")]


def test_a_part_below_nothing():
    """Two of a kind, one of them taken back under another: the sum is right, and each number says something else."""
    tables = Tables()
    tables.of_attainment()[5:] = ["1", "-1", "1", "1", "0", "0", "0"]
    assert [(check, detail) for check, _, detail in tables.verify()][:1] == [("9.5", "n is not the sum of its parts")]


def test_a_row_of_attainment_for_nothing():
    tables = Tables()
    tables.attainment.append(["Gold", "P2", "plan", "2026-01", "contract", "1", "1", "0", "0", "0", "0", "1"])
    assert tables.verify() == [("9.5", "Gold, P2, plan, contract", "met: states 1; the results have 0")]


def test_results_are_added_up_over_the_months():
    """Two rows of a group, for two months, of which one has nothing."""
    tables = Tables()
    tables.attainment.append(["Gold", "P1", "plan", "2026-02", "contract", *["0"] * 7])
    assert tables.verify() == []


@pytest.mark.parametrize(
    ("name", "check"),
    [(recomputed.RESULTS, "9.4"), (attainment.ATTAINMENT, "9.5"), (recomputed.BREACHES, "9.6"),
     (differences.DIFFERENCES, "9.6"), (recomputed.TICKETS, "9.7"), (recomputed.UNREAD, "9.7")],
)  # fmt: skip
def test_a_table_that_cannot_be_read(name, check):
    tables = Tables()
    tables.files[name] = b'ticket,agreement,record\r\n"7'
    assert (check, name) in [failure[:2] for failure in tables.verify()]


@pytest.mark.parametrize(
    ("name", "check"), [("results", "9.4"), ("attainment", "9.5"), ("breaches", "9.6"), ("tickets", "9.7")]
)
def test_so_many_rows_at_most(name, check, monkeypatch):
    """Rows that agree are counted by what they say: a table of the same row without end takes no memory."""
    tables = Tables()
    monkeypatch.setattr(recomputed, "MAX_TICKETS", 9)
    monkeypatch.setattr(attainment, "MAX_GROUPS", 9)
    assert tables.verify() == []
    row = getattr(tables, name)[0]
    if name == "results":
        tables.results += [{**row, "priority": f"P{n}"} for n in range(2, 12)]
    else:
        getattr(tables, name).extend([str(n), *row[1:]] for n in range(10))
    words = [failure[2] for failure in tables.verify() if failure[0] == check]
    assert "more than 9 different rows" in words


def test_a_ticket_that_stands_twice():
    tables = Tables()
    tables.tickets.append(["7", "Silver", ""])
    assert ("9.7", "7", "stands twice among the tickets") in tables.verify()


def test_a_result_that_stands_twice():
    tables = Tables()
    tables.results.append(tables.results[0])
    assert ("9.4", "ticket 7, response, psa", "stands twice") in tables.verify()


def test_each_result_that_stands_twice_is_found_wherever_it_stands():
    for place, row in enumerate(Tables().results):
        tables = Tables()
        tables.results = [*tables.results[:place], row, *tables.results[place:]]
        assert [failure for failure in tables.verify() if failure[2] == "stands twice"] == [
            ("9.4", f"ticket 7, {row['stage']}, {row['reading']}", "stands twice")
        ]
    tables = Tables()
    tables.results.reverse()
    assert tables.verify() == []


def test_a_result_that_is_not_there():
    tables = Tables()
    del tables.results[0], tables.attainment[0]
    assert tables.verify() == [("9.4", "ticket 7", "has not one result for each stage and reading")]


def test_a_ticket_with_results_that_stands_nowhere():
    tables = Tables()
    tables.tickets = []
    assert {failure[:2] for failure in tables.verify()} >= {
        ("9.4", "ticket 7"),
        ("9.7", "ticket 7"),
        ("9.7", "tickets"),
    }


@pytest.mark.parametrize("overrun", ["", "9", "11", "-10"])
def test_an_overrun_that_is_not_elapsed_minus_target(overrun):
    tables = Tables()
    tables.breaches[0][-1] = overrun
    assert tables.verify() == [("9.6", "ticket 7, plan, contract", "overrun is not elapsed minus target")]


def test_a_breach_whose_seconds_are_not_both_known_has_no_overrun():
    """Then it is not the row of the results either."""
    tables = Tables()
    tables.breaches[0][recomputed._SAME.index("target_seconds")] = ""
    assert "overrun is not elapsed minus target" in [failure[2] for failure in tables.verify()]
    tables.breaches[0][-1] = ""
    assert {failure[2].partition(",")[0] for failure in tables.verify()} == {
        "missed by the results", "among the breaches"
    }  # fmt: skip


@pytest.mark.parametrize("name", recomputed._SAME)
def test_a_breach_that_says_other_than_the_results(name):
    tables = Tables()
    place = recomputed._SAME.index(name)
    tables.breaches[0][place] += "0"
    if name.endswith("_seconds"):
        tables.breaches[0][-1] = {"target_seconds": "-530", "elapsed_seconds": "640"}[name]
    assert [failure[0] for failure in tables.verify()] == ["9.6", "9.6"]


def test_a_breach_that_stands_twice_and_one_that_is_left_out():
    tables = Tables()
    tables.breaches *= 2
    assert [failure[2].partition(",")[0] for failure in tables.verify()] == ["among the breaches"]
    tables.breaches = []
    assert [failure[2].partition(",")[0] for failure in tables.verify()] == ["missed by the results"]


def test_a_ticket_is_excluded_whole_or_not_at_all():
    tables = Tables()
    for row in tables.results:
        row |= {"verdict": "excluded", "reason": "merged into 8", **dict.fromkeys(FIGURES, "")}
    for row in tables.attainment:
        row[6:] = ["0", "0", "0", "0", "1", "0"]
    tables.breaches, tables.manifest["missed_contract"] = [], 0
    assert tables.verify() == []
    assert tables.checks[0].detail.endswith("; 1 ticket excluded")
    tables = Tables()
    tables.missed().update({"verdict": "excluded", **dict.fromkeys(FIGURES, "")})
    tables.of_attainment()[6:] = ["0", "0", "0", "0", "1", "0"]
    tables.breaches, tables.manifest["missed_contract"] = [], 0
    assert tables.verify() == [("9.4", "ticket 7", "some of its results are excluded, and others are not")]


FIGURES = ("target_seconds", "elapsed_seconds", "due_at", "met_at")


@pytest.mark.parametrize(
    ("terms", "failed"),
    [(None, False), ({"contract": {"priority_rule": "each its share"}}, False), ({"contract": None}, True),
     ({"contract": {"priority_rule": "at entry"}}, True), ({"contract": {"priority_rule": None}}, True), ({}, True)],
)  # fmt: skip
def test_a_target_is_shared_only_where_the_terms_say_so(terms, failed):
    """The words of a shared target take a verdict out of the hands of elapsed and target."""
    tables = Tables()
    if terms is not None:
        tables.files[TERMS] = json.dumps({"time_zone": "UTC", **terms}).encode()
    tables.missed().update({"verdict": "met", "reason": "1 min 10 s of open time", "due_at": ""})
    tables.of_attainment()[6:8] = ["1", "0"]
    tables.breaches, tables.manifest["missed_contract"] = [], 0
    assert [failure[:2] for failure in tables.verify()] == ([("9.4", "ticket 7, plan, contract")] if failed else [])


def of_both(tables, psa, ours):
    """Both readings of the response stage say what is given; attainment follows."""
    for row in tables.results[:2]:
        figures = psa if row["reading"] == "psa" else ours
        seconds = figures.get("elapsed_seconds")
        minutes, over = divmod(int(seconds or 0), 60)
        left = divmod(300 - int(seconds or 0), 60)
        words = {"psa": f"x = {minutes} min, target 5 min",
                 "contract": f"{minutes} min {over} s of open time, {left[0]} min {left[1]} s left"}  # fmt: skip
        row |= {"target_seconds": "300", "reason": words[row["reading"]], **figures}
        place = ("met", "missed", "not determined").index(row["verdict"])
        of = tables.attainment[0 if row["reading"] == "psa" else 1]
        of[6:9] = ["1" if n == place else "0" for n in range(3)]
        of[-1] = "1" if place < 2 else "0"


def met(seconds, at="2026-01-01T11:05:00Z"):
    return {"verdict": "met", "elapsed_seconds": str(seconds), "met_at": at}


DIFFERS = ["7", "response", "met", "met", "59", "0", "59", "2026-01-01T11:05:00Z", "2026-01-01T11:05:00Z"]


@pytest.mark.parametrize(
    ("psa", "ours", "difference"),
    [
        (met(0), met(59), None), (met(0), met(60), ("60", "0", "60")), (met(60), met(59), ("-1", "60", "59")),
        (met(60), met(60), None), (met(60), met(119), None), (met(60), met(120), ("60", "60", "120")),
        (met(60), {"verdict": "not determined"}, None),
    ],
)  # fmt: skip
def test_differences_are_where_the_two_readings_differ(psa, ours, difference):
    tables = Tables()
    of_both(tables, psa, ours)
    row = [*DIFFERS[:4], *difference, *DIFFERS[7:]] if difference else None
    tables.differences = [row] if row else []
    assert tables.verify() == []
    tables.differences = [] if row else [DIFFERS]
    [(check, subject, words)] = tables.verify()
    assert (check, subject) == ("9.6", "ticket 7, response")
    assert words.startswith("the PSA and the contract" if row else "among the differences")


def test_verdicts_that_disagree_are_a_difference_though_the_figures_are_near():
    tables = Tables()
    missed = {"verdict": "missed", "elapsed_seconds": "301", "met_at": "2026-01-01T11:05:01Z",
              "reason": "missed by 1 s; due never: the calendar does not open"}  # fmt: skip
    of_both(tables, met(300), missed)
    tables.breaches.append([tables.results[1][name] for name in recomputed._SAME] + ["1"])
    tables.manifest["missed_contract"] = 2
    tables.differences = [["7", "response", "met", "missed", "1", "300", "301", DIFFERS[7], "2026-01-01T11:05:01Z"]]
    assert tables.verify() == []
    tables.results.reverse()
    assert tables.verify() == []
    tables.differences *= 2
    assert [failure[2] for failure in tables.verify()] == ["stands twice among the differences"]


@pytest.mark.parametrize("place", range(2, 9))
def test_a_difference_says_what_the_results_say(place):
    tables = Tables()
    of_both(tables, met(0), met(60))
    row = [*DIFFERS[:4], "60", "0", "60", *DIFFERS[7:]]
    tables.differences = [[*row[:place], "", *row[place + 1 :]]]
    assert [failure[0] for failure in tables.verify()] == ["9.6", "9.6"]


def test_results_without_a_table_of_differences():
    tables = Tables()
    tables.differences = None
    assert tables.verify() == [("9.6", differences.DIFFERENCES, "missing")]


def test_so_many_stages_are_compared_at_most(monkeypatch):
    monkeypatch.setattr(differences, "MAX_DIFFERENCES", 0)
    assert [failure[:2] for failure in Tables().verify()] == [("9.4", recomputed.RESULTS)]


@pytest.mark.parametrize(("stage", "within"), [("response", 59), ("plan", 119), ("resolution", 179)])
def test_the_psa_cuts_off_less_than_a_minute_for_each_stage_so_far(stage, within):
    """Each second more is a difference, and none of those before it."""

    def both(apart):
        given = ["7", "P1", stage, "psa", 9000, 600, "", "2026-01-01T11:05:00Z", "met", ""]
        found = differences.Differences()
        for reading, elapsed in (("psa", 600), ("contract", 600 + apart)):
            found.take(clock.Result(*given[:3], reading, given[4], elapsed, *given[6:]))
        return [row[4] for row in found._expected]

    assert [both(apart) for apart in (-1, 0, within, within + 1)] == [["-1"], [], [], [str(within + 1)]]


def test_stages_that_wait_and_differences_are_bounded_together(monkeypatch):
    monkeypatch.setattr(differences, "MAX_DIFFERENCES", 2)
    found = differences.Differences()
    for number, reading in enumerate(("psa", "contract", "psa"), 2):  # a difference, and one that waits
        found.take(clock.Result(str(number // 2), "P1", "response", reading, 9000, number * 600, "", "x", "met", ""))
    with pytest.raises(Unreadable, match="more than 2 stages"):
        found.take(clock.Result("9", "P1", "response", "psa", 9000, 600, "", "x", "met", ""))


def test_attainment_counts_those_that_a_pause_stopped():
    tables = Tables()
    heading = ("agreement", "priority", "stage", "month", "reading", "n", *attainment.COUNTED, "judged", "paused")
    rows = [[*row, "1" if row is tables.of_attainment() else "0"] for row in tables.attainment]
    results = [{**row, "paused_seconds": "5" if row is tables.missed() else "0"} for row in tables.results]
    columns = (*clock.COLUMNS, "paused_seconds")
    tables.files[recomputed.RESULTS] = table(columns, *([row[c] for c in columns] for row in results))
    tables.files[attainment.ATTAINMENT] = table(heading, *rows)
    assert tables.verify() == []
    for wrong, words in (("0", "paused: states 0; the results have 1"), ("2", "more paused than there are")):
        rows[4][-1] = wrong
        tables.files[attainment.ATTAINMENT] = table(heading, *rows)
        assert words in [failure[2] for failure in tables.verify()]


def test_packs_of_older_versions_do_not_count_those_that_a_pause_stopped():
    tables = Tables()
    columns = (*clock.COLUMNS, "paused_seconds")
    rows = ([*(row[c] for c in clock.COLUMNS), "5"] for row in tables.results)
    tables.files[recomputed.RESULTS] = table(columns, *rows)
    assert tables.verify() == []


def test_a_ticket_of_which_the_pack_has_no_native():
    tables = Tables()
    tables.shown = []
    assert [failure[:2] for failure in tables.verify()] == [("9.7", "ticket 7")]


def test_a_ticket_of_the_pack_that_no_table_has():
    tables = Tables()
    tables.shown.append("8")
    assert [failure[:2] for failure in tables.verify()] == [("9.7", "ticket 8")]
    tables.unread = [["ticket/8"]]
    assert tables.verify() == []
    tables.unread = [["ticket/9"]]
    assert [failure[:2] for failure in tables.verify()] == [("9.7", "ticket 8")]


def test_an_id_behind_the_apostrophe_of_a_spreadsheet():
    tables = Tables()
    tables.shown = ["=7"]
    for row in tables.results:
        row["ticket"] = "'=7"
    tables.tickets[0][0] = tables.breaches[0][0] = "'=7"
    assert tables.verify() == []


def test_results_without_an_agreement_or_a_priority_are_counted_under_words_that_say_so():
    tables = Tables()
    tables.tickets = [["7", "", ""]]
    for row in tables.results:
        row["priority"] = ""
    tables.breaches[0][recomputed._SAME.index("priority")] = ""
    for row in tables.attainment:
        row[:2] = [recomputed.NO_AGREEMENT, recomputed.NO_PRIORITY]
    assert tables.verify() == []


TERMS = "data/terms.json"
NO_ZONES = ("Mars/Olympus", "../UTC", "/etc/passwd", "Europe", "", "\x00", "\ud800", "x" * 5000, "tzdata/zones", ".")


@pytest.mark.parametrize(
    ("entered", "zone", "month"),
    [
        ("2026-01-31T23:30:00Z", "UTC", "2026-01"), ("2026-01-31T23:30:00Z", "Europe/Berlin", "2026-02"),
        ("2026-02-01T04:59:59Z", "America/New_York", "2026-01"),
        ("2026-02-01T05:00:00Z", "America/New_York", "2026-02"),
        ("2026-12-31T23:30:00Z", "Asia/Tokyo", "2027-01"), ("", "UTC", months.NO_MONTH),
    ],
)  # fmt: skip
def test_attainment_is_by_the_month_of_entry_in_the_zone_of_the_terms(entered, zone, month):
    tables = Tables()
    tables.files[TERMS] = json.dumps({"time_zone": zone}).encode()
    tables.tickets[0][2] = entered
    for row in tables.results:
        row["entered_at"] = entered
    for row in tables.attainment:
        row[3] = month
    assert tables.verify() == []
    assert tables.checks[1].detail == f"9 rows count what the results say; months are those of {zone}"
    tables.of_attainment()[3] = "2026-03"
    assert tables.verify() == [
        ("9.5", "Gold, P1, plan, contract", "missed: the results have as many, but in other months")
    ]


@pytest.mark.parametrize(
    ("entered", "allowed"),
    [
        ("2026-01-31T09:59:59Z", {"2026-01"}), ("2026-01-31T10:00:00Z", {"2026-01", "2026-02"}),
        ("2026-02-01T11:59:59Z", {"2026-01", "2026-02"}), ("2026-02-01T12:00:00Z", {"2026-02"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("terms", [None, *(json.dumps({"time_zone": name}).encode() for name in NO_ZONES)])
def test_without_a_zone_a_month_is_one_of_some_place_on_earth(entered, allowed, terms):
    for month in ("2025-12", "2026-01", "2026-02", "2026-03"):
        tables = Tables()
        if terms:
            tables.files[TERMS] = terms
        tables.tickets[0][2] = entered
        for row in tables.results:
            row["entered_at"] = entered
        for row in tables.attainment:
            row[3] = month
        assert {failure[0] for failure in tables.verify()} == (set() if month in allowed else {"9.5"})


@pytest.mark.parametrize(
    ("entered", "zone"),
    [("0001-01-01T00:00:00Z", "America/New_York"), ("9999-12-31T23:00:00Z", "Asia/Tokyo"),
     ("0001-01-01T11:59:59Z", None), ("9999-12-31T10:00:00Z", None)],
)  # fmt: skip
def test_an_instant_before_or_behind_all_calendars_is_of_no_month(entered, zone):
    assert months.months_of(entered, zone and ZoneInfo(zone)) == (months.NO_MONTH,)


@pytest.mark.parametrize("terms", [b"no", b"[]", b"{}", b'{"time_zone":5}', b"[" * 100_000])
def test_terms_that_cannot_be_read_or_state_no_zone_fail(terms):
    tables = Tables()
    tables.files[TERMS] = terms
    assert [failure[:2] for failure in tables.verify()] == [("9.5", TERMS)]


def test_entry_is_that_of_the_ticket_in_each_row():
    tables = Tables()
    tables.results[0]["entered_at"] = "2026-01-02T11:00:00Z"
    assert tables.verify() == [("9.4", "ticket 7, response, psa", "entered_at is not that of the ticket")]
    tables.tickets[0][2] = ""
    assert len(tables.verify()) == 8, "the rows after the first have another"
    for row in tables.results:
        row["entered_at"] = "2026-01-02T11:00:00Z"
    assert tables.verify() == [], "a ticket whose time of entry is withheld"


@pytest.mark.parametrize(
    ("stated", "entered", "possible"),
    [
        ({}, {}, True), ({"a": 0}, {}, True), ({"a": 1}, {("a",): 1}, True), ({"a": 1}, {("a",): 2}, False),
        ({"a": 1, "b": 1}, {("a", "b"): 2}, True), ({"a": 2}, {("a", "b"): 2}, True), ({"b": 2}, {("a", "b"): 2}, True),
        ({"a": 1, "c": 1}, {("a", "b"): 2}, False), ({"a": 2, "b": 1}, {("a", "b"): 2}, False),
        ({"a": 1, "b": 2}, {("a",): 1, ("a", "b"): 1, ("b", "c"): 1}, True),
        ({"b": 2, "c": 1}, {("a", "b"): 1, ("b", "c"): 2}, True),
        ({"a": 1, "b": 2}, {("b",): 1, ("a", "b"): 1, ("b", "c"): 1}, True),
        ({"c": 2}, {("a", "b"): 1, ("b", "c"): 1}, False), ({"a": 1, "b": 1}, {("a",): 2}, False),
        ({"a": 0, "b": 2}, {("a",): 1, ("a", "b"): 1}, False),
    ],
)  # fmt: skip
def test_so_many_a_month_can_be_those_that_were_entered_or_not(stated, entered, possible):
    assert months.can_be(stated, Counter(entered)) is possible


def test_a_pack_without_tables_of_the_clock_claims_nothing_and_says_so():
    checks = Checklist()
    recomputed.check_tables(Bag(SimpleNamespace(files={}), {}), checks, SimpleNamespace(counts={}, records=[]))
    assert [(check.id, check.status, check.detail) for check in checks.report().checks] == [
        (check, "pass", "the pack holds no table of the clock: nothing to compute again")
        for check in ("9.4", "9.5", "9.6", "9.7")
    ]


@pytest.mark.parametrize(("number", "named"), [(1, "8"), (5, "8, 9, 91, 92, 93"), (6, "8, 9, 91, 92, 93 ...")])
def test_of_tickets_that_could_not_be_read_five_are_named(number, named):
    tables = Tables()
    left_out = ["8", "9", *(f"9{n}" for n in range(1, 5))][:number]
    tables.shown += left_out
    tables.unread = [[f"ticket/{each}"] for each in left_out]
    assert tables.verify() == []
    assert tables.checks[-1].detail.endswith(f"that the pack says could not be read: {named}")
