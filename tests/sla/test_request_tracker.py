"""Deadlines of generated calendars and tickets beside those of Request Tracker 5, an independent ticket system.

Its own modules RT::SLA and Business::Hours compute (Debian: request-tracker5, libbusiness-hours-perl). They are taken
from where Debian installs them; else, where apt-get can fetch the packages, they are unpacked into pytest's cache,
which needs no rights and installs nothing. Else this says that it was not run.

Where RT means something else by design, the cases keep clear of it: a span that ends at the close is due at the next
opening there (rule 1, checked to differ in just that way); a holiday lasts 24 hours from midnight and does not belong
to a shift; it looks no further back than Sunday, and 30 days ahead.
"""

import json
import os
import random
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from psa_evidence.records import (
    BusinessCalendar,
    Goal,
    HistoryEntry,
    Holiday,
    RecordSet,
    SlaPolicy,
    Span,
    Status,
    SystemInfo,
    Ticket,
)
from psa_evidence.sla import BusinessHours, ClosedDay, evaluate

SCRIPT = Path(__file__).with_name("request_tracker.pl")
PACKAGES = ("request-tracker5", "libbusiness-hours-perl", "libset-intspan-perl")
LIB = "usr/share/request-tracker5/lib"
PERL = "usr/share/perl5"
ZONES = ("UTC", "America/Chicago", "Europe/Berlin", "Australia/Sydney", "Asia/Kathmandu")
HOUR = 3600


def modules_in(root: Path) -> list[str] | None:
    wanted = (root / LIB / "RT/SLA.pm", root / PERL / "Business/Hours.pm", root / PERL / "Set/IntSpan.pm")
    return [str(root / LIB), str(root / PERL)] if all(file.is_file() for file in wanted) else None


def unpacked(cache: Path) -> list[str] | None:
    """Fetch the packages and unpack them below `cache`; None when they cannot be had."""
    done = cache / "root"
    if (found := modules_in(done)) is not None:
        return found
    apt, dpkg = shutil.which("apt-get"), shutil.which("dpkg-deb")
    if apt is None or dpkg is None:
        return None
    work = cache / f"work-{os.getpid()}"
    work.mkdir(parents=True, exist_ok=True)
    try:
        limits = ["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=15", "-o", "Acquire::https::Timeout=15"]
        subprocess.run(
            [apt, *limits, "download", *PACKAGES], cwd=work, check=True, capture_output=True, timeout=120
        )  # fmt: skip
        for package in work.glob("*.deb"):
            subprocess.run([dpkg, "-x", str(package), str(work / "root")], check=True, capture_output=True, timeout=60)
        if not done.exists():
            (work / "root").rename(done)
    except (OSError, subprocess.SubprocessError):
        return None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return modules_in(done)


