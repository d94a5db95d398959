"""The foundation for computer records in eleven points, as In re Vinhnee asks for it, with the facts of this run.

In re Vinhnee, 336 B.R. 437 (B.A.P. 9th Cir. 2005), following E. J. Imwinkelried. The points are in our own words.
"""

from __future__ import annotations

from psa_evidence_certificates.draft import Blank, Form, Grid, Text, note
from psa_evidence_certificates.knowledge import Knowledge, captures, exceptions, identified, instant


def form(k: Knowledge) -> Form:
    return Form(
        "foundation",
        "Foundation sheet for computer records, in eleven points",
        "In re Vinhnee, 336 B.R. 437 (B.A.P. 9th Cir. 2005); Federal Rule of Evidence 901(b)(9)",
        (
            note("A sheet to prepare a witness with, not to be filed. Left: what has to be shown. Middle: what this "
                 "run "
                 "recorded. Right: what only the witness can say. The case failed on point 4: how changes are "
                 "controlled and "
                 "logged, and how integrity is assured."),
            Grid(("To be shown", "Facts of this run", "The witness adds"), _points(k), (1.7, 2.9, 1.9)),
            identified(k),
            captures(k),
            exceptions(k, judged=True),
        ),
    )  # fmt: skip


def _points(k: Knowledge) -> tuple[tuple[Text, ...], ...]:
    run = k.run
    states = ", ".join(f"{c.id}: {c.state}" for c in run.captures) or "no capture"
    counted = (
        f"{sum(c.asked for c in run.captures):,} records counted by the system where it counts, "
        f"{sum(c.received for c in run.captures):,} received, {sum(c.missing for c in run.captures):,} entries of what "
        "could not be had."
    )
    adverse = sum(e.adverse or 0 for e in run.examined)
    rows: list[tuple[str, Text, str]] = [
        ("1. The business uses a computer system", (*k.system, "; ", k.hosting, "."), "since when, for what"),
        (
            "2. The system is reliable",
            ("Clock against the capturing computer: ", k.clock, ". ", counted),
            "experience with it, outages, vendor's assurance reports",
        ),
        (
            "3. There is a procedure for entering data",
            ("The records name who entered what and when; late entries are listed in the report.",),
            "who enters what, written instruction, training",
        ),
        (
            "4. The procedure has safeguards for accuracy and against unnoticed change",
            (
                (
                    f"{sum(c.included for c in run.counts if c.kind == 'history'):,} entries of the tickets' audit "
                    f"trails captured and shown. Seals: {len(run.seals):,}; each "
                    "naming "
                    f"the one before; vault {run.vault}. Permissions of the key: {len(run.permissions):,} lines in the "
                    "report."
                ),
            ),
            "who may edit or delete, how changes are reviewed, backups",
        ),
        (
            "5. The system is kept in good repair",
            ("Version at capture: ", run.psa_version or Blank("version"), "."),
            "updates, maintenance, who is responsible",
        ),
        (
            "6. The witness had the system read out the data",
            (f"Captures: {states}.",),
            "who ran the capture, the witness's part in it",
        ),
        (
            "7. The right procedure was used for the read-out",
            (
                f"Reading requests only; each exchange kept byte for byte. {run.software}; connectors "
                + (", ".join(dict.fromkeys(f"{c.connector} {c.connector_version}" for c in run.captures)) or "none")
                + ". Query and counts: part Scope and population.",
            ),
            "that this is the usual way, or why another",
        ),
        (
            "8. The system worked when the read-out was made",
            (
                (
                    f"{sum(c.state == 'complete' for c in run.captures):,} of {len(run.captures):,} captures ended "
                    "complete; "
                    f"records as of {instant(run.as_of)}."
                ),
            ),
            "no known outage at that time",
        ),
        (
            "9. The witness recognises the exhibit as the read-out",
            ("Exhibits ", k.bates, f"; {run.natives:,} natives, list digest {run.natives_digest}."),
            "recognises it, on which copy",
        ),
        (
            "10. The witness says how he or she recognises it",
            ("By Bates number, ticket number, and by the digest of each native, which anybody can recompute.",),
            "what the witness compared, when",
        ),
        (
            "11. Symbols and terms are explained",
            (
                (
                    "Part Glossary; statuses and priorities with their meaning in the exhibit of settings; "
                    f"{run.unread:,} records or lines were not read, {adverse:,} statements speak against the provider."
                ),
            ),
            "terms of the trade in plain words",
        ),
    ]
    return tuple(((left,), middle, (Blank(right),)) for left, middle, right in rows)
