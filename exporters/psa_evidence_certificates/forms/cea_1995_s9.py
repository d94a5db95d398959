"""England and Wales: certificate that documents form part of the records of a business, Civil Evidence Act 1995 s 9."""

from __future__ import annotations

from psa_evidence_certificates.draft import Blank, Form, Head, note, point
from psa_evidence_certificates.knowledge import Knowledge, exceptions, identified, seals, whose_numbers, witness
from psa_evidence_certificates.oath import plain_signature


def form(k: Knowledge) -> Form:
    return Form(
        "cea-1995-s9",
        "Certificate that documents form part of the records of a business",
        "Civil Evidence Act 1995, section 9 (England and Wales)",
        (
            note("For an officer: somebody in a responsible position in relation to the relevant activities of the "
                 "business "
                 "or to its records. The court may direct that section 9 shall not apply; a hearsay notice under "
                 "section 2 "
                 "and the disclosure rules are separate duties. That an entry does NOT exist is proved by affidavit "
                 "of an "
                 "officer (section 9(3)), not by this certificate."),
            point("I am ", Blank("name"), ", ", Blank("position"), " of ", k.provider, " (", Blank("company number, "
                                                                                                   "address"),
                  "), a business. My position is a responsible one in relation to ",
                  Blank("the activities, or the records, concerned"), "."),
            point("I certify that the documents identified below form part of the records of that business:"),
            *whose_numbers(k),
            identified(k),
            point("They were kept in ", *k.system, " in the course of ", Blank("activity"), "."),
            point("The pages marked B or C are not such documents: they were computed or drawn from them."),
            Head("Integrity"),
            point("The digests of the captured records are committed to by these seals:"),
            seals(k),
            witness(k),
            Head("What the court should know"),
            exceptions(k),
            point("Further matters known to me that bear on the reliability of the records: ",
                  Blank("matters, or 'none known to me'"), "."),
            *plain_signature(),
        ),
    )  # fmt: skip
