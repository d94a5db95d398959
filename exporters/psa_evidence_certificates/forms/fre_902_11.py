"""FRE 902(11) with 803(6)(A) to (C): certified records of a regularly conducted activity."""

from __future__ import annotations

from psa_evidence_certificates.draft import Blank, Form, Head, note, para, point
from psa_evidence_certificates.knowledge import Knowledge, counts, declarant, exceptions, identified, whose_numbers
from psa_evidence_certificates.oath import own_knowledge, under_1746


def form(k: Knowledge) -> Form:
    return Form(
        "fre-902-11",
        "Certification of domestic records of a regularly conducted activity",
        "Federal Rules of Evidence 902(11) and 803(6)(A)-(C); 28 U.S.C. 1746",
        (
            note(
                "For a custodian or another qualified person of the provider. The software filled in what it knows of "
                "the run; only the person who signs can supply the rest, and may strike what he or she cannot say. "
                "Reasonable written notice to the other side is needed: see the draft notice."
            ),
            *declarant(k),
            Head("The records"),
            point("This certification covers the following records and no others:"),
            *whose_numbers(k),
            identified(k),
            point(
                "The exhibits bearing these numbers, but for the pages marked B or C, and the native files are ",
                Blank("originals, or true copies"), " of records kept in ", *k.system, "; it is ", k.hosting, ".",
            ),
            Head("How they were made and kept"),
            point(
                "Each record was made at or near the time of what it records, by a person with knowledge or from "
                "information that such a person passed on. My basis for saying so: ", Blank("basis"),
                ". For each time entry the records state when the work was done and when it was typed in.",
            ),
            point("The records were kept in the course of a regularly conducted activity of the business, namely ",
                  Blank("for example: the service desk for managed clients"), "."),
            point("Making such records was a regular practice of that activity. In practice this means: ",
                  Blank("who enters what, when, under which instruction"), "."),
            Head("Known exceptions"),
            point(
                "The software examined the records for entries typed in late, edits, gaps in the numbers and lines it "
                "could not read. What it found is listed in the report and counted here:"
            ),
            exceptions(k),
            *own_knowledge(),
            Head("Counts"),
            para("Of the records captured for this client, by kind:"),
            counts(k),
            *under_1746(),
        ),
    )  # fmt: skip
