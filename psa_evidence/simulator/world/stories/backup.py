"""The client who declined backups three times, would not sign the waiver, and then lost data."""
# ruff: noqa: E501 - what people write is kept on one line

from __future__ import annotations

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.books import Advice, Letter, Touch
from psa_evidence.simulator.world.instants import DAY, HOUR, iso, wall
from psa_evidence.simulator.world.stories.cast import Cast

_TEXT = (
    "Your server CAST-FS01 has no backup under the agreement (exhibit D). If the disks fail, patient files and accounts "
    "are lost. We recommend image backups with a copy off site, 189 USD a month for each server, restore tested each quarter."
)
_ROUNDS = (
    ("2025-02-11 15:00", "2025-03-04 11:00", "Not this year, we have just bought chairs. Raymond", "Meeting"),
    ("2025-07-22 14:30", "2025-08-12 09:40", "Please stop sending me this. Nothing has ever happened. R.", "Call"),
    ("2026-01-27 10:00", "2026-02-17 16:20", "I am aware of the risk and I do not want to pay for it.", "Meeting"),
)


def tell(cast: Cast) -> None:
    us, books = cast.castellan, cast.books
    offers: list[Advice] = []
    touches: list[Touch] = []
    for number, (asked, answered, answer, way) in enumerate(_ROUNDS, start=1):
        at, closed = wall(asked), wall(answered)
        offer = Advice(us.index, f"Backup and disaster recovery, proposal {number}", at, "hwells", us.boss.id, "Backup",
                       _TEXT, "lost", closed, [(closed, "hwells", f'E-mail of Raymond Castellan: "{answer}"')],
                       at + 30 * DAY)  # fmt: skip
        offers.append(offer)
        touches += [
            Touch(us.index, f"Backup proposal {number}: presented", "Meeting" if way == "Meeting" else "Call", at + HOUR,
                  45, "hwells", us.boss.id, "Explained what is lost when the server fails, and the price. "
                  "Raymond Castellan listened and asked to have it in writing.", at + 2 * HOUR, offer),
            Touch(us.index, f"Backup proposal {number}: in writing", "Email", at + DAY, 10, "hwells", us.boss.id,
                  f"Sent to {us.boss.email}:\n\n{_TEXT}\n\nPlease answer yes or no, so that we can plan.", at + DAY,
                  offer),
            Touch(us.index, f"Backup proposal {number}: declined", "Email", closed, 5, "hwells", us.boss.id,
                  f'From {us.boss.email}: "{answer}"', closed, offer),
        ]  # fmt: skip
        books.letters.append(
            Letter("Opportunity", offer, at + DAY, f"Backup proposal {number}", f"Backup-proposal-{number}.pdf", "hwells",
                   (f"To: {us.boss.name}, {us.name}", "", _TEXT, "", "[ ] I accept   [ ] I decline"))
        )  # fmt: skip
    books.advice += offers
    waiver = Letter("Company", us.id, wall("2026-02-19 09:00"), "Waiver: no backup (not signed)",
                    "Waiver-no-backup-UNSIGNED.pdf", "hwells",
                    ("Waiver of backup services", "", f"{us.name} was offered backup on 2025-02-11, 2025-07-22 and 2026-01-27 and declines it, knowing that data may be lost for good.", "",
                     "Signature: ______________________   Date: ____________", "", "(returned without signature)"))  # fmt: skip
    books.letters.append(waiver)
    refused = Touch(us.index, "Waiver handed over, not signed", "Meeting", wall("2026-02-24 10:00"), 20, "gthorne",
                    us.boss.id, 'Raymond Castellan read the waiver and gave it back unsigned: "My lawyer says never '
                    'sign such a thing."', wall("2026-02-24 10:30"))  # fmt: skip
    touches.append(refused)
    books.touches += touches
    loss = (
        cast.open(us, "data-loss", "2026-06-09 07:58:00", "Server CAST-FS01: two disks failed, volume gone",
                  "The server is dead and all patient files with it! We need everything back today.\n\nDenise",
                  source=1, priority=s.P1, type_name="Server")
        .take("08:06:10", "ebrandt")
        .tells("08:10:00", "ebrandt", "Two disks of the array have failed. I am on my way to you with spares.")
        .work("08:06:10", "12:00", "ebrandt", "Array cannot be rebuilt: disks 1 and 3 failed within minutes. Imaged what is readable.",
              work_type=2)
        .tells("12:05:00", "ebrandt", "There is no backup of this server, as you know from our proposals. We send the disks to a "
               "recovery laboratory if you agree to the estimate of 4,800 USD.")
        .status("12:05:30", "Waiting Client", "ebrandt")
        .answers("2026-06-10 09:30:00", "Send them. But this is your responsibility, you should have had a backup.", contact=0)
        .status("09:40:00", "Waiting Vendor", "ebrandt")
        .paper("2026-06-10 09:45:00", "Controller log", "raid-controller.log", "ebrandt", "log", "disk 1: failed",
               "disk 3: failed", "volume 0: offline")
        .status("2026-06-17 11:00:00", "In Progress", "ebrandt")
        .work("11:00", "16:30", "ebrandt", "Laboratory recovered 61 percent. Copied to the new server, list of losses sent.")
        .done("2026-06-17 16:40:00", "ebrandt", "61 percent of the files are back. The list of what could not be recovered is attached.")
    )  # fmt: skip
    mail = (
        cast.open(us, "backup-refused-by-mail", "2025-08-11 16:02:00", "Re: Backup proposal",
                  f"Please stop sending me this. Nothing has ever happened.\n\nR.\n\n{us.boss.name} | Owner\n{us.name}\n\n"
                  f"On Tue, Jul 22, 2025 Hannah Wells wrote:\n> {_TEXT}", contact=0, priority=s.P4, type_name="Billing")
        .receipt("16:02:11")
        .take("2025-08-12 09:35:00", "lpetrov")
        .done("2025-08-12 09:41:00", "lpetrov", "Passed on to Hannah Wells, who notes your answer.", closed="09:41:30")
    )  # fmt: skip
    cast.truths["backup_declined"] = lambda: {
        "opportunities": [offer.id for offer in offers], "activities": sorted(touch.id for touch in touches),
        "declined_at": [iso(wall(answered)) for _, answered, _, _ in _ROUNDS], "waiver_document": waiver.id, "waiver_signed": False,
        "loss_ticket": loss.id, "mail_ticket": mail.id, "decided_by": us.boss.name,
    }  # fmt: skip
