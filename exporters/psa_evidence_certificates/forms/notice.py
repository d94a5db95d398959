"""Written notice of the intent to offer certified records, FRE 902(11), (13) and (14)."""

from __future__ import annotations

from psa_evidence_certificates.draft import Blank, Form, Signature, note, para, point
from psa_evidence_certificates.knowledge import Knowledge, identified, whose_numbers


def form(k: Knowledge) -> Form:
    return Form(
        "notice",
        "Notice of intent to offer certified records",
        "Federal Rules of Evidence 902(11), 902(13), 902(14)",
        (
            note("REMINDER. Before the trial or hearing the other side must get reasonable written notice, and the "
                 "records "
                 "and the certificates must be there for inspection, so that it has a fair chance to challenge them. "
                 "No "
                 "number of days is fixed; count from the scheduling order, and serve early. Strike the rules not "
                 "used."),
            para("To: ", Blank("opposing counsel")),
            para("In the matter: ", k.run.matter, ". Court and number: ", Blank("court, case number")),
            point(Blank("party"), " intends to offer the records named below as self-authenticating under Federal "
                                  "Rules of "
                  "Evidence ", Blank("902(11), 902(13), 902(14): which"), "."),
            point("The records:"),
            *whose_numbers(k),
            identified(k),
            point("The certificates are those of ", Blank("name and date of each declaration"), " and are attached."),
            point("The records and certificates are available for inspection and copying at ", Blank("place or link"),
                  " from ", Blank("date"), ", during ", Blank("hours"), ", on request to ", Blank("name, telephone, "
                  "e-mail"),
                  ". The pack can be checked without the software that made it; data/HOW TO VERIFY.txt says how."),
            point("Summaries in the report (pages marked B, ", k.report, ") are offered under Federal Rule of "
                                                                         "Evidence 1006; "
                  "the records they summarise are among those named above."),
            Signature(("Served on (date)", "By (manner of service)", "Signature of counsel", "Name in print")),
        ),
    )  # fmt: skip
