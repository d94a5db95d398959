"""India: certificate under section 63(4)(c) of the Bharatiya Sakshya Adhiniyam, 2023, Schedule, Part B (the expert)."""

from __future__ import annotations

from psa_evidence_certificates.draft import Blank, Form, Head, Ticks, facts, note, para, point
from psa_evidence_certificates.forms.bsa_parts import ALGORITHMS, SOURCES, hash_report, particulars
from psa_evidence_certificates.knowledge import NATIVES_COMMAND, Knowledge, identified, seals, whose_numbers, witness
from psa_evidence_certificates.oath import plain_signature


def form(k: Knowledge) -> Form:
    return Form(
        "bsa-63-b",
        "Certificate, Part B: to be filled by the expert",
        "Bharatiya Sakshya Adhiniyam, 2023, section 63(4)(c), Schedule, Part B (India)",
        (
            note("The Schedule prescribes the form; compare its wording before use. The expert must obtain the hash "
                 "value "
                 "himself or herself; the value below is what the software states."),
            para("I, ", Blank("name"), ", son / daughter / spouse of ", Blank("name"), ", residing / employed at ",
                 Blank("address"), ", solemnly affirm and state:"),
            point("The electronic records were obtained from this source (tick):"),
            Ticks(SOURCES),
            facts((
                ("Make and model", Blank("as applicable")), ("Colour", Blank("as applicable")),
                ("Serial number", Blank("as applicable")),
                ("IMEI / UIN / UID / MAC / Cloud ID", Blank("as applicable")),
                ("Other particulars", particulars(k)),
                ("Qualification of the expert", Blank("qualification, experience")),
            )),
            Head("Hash value"),
            point("Algorithm:"),
            Ticks(ALGORITHMS),
            *hash_report(k),
            point("To recompute it in the folder of the pack: ", NATIVES_COMMAND, " The value I obtained, on ",
                  Blank("date, time, computer, tool"), ": ", Blank("value"), "."),
            seals(k),
            witness(k),
            *whose_numbers(k),
            identified(k),
            para("Enclosed with this certificate: hash report, ", Blank("file or number of pages"), "."),
            *plain_signature("Time (IST, 24 hours)"),
        ),
    )  # fmt: skip
