"""Faults of paging: a page that comes twice, a row that is left out."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from psa_evidence.simulator.knobs import Knobs
from psa_evidence.simulator.listing import Listings, Page
from psa_evidence.simulator.query import Query

REMEMBERED = 4096
"""Forward-only pages whose predecessor is known: three numbers each."""


class PageFaults:
    """Stands before the lists. Without a knob turned it only remembers where forward-only pages began."""

    def __init__(self, listings: Listings) -> None:
        self._listings = listings
        self._began: OrderedDict[tuple[str, str, str, int], int] = OrderedDict()

    def page(self, knobs: Knobs, number: int, resource: str, query: Query) -> Page:
        """The page that request `number` gets. Its `more` is that of the page asked for, so that a reader goes on."""
        if knobs.hits(knobs.repeated_page_share, "repeated", number):
            page = self._again(resource, query)
        else:
            page = self._listings.page(resource, query)
            self._remember(resource, query, page)
        rows = page.rows
        if len(rows) > 1 and knobs.hits(knobs.lost_row_share, "lost", number):
            middle = len(rows) // 2
            page.rows = [*rows[:middle], *rows[middle + 1 :]]
        return page

    def _again(self, resource: str, query: Query) -> Page:
        """The page before; the page itself when there is none."""
        if query.forward_only:
            began = self._began.get(_key(resource, query, query.page_id), query.page_id)
            return self._listings.page(resource, replace(query, page_id=began))
        page = self._listings.page(resource, replace(query, page=max(1, query.page - 1)))
        page.more = query.page < page.last
        return page

    def _remember(self, resource: str, query: Query, page: Page) -> None:
        if query.forward_only and page.more:
            self._began[_key(resource, query, page.end_id)] = query.page_id
            while len(self._began) > REMEMBERED:
                self._began.popitem(last=False)


def _key(resource: str, query: Query, page_id: int) -> tuple[str, str, str, int]:
    return resource, query.conditions, query.child_conditions, page_id
