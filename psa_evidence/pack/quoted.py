"""The matter file's own words, as a copy quotes them: terms that it masks in records are masked in them as well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from psa_evidence.errors import ConfigurationError
from psa_evidence.matter import Contract, Matter, Promise
from psa_evidence.pack.masking import Masker

OWN = "msp"
"""The party that makes the pack: its name is no secret of the client's, and files say where they come from."""


def refuse_masked_names(matter: Matter, client: str, masker: Masker) -> None:
    """What names the pack is on every page, in names of files and in logs, and is not masked. Raises
    ConfigurationError, which does not show the term."""
    names = {
        "the matter's name": [matter.name],
        "the client's name": [client],
        "the name of the agreement": [matter.agreement or ""],
        "the name of the MSP": [name for role, name in matter.parties if role.casefold() == OWN],
    }
    found = [what for what, texts in names.items() if any(map(masker.stands_in, texts))]
    if found:
        raise ConfigurationError(
            f"A term that [copies.{matter.copy}.mask] masks stands in {' and in '.join(found)}.",
            why="It is printed on every page and stands in names of files, and is not masked there.",
            next_step="Take the term out of the mask, or give the matter a name without it.",
        )


def masked_quotes(matter: Matter, masker: Masker) -> tuple[Matter, int]:
    """The matter with masked clauses, words on who signed, and parties, and in how many of these a term stood.

    What names the matter (its title, its client, the agreement) stays: `refuse_masked_names`.
    """
    if not masker.terms:
        return matter, 0
    changed = 0

    def mask(text: str) -> str:
        nonlocal changed
        masked = masker.masked(text)
        changed += masked != text
        return masked

    return (
        replace(
            matter,
            promises=_promises(matter.promises, mask),
            contract=None if matter.contract is None else _contract(matter.contract, mask),
            parties=tuple((role, name if role.casefold() == OWN else mask(name)) for role, name in matter.parties),
        ),
        changed,
    )


def _contract(contract: Contract, mask: Callable[[str], str]) -> Contract:
    return replace(
        contract,
        remedies=_promises(contract.remedies, mask),
        exclusions=_promises(contract.exclusions, mask),
        client_duties=_promises(contract.client_duties, mask),
        signature=mask(contract.signature),
    )


def _promises(promises: tuple[Promise, ...], mask: Callable[[str], str]) -> tuple[Promise, ...]:
    return tuple(replace(each, text=mask(each.text)) for each in promises)
