"""Bates numbers from the ledger of a matter, and into it: a file of chained lines beside the matter file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from psa_evidence.errors import ConfigurationError, StorageError, VaultError
from psa_evidence.format import sha256
from psa_evidence.matter import ledger as ledgers
from psa_evidence.matter.ledger import Issued, Ledger
from psa_evidence.pack.on_disk import arranged
from psa_evidence.spi import Bates, Exhibit, PackContent, Pagination
from psa_evidence.vault import Disk
from psa_evidence.vault.chain import ChainedLog

COLUMNS = ("first", "last", "exhibit", "content_sha256", "state")
IN_PACK, EARLIER = "in this pack", "issued earlier, not in this pack"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one pack. `path` is the ledger's file, None when there is none and each pack begins at 1."""

    path: Path | None
    ledger: Ledger

    @classmethod
    def open(cls, path: Path | None, *, prefix: str = "", matter: str = "",
             custody: Iterable[Mapping[str, Any]] = ()) -> Numbers:  # fmt: skip
        """`custody` are the entries of the vault's custody log: what they state of numbers given under `prefix` must
        stand in this ledger. Raises VaultError when it does not, or the ledger does not hold together;
        ConfigurationError when another matter gives numbers under the prefix."""
        if path is None:
            return cls(None, Ledger())
        log = ChainedLog(path, Disk())
        try:
            read = cls(path, ledgers.read(log.read()))
        except (VaultError, ValueError) as error:
            raise _broken(path, error.what if isinstance(error, VaultError) else str(error)) from error
        lines = log.lines()
        for stated in custody:
            detail = stated.get("detail")
            given = detail.get("bates") if isinstance(detail, Mapping) else None
            if not isinstance(given, Mapping) or given.get("prefix") != prefix:
                continue
            number, head = given.get("entries"), given.get("head")
            if isinstance(number, int) and 0 < number <= len(lines) and sha256(lines[number - 1]) == head:
                continue
            if isinstance(detail, Mapping) and detail.get("matter") != matter:
                raise ConfigurationError(
                    f"The matter {detail.get('matter')!r} gives Bates numbers that begin with {prefix!r} too.",
                    why="Two pages would bear one number.",
                    next_step="Give this matter, or its copy, a bates_prefix of its own.",
                )
            raise _broken(
                path, f"The custody log says that {stated.get('subject')} was made with numbers that it does not have."
            )
        return read

    def placed(self, content: PackContent, without: Sequence[str] = ()) -> PackContent:
        """The content with the exhibits that keep their numbers first, in the order of these, then all others.

        `without` are exhibits that came out with another number of pages than was issued: they get new numbers.
        """
        numbered = {item.exhibit for item in self.ledger.of(content.bates.prefix)} - set(without)
        bates = replace(content.bates, first_exhibit_page=self.ledger.next(content.bates.prefix), issued={})
        if not numbered:
            return replace(content, bates=bates)
        at: dict[str, int] = {}
        digests: dict[str, str] = {}
        for place, exhibit in enumerate(content.exhibits):
            at[exhibit.id] = place
            if exhibit.id in numbered:
                digests[exhibit.id] = digest(content, exhibit)
        kept = self.ledger.kept(content.bates.prefix, digests)
        bates = replace(bates, issued={id_: (item.first, item.pages) for id_, item in kept.items()})
        order = [*(at[id_] for id_ in kept), *(place for id_, place in at.items() if id_ not in kept)]
        return replace(content, bates=bates, exhibits=arranged(content.exhibits, order))

    def given(self, content: PackContent, pagination: Pagination | None) -> tuple[Issued, ...]:
        """The numbers of all exhibits of a pack, in its order."""
        if pagination is None:
            return ()
        prefix = content.bates.prefix
        found = []
        for exhibit in content.exhibits:
            first, last = (int(text.removeprefix(prefix)) for text in pagination.exhibits[exhibit.id])
            found.append(
                Issued(prefix=prefix, exhibit=exhibit.id, content=digest(content, exhibit), first=first,
                       pages=last - first + 1)
            )  # fmt: skip
        return tuple(found)

    def rows(self, bates: Bates, given: Sequence[Issued]) -> tuple[tuple[str, ...], ...]:
        """`data/logs/bates.csv`: every range ever issued under the prefix, whether in the pack or not. The digest of
        what another pack showed is left out: what this pack withholds could be guessed by it."""
        listed = [(item, IN_PACK) for item in given] + [(i, EARLIER) for i in self.ledger.gaps(bates.prefix, given)]
        return tuple(
            (bates.exhibit(i.first), bates.exhibit(i.last), i.exhibit, i.content if state == IN_PACK else "", state)
            for i, state in sorted(listed, key=lambda pair: pair[0].first)
        )

    def keep(self, given: Sequence[Issued], *, now: datetime) -> None:
        """Write new numbers down. Raises StorageError when another build gave numbers meanwhile."""
        if self.path is None:
            return
        known = {(i.prefix, i.first) for i in self.ledger.issued}
        new = sorted((i for i in given if (i.prefix, i.first) not in known), key=lambda i: i.first)
        there = len(self.ledger.issued)
        if new and not ChainedLog(self.path, Disk()).append([i.entry() for i in new], now=now, behind=there):
            raise StorageError(
                "Another build of this matter gave Bates numbers meanwhile.", next_step="Build this pack again."
            )

    def stated(self, prefix: str) -> dict[str, Any]:
        """What the custody log states of the ledger after a build, so that one that is cut off, edited or lost is
        found; nothing without a ledger."""
        if self.path is None:
            return {}
        entries, head = ChainedLog(self.path, Disk()).state()
        return {"bates": {"prefix": prefix, "entries": entries, "head": head}} if entries else {}


def _broken(path: Path, why: str) -> VaultError:
    return VaultError(
        f"The ledger of Bates numbers {path.name} does not hold together.",
        why=why,
        next_step="If the matter file was renamed or moved, give its ledger (.bates.jsonl and .bates.head) the same "
        "name and place; else restore it from a copy. Without it numbers could be given twice, so no pack is built. If "
        "there is none, give the matter another bates_prefix.",
    )


def digest(content: PackContent, exhibit: Exhibit) -> str:
    """SHA-256 of what the pages of an exhibit say, and on which paper and in which zone. Where other exhibits and the
    parts of the report are printed is not in it."""
    said = [content.paper, content.time_zone, content.language, exhibit]
    return hashlib.sha256(_encode(said).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Of what JSON cannot say: the name of a value's type and its fields in their order, an instant in ISO 8601."""
    if isinstance(value, datetime):
        return value.isoformat()
    return [type(value).__name__, *(getattr(value, field.name) for field in fields(value))]


_encode: Final = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False, default=_plain).encode
