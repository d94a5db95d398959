"""The engine beside a plain one that walks through every minute and asks the clock on the wall: slow, and easy to read.

It shares the records and the words with the engine, and none of its arithmetic: no table, no ledger, no running totals.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psa_evidence.records import BusinessCalendar, Change, Goal, Holiday, SlaPolicy, Span
from psa_evidence.sla import BusinessHours, ClosedDay, Version, evaluate

MINUTE = timedelta(minutes=1)
ZONES = ("UTC", "America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")
CHANGES = tuple(
    datetime(2026, month, day, hour, tzinfo=UTC)
    for month, day, hour in ((3, 8, 3), (3, 29, 0), (10, 25, 0), (11, 1, 2))
)
"""About when the clocks of Chicago and Berlin change."""

spans = st.lists(st.integers(0, 57), min_size=2, max_size=6, unique=True).map(
    lambda cuts: tuple(
        Span(start=low * 1800, end=high * 1800)
        for low, high in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)
        if low < 48
    )
)
weeks = st.tuples(*[spans] * 7)
nearby = st.builds(
    lambda base, minutes: base + timedelta(minutes=minutes),
    st.sampled_from(CHANGES), st.integers(-4 * 1440, 2 * 1440),
)  # fmt: skip


def in_utc(day, seconds, zone):
    days, rest = divmod(seconds, 86_400)
    local = datetime.combine(day + timedelta(days=days), time(rest // 3600, rest % 3600 // 60), ZoneInfo(zone))
    return local.astimezone(UTC)


def shifts(hours, first, last):
    """Opening spans as instants, of the days from `first` to `last`, by reading the rules one after the other."""
    found, cuts = [], []
    day = first
    while day <= last:
        week, closed = hours.week, hours.closed
        for version in hours.later:
            if version.first <= day:
                week, closed = version.week, closed if version.closed is None else version.closed
        off = [c for c in closed if (c.month, c.day) == (day.month, day.day) and c.year in (None, day.year)]
        today = week[day.weekday()]
        if any(c.spans is None for c in off):
            today = ()
        if day in hours.overrides:
            today = hours.overrides[day]
        found += [(in_utc(day, s.start, hours.zone), in_utc(day, s.end, hours.zone)) for s in today]
        cuts += [(in_utc(day, s.start, hours.zone), in_utc(day, s.end, hours.zone)) for c in off for s in c.spans or ()]
        day += timedelta(days=1)
    return found, cuts


def open_minutes(hours, start, end):
    """For each minute from `start` to `end` whether it is open."""
    found, cuts = shifts(hours, start.date() - timedelta(days=4), end.date() + timedelta(days=2))
    at, result = start, []
    while at < end:
        result.append(any(a <= at < b for a, b in found) and not any(a <= at < b for a, b in cuts))
        at += MINUTE
    return result


@st.composite
def calendars(draw):
    days = st.dates(date(2026, 3, 4), date(2026, 3, 31)) | st.dates(date(2026, 10, 21), date(2026, 11, 4))
    part = st.none() | spans.filter(bool)
    closed = st.lists(st.builds(ClosedDay.on, days, spans=part), max_size=3).map(tuple)
    later = st.lists(st.builds(Version, days, weeks, st.none() | closed), max_size=2, unique_by=lambda v: v.first)
    yearly = draw(days)
    return BusinessHours(
        week=draw(weeks), zone=draw(st.sampled_from(ZONES)),
        closed=(*draw(closed), ClosedDay(month=yearly.month, day=yearly.day)),
        overrides=draw(st.dictionaries(days, spans, max_size=2)), later=tuple(draw(later)),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(calendars(), nearby, st.integers(1, 2 * 1440))
def test_each_minute_counts_as_the_rules_read_one_after_the_other_say(hours, start, length):
    end = start + length * MINUTE
    minutes = open_minutes(hours, start, end)
    assert hours.elapsed(start, end) == 60 * sum(minutes)
    if any(minutes):
        first = start + minutes.index(True) * MINUTE
        assert hours.next_open(start) == first
        total = sum(minutes)
        last = end - minutes[::-1].index(True) * MINUTE
        assert hours.add(start, 60 * total) == last
        assert hours.subtract(end, 60 * total) == first


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    weeks, st.sampled_from(ZONES), nearby,
    st.lists(
        st.tuples(st.integers(1, 1200), st.sampled_from(("Assigned", "In Progress", "Waiting", "Planned"))), max_size=8
    ),
    st.integers(1, 900),
)  # fmt: skip
def test_a_whole_ticket_is_judged_as_by_walking_through_its_minutes(desk, week, zone, entered, steps, target):
    """The desk is only read: its records are made anew for each example."""
    off = [entered.date() + timedelta(days=target % 3)] if target % 2 else []
    records = records_of(desk, week, zone, off, entered, steps, target)
    end = records.changes[-1].at
    result = evaluate(records, as_of=end + timedelta(days=1))[0]
    contract, strict = result.result("resolution", "contract"), result.result("resolution", "strict")

    hours = BusinessHours(week=week, zone=zone, closed=tuple(ClosedDay.on(day) for day in off))
    minutes = open_minutes(hours, entered, end)
    counted = paused = 0
    status, left = "New", [(change.at, change.new) for change in records.changes]
    due = None
    for i, is_open in enumerate(minutes):
        at = entered + i * MINUTE
        while left and left[0][0] <= at:
            status = left.pop(0)[1]
        if is_open:
            counted, paused = counted + (status != "Waiting"), paused + (status == "Waiting")
            if counted == target and due is None:
                due = at + MINUTE
    assert (contract.elapsed_seconds, contract.paused_seconds) == (60 * counted, 60 * paused)
    assert strict.elapsed_seconds == 60 * (counted + paused)
    assert contract.elapsed_seconds <= strict.elapsed_seconds, "pausing never lengthens"
    assert contract.due_at is None or strict.due_at is None or contract.due_at >= strict.due_at
    assert contract.verdict == ("met" if counted <= target else "missed")
    assert strict.verdict == ("met" if counted + paused <= target else "missed")
    if counted > target:
        assert contract.due_at == due
    assert contract.met_at == strict.met_at == end
    for each in (contract, strict):
        assert sum(interval.seconds for interval in each.intervals) == each.elapsed_seconds
        assert each.intervals[0].start == entered
        assert each.intervals[-1].end == end
        pairs = zip(each.intervals, each.intervals[1:], strict=False)
        assert all(a.end == b.start for a, b in pairs)


def records_of(desk, week, zone, off, entered, steps, target):
    """Records of one ticket: statuses one after the other, the last one resolves it."""
    base = desk.all()
    ref = desk.ticket.source
    moves, at, before = [], entered, "New"
    for minutes, name in [*steps, (30, "Resolved")]:
        at += minutes * MINUTE
        if name != before:
            moves.append(
                Change(
                    source=ref, ticket_id="7", at=at, field="status", old=before, new=name, by="ann",
                    old_id=desk.status_id(before), new_id=desk.status_id(name),
                )
            )  # fmt: skip
            before = name
    ticket = replace(
        desk.ticket, entered_at=entered, status_name="Resolved", status_id=desk.status_id("Resolved")
    )  # fmt: skip
    return replace(
        base,
        tickets=(ticket,),
        changes=tuple(moves),
        history=(replace(base.history[0], at=entered),),
        sla_targets=(),
        sla_policies=(
            SlaPolicy(
                source=ref, id="1", name="Gold", based_on="Custom", calendar_id="1",
                goal=Goal(resolution=60 * target),
            ),
        ),
        calendars=(BusinessCalendar(source=ref, id="1", name="Hours", week=week, holiday_list_id="1"),),
        holidays=tuple(Holiday(source=ref, id=str(d), list_id="1", name="off", day=d) for d in off),
        system=replace(base.system, time_zone=zone),
    )  # fmt: skip
