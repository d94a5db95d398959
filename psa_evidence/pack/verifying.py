"""The checks anybody can make on a pack: for the report's chapter and for `data/HOW TO VERIFY.txt`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FILE: Final = "data/HOW TO VERIFY.txt"


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    command: str
    proves: str
    not_proves: str


CHECKS: Final = (
    Check(
        "Every file is the one that was packed",
        "sha256sum -c manifest-sha256.txt && sha256sum -c tagmanifest-sha256.txt   (in the pack's folder; on macOS: "
        "shasum -a 256 -c; on Windows: psa-evidence verify)",
        "No listed file was changed or lost since the pack was made, provided the two manifests are the original ones.",
        "Who made the pack, when, or that nothing was added beside the listed files.",
    ),
    Check(
        "The folder is a whole bag",
        "python -m bagit --validate FOLDER   (the bagit library of the Library of Congress)",
        "The same, and that no file of data/ is unlisted and the total size is as stated.",
        "Anything about what the files say.",
    ),
    Check(
        "Everything, down to the sealed records",
        "psa-evidence verify FOLDER",
        "Also that each native is the record that a seal commits to, that seals follow each other, and that the PDF "
        "carries this manifest.",
        "That the seal was made at the time it states: see the chapter on integrity.",
    ),
    Check(
        "The PDF belongs to these files",
        "pdfdetach -savefile manifest.json -o out.json 'data/Evidence Pack.pdf' && cmp out.json data/manifest.json",
        "The PDF was made together with this manifest and so with these natives and tables.",
        "That a printed copy is of this PDF; compare its Bates numbers and digests by eye.",
    ),
)

NOT_PROVED: Final = (
    (
        "Compare the SHA-256 of tagmanifest-sha256.txt (the pack's fingerprint, which psa-evidence verify prints as "
        "check 2.2) with a value that reached you another way, such as a letter or an earlier e-mail: whoever can "
        "replace the whole pack can replace its manifests too."
    ),
    (
        "No check proves that a record is true, that a person who is named wrote it, or that a record was not left "
        "out of the PSA. What was asked for and did not come is listed in the chapter on scope."
    ),
)


def text() -> bytes:
    """`data/HOW TO VERIFY.txt`: UTF-8, lines ended by CRLF so that every editor shows them."""
    lines = ["HOW TO VERIFY THIS PACK", "", "Open a terminal in the folder that holds bagit.txt.", ""]
    for number, check in enumerate(CHECKS, 1):
        lines += [
            f"{number}. {check.name}", f"   {check.command}", f"   It proves: {check.proves}",
            f"   It does not prove: {check.not_proves}", "",
        ]  # fmt: skip
    lines += [*NOT_PROVED, ""]
    return "\r\n".join(lines).encode()
