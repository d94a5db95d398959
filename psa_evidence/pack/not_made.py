"""Files of a pack that `rebuild` does not make again, in groups, each with what checks it instead."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

_DIGESTS: Final = "psa-evidence verify checks nothing of them but the digest"
_GROUPS: Final[tuple[tuple[str, str, str], ...]] = (
    ("data/attachments/*", "attachments, readable names", "psa-evidence verify holds them to the natives (5.5)"),
    ("data/certificates/*", "drafts of certificates", _DIGESTS),
    (
        "data/*.pdf",
        "pages of the PDFs",
        "not laid out again; psa-evidence verify checks numbers, digests and seals, not what a page shows (8)",
    ),
    ("data/tables/*.xlsx", "the workbook", "psa-evidence verify holds it to the CSV tables (9.11)"),
    ("data/logs/*", "logs", "psa-evidence verify holds them to natives, pages and seals (7.4, 8.5, 9.3, 9.13)"),
    ("data/manifest.json", "the manifest", "its figures are counted again; psa-evidence verify checks all of it (4)"),
    ("data/terms.json", "the terms", "what is made again is made by them; the report prints them"),
    ("data/HOW TO VERIFY.txt", "how to verify", _DIGESTS),
    ("data/proofs/*", "proofs", "psa-evidence verify checks them (6)"),
    ("seals/*", "seals and time-stamps", "psa-evidence verify checks them (7, 10)"),
    (
        "*.txt",
        "files of the bag",
        "psa-evidence verify checks the manifests, and of bag-info.txt size and seal (2, 3, 8.4)",
    ),
)
"""Pattern of the paths, what they are, what checks them. `*` stands for slashes too; the first that fits counts."""
_OTHERS: Final = ("other files", _DIGESTS)


@dataclass(frozen=True, slots=True)
class NotMade:
    """`files` is their number, `first` the path of one of them."""

    what: str
    files: int
    first: str
    instead: str


def files_not_made(files: Iterable[str], compared: AbstractSet[str]) -> tuple[NotMade, ...]:
    """`files` are all of the pack in the order of their paths, `compared` those that were made again."""
    paths: dict[tuple[str, str], list[str]] = {group[1:]: [] for group in _GROUPS}
    for path in files:
        if path not in compared:
            group = next((rest for pattern, *rest in _GROUPS if fnmatchcase(path, pattern)), _OTHERS)
            paths.setdefault((group[0], group[1]), []).append(path)
    return tuple(NotMade(what, len(found), found[0], instead) for (what, instead), found in paths.items() if found)
