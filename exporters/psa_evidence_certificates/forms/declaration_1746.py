"""A plain declaration under 28 U.S.C. 1746, for what no rule gives a form."""

from __future__ import annotations

from psa_evidence_certificates.draft import Blank, Form, note, point
from psa_evidence_certificates.knowledge import Knowledge, declarant, identified, instant, whose_numbers
from psa_evidence_certificates.oath import own_knowledge, under_1746


def form(k: Knowledge) -> Form:
    run = k.run
    return Form(
        "declaration-1746",
        "Declaration",
        "28 U.S.C. 1746",
        (
            note("For a witness who tells in his or her own words what the records are and how the pack was made."),
            *declarant(k),
            point("I make this declaration in support of ", Blank("motion or purpose"), ", from my own knowledge "
                                                                                        "unless I "
                  "say otherwise."),
            point("The records I speak of are these:"),
            *whose_numbers(k),
            identified(k),
            point("They were read from ", *k.system, f" and the newest capture used ended at {instant(run.as_of)}. I ",
                  Blank("made, ordered, or was present at"), " the capture."),
            point(f"The pack was made by {run.software}. Why it was made, as its cover states: {run.mode_meaning} My "
                  "own "
                  "words on why and when it was made: ", Blank("reason and time"), "."),
            point(Blank("facts of the declarant's own knowledge, numbered, each with its Bates number")),
            *own_knowledge(),
            *under_1746(),
        ),
    )  # fmt: skip
