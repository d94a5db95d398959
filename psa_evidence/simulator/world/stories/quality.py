"""What an opponent looks for in the records: late time, edits, gaps, merges, secrets, a lawyer's e-mail."""
# ruff: noqa: E501 - what people write is kept on one line

from __future__ import annotations

from dataclasses import replace

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.instants import iso
from psa_evidence.simulator.world.plan import Say
from psa_evidence.simulator.world.stories.cast import Cast, Script

PLANTED = ("Sunflower-88!", "gR7#tollgate_Q2")
"""Passwords that stand in notes."""
CARDS = ("4111 1111 1111 1111", "5500-0000-0000-0004")
API_KEY = "AKIAIOSFODNN7EXAMPLE"


def tell(cast: Cast) -> None:
    _late_time(cast)
    _edited(cast)
    _deleted(cast)
    _merged(cast)
    _secrets(cast)
    _lawyer(cast)


def _late_time(cast: Cast) -> None:
    late = []
    for day, entered, summary in (
        ("2026-03-03", "2026-03-12 17:40:00", "Migrate reception PC to Windows 11"),
        ("2026-04-14", "2026-04-27 18:05:00", "Clean up old user accounts"),
        ("2026-06-23", "2026-08-06 21:15:00", "Rebuild file shares after the loss"),
    ):
        script = (
            cast.open(
                cast.castellan,
                "late-time",
                f"{day} 09:00:00",
                summary,
                "As agreed at the review.\n\nDenise",
                priority=s.P4,
                type_name="Change",
                board=s.CHANGES,
                source=1,
            )
            .take("09:30:00", "pdoyle")
            .work("09:30", "12:45", "pdoyle", f"{summary}: done as agreed.", entered=entered)
        )
        script.done(f"{day} 12:50:00", "pdoyle", f"{summary}: finished.")
        late.append(script)
    changed = late[1].plan.works[0]
    changed.was_end, changed.changed_at, changed.changed_by = (
        changed.end - 3600,
        late[1].at("2026-05-06 10:00"),
        "mokafor",
    )
    cast.truths["late_time"] = lambda: {
        "entries": {str(item.id * 100 + 50): iso(item.plan.works[0].entered) for item in late},
        "changed_entry": late[1].id * 100 + 50, "changed_by": "mokafor",
        "note": "the third was typed in after the demand letter of 2026-08-03",
    }  # fmt: skip


def _edited(cast: Cast) -> None:
    script = (
        cast.open(
            cast.castellan,
            "edited-note",
            "2026-07-07 13:20:00",
            "Scanner in room 4 offline",
            "The scanner in room 4 is offline.\n\nMateo",
            contact=3,
            priority=s.P3,
            type_name="Hardware",
        )
        .receipt("13:20:08")
        .take("14:05:00", "akaur")
        .notes("14:20:00", "akaur", "Forgot to order the part last week, my mistake.")
        .work("14:05", "14:50", "akaur", "Part fitted.")
        .done("14:50:00", "akaur", "The scanner works again.")
    )
    cast.to_edit = (script, 2, "Part was on back order at the distributor.")
    early = (
        cast.open(
            cast.castellan,
            "edited-long-ago",
            "2026-05-26 10:10:00",
            "Tablet of hygiene room does not charge",
            "The tablet does not charge any more.\n\nDenise",
            priority=s.P4,
            type_name="Hardware",
        )
        .take("11:00:00", "jrivera")
        .notes("11:05:00", "jrivera", "Warranty ended in March.")
        .done("11:30:00", "jrivera", "New charger from stock.", closed="11:31:00")
    )
    note = early.plan.says[1]
    note.edited_at, note.edited_text = early.at("2026-08-04 19:22:00"), "Warranty ended in March, client was told."
    cast.truths["edited_note"] = lambda: {
        "ticket": script.id, "note": script.id * 100 + 2, "before": script.plan.says[2].text,
        "after": "Part was on back order at the distributor.", "apply": "edit-note",
        "edited_before_first_capture": {"ticket": early.id, "note": early.id * 100 + 1, "at": "2026-08-04T23:22:00Z"},
    }  # fmt: skip


def _deleted(cast: Cast) -> None:
    gone = cast.open(cast.castellan, "deleted-ticket", "2026-06-10 15:30:00", "Complaint about the data loss",
                     "I want to complain formally about the handling of our server.\n\nRaymond Castellan", contact=0)  # fmt: skip
    gone.take("16:00:00", "mokafor").done("16:10:00", "mokafor", "We take note of your complaint.")
    soon = (
        cast.open(
            cast.castellan,
            "ticket-to-delete",
            "2026-07-14 09:12:00",
            "Again no answer to my complaint",
            "I still wait for an answer to my complaint of June 10.\n\nRaymond Castellan",
            contact=0,
            type_name="Billing",
        )
        .receipt("09:12:30")
        .take("10:02:00", "mokafor")
        .done("10:20:00", "mokafor", "You will get a written answer this week.")
    )
    cast.deleted.append(gone)
    cast.to_delete = soon
    cast.truths["deleted_ticket"] = lambda: {
        "gap": gone.id,
        "next": soon.id,
        "apply": "delete-ticket",
        "note": "the gap stands in the numbering from the beginning; the next one is deleted when the story is applied",
    }


