"""Which client a matter means: its PSA id, its identifier, its name, or a part of the name that fits only one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Final, Protocol, TypeVar

from psa_evidence.errors import AmbiguousError, ConfigurationError

NEAREST: Final = 3


class Named(Protocol):
    """A client as a vault lists it."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def identifier(self) -> str: ...


C = TypeVar("C", bound=Named)
C_co = TypeVar("C_co", bound=Named, covariant=True)


class KnowsClients(Protocol[C_co]):
    """A vault, as far as its clients go."""

    def clients(self, connection: str | None = None) -> Iterable[C_co]: ...


def resolve_client(vault: KnowsClients[C], text: str, *, connection: str | None = None) -> C:
    """The one client of a vault that `text` means (see `match_client`)."""
    return match_client(vault.clients(connection), text)


def match_client(clients: Iterable[C], text: str) -> C:
    """The one client that `text` means; exact id, identifier or name win over a part of the name.

    Raises ConfigurationError when none fits and AmbiguousError when several do.
    """
    known = sorted(clients, key=lambda c: (c.name.casefold(), c.id))
    found = candidates(known, text)
    if len(found) == 1:
        return found[0]
    if found:
        raise _several(found)
    raise _none(known, text.strip().casefold())


def candidates(clients: Iterable[C], text: str) -> list[C]:
    """All clients that `text` may mean, ordered by name: those of the best way in which any fits."""
    known = sorted(clients, key=lambda c: (c.name.casefold(), c.id))
    wanted = text.strip().casefold()
    for found in (
        [c for c in known if c.id == text.strip()],
        [c for c in known if c.identifier.casefold() == wanted],
        [c for c in known if c.name.strip().casefold() == wanted],
        [c for c in known if wanted and wanted in c.name.casefold()],
    ):
        if found:
            return found
    return []


def called(client: Named) -> str:
    """How people call a client: by its name, or where the PSA has none by its identifier or id."""
    return (client.name.strip() and client.name) or client.identifier.strip() or f"client {client.id}"


def name_for(clients: Iterable[C], client: C) -> str:
    """What a file calls a client so that `match_client` finds it again: its name; where that is empty or means another
    client too its identifier, or else its id."""
    known = list(clients)
    for text in (client.name, client.identifier):
        if text.strip() and [c.id for c in candidates(known, text)] == [client.id]:
            return text
    return client.id


def _several(found: Sequence[Named]) -> AmbiguousError:
    shown = ", ".join(f"{c.name} (identifier {c.identifier}, id {c.id})" for c in found[:NEAREST])
    more = f" and {len(found) - NEAREST} more" if len(found) > NEAREST else ""
    return AmbiguousError(
        f"the name fits {len(found)} clients: {shown}{more}",
        next_step="give the identifier or the id of one of them as the client",
    )


def _none(known: Sequence[Named], wanted: str) -> ConfigurationError:
    by_name = {c.name.casefold(): c.name for c in known}
    near = [by_name[n] for n in difflib.get_close_matches(wanted, list(by_name), n=NEAREST, cutoff=0.4)]
    hint = f"; near: {', '.join(near)}" if near else ""
    return ConfigurationError(
        f"none of the {len(known)} clients has this name, identifier or id{hint}",
        why="" if known else "no client is known yet",
        next_step="run `psa-evidence clients --find PART` to see the names, or capture the client first",
    )
