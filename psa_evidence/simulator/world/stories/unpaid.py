"""The client who stopped paying, and the reminders."""
# ruff: noqa: E501 - what people write is kept on one line

from __future__ import annotations

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.books import Bill, Touch
from psa_evidence.simulator.world.instants import DAY, wall
from psa_evidence.simulator.world.stories.cast import Cast

_REMINDERS = (
    ("2026-07-07 10:00", "Email", "Reminder 1: invoice of June is open", "Friendly reminder sent. No answer."),
    (
        "2026-07-21 10:30",
        "Call",
        "Reminder 2: June and July",
        'Paula Whitlock: "Raymond told me to hold it." No dispute of the amount.',
    ),
    (
        "2026-08-06 09:00",
        "Letter",
        "Reminder 3: three invoices open",
        "Letter with list of open invoices, payment within 10 days.",
    ),
    ("2026-09-08 09:00", "Letter", "Final notice before collection", "Registered letter, delivered 2026-09-10."),
)


def tell(cast: Cast) -> None:
    us, books = cast.castellan, cast.books
    reminders = [
        Touch(us.index, name, way, wall(at), 10, "cfisher", us.contacts[2].id, text, wall(at) + 900, agreement=5002)  # type: ignore[arg-type]
        for at, way, name, text in _REMINDERS
    ]
    books.touches += reminders
    at = wall("2026-06-30 17:00")
    extra = Bill(
        us.index,
        at,
        at + 30 * DAY,
        2312.5,
        "Standard",
        5002,
        "Recovery after the loss of 2026-06-09, 12.5 h outside the agreement",
    )
    part = Bill(us.index, wall("2026-05-15 09:00"), wall("2026-06-14 09:00"), 480.0, "Miscellaneous", None,
                "Two monitors", [(wall("2026-06-20 12:00"), 180.0)])  # fmt: skip
    books.bills += [extra, part]
    script = (
        cast.open(us, "unpaid", "2026-07-22 09:00:00", "Question about the invoice for the recovery",
                  "Why do we pay extra for the recovery? Is this not included?\n\nPaula", contact=2, priority=s.P4,
                  type_name="Billing")
        .receipt("09:00:10")
        .take("2026-07-22 11:00:00", "cfisher")
        .done("11:20:00", "cfisher", "Work of a recovery laboratory and our hours for it are outside the agreement, see exhibit D. "
              "The estimate was accepted by Raymond Castellan on June 10.", closed="11:21:00")
    )  # fmt: skip

    def truth() -> dict[str, object]:
        due = [bill for bill in books.bills if bill.client == us.index and bill.at <= wall("2026-10-31 13:00")]
        open_ = [bill for bill in due if round(bill.total - sum(amount for _, amount in bill.paid), 2) > 0]
        return {
            "company": us.id, "invoices": [bill.id for bill in open_],
            "balance": round(sum(bill.total - sum(a for _, a in bill.paid) for bill in open_), 2),
            "reminders": [touch.id for touch in reminders], "partly_paid": part.id, "ticket": script.id,
        }  # fmt: skip

    cast.truths["unpaid"] = truth
