"""Tickets whose history is the difficulty: reopened, created in a pause, late trail, vague line, wrong mapping."""
# ruff: noqa: E501 - what people write is kept on one line

from __future__ import annotations

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.stories.cast import Cast


def tell(cast: Cast) -> None:
    _reopened(cast)
    _created_in_pause(cast)
    _late_trail(cast)
    _vague(cast)
    _automatic(cast)
    _wrong_mapping(cast)
    _one_second(cast)


def _reopened(cast: Cast) -> None:
    script = (
        cast.open(
            cast.castellan,
            "reopened",
            "2025-10-06 09:00:00",
            "Backup laptop loses Wi-Fi",
            "The laptop of hygiene room 3 loses the Wi-Fi every hour.\n\nDenise",
            priority=s.P2,
        )
        .receipt("09:00:12")
        .take("09:40:00", "jrivera")
        .work("09:40", "10:30", "jrivera", "Driver of the wireless card replaced.")
        .done("10:30:00", "jrivera", "New driver installed, please watch it.", closed="10:31:10")
        .answers("2025-10-07 08:30:00", "It is exactly as before. Not solved!", updated="Re-opened")
        .take("11:05:00", "sholm")
        .work("11:05", "16:15", "sholm", "Access point above room 3 had a failing radio. Replaced from stock.")
        .done("16:15:00", "sholm", "The access point was replaced, that was the true cause.")
    )
    cast.truths["reopened"] = lambda: {
        "ticket": script.id,
        "first_resolved": "2025-10-06T14:30:00Z",
        "resolved": "2025-10-07T20:15:00Z",
        "note": "the time in a resolved status between them does not pause the contract's clock; the last solving holds",
    }


def _created_in_pause(cast: Cast) -> None:
    script = (
        cast.open(
            cast.castellan,
            "created-in-pause",
            "2025-08-04 10:00:00",
            "Move two workstations on Thursday",
            "As agreed on the phone: two workstations move to room 6 on Thursday.\n\nDenise",
            source=1,
            priority=s.P3,
            status="Scheduled",
            type_name="Hardware",
        )
        .take("2025-08-07 14:00:00", "akaur", "In Progress - Onsite")
        .work("14:00", "15:30", "akaur", "Moved both workstations, cabled, tested.", work_type=2)
        .done("15:30:00", "akaur", "Both workstations stand in room 6 and work.")
    )
    script.plan.visit = (script.at("2025-08-07 14:00"), script.at("15:30"), 154)
    cast.truths["created_in_pause"] = lambda: {
        "ticket": script.id,
        "response_seconds": 0,
        "note": "paused from the first second; strict reading misses",
    }


def _late_trail(cast: Cast) -> None:
    script = (
        cast.open(
            cast.castellan,
            "late-history",
            "2024-11-19 09:05:00",
            "Archive of old charts unreadable",
            "Charts before 2019 cannot be opened.\n\nDenise",
            priority=s.P2,
            type_name="Files",
        )
        .take("11:32:00", "pdoyle")
        .status("11:50:00", "Waiting Client", "pdoyle")
        .answers("2024-11-20 10:00:00", "Found the disk, it is on Mateo's desk.")
        .status("10:20:00", "In Progress", "pdoyle")
        .work("10:20", "17:40", "pdoyle", "Copied the archive from the old disk, repaired the index.")
        .done("2024-11-21 09:12:00", "pdoyle", "The archive opens again.")
    )
    script.plan.audit_from = script.at("2024-11-20 12:00:00")
    cast.truths["late_history"] = lambda: {
        "ticket": script.id,
        "audit_begins_after": "2024-11-20T17:00:00Z",
        "note": "nobody can see from the trail in which status the ticket stood on its first day",
    }


def _vague(cast: Cast) -> None:
    script = (
        cast.open(
            cast.castellan,
            "vague-line",
            "2025-07-08 14:10:00",
            "Remote access for Dr. Castellan's house",
            "Please make the remote access work from my house.\n\nRaymond Castellan",
            contact=0,
            priority=s.P3,
        )
        .receipt("14:10:09")
        .take("14:55:00", "tbell", "Assigned")
        .status("16:30:00", "Waiting Client", "tbell")
        .status("2025-07-11 15:00:00", "In Progress", "tbell")
        .work("15:00", "16:10", "tbell", "New profile made and tested with the client.")
        .done("2025-07-11 16:10:00", "tbell", "Remote access works from your house.")
    )
    script.plan.vague = frozenset({2})
    cast.truths["vague_line"] = lambda: {
        "ticket": script.id,
        "unreadable_at": "2025-07-08T20:30:00Z",
        "note": "one status line names no status: whether the clock ran for three days cannot be read",
    }


def _automatic(cast: Cast) -> None:
    script = (
        cast.open(
            cast.castellan,
            "automatic-response",
            "2026-03-17 10:12:00",
            "Cannot send x-rays to the specialist",
            "The portal of the specialist refuses our x-rays.\n\nDenise",
            priority=s.P2,
            type_name="Software",
        )
        .receipt("10:12:05")
        .status("10:12:06", "Auto-acknowledged", "Workflow")
        .take("12:02:30", "akaur")
        .work("12:02:30", "12:40", "akaur", "Certificate of the portal imported, transfer tested.")
        .done("12:40:00", "akaur", "Transfer works, the portal had a new certificate.")
    )
    cast.truths["automatic_response"] = lambda: {
        "ticket": script.id,
        "psa_response": "met",
        "contract_response": "missed",
        "seconds": 6630,
        "note": "a workflow acknowledged after six seconds; a person came after 1:50:30",
    }


def _wrong_mapping(cast: Cast) -> None:
    script = (
        cast.open(cast.clients[4], "wrong-mapping", "2026-05-19 09:00:00", "Backup failed on STBR-DC01",
                  "ALERT: backup job DAILY ended with status FAILED.", source=4, priority=s.P2, board=s.MONITORING,
                  type_name="Backup")
        .take("09:25:00", "akaur")
        .status("09:40:00", s.MISMAPPED, "akaur")
        .notes("13:00:00", "ebrandt", "Working on it: repository rebuilt, first full backup runs.")
        .status("2026-05-20 15:10:00", "In Progress", "ebrandt")
        .work("2026-05-20 13:00", "15:10", "ebrandt", "Repository rebuilt, full backup finished, one file restored.")
        .done("2026-05-20 15:20:00", "ebrandt", "Backup runs again, restore tested.")
    )  # fmt: skip
    cast.truths["wrong_mapping"] = lambda: {
        "ticket": script.id,
        "board": s.MONITORING,
        "status": s.STATUS_ID[s.MONITORING, s.MISMAPPED],
        "mapped_as": "NoEscalation",
        "should_be": "ResolutionPlan",
        "note": "as mapped the clock stood still while the MSP worked, and resolution is met; rightly mapped it is missed",
    }


def _one_second(cast: Cast) -> None:
    script = (
        cast.open(
            cast.castellan,
            "one-second",
            "2025-04-29 15:00:00",
            "Forgot PIN of the alarm panel",
            "Who has the PIN of the alarm panel?\n\nMateo",
            contact=3,
            priority=s.P4,
            type_name="Account",
        )
        .take("15:20:00", "jrivera", "Assigned")
        .status("15:20:00", "In Progress", "jrivera")
        .work("15:20", "15:30", "jrivera", "Told Mateo to call the alarm company, verified by call-back.")
        .done("15:30:00", "jrivera", "The alarm company resets the PIN, we do not keep it.", closed="15:30:00")
    )
    cast.truths["one_second"] = lambda: {"ticket": script.id, "note": "pairs of status changes within one second"}
