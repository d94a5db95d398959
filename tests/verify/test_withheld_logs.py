"""Check 9.13: who holds a pack changes the logs of what it does not show."""

import hashlib
import io
from collections import Counter
from types import SimpleNamespace

import pytest

from psa_evidence.format import ManifestRecord
from psa_evidence.verify import withheld_logs
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.report import Checklist
from psa_evidence.verify.withheld_logs import check_withheld_logs

SHOWN = ManifestRecord("note", "1", "data/natives/note/1.json", "0" * 64, 2, 0, None)
PART = ManifestRecord("ticket", "7", "data/natives/ticket/7.disclosed.json", "0" * 64, 2, 1, None)
BEFORE = ManifestRecord("ticket", "8", "data/natives/ticket/8.2.disclosed.json", "0" * 64, 1, 0, None)
NEWEST = ManifestRecord("ticket", "8", "data/natives/ticket/8.json", "0" * 64, 2, 2, None)
REASONS = {PART.native: Counter({"privilege": 2, "not relevant": 1}), BEFORE.native: Counter({"personal data": 1})}
POPULATION = (
    "kind,class,reason,number\n"
    "note,captured,,9\nnote,included,,1\nnote,withheld,privilege,2\nnote,withheld,not relevant,1\n"
    "note,withheld,its id cannot be a file name,3\nnote,out of scope,entered before the period,2\n"
    "note,earlier version withheld,privilege,1\n"
    "ticket,captured,,2\nticket,included,,2\nticket,earlier version withheld,internal,1\n"
)
REDACTION = (
    "record,native,reason,fields\n"
    f"ticket/7,{PART.native},privilege,2\nticket/7,{PART.native},not relevant,1\n"
    f"ticket/8,{BEFORE.native},personal data,1\n"
)
PRIVILEGE = (
    "number,record,kind,withheld,reason\n"
    "1,note/2,note,in full,privilege\n2,note/3,note,in full,privilege\n3,note/4,note,in full,not relevant\n"
    "4,ticket/7,ticket,in part,privilege\n5,ticket/7,ticket,in part,not relevant\n"
    '6,ticket/8,ticket,"in full, an earlier version",internal\n'
)
FILES = {"redaction": REDACTION, "privilege": PRIVILEGE, "population": POPULATION}


@pytest.fixture
def said():
    """What was said last, of all that was found."""
    return []


@pytest.fixture
def judged(said):
    """The failures (subject) under 9.13 of these logs; one that is None is not there."""

    def judge(records=(SHOWN, PART, BEFORE, NEWEST), reasons=REASONS, **changed):
        files = {f"data/logs/{name}.csv": text.encode() for name, text in (FILES | changed).items() if text is not None}
        container = SimpleNamespace(files={path: len(data) for path, data in files.items()})
        container.open = lambda path: io.BytesIO(files[path])
        bag = Bag(container, {p: Hashed({"sha256": hashlib.sha256(d).hexdigest()}, len(d)) for p, d in files.items()})
        checks = Checklist()
        check_withheld_logs(bag, checks, SimpleNamespace(records=records), reasons)
        said[:] = [c.detail for c in checks.report().checks]
        return [c.subject for c in checks.report().checks if c.status == "fail"]

    return judge


def without(text, line):
    assert line in text
    return text.replace(line + "\n", "", 1)


def test_logs_that_say_what_natives_and_population_say_pass(judged):
    assert judged() == []


def test_a_pack_that_withholds_nothing_needs_no_log(judged):
    population = "kind,class,reason,number\nnote,captured,,1\nnote,included,,1\nnote,withheld,privilege,0\n"
    assert judged((SHOWN,), {}, redaction=None, privilege=None, population=population) == []


def test_a_log_without_a_row_is_said_to_have_none(judged, said):
    population = "kind,class,reason,number\nnote,captured,,1\nnote,included,,1\n"
    privilege = PRIVILEGE.splitlines()[0] + "\n"
    assert judged((SHOWN,), {}, redaction=None, privilege=privilege, population=population) == []
    assert said == ["privilege.csv has 0 rows: what population and natives withhold"]


def test_what_no_rule_withholds_needs_no_log(judged):
    population = "kind,class,reason,number\nnote,withheld,its id cannot be a file name,3\n"
    assert judged((SHOWN,), {}, redaction=None, privilege=None, population=population) == []


@pytest.mark.parametrize("name", ["redaction", "privilege"])
def test_a_log_cannot_be_left_out(judged, name):
    assert judged(**{name: None}) == [f"data/logs/{name}.csv"]


def test_a_log_of_earlier_versions_alone_cannot_be_left_out(judged):
    population = "kind,class,reason,number\nnote,earlier version withheld,privilege,1\n"
    assert judged((SHOWN,), {}, redaction=None, privilege=None, population=population) == ["data/logs/privilege.csv"]


@pytest.mark.parametrize("line", REDACTION.splitlines()[1:])
def test_no_row_of_redactions_can_be_dropped_or_stand_twice(judged, line):
    assert judged(redaction=without(REDACTION, line)) == [line.partition(",")[0]]
    assert judged(redaction=REDACTION + line + "\n") == [line.partition(",")[0]]


@pytest.mark.parametrize(
    ("old", "new"),
    [("privilege,2", "privilege,1"), ("privilege,2", "privilege,02"), ("not relevant,1", "relevant,1"),
     ("ticket/8,", "ticket/7,"), ("ticket/8.2.", "ticket/8.")],
)  # fmt: skip
def test_a_row_of_redactions_that_says_other_than_the_native_fails(judged, old, new):
    assert judged(redaction=REDACTION.replace(old, new, 1)) != []


