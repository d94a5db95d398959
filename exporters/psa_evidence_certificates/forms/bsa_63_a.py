"""India: certificate under section 63(4)(c) of the Bharatiya Sakshya Adhiniyam, 2023, Schedule, Part A (the party)."""

from __future__ import annotations

from psa_evidence_certificates.draft import Blank, Form, Head, Ticks, facts, note, para, point
from psa_evidence_certificates.forms.bsa_parts import ALGORITHMS, SOURCES, hash_report, particulars
from psa_evidence_certificates.knowledge import Knowledge, identified, whose_numbers
from psa_evidence_certificates.oath import plain_signature


def form(k: Knowledge) -> Form:
    return Form(
        "bsa-63-a",
        "Certificate, Part A: to be filled by the party",
        "Bharatiya Sakshya Adhiniyam, 2023, section 63(4)(c), Schedule, Part A (India)",
        (
            note("The Schedule prescribes the form; compare its wording before use. Part A is for whoever is in "
                 "charge of the "
                 "system or of the activity, Part B for an expert; both are needed each time the record is submitted."),
            para("I, ", Blank("name"), ", son / daughter / spouse of ", Blank("name"), ", residing / employed at ",
                 Blank("address"), ", solemnly affirm and state:"),
            point("I have produced electronic records taken from this source (tick):"),
            Ticks(SOURCES),
            facts((
                ("Make and model", Blank("as applicable")), ("Colour", Blank("as applicable")),
                ("Serial number", Blank("as applicable")),
                ("IMEI / UIN / UID / MAC / Cloud ID", Blank("as applicable; for a cloud system its tenant or company "
                                                            "id")),
                ("Other particulars", particulars(k)),
            )),
            point("Throughout the period in question I / the business had lawful control of the source, which "
                  "regularly "
                  "created, stored or processed information for activities regularly carried on; the information was "
                  "regularly fed into it in the ordinary course of business; and it was working properly. If at any "
                  "time it "
                  "was not, this did not affect the record or its accuracy: ",
                  Blank("confirm, or state when it was out of order")),
            point("The source is, by me (tick):"),
            Ticks((("owned", False), ("maintained", False), ("managed", False), ("operated", False))),
            Head("Hash value"),
            point("Algorithm:"),
            Ticks(ALGORITHMS),
            *hash_report(k),
            *whose_numbers(k),
            identified(k),
            para("Enclosed with this certificate: hash report, ", Blank("file or number of pages"), "."),
            *plain_signature("Time (IST, 24 hours)"),
        ),
    )  # fmt: skip