def _merged(cast: Cast) -> None:
    kept = (
        cast.open(
            cast.castellan,
            "merge-kept",
            "2025-05-20 08:30:00",
            "Phones dead at both desks",
            "Both phones at the front desk are dead.\n\nMateo",
            contact=3,
            priority=s.P2,
            type_name="Telephony",
        )
        .receipt("08:30:07")
        .take("08:52:00", "jrivera")
        .work("08:52", "09:40", "jrivera", "PoE switch restarted after its fan alarm.")
        .done("09:40:00", "jrivera", "Both phones are back.")
    )
    kept.plan.absorbed = True
    twin = (
        cast.open(
            cast.castellan,
            "merge-gone",
            "2025-05-20 08:41:00",
            "Front desk phones do not work",
            "Mateo cannot call anybody.\n\nDenise",
            priority=s.P3,
            type_name="Telephony",
        )
        .receipt("08:41:06")
        .status("08:55:00", "Merged", "jrivera")
    )
    twin.into = kept
    twin.plan.merged_at = twin.at("08:55:00")
    kept.plan.says.append(_copied(twin))
    cast.truths["merged_ticket"] = lambda: {"kept": kept.id, "merged": twin.id, "at": "2025-05-20T12:55:00Z"}


def _copied(script: Script) -> Say:
    """The opening text of a merged ticket as it appears on the one that was kept."""
    return replace(script.plan.says[0], at=script.at("08:55:00"), merged=True)


def _secrets(cast: Cast) -> None:
    us, other = cast.castellan, cast.clients[2]
    first = (
        cast.open(
            us,
            "secrets",
            "2025-09-24 10:00:00",
            "New starter: hygienist on Monday",
            f"Please set up Lena Ortiz. For the practice portal use Denise's login, password {PLANTED[0]}\n\nDenise",
            priority=s.P3,
            board=s.CHANGES,
            type_name="Users",
        )
        .receipt("10:00:11")
        .take("10:50:00", "tbell")
        .notes(
            "11:10:00",
            "tbell",
            f"Firewall admin for the VPN group: admin / {PLANTED[1]}. Same set-up as at {other.name}.",
        )
        .work(
            "10:50",
            "12:00",
            "tbell",
            "Account, mailbox and portal access set up.",
            internal=f"Script used key {API_KEY}, move it to the vault.",
        )
        .done("12:00:00", "tbell", "Lena Ortiz can start on Monday.")
    )
    second = (
        cast.open(
            us,
            "secrets",
            "2026-02-03 11:30:00",
            "Payment for new headsets",
            f"Just charge the practice card: {CARDS[0]} exp 09/27 cvv 123. The other one is {CARDS[1]}.\n\nPaula",
            contact=2,
            priority=s.P4,
            type_name="Billing",
        )
        .receipt("11:30:08")
        .take("13:10:00", "lpetrov")
        .done(
            "13:15:00",
            "lpetrov",
            "Please do not send card numbers by e-mail. Carl Fisher calls you.",
            closed="13:16:00",
        )
    )
    cast.truths["secrets"] = lambda: {
        "tickets": [first.id, second.id], "passwords": list(PLANTED), "cards": list(CARDS),
        "keys": [API_KEY], "other_client_named": {"ticket": first.id, "name": other.name},
        "where": {"password": first.id * 100, "admin_password": first.id * 100 + 2, "key": first.id * 100 + 50,
                  "cards": second.id * 100},
    }  # fmt: skip


def _lawyer(cast: Cast) -> None:
    ours = (
        "PRIVILEGED AND CONFIDENTIAL - ATTORNEY-CLIENT COMMUNICATION\n\nGillian,\n\nplease keep everything on Castellan "
        "as it is and let nobody tidy notes. My first view on liability is below; do not put this into the ticket "
        "system.\n\nKaren Marsh\nEllison Marsh LLP\nkmarsh@ellisonmarsh.example"
    )
    script = (
        cast.open(cast.castellan, "lawyer", "2026-08-03 16:42:00", "Demand for damages, loss of data",
                  "We act for Castellan Dental Group. Our client claims 412,000 USD for the loss of 2026-06-09. You are asked "
                  "to preserve all records.\n\nJonas Pruitt\nPruitt & Vance, Attorneys at Law", contact=0, priority=s.P3,
                  type_name="Legal")
        .receipt("16:42:09")
        .take("2026-08-04 08:30:00", "mokafor")
        .notes("09:15:00", "gthorne", ours)
        .tells("09:40:00", "mokafor", "We have your letter and will answer through our attorney.")
        .notes("09:50:00", "jrivera", "Typical Castellan, never pays and then sues.")
        .done("2026-08-04 10:00:00", "mokafor", "Further letters go to our attorney.")
    )  # fmt: skip
    cast.truths["lawyer"] = lambda: {
        "ticket": script.id, "privileged_note": script.id * 100 + 2, "demand_note": script.id * 100,
        "gossip_note": script.id * 100 + 4, "demand_at": "2026-08-03T20:42:00Z", "counsel": "Ellison Marsh LLP",
    }  # fmt: skip
