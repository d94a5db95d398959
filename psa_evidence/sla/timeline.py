"""A field's history as segments without gap: what is known of it, and where it is not known, why.

Nothing is guessed. A segment is unknown when the history begins after the entry, when the old value a line names is not
the value before it, when lines that cannot be read lie in it, when two changes in one second leave open which was last,
or when the history ends in another value than the ticket has.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations
from operator import ge
from typing import Final, NamedTuple

from psa_evidence.records import Change, SourceRef
from psa_evidence.sla.display import instant
from psa_evidence.sla.instants import DAY, START, instant_of

ENTRY_SLACK: Final = 60
"""A history that begins up to a minute after the entry begins with it: PSAs write the two one after the other."""
_MOST_IN_ONE_SECOND: Final = 6


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


_new: Final = tuple.__new__
"""Makes a Segment without the call that its own constructor costs: ten for each ticket, of a hundred thousand."""


def trace(
    changes: Sequence[Change],
    *,
    entered: int,
    until: int,
    current: Value,
    began: int | None,
    unread: Sequence[int | None] = (),
) -> tuple[Segment, ...]:
    """The history of one field of one ticket from `entered` to `until`, in order, adding up.

    `changes` are in the order of the records; `current` is the value the ticket has (NOTHING when the records were
    taken at another time); `began` is when the ticket's history begins, None when it has none; `unread` are the
    times of lines that could not be read, None for one without a time, which may lie anywhere.
    """
    if not changes:
        doubt = _opening_doubt(current, began, entered, None)
        if not unread or doubt:
            return (Segment(entered, until, current, doubt, None),)
    times = [since.days * DAY + since.seconds for since in [change.at - START for change in changes]]
    complete, doubts = True, None
    if (times and times[-1] > until) or any(map(ge, times, times[1:])):
        complete = max(times) <= until
        points = [point for point in zip(times, changes, strict=True) if point[0] <= until]
        points.sort(key=lambda point: point[0])
        doubts = _settle(points, current if complete else NOTHING)
        times, changes = [at for at, _ in points], [change for _, change in points]
    if not changes:
        first = current
    else:
        first = value_of(changes[0].old_id, changes[0].old)
        if first == NOTHING and times[0] <= entered + ENTRY_SLACK:
            first = value_of(changes[0].new_id, changes[0].new)
    opening = _opening_doubt(first, began, entered, times[0] if times else None)

    found: list[Segment] = []
    start, value, doubt, source, before = entered, first, opening, None, NOTHING
    for i, change in enumerate(changes):
        at = times[i]
        old = value_of(change.old_id, change.old)
        if i and old is not value and not doubt and old.same(value) is False:
            doubt = (
                f"the history has a gap: the line of {instant(change.at)} names {old.name!r} as the value before, "
                f"the line before it {value.name!r}"
            )
        if at > start:
            if unread:
                found += _cut(Segment(start, at, value, doubt, source, before), unread, i == 0, old)
            else:
                found.append(_new(Segment, (start, at, value, doubt, source, before)))
            start = at
        value, source, before = value_of(change.new_id, change.new), change.source, old
        doubt = doubts.get(i, "") if doubts else ""
    if complete and value is not current and not doubt and value.same(current) is False:
        doubt = f"the history ends in {value.name!r}, the ticket has {current.name!r}"
    last = Segment(start, until, value, doubt, source, before)
    return (*found, *_cut(last, unread, not changes, current if complete else NOTHING)) if unread else (*found, last)


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
        return "the history does not say what the value was at entry"
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
            before = Value(points[i - 1][1].new_id, points[i - 1][1].new) if i else NOTHING
            after = Value(points[j][1].old_id, points[j][1].old) if j < len(points) else current
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
