"""Tickets on which the clock decides: breaches, near misses, priority, night of the clock change."""
# ruff: noqa: E501 - what people write is kept on one line

from __future__ import annotations

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.stories.cast import Cast


def tell(cast: Cast) -> None:
    _breaches(cast)
    _near_misses(cast)
    _priority(cast)
    _clock_change(cast)
    _half_day(cast)
    _flag(cast)
    _plan_in_the_dispute(cast)
    _internal_note_first(cast)


def _breaches(cast: Cast) -> None:
    us = cast.castellan
    late = (
        cast.open(us, "breach-response", "2025-03-11 09:02:10", "Front desk cannot open patient schedule",
                  "Good morning,\n\nnobody at the front desk can open the schedule, patients are waiting. Please call.\n\nMateo",
                  contact=3, priority=s.P2, type_name="Software")
        .receipt("09:02:31")
        .take("10:41:33", "jrivera")
        .work("10:41:33", "11:20", "jrivera", "Restarted the schedule service on CAST-APP02, tested with Mateo Ibarra.")
        .done("11:20:05", "jrivera", "The schedule service had stopped. It was restarted and is watched now.")
    )  # fmt: skip
    plan = (
        cast.open(us, "breach-plan", "2025-06-24 11:15:00", "Scans of x-rays missing for two rooms",
                  "Rooms 2 and 5 do not show new x-rays since this morning. Dr. Ibarra needs them today.\n\nDenise",
                  priority=s.P2, type_name="Software")
        .receipt("11:15:20")
        .take("11:48:12", "akaur", "Assigned")
        .tells("11:48:40", "akaur", "I have your ticket and am looking for an engineer who knows the imaging system.")
        .status("16:02:41", "In Progress", "sholm")
        .work("16:02:41", "17:10", "sholm", "Imaging bridge lost its share after the patch night. Credentials renewed, 31 images imported.")
        .done("17:10:30", "sholm", "All images of today are there. The bridge's password had expired.")
    )  # fmt: skip
    solve = (
        cast.open(us, "breach-resolution", "2026-02-10 08:20:00", "Server CAST-FS01 down, whole practice stands still",
                  "CRITICAL: CAST-FS01 does not answer. Nobody can work!", source=1, priority=s.P1, type_name="Server")
        .take("08:31:09", "ebrandt")
        .tells("08:33:00", "ebrandt", "I am on the console of the server now and will call you every half hour.")
        .work("08:31:09", "12:30", "ebrandt", "RAID controller failed. Spare from stock fitted, array imported.")
        .work("12:30", "13:46", "pdoyle", "Checked volumes, started services, tested with Denise Farrow.")
        .done("13:46:27", "ebrandt", "The server runs again on a new controller. No data was lost this time.")
    )  # fmt: skip
    solve.plan.survey = (solve.at("2026-02-11 09:00"), 2, "Five hours without a server is too long for us.")
    cast.truths["breaches"] = lambda: {
        "response": [late.id], "plan": [plan.id], "resolution": [solve.id],
        "note": "each is missed by the contract and the strict reading",
    }  # fmt: skip


