"""Step 10: who witnessed that the seals existed, and since when at the latest.

A token over seal n covers, through the chain, every seal before n in the pack. Anchors are the caller's; a root that
the pack brings along is worth nothing. Times are judged as the tokens state them, never by today's clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from psa_evidence.format import FormatError, Manifest, Seal, WitnessToken
from psa_evidence.format.witness import chain_path
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.names import shown
from psa_evidence.verify.report import NO_WITNESS, Checklist, counted
from psa_evidence.verify.sealed import MAX_SEAL
from psa_evidence.verify.time_files import MAX_FILE, claimed
from psa_evidence.verify.time_order import check_coverage, check_order, check_renewals

if TYPE_CHECKING:
    from cryptography import x509

    from psa_evidence.format.timestamp import Verdict

CHECKS: Final = ("10.1", "10.2", "10.3", "10.4", "10.5", "10.6")
NOTHING: Final = "no time-stamp to judge"
NO_ANCHOR: Final = "no anchor was given: give the root certificates of the authorities you trust with --trust FILE"
_ABOUT_PATH: Final = frozenset({"path", "agreement"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A token that could be read, with what is thought of it. `renewal` is None when it is over the seal itself."""

    claim: WitnessToken
    renewal: int | None
    verdict: Verdict

    @property
    def at(self) -> datetime | None:
        return self.verdict.token.at if self.verdict.token is not None else None


def check_time(bag: Bag, checks: Checklist, manifest: Manifest, anchors: Sequence[x509.Certificate]) -> None:
    """Step 10."""
    witness = manifest.witness
    files = claimed(bag, checks, manifest)
    if not witness.tokens and not witness.renewals:
        _nothing(checks, manifest, asked_for=bool(anchors))
        return
    seals = _seals(bag, manifest)
    judged = _judge_all(bag, checks, manifest, files, seals, anchors)
    checks.settle("10.1", f"{counted(len(witness.all_tokens), 'time-stamp')}, as the manifest lists them")
    _settle_tokens(checks, judged, anchors)
    check_renewals(checks, manifest, files, seals, judged)
    check_order(checks, seals, [each for each in judged if not each.verdict.refused])
    check_coverage(checks, manifest, seals, judged)


def _nothing(checks: Checklist, manifest: Manifest, *, asked_for: bool) -> None:
    """No token is claimed: said, and failed or open when the caller gave anchors and so expects one."""
    owed = manifest.witness.owed
    words = NO_WITNESS
    if owed:
        words += f" Time not yet witnessed: {counted(len(owed), 'time-stamp')} asked for and not obtained."
        seals = [seal.number for seal in manifest.seals]
        if not set(owed) <= set(seals) or list(owed) != sorted(set(owed)):
            checks.fail("10.6", "the manifest says that a token is owed on a seal that is not in the pack")
    if asked_for and not owed:
        checks.fail("10.1", "anchors were given, but the pack has no time-stamp")
    checks.settle("10.1", words, "inconclusive" if asked_for else "not witnessed")
    for check in CHECKS[1:]:
        checks.settle(check, NOTHING, "not witnessed")


def _seals(bag: Bag, manifest: Manifest) -> dict[int, tuple[Seal, bytes]]:
    """Seals that can be read, with their bytes; what is wrong with others stands under 7.1."""
    found = {}
    for listed in manifest.seals:
        try:
            data = bag.read(listed.path, MAX_SEAL)
            seal = Seal.read(data)
        except (FormatError, Unreadable):
            continue
        if seal.number == listed.number:
            found[seal.number] = (seal, data)
    return found


def _judge_all(bag: Bag, checks: Checklist, manifest: Manifest, files: dict[str, bytes],
               seals: dict[int, tuple[Seal, bytes]], anchors: Sequence[x509.Certificate]) -> list[Judged]:  # fmt: skip
    """Checks 10.2 and 10.3 for every token, but for their settling, and of 10.1 that certificates can be read."""
    from psa_evidence.format.timestamp import judge  # noqa: PLC0415 - a pack without time-stamps does not wait for it

    judged = []
    chains: dict[str, tuple[x509.Certificate, ...]] = {}
    told: dict[tuple[bytes, x509.Certificate | None], str] = {}
    pairs = [(token, None, seals[token.seal][1] if token.seal in seals else None) for token in manifest.witness.tokens]
    for renewal in manifest.witness.renewals:
        pairs += [(token, renewal.number, files.get(renewal.path)) for token in renewal.tokens]  # type: ignore[misc]
    for token, number, data in pairs:
        if token.path not in files:
            continue  # fails under 10.1
        if data is None:
            checks.fail("10.2", "what it is said to cover is not in the pack or cannot be read", token.path)
            continue
        if token.authority not in chains:
            chains[token.authority] = _chain(bag, checks, token.authority)
        verdict = judge(files[token.path], data, anchors=anchors, others=chains[token.authority])
        for step in verdict.steps:
            if step.state == "fails":
                checks.fail("10.3" if step.name in _ABOUT_PATH else "10.2", step.detail, token.path)
        if verdict.token is not None and token.stated_time != _text(verdict.token.at):
            checks.fail("10.2", "states another time than the manifest says", token.path)
        if verdict.token is not None:
            stated = verdict.token.content, verdict.signer
            if told.setdefault(stated, token.path) != token.path:
                words = "is the statement of another time-stamp of the pack, under a second name"
                checks.fail("10.2", words, token.path)
        judged.append(Judged(token, number, verdict))
    return judged


def _chain(bag: Bag, checks: Checklist, authority: str) -> tuple[x509.Certificate, ...]:
    """The certificates that came with its tokens, where they are in the pack."""
    from psa_evidence.format.timestamp_certificates import from_file  # noqa: PLC0415

    if (path := chain_path(authority)) not in bag.container.files:
        return ()
    try:
        return from_file(bag.read(path, MAX_FILE))
    except (FormatError, Unreadable) as error:
        checks.fail("10.1", str(error), path)
        return ()


def _settle_tokens(checks: Checklist, judged: list[Judged], anchors: Sequence[x509.Certificate]) -> None:
    names = ", ".join(dict.fromkeys(shown(each.verdict.authority) for each in judged))
    checks.settle("10.2", f"each covers exactly its seal, is signed by {names}, for time-stamping only")
    if not anchors:
        checks.settle("10.3", NO_ANCHOR, "inconclusive")
        return
    from psa_evidence.format.timestamp_certificates import fingerprint, name  # noqa: PLC0415

    used = {fingerprint(each.verdict.path.anchor): each.verdict.path.anchor for each in judged if each.verdict.path}
    words = "; ".join(f"{shown(name(c.subject))}, SHA-256 {digest}" for digest, c in sorted(used.items()))
    checks.settle("10.3", f"each leads, at its own time, to an anchor that you gave: {words}")


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
