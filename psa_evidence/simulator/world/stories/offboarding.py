"""The end: notice, hand-over of credentials, who got what and when, and what the client says of it."""
# ruff: noqa: E501 - what people write is kept on one line

from __future__ import annotations

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.books import Letter, Meeting, Touch
from psa_evidence.simulator.world.instants import iso, wall
from psa_evidence.simulator.world.stories.cast import Cast


def tell(cast: Cast) -> None:
    us, books = cast.castellan, cast.books
    notice = Letter("Company", us.id, wall("2026-07-30 15:10"), "Notice of termination", "Notice-of-termination.pdf",
                    "hwells", (f"{us.name} gives notice of the agreement of 2025-11-01 with effect of 2026-09-30.", "",
                               "Raymond Castellan"))  # fmt: skip
    receipt = Letter("Company", us.id, wall("2026-09-29 16:30"), "Receipt for credentials, signed by Denise Farrow",
                     "Credentials-receipt-signed.pdf", "ebrandt",
                     ("Handed over on 2026-09-29 at 16:10 by secure link and on paper:", "1. Domain administrator",
                      "2. Firewall", "3. Microsoft 365 global administrator", "4. Registrar of the domain", "",
                      "Received: Denise Farrow"))  # fmt: skip
    books.letters += [notice, receipt]
    meeting = Touch(us.index, "Hand-over meeting with the client and the new provider", "Meeting",
                    wall("2026-09-29 15:00"), 90, "ebrandt", us.manager.id, "Went through the list of systems with Denise "
                    "Farrow and Kyle Brandt of Summit Ridge IT. All credentials handed over, receipt signed.",
                    wall("2026-09-29 16:40"))  # fmt: skip
    ended = Touch(us.index, "List of services that end on 2026-09-30", "Email", wall("2026-09-30 17:00"), 15, "hwells",
                  us.boss.id, "Sent: monitoring, patching, EDR, e-mail filter and firewall management end today. Nothing of "
                  "ours protects you from tomorrow on.", wall("2026-09-30 17:05"))  # fmt: skip
    books.touches += [meeting, ended]
    books.meetings.append(Meeting(meeting, "ebrandt"))
    script = (
        cast.open(us, "offboarding", "2026-09-14 09:00:00", "Offboarding: documentation and credentials",
                  "As our contract ends please hand everything to Summit Ridge IT.\n\nRaymond Castellan", contact=0,
                  priority=s.P3, board=s.CHANGES, type_name="Offboarding")
        .receipt("09:00:12")
        .take("09:45:00", "ebrandt")
        .tells("10:00:00", "ebrandt", "We need in writing who may receive the administrator passwords. Please name the person.")
        .status("10:00:20", "Waiting Client", "ebrandt")
        .tells("2026-09-21 10:00:00", "ebrandt", "A reminder: whom may we give the passwords?")
        .answers("2026-09-28 17:20:00", "Denise takes them.", contact=0)
        .status("2026-09-29 08:30:00", "In Progress", "ebrandt")
        .work("2026-09-29 08:30", "12:00", "ebrandt", "Documentation exported, 214 pages, checksum noted.")
        .work("2026-09-29 15:00", "16:40", "ebrandt", "Hand-over meeting, credentials given by secure link, receipt signed.",
              work_type=2)
        .tells("2026-09-29 16:45:00", "ebrandt", "All credentials were handed to Denise Farrow at 16:10, receipt attached. "
               "Please change them today.")
        .paper("2026-09-29 16:46:00", "Receipt for credentials", "receipt.pdf", "ebrandt", "letter",
               "Received all credentials of the list.", "Denise Farrow, 2026-09-29 16:10")
        .paper("2026-09-29 16:47:00", "Secure link opened", "link-opened.png", "ebrandt", "screenshot",
               "Link opened 2026-09-29 16:12", "by denise.farrow")
        .done("2026-09-30 16:50:00", "ebrandt", "Access of our staff was removed today at 16:30.")
    )  # fmt: skip
    script.plan.tasks = ["Export documentation", "Hand over credentials", "Remove agents", "List services that end",
                         "Remove our access"]  # fmt: skip
    dispute = (
        cast.open(us, "offboarding-dispute", "2026-10-05 08:15:00", "You are keeping our passwords from us",
                  "We still do not have the domain administrator's password. You hold us hostage.\n\nRaymond Castellan",
                  contact=0, priority=s.P3, type_name="Offboarding")
        .receipt("08:15:11")
        .take("09:00:00", "mokafor")
        .tells("09:30:00", "mokafor", "Denise Farrow received it on September 29 at 16:10 and opened the link at 16:12; the "
               "signed receipt is attached again.")
        .answers("2026-10-05 14:20:00", "Denise tells me that she has it. The new company had not asked her.", contact=1)
        .done("15:00:00", "mokafor", "Thank you for telling us. We close the ticket.")
    )  # fmt: skip
    after = (
        cast.open(us, "after-termination", "2026-10-19 10:30:00", "Printer offline",
                  "The printer is offline again, please fix it.\n\nMateo", contact=3, priority=s.P3, type_name="Hardware")
        .receipt("10:30:09")
        .take("10:50:00", "lpetrov", "Assigned")
        .tells("10:52:00", "lpetrov", "The agreement ended on September 30. We can come for our hourly rate if you order it in writing.")
        .status("10:52:10", "Waiting Client", "lpetrov")
    )  # fmt: skip
    cast.truths["offboarding"] = lambda: {
        "notice_document": notice.id, "receipt_document": receipt.id, "activities": [meeting.id, ended.id],
        "tickets": [script.id, dispute.id], "after_termination": [after.id], "agreement": 5002,
        "handed_over_at": iso(wall("2026-09-29 16:10")), "received_by": us.manager.name,
        "claimed_missing_at": iso(dispute.plan.entered), "admitted_at": iso(wall("2026-10-05 14:20:00")),
        "asked_whom_at": iso(wall("2026-09-14 10:00:00")), "answered_at": iso(wall("2026-09-28 17:20:00")),
    }  # fmt: skip
