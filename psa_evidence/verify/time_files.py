"""Check 10.1: the time-stamps that the manifest claims are all there, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from psa_evidence.format import Manifest, WitnessToken
from psa_evidence.format.witness import AUTHORITY, MAX_RESPONSE, chain_path, renewal_path, token_path
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.report import Checklist

MAX_TOKENS: Final = 10_000
"""Time-stamps of one pack: a seal a day, two authorities, for more than ten years."""

MAX_FILE: Final = MAX_RESPONSE
_TIME_FILE: Final = re.compile(r"seals/(authorities/.*|.*\.tsr|.*\.renewal-.*)", re.DOTALL)


def is_time_file(path: str) -> bool:
    """Whether check 10.1, not 7.1, says if this file belongs into the pack."""
    return _TIME_FILE.fullmatch(path) is not None


def claimed(bag: Bag, checks: Checklist, manifest: Manifest) -> dict[str, bytes]:
    """Check 10.1 but for its settling: the files that are as claimed, by their paths."""
    witness = manifest.witness
    if len(witness.all_tokens) + len(witness.renewals) > MAX_TOKENS:
        checks.fail("10.1", f"more than {MAX_TOKENS:,} time-stamps")
        return {}
    seals = {seal.number for seal in manifest.seals}
    files: dict[str, bytes] = {}
    listed: set[str] = set()
    for path, wanted, seal, digest, authority in _claims(manifest):
        if path != wanted or (authority is not None and not AUTHORITY.match(authority)):
            checks.fail("10.1", "a time-stamp is not at the place of its seal and authority", path)
        elif path in listed:
            checks.fail("10.1", "claimed twice", path)
        elif seal not in seals:
            checks.fail("10.1", f"of seal {seal}, which is not in the pack", path)
        elif (found := bag.sha256(path)) != digest:
            checks.fail("10.1", "claimed, but missing" if found is None else "other bytes than claimed", path)
        else:
            try:
                files[path] = bag.read(path, MAX_FILE)
            except Unreadable as error:
                checks.fail("10.1", str(error), path)
        listed.add(path)
    _check_others(bag, checks, manifest, listed)
    return files


def _claims(manifest: Manifest) -> Iterator[tuple[str, str, int, str, str | None]]:
    """Path claimed, path it must have, seal, digest, authority (None for a renewal's document)."""
    for token in manifest.witness.tokens:
        yield _of(token, None)
    for renewal in manifest.witness.renewals:
        yield renewal.path, renewal_path(renewal.seal, renewal.number), renewal.seal, renewal.sha256, None
        for token in renewal.tokens:
            path, _, seal, digest, authority = _of(token, renewal.number)
            yield path, token_path(renewal.seal, token.authority, renewal.number), seal, digest, authority


def _of(token: WitnessToken, renewal: int | None) -> tuple[str, str, int, str, str | None]:
    return token.path, token_path(token.seal, token.authority, renewal), token.seal, token.sha256, token.authority


def _check_others(bag: Bag, checks: Checklist, manifest: Manifest, listed: set[str]) -> None:
    chains = {chain_path(token.authority) for token in manifest.witness.all_tokens}
    for path in sorted(bag.container.files):
        if is_time_file(path) and path not in listed and path not in chains:
            checks.fail("10.1", "not one of the time-stamps that the manifest lists", path)
