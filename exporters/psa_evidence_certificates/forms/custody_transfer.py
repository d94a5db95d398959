"""A form for each time the pack changes hands. The machine's own log is in data/logs/custody.csv."""

from __future__ import annotations

from psa_evidence_certificates.draft import Blank, Form, Grid, Head, Ticks, facts, para
from psa_evidence_certificates.knowledge import FINGERPRINT, Knowledge, captures, identified, instant, seals

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
                ("Item number", Blank("number in your own list")),
                ("Records as of", instant(run.as_of)),
                ("Made by", run.software),
                ("Vault", run.vault),
                ("Carrier (make, serial number) or link", Blank("carrier or link")),
                ("Number of files and bytes", Blank("Payload-Oxum in bag-info.txt: bytes.files")),
            )),
            Head("How it was acquired"),
            para("From ", *k.system, ", over its programming interface, by reading requests only."),
            captures(k),
            para("The value that each seal has for all records of its capture:"),
            seals(k),
            facts((
                ("Acquired by (name, role)", Blank("name, role")),
                ("Signature", ""),
                ("Place of the capture", Blank("place and computer of the capture")),
                ("Kept at", Blank("where the vault lies, and who can reach it")),
            )),
            Head("How it is protected on the way (tick)"),
            Ticks((("sealed bag, number noted below", False), ("encrypted carrier", False),
                   ("encrypted transfer", False),
                   ("by hand", False))),
            Head("Transfers"),
            Grid(
                ("No.", "Released by (name, signature)", "Received by (name, signature)", "Date, time, zone", "Purpose",
                 "Method; condition, seal number", "Fingerprint computed by the receiver: same (Y/N), value"),
                tuple(((str(n),), *(("\n\n",),) * 6) for n in range(1, TRANSFERS + 1)),
                (0.35, 1.1, 1.1, 0.9, 0.9, 1.0, 1.3),
            ),
            para("Fingerprint when it was first released: ", FINGERPRINT),
            para("In the end the item was ", Blank("returned, kept or destroyed: by whom, when, how"), "."),
            para("Remarks, damage, broken seals: ", Blank("remarks, or 'none'")),
        ),
    )  # fmt: skip
