"""Ids: a ticket's id from its place in the queue and back, and the ids of all that hangs on it.

Service and project tickets share one range, as in the real thing: every 37th number belongs to a project ticket.
"""

from __future__ import annotations

FIRST_TICKET = 41001
_EVERY = 37
NOTE, TIME, PAPER, VISIT, TASK = 0, 50, 70, 90, 95
"""Where the two last digits of a child's id begin. A ticket has at most 49 notes, 19 time entries, 19 papers."""


def ticket_id(index: int) -> int:
    return FIRST_TICKET + index + index // (_EVERY - 1)


def ticket_index(row_id: int) -> int | None:
    """None for an id that was never a service ticket's."""
    if row_id < FIRST_TICKET:
        return None
    block, place = divmod(row_id - FIRST_TICKET, _EVERY)
    return None if place == _EVERY - 1 else block * (_EVERY - 1) + place


def project_index(row_id: int) -> int | None:
    """The place of a project ticket among its kind, None when the id is not one's."""
    if row_id < FIRST_TICKET:
        return None
    block, place = divmod(row_id - FIRST_TICKET, _EVERY)
    return block if place == _EVERY - 1 else None


def project_ticket_id(number: int) -> int:
    return FIRST_TICKET + number * _EVERY + _EVERY - 1


def index_from(after: int) -> int:
    """The first index whose ticket id is over `after`."""
    if after < FIRST_TICKET:
        return 0
    block, place = divmod(after + 1 - FIRST_TICKET, _EVERY)
    return block * (_EVERY - 1) + min(place, _EVERY - 1)


def child(ticket: int, base: int, number: int) -> int:
    return ticket * 100 + base + number
