"""Progress as events: the core tells, a listener (bar, JSON lines, test) shows."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives events about long work. Calls are cheap and may come from any thread; none may raise."""

    def start(self, task: str, total: int | None) -> None:
        """A named piece of work begins; `total` steps, None when not known yet."""

    def advance(self, task: str, steps: int = 1, *, total: int | None = None) -> None:
        """`steps` more are done; `total` corrects the expectation."""

    def finish(self, task: str) -> None:
        """The piece of work ended, well or not."""

    def note(self, text: str) -> None:
        """One line for people. Never a secret, never a client's text."""


class Silent:
    """Listens to nothing."""

    def start(self, task: str, total: int | None) -> None:
        pass

    def advance(self, task: str, steps: int = 1, *, total: int | None = None) -> None:
        pass

    def finish(self, task: str) -> None:
        pass

    def note(self, text: str) -> None:
        pass
