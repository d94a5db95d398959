"""Finished PDFs that are above what `[files]` of the matter file allows: what is never divided is longer by itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from psa_evidence.matter import Matter
from psa_evidence.pack import wording
from psa_evidence.pack.content import MEGABYTE
from psa_evidence.selftest import PagesSeen

_SHOWN: Final = 3
"""Files that a warning names."""


def too_large(
    matter: Matter, payload: Mapping[str, tuple[str, int]], pages: Mapping[str, PagesSeen]
) -> tuple[str, ...]:
    """A warning that names the finished PDFs above the limits, empty when there is none. `payload` has digest and size
    in bytes of each file, `pages` what was read of each PDF; both by its path in the pack."""
    most_pages, most = matter.file_pages or math.inf, (matter.file_megabytes or math.inf) * MEGABYTE
    over = [
        f"{path.removeprefix('data/')!r} ({wording.count(seen.pages, 'page')}, {payload[path][1] / MEGABYTE:,.1f} MB)"
        for path, seen in pages.items()
        if seen.pages > most_pages or payload[path][1] > most
    ]
    if not over:
        return ()
    shown = ", ".join(over[:_SHOWN]) + (f" and {len(over) - _SHOWN:,} more" if len(over) > _SHOWN else "")
    are = "is 1 PDF" if len(over) == 1 else f"are {len(over):,} PDFs"
    whole = "An exhibit, a part of the report and the manifest, which the first PDF carries, are never divided."
    return (f"There {are} above the limits of [files]: {shown}. {whole}",)