@pytest.fixture(scope="module")
def request_tracker(request):
    """Answers of RT to a list of cases."""
    perl = shutil.which("perl")
    if perl is None or not Path("/usr/share/zoneinfo/America/Chicago").is_file():
        pytest.skip("not run: Perl or the zones of the operating system are not here")
    folders = modules_in(Path("/")) or unpacked(request.config.cache.mkdir("request-tracker"))
    if folders is None:
        pytest.skip("not run: request-tracker5 is neither installed nor to be had with apt-get")

    def answers(cases):
        done = subprocess.run(
            [perl, str(SCRIPT), *folders], input=json.dumps(cases), capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return answers


def wall(minutes):
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def calendars(count):
    """Weeks with a span on most days, lunch breaks, early Sundays (clock changes), night shifts, holidays."""
    rng = random.Random(20260101)
    for number in range(count):
        week = [()] * 7
        night = number % 4 == 3
        for day in range(5):
            if rng.random() < 0.15 and day:
                continue
            if night:
                low, high = rng.randrange(20 * 60, 23 * 60, 5), rng.randrange(28 * 60, 31 * 60, 5)
                week[day] = ((low, high),) if day < 4 else ()
            else:
                low, high = rng.randrange(6 * 60, 10 * 60, 5), rng.randrange(15 * 60, 23 * 60, 5)
                lunch = rng.randrange(12 * 60, 14 * 60, 5)
                week[day] = ((low, lunch), (lunch + 45, high)) if rng.random() < 0.5 else ((low, high),)
        if not night and rng.random() < 0.5:
            week[6] = ((30, rng.randrange(5 * 60, 9 * 60, 5)),)
        off = []
        if not night:
            days = [date(2026, 1, 1) + timedelta(days=rng.randrange(365)) for _ in range(12)]
            off = sorted({day for day in days if day.weekday() < 5})
        yearly = [] if night else [(12, 25)]
        yield number, rng.choice(ZONES), tuple(week), tuple(off), yearly


def theirs(week, off, yearly):
    """The same calendar in RT's configuration: weekday 0 is Sunday, a lunch is a break."""
    hours = {}
    for day, spans in enumerate(week):
        if spans:
            rt = {"Name": f"day {day}", "Start": wall(spans[0][0]), "End": wall(spans[-1][1])}
            if len(spans) == 2:
                rt["Breaks"] = [{"Start": wall(spans[0][1]), "End": wall(spans[1][0])}]
            hours[str((day + 1) % 7)] = rt
    return hours, [day.isoformat() for day in off] + [f"{month:02d}-{day:02d}" for month, day in yearly]


def test_deadlines_of_generated_calendars_and_tickets_are_those_of_request_tracker(request_tracker, clock):
    rng = random.Random(20260102)
    asked, ours = [], []
    for number, zone, week, off, yearly in calendars(40):
        spans = tuple(tuple(Span(start=a * 60, end=b * 60) for a, b in day) for day in week)
        closed = tuple(ClosedDay.on(day) for day in off) + tuple(ClosedDay(month=m, day=d) for m, d in yearly)
        hours = BusinessHours(week=spans, zone=zone, closed=closed)
        rt_hours, rt_holidays = theirs(week, off, yearly)
        for _ in range(6):
            start = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=rng.randrange(340 * 86_400))
            while start.astimezone(ZoneInfo(zone)).weekday() == 6 and number % 4 == 3:
                start += timedelta(hours=12)
            end = start + timedelta(seconds=rng.randrange(60, 10 * 86_400))
            minutes = rng.choice((15, 60, 240, 480, 960, 1440))
            if rng.random() < 0.2:
                minutes = hours.elapsed(start, hours.next_close(start)) // 60 or 15
            asked.append(
                {
                    "zone": zone, "hours": rt_hours, "holidays": rt_holidays, "start": int(start.timestamp()),
                    "minutes": minutes, "end": int(end.timestamp()),
                }
            )  # fmt: skip
            ours.append((hours, start, end, minutes, due_of_ticket(clock, spans, zone, closed, start, minutes)))
    edges = 0
    for case, answer, (hours, start, end, minutes, due) in zip(asked, request_tracker(asked), ours, strict=True):
        assert answer["starts"] == hours.next_open(start).timestamp(), case
        assert answer["between"] == hours.elapsed(start, end), case
        assert due == hours.add(start, minutes * 60), case
        if answer["due"] != due.timestamp():
            edges += 1
            assert hours.elapsed(start, due) == minutes * 60, case
            assert answer["due"] == hours.next_open(due).timestamp() > due.timestamp(), case
    assert len(asked) == 240
    assert 5 < edges < 80, "spans that end at the close were among them, and were not the rule"


def due_of_ticket(clock, week, zone, closed, start, minutes):
    """The due time of an open ticket by the whole engine, from records as a PSA gives them."""
    ref = clock.ref
    holidays = tuple(
        Holiday(source=ref("holiday", i), id=str(i), list_id="1", name="", day=date(year, each.month, each.day))
        for i, each in enumerate(closed)
        for year in ((each.year,) if each.year else (2026, 2027))
    )
    records = RecordSet(
        statuses=(Status(source=ref("status", 1), id="1", board_id="1", name="New", escalation="NotResponded"),),
        sla_policies=(
            SlaPolicy(
                source=ref("sla", 1), id="1", name="Level", based_on="Custom", calendar_id="1",
                goal=Goal(resolution=minutes * 60),
            ),
        ),
        calendars=(
            BusinessCalendar(source=ref("calendar", 1), id="1", name="Hours", week=week, holiday_list_id="1"),
        ),
        holidays=holidays,
        tickets=(
            Ticket(
                source=ref("ticket", 1), id="1", client_id="1", summary="", board_id="1", sla_id="1",
                entered_at=start, status_id="1", status_name="New",
            ),
        ),
        history=(HistoryEntry(source=ref("history", 1), id="1", ticket_id="1", text="created", at=start),),
        system=SystemInfo(source=ref("system_info", 0), version=None, cloud=None, time_zone=zone),
    )  # fmt: skip
    (judged,) = evaluate(records, as_of=start + timedelta(minutes=1))
    return judged.result("resolution", "strict").due_at
