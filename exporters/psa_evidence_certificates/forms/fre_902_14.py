"""FRE 902(14): data copied from an electronic source, authenticated by a process of digital identification."""

from __future__ import annotations

from psa_evidence_certificates.draft import Blank, Command, Form, Head, note, para, point
from psa_evidence_certificates.knowledge import (
    FINGERPRINT,
    NATIVES_COMMAND,
    Knowledge,
    captures,
    declarant,
    identified,
    seals,
    whose_numbers,
    witness,
)
from psa_evidence_certificates.oath import own_knowledge, under_1746


def form(k: Knowledge) -> Form:
    run = k.run
    return Form(
        "fre-902-14",
        "Certification of data copied from an electronic source",
        "Federal Rules of Evidence 902(14), 902(11); 28 U.S.C. 1746",
        (
            note("For the person who compared digests. Recompute them on the copy that is offered before signing; the "
                 "commands are given. It shows that the copy equals what was captured, not that a record is true."),
            *declarant(k),
            point("I am qualified to compare digital identifications (hash values): ", Blank("qualification"), "."),
            Head("What was copied"),
            *whose_numbers(k),
            identified(k),
            captures(k),
            Head("Method"),
            point("The algorithm is SHA-256 (FIPS 180-4), which gives a value of 64 hexadecimal digits over all "
                  "bytes of a "
                  "file. Two files with the same value are, to all practical certainty, the same."),
            point(f"At capture, {run.captures[0].software if run.captures else run.software} computed the value of "
                  "each "
                  "record over the bytes as received, on ", Blank("computer and place of the capture"),
                  ". A seal closed each capture and commits to every record in it:"),
            seals(k),
            witness(k),
            point(f"When the pack was made, {run.software} computed the value of each native again from the file it "
                  "had "
                  "written, and would have stopped at any difference; the values stand in data/tables/natives.csv. "
                  "That was on ", Blank("date, and computer on which the pack was made"), "."),
            Head("Comparison by me"),
            point("On ", Blank("date and time"), " I recomputed the values on ", Blank("computer, and copy of the "
                                                                                       "pack"),
                  " with ", Blank("tool and version"), ". In the folder of the pack: ",
                  Command("sha256sum -c manifest-sha256.txt"), ", then ",
                  Command("sha256sum -c tagmanifest-sha256.txt"), ". Number of files compared: ", Blank("number"),
                  ". Differences: ", Blank("none, or which"), "."),
            point(f"The list of all {run.natives:,} natives has the SHA-256 value {run.natives_digest}. To recompute "
                  "it: ", NATIVES_COMMAND, " The value I obtained: ", Blank("value"), "."),
            point("The fingerprint of the pack, SHA-256 of tagmanifest-sha256.txt, is ", FINGERPRINT,
                  ". The value I obtained: ", Blank("value"), "."),
            para("The fingerprint cannot stand in this file, because it covers this file."),
            *own_knowledge(),
            *under_1746(),
        ),
    )  # fmt: skip
