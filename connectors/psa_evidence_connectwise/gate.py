"""Waiting for a place in the window, first come first served; one gate for each event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType

from psa_evidence_connectwise.window import Window

LOOK_AGAIN_SECONDS = 0.25
"""A place that another loop of this process gave back is seen after this time."""


class Gate:
    """`async with gate:` holds one place."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        if not self._waiting and self.window.enter():
            return
        loop = asyncio.get_running_loop()
        while True:
            turn = loop.create_future()
            self._waiting.append(turn)
            look = loop.call_later(LOOK_AGAIN_SECONDS, _wake, turn)
            try:
                await turn
            except BaseException:
                self._call_next()  # the turn may have been ours already
                raise
            finally:
                look.cancel()
                if turn in self._waiting:
                    self._waiting.remove(turn)
            if self.window.enter():
                self._call_next()  # the window may have grown by more than one
                return

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.window.leave()
        self._call_next()

    def _call_next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return


def _wake(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)
