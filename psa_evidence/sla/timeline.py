"""A field's history as segments without gap: what is known of it, and where it is not known, why.

Nothing is guessed. A segment is unknown when the history begins after the entry, when the old value a line names is not
the value before it, when lines that cannot be read lie in it, when two changes in one second leave open which was last,
or when the history ends in another value than the ticket has.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations
from operator import lt
from typing import Final, NamedTuple, Self

from psa_evidence.records import Change, SourceRef
from psa_evidence.sla.display import instant, quoted
from psa_evidence.sla.instants import DAY, START, instant_of

ENTRY_SLACK: Final = 60
"""A history that begins up to a minute after the entry begins with it: PSAs write the two one after the other."""
_MOST_IN_ONE_SECOND: Final = 6
_NO_VALUE: Final = "the history does not say what the value was at entry"


class Value(NamedTuple):
    """A status, priority or board by id, by name, or both; both None is no value."""

    id: str | None
    name: str | None

    def same(self, other: Value) -> bool | None:
        """None when either says nothing."""
        if self.id is not None and self.id == other.id:
            return True
        if self.name is not None and other.name is not None:
            return self.name.strip().casefold() == other.name.strip().casefold()
        return None if self.id is None or other.id is None else False


NOTHING: Final = Value(None, None)
value_of = lru_cache(maxsize=4096)(Value)
"""Values that come again are one object."""


class Segment(NamedTuple):
    """From `start` to `end` (whole seconds since 1970) the field had `value`, unless `doubt` says why that is open.

    `source` is the line of the history that began it, `before` the value that this line names as the old one.
    """

    start: int
    end: int
    value: Value
    doubt: str
    source: SourceRef | None
    before: Value = NOTHING


class History:
    """The segments of one field of one ticket, without gap: segment i lasts from bound i to bound i + 1.

    `doubts` is None when no segment is in doubt; `began` is when the ticket's history begins, None when it has none.
    """

    __slots__ = ("_changes", "_found", "began", "bounds", "doubts", "values")

    def __init__(
        self, bounds: list[int], values: list[Value], doubts: list[str] | None, began: int | None,
        changes: Sequence[Change], found: tuple[Segment, ...] | None = None,
    ) -> None:  # fmt: skip
        self.bounds, self.values, self.doubts, self.began = bounds, values, doubts, began
        self._changes, self._found = changes, found

    @classmethod
    def of(cls, found: tuple[Segment, ...], began: int | None) -> Self:
        """The history of segments that were made one by one."""
        bounds = [segment.start for segment in found]
        bounds.append(found[-1].end)
        doubts = [segment.doubt for segment in found]
        return cls(bounds, [s.value for s in found], doubts if any(doubts) else None, began, (), found)

    def doubted(self, why: str) -> History:
        """The same, with every segment in doubt: lines may lie between those that are known."""
        return History.of(tuple(segment._replace(doubt=why) for segment in self.segments), self.began)

    def source(self, i: int) -> SourceRef | None:
        """The line that began segment i."""
        if self._found is not None:
            return self._found[i].source
        return self._changes[i - 1].source if i else None

    def before(self, i: int) -> Value:
        """The value that the line which began segment i names as the old one."""
        if self._found is not None:
            return self._found[i].before
        if not i:
            return NOTHING
        line = self._changes[i - 1]
        return value_of(line.old_id, line.old)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The same, one by one."""
        return tuple(
            Segment(
                self.bounds[i], self.bounds[i + 1], value, self.doubts[i] if self.doubts else "", self.source(i),
                self.before(i),
            )
            for i, value in enumerate(self.values)
        )  # fmt: skip


def trace(
    changes: Sequence[Change],
    *,
    entered: int,
    until: int,
    current: Value,
    began: int | None,
    unread: Sequence[int | None] = (),
) -> History:
    """The history of one field of one ticket from `entered` to `until`, in order, adding up.

    `changes` are in the order of the records; `current` is the value the ticket has (NOTHING when the records were
    taken at another time); `began` is when the ticket's other history begins, None when it has none; `unread` are the
    times of lines that could not be read, None for one without a time, which may lie anywhere.
    """
    if not changes and not unread and began is not None and began <= entered + ENTRY_SLACK:
        return History([entered, until], [current], None if current != NOTHING else [_NO_VALUE], began, ())
    times = [since.days * DAY + since.seconds for since in [change.at - START for change in changes]]
    if times:
        first_line = min(times)
        began = first_line if began is None or first_line < began else began
    if unread or began is None or began > entered + ENTRY_SLACK:
        return History.of(_one_by_one(changes, times, entered, until, current, began, unread), began)
    values = [value_of(change.new_id, change.new) for change in changes]
    values.insert(0, value_of(changes[0].old_id, changes[0].old))
    joins_up = values[:-1] == [(change.old_id, change.old) for change in changes] and values[-1] == current
    if joins_up and values[0] != NOTHING:
        bounds = [entered, *times, until]
        if times[-1] <= until and all(map(lt, bounds, times)):
            return History(bounds, values, None, began, changes)
    return History.of(_one_by_one(changes, times, entered, until, current, began, unread), began)


