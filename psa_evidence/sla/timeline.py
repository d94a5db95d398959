"""A field's history as segments without gap: what is known of it, and where it is not known, why.

Nothing is guessed. A segment is unknown when the history begins after the entry, when the old value a line names is not
the value before it, when lines that cannot be read lie in it, when two changes in one second leave open which was last,
or when the history ends in another value than the ticket has.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations
from typing import Final, NamedTuple

from psa_evidence.records import Change, SourceRef
from psa_evidence.sla.calendar import instant_of, seconds_of
from psa_evidence.sla.display import instant

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
        doubt = _opening_doubt(current, began, entered, ())
        if not unread or doubt:
            return (Segment(entered, until, current, doubt, None),)
    points = [(seconds_of(change.at), change) for change in changes]
    complete = all(at <= until for at, _ in points)
    points = [point for point in points if point[0] <= until]
    if any(a[0] >= b[0] for a, b in pairwise(points)):
        points.sort(key=lambda point: point[0])
        doubts = _settle(points, current if complete else NOTHING)
    else:
        doubts = {}
    values = [Value(change.new_id, change.new) for _, change in points]
    olds = [Value(change.old_id, change.old) for _, change in points]

    first = olds[0] if points else current
    if first == NOTHING and points and points[0][0] <= entered + ENTRY_SLACK:
        first = values[0]
    starts, befores = [entered], [first]
    opening = _opening_doubt(first, began, entered, points)
    found: list[Segment] = []
    sources: list[SourceRef | None] = [None]
    reasons = [opening]
    for i, (at, change) in enumerate(points):
        if i and olds[i].same(values[i - 1]) is False and not reasons[-1]:
            reasons[-1] = (
                f"the history has a gap: the line of {instant(change.at)} names {olds[i].name!r} as the value before, "
                f"the line before it {values[i - 1].name!r}"
            )
        starts.append(max(at, entered))
        befores.append(values[i])
        sources.append(change.source)
        reasons.append(doubts.get(i, ""))
    if complete and befores[-1].same(current) is False and not reasons[-1]:
        reasons[-1] = f"the history ends in {befores[-1].name!r}, the ticket has {current.name!r}"
    ends = [*starts[1:], until]
    last = len(starts) - 1
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end <= start and not (i == last and end == start):
            continue
        within = sorted(start if at is None else at for at in unread if at is None or start <= at < end)
        if within and not reasons[i]:
            follows = olds[i] if i < last else (current if complete else NOTHING)
            if i == 0 or len(within) > 1 or befores[i].same(follows) is not True:
                cut = within[0] if i else start
                if cut > start:
                    found.append(Segment(start, cut, befores[i], "", sources[i], olds[i - 1] if i else NOTHING))
                why = f"a line of the history of {instant(instant_of(within[0]))} cannot be read"
                found.append(Segment(cut, end, befores[i], why, sources[i]))
                continue
        found.append(Segment(start, end, befores[i], reasons[i], sources[i], olds[i - 1] if i else NOTHING))
    return tuple(found)


def _opening_doubt(first: Value, began: int | None, entered: int, points: Sequence[tuple[int, Change]]) -> str:
    """Why the value at entry is not known; empty when it is."""
    if points and points[0][0] <= entered:
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