def _near_misses(cast: Cast) -> None:
    us = cast.castellan
    over = (
        cast.open(us, "near-miss", "2025-05-14 13:15:20", "E-mail to insurance bounces",
                  "Claims to the insurance come back since lunch, error text below.\n550 5.7.1 rejected\n\nPaula",
                  contact=2, priority=s.P2, type_name="Email")
        .receipt("13:15:44")
        .take("14:15:43", "tbell")
        .work("14:15:43", "14:52", "tbell", "SPF record lacked the new filter. DNS corrected, test mail accepted.")
        .done("14:52:10", "tbell", "Your domain's sender record is corrected. Please send the claims again.")
    )  # fmt: skip
    under = (
        cast.open(us, "near-hit", "2025-09-03 10:00:04", "Label printer dead",
                  "The label printer in the lab is dead, we need it for the samples.\n\nMateo", contact=3,
                  priority=s.P2, type_name="Hardware")
        .receipt("10:00:30")
        .take("10:59:57", "akaur")
        .work("10:59:57", "11:25", "akaur", "Power supply of the label printer replaced from stock.")
        .done("11:25:12", "akaur", "The printer works with a new power supply.")
    )  # fmt: skip
    exact = (
        cast.open(
            us,
            "exact-hit",
            "2026-01-15 09:30:00",
            "Phone system mute",
            "Callers cannot hear us at extension 12.\n\nMateo",
            contact=3,
            priority=s.P2,
            type_name="Telephony",
        )
        .take("10:30:00", "jrivera")
        .work("10:30:00", "11:00", "jrivera", "Handset replaced.")
        .done("11:00:00", "jrivera", "New handset fitted, test call fine.")
    )
    cast.truths["near_misses"] = lambda: {
        "missed_by_seconds": {str(over.id): 23}, "met_with_seconds_left": {str(under.id): 7, str(exact.id): 0},
        "stage": "response", "note": "the PSA forgets seconds, so its minutes say 'met' for the first",
    }  # fmt: skip


def _priority(cast: Cast) -> None:
    script = (
        cast.open(cast.castellan, "priority-changed", "2025-11-18 09:10:00", "Imaging slow, now not at all",
                  "The imaging program gets slower by the hour.\n\nDenise", priority=s.P3, type_name="Software")
        .receipt("09:10:21")
        .take("10:05:30", "sholm")
        .raise_to("11:30:00", s.P1, "mokafor")
        .tells("11:31:00", "mokafor", "I have raised this to critical, since no room can work any more.")
        .work("10:05:30", "15:12", "sholm", "Database log had filled the volume. Log shrunk, maintenance plan corrected.")
        .done("15:12:40", "sholm", "Imaging is fast again. The log's growth is limited now.")
    )  # fmt: skip
    cast.truths["priority_changed"] = lambda: {
        "ticket": script.id, "at_entry": s.P3, "at_end_of_resolution": s.P1,
        "note": "resolution is missed by the priority at the stage's end, met by the priority at entry",
    }  # fmt: skip


def _clock_change(cast: Cast) -> None:
    them = cast.clients[1]
    autumn = (
        cast.open(them, "clock-change", "2025-11-02 01:40:00", "Dispatch system down", "CRITICAL: APP02 does not answer.",
                  source=4, priority=s.P1, board=s.MONITORING, type_name="Server")
        .take("01:12:00", "rcole", fold=1)
        .work("01:12:00", "02:30", "rcole", "Service hung on a lock file. Removed, started, tested with the night shift.",
              work_type=3, fold=1)
        .done("2025-11-02 02:30:00", "rcole", "Dispatch is up again.")
    )  # fmt: skip
    spring = (
        cast.open(them, "clock-change", "2026-03-08 01:50:00", "Scanner gateway offline", "CRITICAL: gateway offline.",
                  source=4, priority=s.P1, board=s.MONITORING, type_name="Network")
        .take("03:01:00", "ymori")
        .work("03:01:00", "03:40", "ymori", "Gateway restarted after the provider's maintenance.", work_type=3)
        .done("03:40:00", "ymori", "Gateway is online.")
    )  # fmt: skip
    cast.truths["clock_change"] = lambda: {
        "autumn": autumn.id, "spring": spring.id,
        "response_seconds": {str(autumn.id): 32 * 60, str(spring.id): 11 * 60},
        "note": "real elapsed time: 01:40 EDT to 01:12 EST is 32 minutes, 01:50 EST to 03:01 EDT is 11 minutes",
    }  # fmt: skip