def _one_by_one(
    changes: Sequence[Change], times: list[int], entered: int, until: int, current: Value, began: int | None,
    unread: Sequence[int | None],
) -> tuple[Segment, ...]:  # fmt: skip
    complete, doubts, first = True, None, current
    if (times and times[-1] > until) or not all(map(lt, times, times[1:])):
        complete = max(times) <= until
        first = current if complete else _before_the_rest(times, changes, until)
        points = [point for point in zip(times, changes, strict=True) if point[0] <= until]
        points.sort(key=lambda point: point[0])
        doubts = _settle(points, current if complete else NOTHING)
        times, changes = [at for at, _ in points], [change for _, change in points]
    if changes:
        first = value_of(changes[0].old_id, changes[0].old)
        if first == NOTHING and times[0] <= entered + ENTRY_SLACK:
            first = value_of(changes[0].new_id, changes[0].new)
    opening = _opening_doubt(first, began, entered, times[0] if times else None)

    found: list[Segment] = []
    start, value, doubt, source, before = entered, first, opening, None, NOTHING
    for i, change in enumerate(changes):
        old = value_of(change.old_id, change.old)
        if i and not doubt and old.same(value) is False:
            doubt = (
                f"the history has a gap: the line of {instant(change.at)} names {quoted(old.name)} as the value "
                f"before, the line before it {quoted(value.name)}"
            )
        if times[i] > start:
            found += _cut(Segment(start, times[i], value, doubt, source, before), unread, i == 0, old)
            start = times[i]
        value, source, before = value_of(change.new_id, change.new), change.source, old
        doubt = doubts.get(i, "") if doubts else ""
    if complete and not doubt and value.same(current) is False:
        doubt = f"the history ends in {quoted(value.name)}, the ticket has {quoted(current.name)}"
    last = Segment(start, until, value, doubt, source, before)
    return (*found, *_cut(last, unread, not changes, current if complete else NOTHING))


def _before_the_rest(times: list[int], changes: Sequence[Change], until: int) -> Value:
    """The old value of the first change after `until`; NOTHING when several stand in its second. The ticket's own value
    is that after all of them: a PSA whose clock is ahead of ours shows such changes."""
    at = min(at for at in times if at > until)
    lines = [change for time, change in zip(times, changes, strict=True) if time == at]
    return value_of(lines[0].old_id, lines[0].old) if len(lines) == 1 else NOTHING


def _cut(whole: Segment, unread: Sequence[int | None], opening: bool, follows: Value) -> list[Segment]:
    """The segment, from the first unreadable line in it on in doubt, unless the next line shows that nothing changed.

    One line between two that join up is no change; two may be a change and its return.
    """
    start, end, value, doubt, source, before = whole
    within = sorted(start if at is None else at for at in unread if at is None or start <= at < end)
    if doubt or not within or not (opening or len(within) > 1 or value.same(follows) is not True):
        return [whole]
    cut = start if opening else within[0]
    why = f"a line of the history of {instant(instant_of(within[0]))} cannot be read"
    doubtful = Segment(cut, end, value, why, source)
    return [Segment(start, cut, value, "", source, before), doubtful] if cut > start else [doubtful]


def _opening_doubt(first: Value, began: int | None, entered: int, first_change: int | None) -> str:
    """Why the value at entry is not known; empty when it is."""
    if first_change is not None and first_change <= entered:
        return ""
    if began is None:
        return "the records show no history of this ticket"
    if began > entered + ENTRY_SLACK:
        return f"the history begins only {instant(instant_of(began))}, after the entry"
    if first == NOTHING:
        return _NO_VALUE
    return ""


def _settle(points: list[tuple[int, Change]], current: Value) -> dict[int, str]:
    """Put changes of one second into the order in which their old and new values follow each other, in place.

    Gives the positions after which the value is open, with the reason.
    """
    doubts: dict[int, str] = {}
    i = 0
    while i < len(points):
        j = i + 1
        while j < len(points) and points[j][0] == points[i][0]:
            j += 1
        if 1 < j - i <= _MOST_IN_ONE_SECOND:
            before, after = NOTHING, current
            if i:
                line = points[i - 1][1]
                before = Value(line.new_id, line.new)
            if j < len(points):
                line = points[j][1]
                after = Value(line.old_id, line.old)
            orders = [order for order in permutations(points[i:j]) if _follows(before, order, after)]
            if orders:
                points[i:j] = orders[0]
            ends = {(order[-1][1].new or "").strip().casefold() for order in orders}
            if len(ends) != 1:
                doubts[j - 1] = (
                    f"{j - i} changes bear the same second {instant(points[i][1].at)}: which was last is open"
                )
        elif j - i > _MOST_IN_ONE_SECOND:
            doubts[j - 1] = f"{j - i} changes bear the same second {instant(points[i][1].at)}: which was last is open"
        i = j
    return doubts


def _follows(before: Value, order: Sequence[tuple[int, Change]], after: Value) -> bool:
    value = before
    for _, change in order:
        if Value(change.old_id, change.old).same(value) is False:
            return False
        value = Value(change.new_id, change.new)
    return value.same(after) is not False
