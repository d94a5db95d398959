"""The checks anybody can make on this very pack, with what they print: for the report's part and for
`data/HOW TO VERIFY.txt`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psa_evidence.format.witness import chain_path
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.natives import Native
from psa_evidence.pack.time_stamps import DEMONSTRATION, NEVER_ASKED, TimeStamp, time_stamps, waiting_words
from psa_evidence.pack.wording import SHORT, short
from psa_evidence.spi import pdf_name

FILE: Final = "data/HOW TO VERIFY.txt"
ROOT: Final = "../ROOT.pem"
MAX_SHOWN: Final = 12
"""Seals, their time-stamps and renewals of these whose commands are printed, the newest ones of each."""

_WIDTH: Final = 100
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Command:
    """A command for a POSIX shell in the folder that holds bagit.txt, and the lines that it prints when all is well."""

    command: str
    prints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """`others` are the same for other systems, in words."""

    name: str
    commands: tuple[Command, ...]
    proves: str
    not_proves: str
    others: tuple[str, ...] = ()


NOT_PROVED: Final = (
    (
        "Compare the SHA-256 of tagmanifest-sha256.txt (the pack's fingerprint, which psa-evidence verify prints as "
        "check 2.2) with a value that reached you another way, such as a letter or an earlier e-mail: whoever can "
        "replace the whole pack can replace its manifests too."
    ),
    (
        "No check proves that a record is true, that a person who is named wrote it, or that a record was not left "
        "out of the PSA. What was asked for and did not come is listed in the part on scope."
    ),
)


def checks(dossier: Dossier) -> tuple[Check, ...]:
    """In the order of the text."""
    return tuple(_checks(dossier))


def _checks(dossier: Dossier) -> Iterator[Check]:
    yield Check(
        "Every file is the one that was packed",
        (
            _and_say("sha256sum --check --quiet manifest-sha256.txt", "all files below data agree"),
            _and_say("sha256sum --check --quiet tagmanifest-sha256.txt", "all other files agree"),
        ),
        "No listed file was changed or lost since the pack was made, provided the two manifests are the original ones.",
        "Who made the pack, when, or that nothing was added beside the listed files.",
        ("macOS: shasum -a 256 --check --quiet in place of sha256sum --check --quiet.",),
    )
    yield Check(
        "The folder is a whole bag",
        (_and_say("python3 -m bagit --validate --quiet .", "the bag is valid"),),
        "The same, and that no file of data/ is unlisted and the total size is as stated. bagit is a program of the "
        "Library of Congress.",
        "Anything about what the files say.",
    )
    yield from _paper(dossier)
    if shown := dossier.seals[-MAX_SHOWN:]:
        first = shown[-1]
        yield Check(
            "The seals are the ones that this report names",
            tuple(
                Command(f"sha256sum seals/{s.number:06d}.json", (f"{s.digest()}  seals/{s.number:06d}.json",))
                for s in shown
            ),
            "Each seal is, byte for byte, the one printed here and in the part on integrity; each names the digest "
            'of the one before as "previous".',
            "When the seal was made: see the next check.",
            (
                *_not_shown(len(dossier.seals), len(shown), "seal"),
                f"Windows: certutil -hashfile seals\\{first.number:06d}.json SHA256   prints {first.digest()}",
                "macOS: shasum -a 256 in place of sha256sum.",
            ),
        )
    yield from _time(dossier)
    yield Check(
        "The PDF belongs to these files",
        (
            _and_say(
                f'pdfdetach -save 1 -o ../manifest-of-pdf.json "{_report(dossier)}" && '
                "cmp ../manifest-of-pdf.json data/manifest.json", "the PDF carries this manifest",
            ),
            *(() if _sealed(dossier) else (_unsigned(dossier),)),
        ),
        "The PDF was made together with this manifest and so with these natives and tables."
        + ("" if _sealed(dossier) else " It bears no seal of its own: the manifests and time-stamps vouch for it."),
        "That a printed copy is of this PDF; compare its Bates numbers and digests by eye.",
    )  # fmt: skip
    yield from _pdf_seal(dossier)
    trust = f" --trust {ROOT}" if dossier.witness.tokens else ""
    verdict = "PASS" if dossier.natives and dossier.has_tables else "INCONCLUSIVE"
    yield Check(
        "Everything, down to the sealed records",
        (Command(f'psa-evidence verify .{trust} | grep -oE "^(PASS|FAIL|INCONCLUSIVE)"', (verdict,)),),
        "Also that each native is the record that a seal commits to, that seals follow each other, that time-stamps "
        "are over these seals, and that the PDF carries this manifest. Without the last part of the line it prints "
        "every check.",
        "That what the records say is true.",
    )


def _paper(dossier: Dossier) -> Iterator[Check]:
    """For who holds a print-out. No page can bear its own digest; it can bear that of the files which it tells of."""
    if not dossier.natives:
        return
    digest, native = short(dossier.natives_digest), _first_native(dossier)
    yield Check(
        "A print-out tells of these files",
        (
            Command(f'grep " data/natives/" manifest-sha256.txt | sha256sum | cut -c 1-{SHORT}', (digest,)),
            Command(f'pdftotext -l 1 "{_report(dossier)}" - | grep -o {digest}', (digest,)),
            Command(f'sha256sum "{native.path}"', (f"{native.sha256}  {native.path}",)),
        ),
        "The files are those of which the report was made: the first line is the digest of the records on the printed "
        "cover, the second that on the cover of this PDF. The third is that of one record; its exhibit prints it, as "
        "each exhibit does of its own records.",
        "That each word on paper stands in the file: no page can bear its own digest. The whole 64 digits stand in the "
        "part on integrity.",
        ("macOS: shasum -a 256 in place of sha256sum.",),
    )


def _first_native(dossier: Dossier) -> Native:
    """That of the first exhibit: of the first ticket, where there is one."""
    tickets = (dossier.native.get(t.source.key) for t in dossier.population.tickets)
    return next((native for native in tickets if native is not None), dossier.natives[0])


def _report(dossier: Dossier) -> str:
    """Where the PDF lies that is opened first."""
    return f"data/{pdf_name(dossier.matter.copy)}"


def _unsigned(dossier: Dossier) -> Command:
    report = _report(dossier)
    return Command(f'pdfsig "{report}"', (f"File '{report}' does not contain any signatures",))


def _sealed(dossier: Dossier) -> bool:
    return dossier.pdf_seal != "none"


def _pdf_seal(dossier: Dossier) -> Iterator[Check]:
    """The seal is put on after this text is written: it says what is asked for; bag-info.txt, what came of it."""
    if not _sealed(dossier):
        return
    reader = (
        'Reading: the words of pdfsig count, not its exit code. To a signature it says "Signature is Valid."; a '
        "document time-stamp is of a type that poppler up to 22.12 cannot judge and calls unknown. psa-evidence verify "
        "(check 8.4), pyHanko and Adobe's reader judge both."
    )
    yield Check(
        "The seal on the PDF covers all of it",
        (
            Command(f'grep -c "^PDF-Seal: asked: {dossier.pdf_seal};" bag-info.txt', ("1",)),
            _and_say(
                f'test "$(pdfsig -nocert "{_report(dossier)}" 2>/dev/null | grep -c "Total document signed")" = '
                '"$(grep -c "^PDF-Seal: .*; reached: [ds]" bag-info.txt)"',
                "the PDF is sealed as bag-info.txt says",
            ),
        ),
        "Nothing was added to the PDF after it was sealed; with a seal that is judged valid, that no byte of it was "
        "changed since the time that the seal states.",
        "That what its pages say is true. Where bag-info.txt says that none was reached, the second line finds none, "
        "and nothing but the manifests holds the PDF.",
        (reader,),
    )


def _time(dossier: Dossier) -> Iterator[Check]:
    stamps = time_stamps(dossier)
    if not stamps:
        return
    demonstration = any(each.demonstration for each in stamps)
    over_seals = len(dossier.witness.tokens)
    shown = (*stamps[:over_seals][-MAX_SHOWN:], *stamps[over_seals:][-MAX_SHOWN:])
    yield Check(
        "The seals existed before the times stated",
        tuple(command for each in shown for command in _commands(each)),
        (f"{DEMONSTRATION} With a real authority: " if demonstration else "")
        + "That the seal, and with it every record that it commits to, existed at the time stated, if you trust the "
        f"authority. {_root(stamps)}",
        "That the records are true, or that they were made at the time that they state. -attime asks whether the "
        "authority's certificate was valid when it stamped; without it the check fails once the certificate has ended.",
        _not_shown(len(stamps), len(shown), "time-stamp"),
    )  # fmt: skip


def _root(stamps: Sequence[TimeStamp]) -> str:
    """What the reader has to bring along, and from where."""
    names = list(dict.fromkeys(each.claim.authority for each in stamps))
    if len(names) == 1:
        return f"{ROOT} is its root certificate, which you get from the authority itself, never from this pack."
    return (
        f"{ROOT} has the root certificates of {', '.join(names[:-1])} and {names[-1]} in one file, one behind the "
        "other; you get each from the authority itself, never from this pack. A time-stamp whose root is not in it "
        "fails."
    )


def _not_shown(number: int, shown: int, thing: str) -> tuple[str, ...]:
    if number == shown:
        return ()
    return (f"Shown are the newest {shown} of {number:,} {thing}s; the others are checked in the same way.",)


def _commands(each: TimeStamp) -> Iterator[Command]:
    chain = f" -untrusted {chain_path(each.claim.authority)}" if each.certificates else ""
    yield Command(
        f"openssl ts -verify -data {each.covers} -in {each.claim.path} -CAfile {ROOT}{chain} "
        f"-attime {int(each.at.timestamp())}", ("Verification: OK",),
    )  # fmt: skip
    yield Command(
        f'openssl ts -reply -in {each.claim.path} -text | grep "^Time stamp:"', (f"Time stamp: {_openssl(each.at)}",)
    )


def _openssl(at: datetime) -> str:
    """As OpenSSL prints a GeneralizedTime: English months, a blank before a single digit, fractions as they are."""
    fraction = f".{at.microsecond:06d}".rstrip("0") if at.microsecond else ""
    return f"{_MONTHS[at.month - 1]} {at.day:2d} {at:%H:%M:%S}{fraction} {at.year} GMT"


def _and_say(command: str, words: str) -> Command:
    return Command(f'{command} && echo "{words}"', (words,))


def time_words(dossier: Dossier) -> str:
    """What is to be said where no time-stamp can be checked; empty when all seals have one."""
    if not dossier.witness.tokens and not dossier.witness.owed:
        return NEVER_ASKED
    return waiting_words(dossier)


def text(dossier: Dossier) -> bytes:
    """`data/HOW TO VERIFY.txt`: UTF-8, lines ended by CRLF so that every editor shows them. Lines that begin with `$`
    are commands, those after them that begin with `>` what they print, and nothing else."""
    lines = [
        "HOW TO VERIFY THIS PACK",
        "",
        "Open a terminal in the folder that holds bagit.txt. Type what stands after $; it must print",
        "what stands after >, and nothing else (what openssl says of its configuration aside).",
        "Without a terminal: open data/VERIFY.html in a browser and drop this folder on it.",
        "",
    ]
    for number, check in enumerate(checks(dossier), 1):
        lines += [f"{number}. {check.name}", ""]
        for command in check.commands:
            lines += [f"   $ {command.command}", *(f"   > {line}" for line in command.prints)]
        lines += ["", *(line for words in check.others for line in _wrapped(words)), *([""] if check.others else [])]
        lines += _wrapped(f"It proves: {check.proves}")
        lines += [*_wrapped(f"It does not prove: {check.not_proves}"), ""]
    if words := time_words(dossier):
        lines += [*textwrap.wrap(words, _WIDTH), ""]
    for words in NOT_PROVED:
        lines += [*textwrap.wrap(words, _WIDTH), ""]
    return "\r\n".join(lines).encode()


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, _WIDTH, initial_indent="   ", subsequent_indent="   ", break_on_hyphens=False)
