"""Records that are shown now and were not before, though nobody changed them.

A list that is asked for changes does not hold them: the role was widened, a board was opened to the key, a record came
into scope by something that is no change of its own. Their ids are listed, and no capture holds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from psa_evidence.spi import Below
from psa_evidence_connectwise import conditions
from psa_evidence_connectwise.conditions import both, enclosed
from psa_evidence_connectwise.idset import IdSet
from psa_evidence_connectwise.listing import Listing, OnPage, Tally, pull
from psa_evidence_connectwise.run import Run
from psa_evidence_connectwise.sweep import id_pages


async def pull_newly_shown(run: Run, listing: Listing, scope: Sequence[str], on_page: OnPage, tally: Tally) -> None:
    """Behind a list of changes: ask for the ids under each condition of `scope`, which is that of the list without the
    changes, and fetch those that neither `tally` nor an earlier capture has. `on_page` gets their rows. Where there are
    none, the sweep that follows need not ask again."""
    if tally.problem:
        return
    for where in scope:
        strange: list[str] = []
        listed: IdSet | None = IdSet()
        pages = id_pages(run, listing.path, where, "id")
        async for rows in pages:
            if isinstance(rows, str):
                run.recorder.missing(
                    listing.resource, rows, detail="ids in scope could not be listed", below=Below(kind=listing.kind)
                )
                listed = None
                break
            for number, _ in rows:
                if listed is not None:
                    listed.add(number)
            ids = [str(number) for number, _ in rows if number not in tally.seen]
            held = run.recorder.known(listing.kind, ids) if ids else set[str]()
            strange += [one for one in ids if one not in held]
        run.newly_shown += len(strange)
        if listed is not None and not strange:
            run.listed[listing.path, where] = listed
        for batch in conditions.batches("id", strange):
            await pull(run, replace(listing, conditions=both(enclosed(where), batch)), on_page, tally)
