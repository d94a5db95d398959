"""The dossier as what exporters lay out: cover, parts, exhibits, tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.documents import documents
from psa_evidence.pack.dossier import Dossier, Entry
from psa_evidence.pack.events import events
from psa_evidence.pack.exhibits import exhibits
from psa_evidence.pack.on_disk import kept
from psa_evidence.pack.parts import cover, parts
from psa_evidence.pack.run_facts import run_facts
from psa_evidence.pack.tables import tables
from psa_evidence.spi import Bates, Exhibit, FileLimits, PackContent, Progress, Wishes

MEGABYTE: Final = 1_000_000
"""As courts count, and the careful reading where they do not say."""
_TASK = "exhibits"


def content_of(dossier: Dossier, progress: Progress) -> PackContent:
    """Everything a pack says. The same dossier gives the same content."""
    progress.start(_TASK, len(dossier.population.tickets))
    try:
        listed, shown = with_exhibits(dossier, lambda: progress.advance(_TASK))
    finally:
        progress.finish(_TASK)
    matter = dossier.matter
    return PackContent(
        cover=cover.cover(listed),
        parts=parts(listed),
        exhibits=shown,
        tables=tables(listed),
        bates=Bates(prefix=matter.prefix(dossier.client.name)),
        time_zone=matter.time_zone,
        as_of=dossier.as_of,
        paper=matter.paper,
        copy=matter.copy,
        copy_title=matter.copy_title,
        accent=matter.accent,
        footer=matter.legend,
        file_limits=FileLimits(
            pages=matter.file_pages,
            size=None if matter.file_megabytes is None else matter.file_megabytes * MEGABYTE,
        ),
        run=run_facts(listed),
        documents=documents(listed),
        events=events(listed),
        wishes=Wishes(
            certificates=matter.certificates,
            production_profile=matter.production.profile,
            production_volume=matter.production.volume,
            production_images=matter.production.images,
        ),
    )


def with_exhibits(dossier: Dossier, advance: Callable[[], None]) -> tuple[Dossier, Sequence[Exhibit]]:
    """The dossier with the list of its exhibits, and the exhibits; `advance` is called once a ticket."""
    entries: list[Entry] = []
    shown = kept(_listed(dossier, exhibits(dossier, advance), entries))
    return replace(dossier, exhibit_list=tuple(entries)), shown


def _listed(dossier: Dossier, made: Iterable[Exhibit], entries: list[Entry]) -> Iterator[Exhibit]:
    """The exhibits, each entered in the list as it passes."""
    for exhibit in made:
        entries.append(_entry(dossier, exhibit))
        yield exhibit


def _entry(dossier: Dossier, exhibit: Exhibit) -> Entry:
    source = exhibit.sources[0].key if exhibit.sources else ""
    ticket = dossier.ticket.get(source.removeprefix("ticket/")) if source.startswith("ticket/") else None
    if ticket is not None and ticket.entered_at is not None:
        at = f"{ticket.entered_at.astimezone(dossier.zone):%Y-%m-%d}"
    else:
        at = f"captured {wording.utc(dossier.native[source].captured_at)[:10]}" if source in dossier.native else "-"
    return (exhibit.id, exhibit.title, source, at)
