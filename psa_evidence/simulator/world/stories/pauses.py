"""Pauses rightly and wrongly claimed: whose court the ball was in."""

from __future__ import annotations

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.instants import iso
from psa_evidence.simulator.world.stories.cast import Cast


def tell(cast: Cast) -> None:
    _rightly(cast)
    _wrongly(cast)
    _vendor(cast)
    _no_question(cast)


def _rightly(cast: Cast) -> None:
    script = (
        cast.open(
            cast.castellan,
            "pause-right",
            "2025-04-07 09:30:00",
            "Replace monitor at the front desk",
            "The right monitor at the front desk flickers.\n\nMateo",
            contact=3,
            priority=s.P2,
            type_name="Hardware",
        )
        .receipt("09:30:12")
        .take("09:52:00", "akaur")
        .work("09:52", "10:20", "akaur", "Cable changed, flicker stays. Monitor is five years old, spare on the shelf.")
        .tells(
            "10:20:00",
            "akaur",
            "The monitor has to be changed. May we come in while patients are at the desk, or after 5 pm?",
        )
        .status("10:20:10", "Waiting Client", "akaur")
        .tells("2025-04-08 10:00:00", "akaur", "A reminder: when may we change the monitor?")
        .answers("2025-04-09 15:12:00", "Sorry, I was off sick. Come now if you can.")
        .status("15:20:00", "In Progress", "akaur")
        .work("15:20", "15:55", "akaur", "Monitor changed from stock.", work_type=2)
        .done("15:55:00", "akaur", "The new monitor is in place.")
    )
    cast.truths["pause_right"] = lambda: {
        "ticket": script.id, "status": "Waiting Client", "from": iso(script.at("2025-04-07 10:20:10")),
        "until": iso(script.at("2025-04-09 15:12:01")),
        "note": "a question was asked, reminded of, answered; resolution is met with the pause and missed without",
    }  # fmt: skip


def _wrongly(cast: Cast) -> None:
    script = (
        cast.open(
            cast.castellan,
            "pause-wrong",
            "2026-01-20 08:40:00",
            "Sterilizer PC does not start",
            "The PC beside the sterilizer shows a black screen.\n\nDenise",
            priority=s.P2,
            type_name="Hardware",
        )
        .receipt("08:40:09")
        .take("09:05:00", "tbell")
        .work("09:05", "09:30", "tbell", "Checked by phone: no picture, fan runs.")
        .tells("09:30:00", "tbell", "Please tell me the service tag of the PC, then I can bring the right part.")
        .status("09:30:05", "Waiting Client", "tbell")
        .answers("10:04:00", "The tag is 7HX2QZ3. We cannot sterilize without it, please hurry.", updated=None)
        .answers("14:45:00", "Is anybody working on this? I answered this morning.", updated=None)
        .status("2026-01-21 13:30:00", "In Progress", "tbell")
        .work("2026-01-21 13:30", "14:40", "tbell", "Power supply replaced.", work_type=2)
        .done("14:40:00", "tbell", "The PC has a new power supply and starts.")
    )
    cast.truths["pause_wrong"] = lambda: {
        "ticket": script.id, "status": "Waiting Client", "from": iso(script.at("2026-01-20 09:30:05")),
        "until": iso(script.at("2026-01-21 13:30:00")), "client_answered": iso(script.at("2026-01-20 10:04:00")),
        "unjustified_from": iso(script.at("2026-01-20 10:04:00")),
        "note": "by the statuses resolution is met; the client had answered after 34 minutes and asked again",
    }  # fmt: skip


def _vendor(cast: Cast) -> None:
    script = (
        cast.open(
            cast.castellan,
            "pause-vendor",
            "2026-05-12 11:00:00",
            "Panoramic x-ray loses connection",
            "The panoramic x-ray loses its connection to the PC.\n\nDenise",
            priority=s.P3,
            type_name="Hardware",
        )
        .receipt("11:00:14")
        .take("11:50:00", "pdoyle")
        .work("11:50", "12:40", "pdoyle", "Network is fine, the device resets itself. Vendor case CS4471190 opened.")
        .status("12:40:00", "Waiting Vendor", "pdoyle")
        .tells("12:41:00", "pdoyle", "The maker of the device has to come, their case is CS4471190. I keep you posted.")
        .status("2026-05-18 15:00:00", "In Progress", "pdoyle")
        .work("15:00", "15:40", "pdoyle", "Vendor replaced the interface board. Tested three exposures.")
        .done("15:40:00", "pdoyle", "The maker replaced a board, the device holds its connection.")
    )
    cast.truths["pause_vendor"] = lambda: {
        "ticket": script.id, "status": "Waiting Vendor", "from": iso(script.at("2026-05-12 12:40:00")),
        "until": iso(script.at("2026-05-18 15:00:00")), "note": "the vendor's case number stands in the notes",
    }  # fmt: skip


def _no_question(cast: Cast) -> None:
    script = (
        cast.open(cast.castellan, "pause-without-question", "2025-12-02 09:15:00", "Shared calendar wrong by an hour",
                  "All appointments of the hygienists are shown one hour late.\n\nMateo", contact=3, priority=s.P2,
                  type_name="Email")
        .receipt("09:15:13")
        .take("09:58:00", "dnguyen")
        .status("10:05:00", "Waiting Client", "dnguyen")
        .status("2025-12-03 09:10:00", "In Progress", "dnguyen")
        .work("2025-12-03 09:10", "10:10", "dnguyen", "Time zone of the shared mailbox corrected.")
        .done("10:10:00", "dnguyen", "Time zone of the calendar corrected.")
    )  # fmt: skip
    cast.truths["pause_without_question"] = lambda: {
        "ticket": script.id, "status": "Waiting Client", "from": iso(script.at("2025-12-02 10:05:00")),
        "until": iso(script.at("2025-12-03 09:10:00")), "note": "nothing had been asked of the client",
    }  # fmt: skip
