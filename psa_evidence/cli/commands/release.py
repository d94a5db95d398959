"""`psa-evidence release`: a pack is handed on, which the custody log records, with a letter that goes with it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Final

import typer

from psa_evidence.cli import context, custody, output
from psa_evidence.cli.verifying import trusted
from psa_evidence.errors import ConfigurationError, StorageError, VerificationError
from psa_evidence.pack.entering import enter_left
from psa_evidence.verify import verify_pack

MAX_WORDS: Final = 500
MAX_LETTERS: Final = 999

_LETTER: Final = """\
RELEASE OF AN EVIDENCE PACK

Pack          {pack}
Matter        {matter}
Copy          {copy}; made as: {mode}
Released to   {to}
Released on   {at} UTC, by the clock of the computer that wrote this
Released by   {who}
Purpose       {purpose}
Bates numbers {bates}
Fingerprint   {fingerprint}

The fingerprint is the SHA-256 of the file tagmanifest-sha256.txt of the pack and covers
every byte of it. Whoever receives the pack computes it before use:

    sha256sum tagmanifest-sha256.txt                          (Linux; macOS: shasum -a 256)
    certutil -hashfile tagmanifest-sha256.txt SHA256          (Windows)

If it differs, this is not the pack that was released. Send this letter another way than
the pack. The file "data/HOW TO VERIFY.txt" of the pack says how to check the rest.
"""


def release(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="The pack's folder, as it was built.")],
    to: Annotated[str, typer.Option(metavar="WHO", help="Who gets it; stands in the custody log and the letter.")],
    purpose: Annotated[str, typer.Option(help="What for.")] = "",
    trust: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Root certificate (PEM) of a time-stamp authority you trust; repeatable."),
    ] = None,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
) -> int:
    """Record that a pack is handed on, and write the letter with its fingerprint that goes with it.

    The pack is verified first, and must be one that this vault made: its finished files were searched then for what
    its copy leaves out, and its fingerprint says that they are the same. A draft is not released.
    """
    to, purpose = (" ".join(text.split())[:MAX_WORDS] for text in (to, purpose))
    if not to:
        raise ConfigurationError("Nobody is named whom the pack goes to.", next_step="Give --to and a name.")
    settings = context.load(config)
    vault = context.open_vault(settings)
    fingerprint = custody.fingerprint_of(pack)
    if fingerprint is None:
        raise ConfigurationError(f"{pack} is no folder of a pack.", next_step="Give the folder that `build` made.")
    enter_left(vault, who=context.who(settings), now=context.now(), pack=pack)
    about = custody.about(vault, fingerprint)
    if about is None:
        raise VerificationError(
            "This vault did not make this pack, or something in it was changed since.",
            why="No entry of the custody log has its fingerprint.",
            next_step="Build the pack again and release that; `psa-evidence verify` says what holds in this one.",
        )
    if about.get("mode") == "draft":
        raise ConfigurationError(
            "This pack is a draft, and its cover says that nobody releases it.",
            next_step='Set mode in the matter file (such as "prepared at counsel\'s direction") and build again.',
        )
    report = verify_pack(pack, trusted(trust or []))
    if report.verdict == "fail":
        failed = next(check for check in report.checks if check.status == "fail")
        raise VerificationError(
            "The pack does not verify and is not released.", why=f"{failed.id}: {failed.detail}",
            next_step="Run psa-evidence verify on it; build it again.",
        )  # fmt: skip
    now, who = context.now(), context.who(settings)
    vault.log(
        "released", pack.resolve().name,
        {**about, "fingerprint": fingerprint, "to": to, "purpose": purpose, "verdict": report.verdict}, who=who, at=now,
    )  # fmt: skip
    words = _LETTER.format(
        pack=pack.resolve().name, matter=about.get("matter", ""), copy=about.get("copy", ""), mode=about.get("mode"),
        to=to, at=f"{now:%Y-%m-%d %H:%M:%S}", who=who, purpose=purpose or "not stated", bates=_bates(pack),
        fingerprint=fingerprint,
    )  # fmt: skip
    letter = _written(pack.resolve(), words)
    if as_json:
        output.data({"letter": str(letter), "fingerprint": fingerprint, "verdict": report.verdict})
    else:
        output.lines(str(letter))
        if about.get("copy") == "counsel":
            output.note("this is the counsel copy. It holds what is meant for the provider's own counsel only.")
    return 0


def _bates(pack: Path) -> str:
    """Every run of numbers that the pack shows."""
    path = pack / "data/logs/bates.csv"
    if not path.is_file():
        return "none"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["first"], row["last"]) for row in csv.DictReader(file) if row["state"] == "in this pack"]
    runs: list[list[str]] = []
    for first, last in rows:
        if runs and _number(first) == _number(runs[-1][1]) + 1:
            runs[-1][1] = last
        else:
            runs.append([first, last])
    return ", ".join(f"{first} to {last}" for first, last in runs) or "none"


def _number(bates: str) -> int:
    return int(bates[len(bates.rstrip("0123456789")) :])


def _written(pack: Path, words: str) -> Path:
    """Beside the pack, in a file of its own. Raises StorageError."""
    for number in range(1, MAX_LETTERS + 1):
        path = pack.with_name(f"{pack.name}.release{'' if number == 1 else f'-{number}'}.txt")
        try:
            with path.open("x", encoding="utf-8", newline="\r\n") as file:
                file.write(words)
        except FileExistsError:
            continue
        except OSError as error:
            raise StorageError(
                f"{path.name} could not be written.", why=error.strerror or "",
                next_step="The release is in the custody log; make room beside the pack and run the command again.",
            ) from error  # fmt: skip
        return path
    raise StorageError(f"There are {MAX_LETTERS} letters of this pack.", next_step="Move some away.")
