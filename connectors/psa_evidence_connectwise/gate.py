"""Waiting for a place in the window; one gate for each event loop.

First come first served, but pages of lists go ahead of what hangs on their rows: each list is read page after page, and
behind a thousand tickets' notes it would be what everybody waits for in the end.
"""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType

from psa_evidence_connectwise.window import Window

LOOK_AGAIN_SECONDS = 0.25
"""A place that another loop of this process gave back is seen after this time."""


class Gate:
    """`async with gate.place():` holds one place."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._looking = False

    def place(self, *, ahead: bool = False) -> Place:
        """`ahead`: before those who wait."""
        return Place(self, ahead=ahead)

    async def enter(self, *, ahead: bool) -> None:
        """Wait for a place; whoever got it must `give_back`."""
        if (ahead or not self._waiting) and self.window.enter():
            return
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        if ahead:
            self._waiting.appendleft(turn)
        else:
            self._waiting.append(turn)
        if not self._looking:
            self._looking = True
            loop.call_later(LOOK_AGAIN_SECONDS, self._look_again, loop)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self.give_back()  # the place was ours already
            elif turn in self._waiting:
                self._waiting.remove(turn)
            raise

    def _look_again(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looking = bool(self._waiting)
        if self._looking:
            loop.call_later(LOOK_AGAIN_SECONDS, self._look_again, loop)
            self._call_next()

    def give_back(self) -> None:
        self.window.leave()
        self._call_next()

    def _call_next(self) -> None:
        """Whoever is called has the place already: those who come in between would take it otherwise, and a list would
        wait behind all that it is ahead of. More than one, when the window has grown."""
        while self._waiting:
            if self._waiting[0].done():  # given up
                self._waiting.popleft()
            elif self.window.enter():
                self._waiting.popleft().set_result(None)
            else:
                return


class Place:
    """Held while its block runs. A class, because contextlib's way costs as much as the waiting."""

    __slots__ = ("_ahead", "_gate")

    def __init__(self, gate: Gate, *, ahead: bool) -> None:
        self._gate, self._ahead = gate, ahead

    async def __aenter__(self) -> None:
        await self._gate.enter(ahead=self._ahead)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._gate.give_back()
