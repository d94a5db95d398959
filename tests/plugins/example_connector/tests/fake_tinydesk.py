"""A Tinydesk for tests: three customers, some tickets with comments, behind its own API."""

from __future__ import annotations

import json

from psa_evidence.testing.fake_server import Answer, Asked, Faults

TOKEN = "tiny-token-0123456789"
TICKETS = 7
CUSTOMERS = [
    {"id": 1, "name": "Larch Dental", "code": "larch"},
    {"id": 2, "name": "Mill & Söhne <GmbH>", "code": "mill"},
    {"id": 3, "name": "Nobody yet", "code": "nobody"},
]
AGENTS = [{"id": 1, "login": "ida", "name": "Ida Pauls", "email": "ida@desk.example", "badge": None}]


def ticket(number: int) -> dict[str, object]:
    """The rows of Tinydesk are plain; every third ticket is still open."""
    day = f"2026-02-{number:02d}"
    still_open = number % 3 == 0
    return {
        "id": 100 + number, "customer": 1 + number % 2, "title": f"Printer {number} jams — “again”",
        "state": "open" if still_open else "closed", "priority": "high", "agent": "ida",
        "opened": f"{day}T09:00:00+01:00", "closed": None if still_open else f"{day}T11:30:00+01:00",
        "updated": f"{day}T11:30:00+01:00",
    }  # fmt: skip


def comments(number: int) -> list[dict[str, object]]:
    day = f"2026-02-{number - 100:02d}"
    return [
        {"id": number * 10, "text": "It jams.\r\n\tPlease help — عاجل", "at": f"{day}T09:00:00+01:00",
         "author": "customer", "public": True},
        {"id": number * 10 + 1, "text": "Roller replaced.", "at": f"{day}T11:20:00+01:00", "author": "ida",
         "public": False},
    ]  # fmt: skip


def respond(asked: Asked, faults: Faults) -> Answer:
    """The whole API."""
    if asked.header("Authorization") != f"Bearer {TOKEN}":
        return Answer(status=401, body=b'{"error":"key"}')
    place = asked.path.strip("/").split("/")
    lists = {"customers": CUSTOMERS, "agents": AGENTS, "tickets": [ticket(n + 1) for n in range(TICKETS)]}
    if len(place) == 4 and place[1] == "tickets" and place[3] == "comments" and place[2].isdecimal():
        return _json({"rows": comments(int(place[2]))})
    if len(place) != 2 or place[1] not in lists:
        return Answer(status=404, body=b'{"error":"none"}')
    rows = lists[place[1]]
    size, page = int(asked.query["per_page"]), int(asked.query["page"])
    shown = rows[size * (page - 1) : size * page]
    if faults.endless and len(shown) != size:
        shown = [{**rows[0], "id": 1_000_000 + page * size + n} for n in range(size)]
    return _json({"total": len(rows), "rows": shown})


def _json(value: object) -> Answer:
    return Answer(body=json.dumps(value, ensure_ascii=False).encode())