def test_a_native_that_does_not_hold_is_left_to_the_check_that_says_so(judged):
    assert judged(reasons={BEFORE.native: REASONS[BEFORE.native]}) == []


def test_an_apostrophe_before_a_reason_is_the_spreadsheets(judged):
    reasons = {PART.native: Counter({"=cmd": 1})}
    redaction = f"record,native,reason,fields\nticket/7,{PART.native},'=cmd,1\n"
    privilege = "record,kind,withheld,reason\nticket/7,ticket,in part,'=cmd\n"
    population = "kind,class,reason,number\nticket,captured,,2\n"
    logs = {"redaction": redaction, "privilege": privilege, "population": population}
    assert judged((SHOWN, PART), reasons, **logs) == []


@pytest.mark.parametrize("line", PRIVILEGE.splitlines()[1:4] + PRIVILEGE.splitlines()[6:])
def test_no_row_of_a_record_withheld_in_full_can_be_dropped(judged, line):
    assert judged(privilege=without(PRIVILEGE, line)) == [line.split(",")[2]]


def test_a_record_in_part_without_any_row_fails(judged):
    lines = PRIVILEGE.splitlines(keepends=True)
    assert judged(privilege="".join(lines[:4] + lines[6:])) == ["ticket/7"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("note/4,note,in full,not relevant", "note/4,note,in full,privilege", "in full, privilege: 3 rows"),
        ("note/3,", "note/2,", "said to be withheld in full, and stands twice"),
        ("note/3,", "note/1,", "said to be withheld in full, and is in the pack"),
        ("note/3,note", "contact/3,contact", "in full, privilege: 1 rows; the population says 0"),
        ("note/3,note", "note/3,contact", "row 2 is none of this log: in full"),
        ("ticket/7,ticket,in part,privilege", "note/1,note,in part,privilege", "no native of it withholds a field"),
        ("ticket/8,ticket,", "ticket/9,ticket,", "an earlier version of a record that is not in the pack"),
        ("in part,privilege", "in parts,privilege", "row 4 is none of this log: in parts"),
        ("an earlier version", "an older version", "row 6 is none of this log: in full, an older version"),
        ("in part,privilege", "in part,internal", "withheld in part for another reason than its natives give"),
        ("in part,not relevant", "in part,privilege", "withheld in part, and not in the log with each reason"),
    ],
)  # fmt: skip
def test_a_row_that_says_other_than_population_and_natives_fails(judged, said, old, new, words):
    assert old in PRIVILEGE
    assert judged(privilege=PRIVILEGE.replace(old, new, 1)) != []
    assert any(words in each for each in said), said


def test_what_holds_is_said_with_its_numbers(judged, said):
    assert judged() == []
    words = "privilege.csv has 6 rows: what population and natives withhold"
    assert said == [f"redaction.csv counts the 4 fields that natives withhold; {words}"]
    assert judged(
        privilege="record,kind,withheld,reason\n", population="kind,class,reason,number\n", records=(), reasons={}
    ) == [f"ticket/{n}" for n in (7, 7, 8)]
    assert judged((), {}, privilege=None, redaction=None, population="kind,class,reason,number\n") == []
    assert said == ["the pack withholds nothing by a rule, and has no log of it"]


def test_how_many_records_a_log_that_is_left_out_would_name(judged, said):
    judged(privilege=None)
    assert "missing; the population says that rules of the copy withhold 5 records" in said


def test_of_a_record_of_which_one_version_does_not_hold_no_reason_is_judged(judged):
    older = ManifestRecord("ticket", "7", "data/natives/ticket/7.2.disclosed.json", "0" * 64, 1, 1, None)
    other = PRIVILEGE.replace("in part,privilege", "in part,internal") + "7,ticket/7,ticket,in part,privilege\n"
    assert judged((SHOWN, PART, older, BEFORE, NEWEST), privilege=other) == []
    assert judged((SHOWN, PART, BEFORE, NEWEST), privilege=other) == ["ticket/7"]


def test_a_log_without_end_is_refused(judged, said, monkeypatch):
    monkeypatch.setattr(withheld_logs, "MAX_ROWS", 6)
    assert judged() == []
    monkeypatch.setattr(withheld_logs, "MAX_ROWS", 5)
    assert judged() == ["data/logs/privilege.csv"]
    assert "more than 5 rows" in said


def test_more_earlier_versions_than_the_population_counts_fail(judged):
    more = PRIVILEGE + '7,ticket/8,ticket,"in full, an earlier version",internal\n'
    assert judged(privilege=more) == ["ticket"]


def test_versions_of_a_record_withheld_in_full_have_no_row_and_those_of_others_do(judged):
    assert judged(population=POPULATION.replace("version withheld,privilege,1", "version withheld,privilege,4")) == []
    more = POPULATION.replace("version withheld,internal,1", "version withheld,internal,2")
    assert judged(population=more) == ["ticket"]


def test_an_earlier_version_in_part_of_a_record_that_is_shown_whole_may_have_no_row(judged):
    assert judged((NEWEST, BEFORE, SHOWN, PART)) == []


def test_what_cannot_be_read_fails(judged):
    assert judged(redaction="record\n") == ["data/logs/redaction.csv"]
    assert judged(privilege="record\n") == ["data/logs/privilege.csv"]
    assert judged(population="kind\n") == []  # 9.3 says so
