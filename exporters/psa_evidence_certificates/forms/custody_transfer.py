"""A form for each time the pack changes hands. The machine's own log is in data/logs/custody.csv."""

from __future__ import annotations

from psa_evidence_certificates.draft import Blank, Form, Grid, Head, Ticks, facts, para
from psa_evidence_certificates.knowledge import FINGERPRINT, Knowledge, identified, instant

TRANSFERS = 4


def form(k: Knowledge) -> Form:
    run = k.run
    return Form(
        "custody-transfer",
        "Chain of custody: transfer of an evidence pack",
        "Record of custody; keep with the pack",
        (
            para(
                "One line for each transfer. Whoever receives the pack computes its fingerprint before signing and "
                "writes it down; a fingerprint that differs is a reason not to accept it."
            ),
            Head("The item"),
            identified(k),
            facts((
                ("Records as of", instant(run.as_of)),
                ("Made by", run.software),
                ("Vault", run.vault),
                ("Seals", ", ".join(str(s.number) for s in run.seals) or "none"),
                ("Carrier (make, serial number) or link", Blank("carrier or link")),
                ("Number of files and bytes", Blank("Payload-Oxum in bag-info.txt: bytes.files")),
            )),
            Head("How it is protected on the way (tick)"),
            Ticks((("sealed bag, number noted below", False), ("encrypted carrier", False),
                   ("encrypted transfer", False),
                   ("by hand", False))),
            Head("Transfers"),
            Grid(
                ("No.", "Released by (name, signature)", "Received by (name, signature)", "Date, time, zone", "Purpose",
                 "Fingerprint computed by the receiver"),
                tuple(((str(n),), *(("",),) * 5) for n in range(1, TRANSFERS + 1)),
                (0.4, 1.4, 1.4, 1.0, 1.0, 1.5),
            ),
            para("Fingerprint when it was first released: ", FINGERPRINT),
            para("Remarks, damage, broken seals: ", Blank("remarks, or 'none'")),
        ),
    )  # fmt: skip
