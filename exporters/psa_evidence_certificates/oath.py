"""The closing words that a statute prescribes, and the lines to sign on. Nothing here is ever filled in."""

from __future__ import annotations

from psa_evidence_certificates.draft import Blank, Block, Signature, note, para


def under_1746() -> tuple[Block, ...]:
    """28 U.S.C. 1746, both forms: the one signed within the United States, and the one signed outside of them."""
    executed = (" Executed on ", Blank("date"), " at ", Blank("place"), ".")
    return (
        note("Keep one of the two sentences: (a) if it is signed within the United States, its territories, "
             "possessions or commonwealths; (b) if it is signed outside of them."),
        para("(a) I declare under penalty of perjury that the foregoing is true and correct.", *executed),
        para("(b) I declare under penalty of perjury under the laws of the United States of America that the foregoing "
             "is true and correct.", *executed),
        Signature(("Signature", "Name in print")),
    )  # fmt: skip


def plain_signature(*more: str) -> tuple[Block, ...]:
    return (Signature((*more, "Signature", "Name in print", "Position", "Date", "Place")),)


def own_knowledge() -> tuple[Block, ...]:
    """What the declarant adds and takes back in own words."""
    return (
        para("Not within my own knowledge, and not certified by me: ",
             Blank("for example: what clients wrote, clocks of third parties, records that were never entered"), "."),
        para("Exceptions to what is said above that I know of: ", Blank("exceptions, or 'none known to me'"), "."),
    )  # fmt: skip