def _half_day(cast: Cast) -> None:
    script = (
        cast.open(
            cast.castellan,
            "half-day",
            "2025-12-24 11:40:00",
            "Card terminal offline",
            "The card terminal lost its connection.\n\nPaula",
            contact=2,
            priority=s.P2,
            type_name="Network",
        )
        .receipt("11:40:15")
        .take("2025-12-26 08:25:00", "akaur")
        .work("08:25", "08:50", "akaur", "Switch port was err-disabled. Enabled, payment tested with Paula Whitlock.")
        .done("08:50:20", "akaur", "The terminal is connected again.")
    )
    cast.truths["half_day"] = lambda: {
        "ticket": script.id, "response_seconds": 45 * 60,
        "note": "open until 12:00 on the 24th, closed on the 25th, open from 8:00 on the 26th",
    }  # fmt: skip


def _flag(cast: Cast) -> None:
    script = (
        cast.open(
            cast.castellan,
            "false-flag",
            "2026-04-22 08:45:00",
            "No e-mail on any phone",
            "None of us gets mail on the phone since last night.\n\nDenise",
            priority=s.P2,
            type_name="Email",
        )
        .receipt("08:45:16")
        .take("11:20:00", "tbell")
        .work("11:20", "12:05", "tbell", "Conditional access rule blocked the mail app. Rule corrected.")
        .done("12:05:00", "tbell", "Mail arrives again on all phones.")
    )
    script.plan.flag_in_sla = True
    cast.truths["false_flag"] = lambda: {
        "ticket": script.id,
        "psa_flag": True,
        "response": "missed",
        "note": "isInSla is true although the response took 2:35:00 of open time against 1:00:00",
    }


def _plan_in_the_dispute(cast: Cast) -> None:
    script = (
        cast.open(cast.castellan, "plan-miss", "2026-05-06 09:30:00", "Intake forms print without the logo",
                  "Since the update the intake forms come out without our logo and address. Can you fix that today?\n\nDenise",
                  priority=s.P2, type_name="Software")
        .receipt("09:30:18")
        .take("09:50:00", "akaur", "Assigned")
        .tells("09:50:30", "akaur", "I have your ticket and look for who knows the forms program.")
        .notes("13:40:00", "akaur", "Nobody on the forms program before two o'clock, all at the school's move.")
        .status("14:10:25", "In Progress", "sholm")
        .work("14:10:25", "15:05", "sholm", "Template of the forms program pointed to the old share. Path corrected, three forms printed.")
        .done("15:05:10", "sholm", "The forms have their logo again.")
    )  # fmt: skip
    cast.truths["plan_miss"] = lambda: {
        "ticket": script.id, "plan": "missed", "overrun_seconds": 40 * 60 + 25,
        "cause": "Nobody on the forms program before two o'clock, all at the school's move.",
        "note": "response and resolution are met; work began 4:40:25 after the entry, four hours were promised",
    }  # fmt: skip


def _internal_note_first(cast: Cast) -> None:
    script = (
        cast.open(cast.castellan, "internal-note-first", "2026-06-16 13:05:00", "Voicemail box full",
                  "Callers hear that our voicemail is full, and it is not.\n\nPaula", contact=2, priority=s.P2,
                  type_name="Telephony")
        .receipt("13:05:14")
        .notes("13:20:30", "jrivera", "Looked at the box: quota counter is stuck. Will call Paula when the provider answers.")
        .take("14:31:10", "jrivera")
        .tells("14:31:10", "jrivera", "The counter of your voicemail is stuck; I am having it reset now.")
        .work("14:31:10", "14:55", "jrivera", "Provider reset the counter, test call left and heard.")
        .done("14:55:20", "jrivera", "Your voicemail takes calls again.")
    )  # fmt: skip
    cast.truths["internal_note_first"] = lambda: {
        "ticket": script.id, "internal_note_at": "2026-06-16T17:20:30Z", "response_at": "2026-06-16T18:31:10Z",
        "contract_response": "missed", "overrun_seconds": 26 * 60 + 10,
        "note": "an internal note within the hour is no response: the client heard nothing before 1:26:10 had passed",
    }  # fmt: skip
