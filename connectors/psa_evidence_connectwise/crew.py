"""Work that lists find and a crew does, page by page, so that no run holds more than a few pages of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from psa_evidence.spi import Progress

WAITING = 2000
"""Pieces of work that wait; whoever finds more waits too."""

Work = Callable[[], Awaitable[None]]


class Crew:
    """`async with Crew(...) as crew`: `await crew.add(work)`; leaving waits until all is done.

    The first error of any work stops the rest and is raised by `add` or on leaving.
    """

    def __init__(self, size: int, progress: Progress, task: str) -> None:
        self._size = size
        self._progress = progress
        self._task = task
        self._queue: asyncio.Queue[Work | None] = asyncio.Queue(WAITING)
        self._hands: list[asyncio.Task[None]] = []
        self._found = 0
        self._failed: asyncio.Event = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._progress.start(self._task, None)
        self._hands = [asyncio.ensure_future(self._hand()) for _ in range(self._size)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is None:
                for _ in self._hands:
                    await self._put(None)
                await asyncio.gather(*self._hands)
        finally:
            for hand in self._hands:
                hand.cancel()
            await asyncio.gather(*self._hands, return_exceptions=True)
            self._progress.finish(self._task)

    async def add(self, work: Work) -> None:
        self._found += 1
        await self._put(work)

    async def _put(self, work: Work | None) -> None:
        """Waits for room, but not for a crew that is gone."""
        while True:
            if self._failed.is_set():
                await asyncio.gather(*self._hands)  # raises what went wrong
            try:
                self._queue.put_nowait(work)
            except asyncio.QueueFull:
                await asyncio.wait(
                    [asyncio.ensure_future(asyncio.sleep(0.02)), *(h for h in self._hands if not h.done())],
                    return_when=asyncio.FIRST_COMPLETED,
                )
            else:
                return

    async def _hand(self) -> None:
        try:
            while (work := await self._queue.get()) is not None:
                await work()
                self._progress.advance(self._task, total=self._found)
        except BaseException:
            self._failed.set()
            raise
