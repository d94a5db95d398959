"""Keeps credentials out of the vault: the last look at a request before it is stored."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote, quote_plus

from psa_evidence.errors import SourceError
from psa_evidence.records import Kind
from psa_evidence.spi import REMOVED, Below, Exchange, Progress, Recorder, Sighting

BEARERS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
"""Request headers that carry credentials by their nature: only REMOVED may stand in them."""


class GuardedRecorder:
    """A Recorder that refuses an exchange whose request holds a secret, before anything of it is written."""

    def __init__(self, inner: Recorder, secrets: Collection[str]) -> None:
        self._inner = inner
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        self._texts = tuple(sorted(forms))
        self._bytes = tuple(form.encode() for form in self._texts)

    @property
    def progress(self) -> Progress:
        return self._inner.progress

    def keep(self, exchange: Exchange, sightings: Sequence[Sighting] = (), *, unit: str | None = None,
             basis: str = "") -> None:  # fmt: skip
        """Raises SourceError, storing nothing, when a credential stands in the request."""
        if place := self._found(exchange):
            raise SourceError(
                f"A credential stands in the {place} of a request; the exchange was not stored.",
                why="The connector must put a placeholder where a credential stood.",
                next_step="Report it to the author of the connector.",
            )
        self._inner.keep(exchange, sightings, unit=unit, basis=basis)

    def done(self, unit: str, basis: str = "") -> bool:
        return self._inner.done(unit, basis)

    def known(self, kind: Kind, ids: Sequence[str]) -> set[str]:
        return self._inner.known(kind, ids)

    def changed_since(self, resource: str) -> datetime | None:
        return self._inner.changed_since(resource)

    def asked(self, resource: str, count: int) -> None:
        self._inner.asked(resource, count)

    def received(self, resource: str, count: int) -> None:
        self._inner.received(resource, count)

    def missing(self, resource: str, reason: str, *, count: int | None = None, detail: str = "",
                below: Below | None = None) -> None:  # fmt: skip
        self._inner.missing(resource, reason, count=count, detail=detail, below=below)

    def fact(self, name: str, value: str | float | bool | None) -> None:
        self._inner.fact(name, value)

    def present(self, kind: Kind, ids: Iterable[str], *, complete: bool, clients: Sequence[str] = (),
                parent: str | None = None, problem: str = "") -> None:  # fmt: skip
        self._inner.present(kind, ids, complete=complete, clients=clients, parent=parent, problem=problem)

    def _found(self, exchange: Exchange) -> str:
        """The part of the request that holds a credential, or nothing."""
        for name, value in exchange.request_headers:
            if name.lower() in BEARERS and REMOVED not in value:
                return "headers"
        if not self._texts:
            return ""
        headers = "\n".join(value for _, value in exchange.request_headers)
        for text, data in zip(self._texts, self._bytes, strict=True):
            if text in exchange.url:
                return "address"
            if text in headers:
                return "headers"
            if exchange.request_body and data in exchange.request_body:
                return "body"
        return ""


def _forms(secret: str) -> tuple[str, ...]:
    """A secret as it stands in text, in an address, and encoded alone."""
    return (secret, quote(secret, safe=""), quote_plus(secret), base64.b64encode(secret.encode()).decode())
