"""Checks 10.4 to 10.6: renewals cover what they say, times follow the chain, and which seals existed when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from psa_evidence.format import FormatError, Manifest, Renewal, Seal, WitnessRenewal, WitnessToken, sha256
from psa_evidence.format.witness import renewal_path
from psa_evidence.verify.names import shown
from psa_evidence.verify.report import Checklist, counted

if TYPE_CHECKING:
    from psa_evidence.format.timestamp import Verdict

TOLERANCE: Final = timedelta(minutes=10)
"""Between the clock of whoever sealed and an authority's. A seal is stamped some seconds after it was made."""

Seals = Mapping[int, tuple[Seal, bytes]]


class Judged(Protocol):
    """A judged token, as `psa_evidence.verify.time` has it."""

    @property
    def claim(self) -> WitnessToken: ...
    @property
    def renewal(self) -> int | None: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def at(self) -> datetime | None: ...


def check_renewals(checks: Checklist, manifest: Manifest, files: Mapping[str, bytes], seals: Seals,
                   judged: Sequence[Judged]) -> None:  # fmt: skip
    """Check 10.4."""
    times = {each.claim.path: each.at for each in judged}
    for renewal in manifest.witness.renewals:
        if renewal.path in files and (problem := _renewal_problem(renewal, files, seals, times)):
            checks.fail("10.4", problem, renewal.path)
    count = len(manifest.witness.renewals)
    checks.settle("10.4", f"{counted(count, 'renewal')}, each over its seal and the earlier time-stamps" if count
                  else "no time-stamp was renewed")  # fmt: skip


def _renewal_problem(renewal: WitnessRenewal, files: Mapping[str, bytes], seals: Seals,
                     times: Mapping[str, datetime | None]) -> str | None:  # fmt: skip
    try:
        document = Renewal.read(files[renewal.path])
    except FormatError as error:
        return shown(str(error))
    if (document.seal, document.number) != (renewal.seal, renewal.number):
        return "belongs to another seal or number"
    if renewal.seal not in seals or document.sha256 != sha256(seals[renewal.seal][1]):
        return "renews another seal"
    if not renewal.tokens:
        return "no time-stamp is over it"
    earlier = renewal_path(renewal.seal, renewal.number - 1)
    covered = dict(document.covers)
    if renewal.number > 1 and earlier not in covered:
        return "does not cover the renewal before it"
    if renewal.number < 1 or not any(path in times for path in covered):
        return "covers no time-stamp"
    for path, digest in covered.items():
        if path not in files:
            return f"covers {shown(path)}, which is not in the pack"
        if sha256(files[path]) != digest:
            return f"covers other bytes than those of {shown(path)}"
    made = [at for token in renewal.tokens if (at := times.get(token.path)) is not None]
    before = [at for path in covered if (at := times.get(path)) is not None]
    if made and before and min(made) < max(before):
        return "is older than a time-stamp that it covers"
    return None


def check_order(checks: Checklist, seals: Seals, judged: Sequence[Judged]) -> None:
    """Check 10.5: no seal is stamped before it says it was made, itself or through a later one."""
    sealed: dict[int, datetime] = {}
    for number, (seal, _) in sorted(seals.items()):
        at = _instant(seal.sealed_at)
        if at is None:
            checks.fail("10.5", "states no instant at which it was made", f"seal {number}")
            continue
        if number - 1 in sealed and at < sealed[number - 1] - TOLERANCE:
            checks.fail("10.5", f"says it was made before seal {number - 1}", f"seal {number}")
        sealed[number] = at
    for number, at in sealed.items():
        first = existed_before(number, seals, judged)
        if first is not None and first.at is not None and first.at < at - TOLERANCE:
            checks.fail(
                "10.5", f"says it was made at {_shown(at)}, but was stamped at {_shown(first.at)} already",
                f"seal {number}",
            )  # fmt: skip
    checks.settle("10.5", f"no seal is stamped before it was made (within {TOLERANCE // timedelta(minutes=1)} minutes)")


def existed_before(number: int, seals: Seals, judged: Sequence[Judged]) -> Judged | None:
    """The earliest token over this seal or a later one, as far as the pack holds the chain without a gap."""
    last = number
    while last + 1 in seals:
        last += 1
    found = [each for each in judged if number <= each.claim.seal <= last and each.at is not None]
    return min(found, key=lambda each: (each.at, each.claim.path), default=None)


def check_coverage(checks: Checklist, manifest: Manifest, seals: Seals, judged: Sequence[Judged]) -> None:
    """Check 10.6."""
    owed = manifest.witness.owed
    stamped = {token.seal for token in manifest.witness.tokens}
    if list(owed) != sorted(set(owed)) or not set(owed) <= {s.number for s in manifest.seals} or set(owed) & stamped:
        checks.fail("10.6", "a token is said to be owed on a seal that has one, or is not in the pack")
    good = [each for each in judged if each.renewal is None and not each.verdict.refused]
    witnessed: dict[int, Judged] = {}
    waiting = []
    for seal in manifest.seals:
        first = existed_before(seal.number, seals, good)
        if first is not None:
            witnessed[seal.number] = first
        elif seal.number in owed:
            waiting.append(seal.number)
        else:
            checks.fail("10.6", "neither witnessed nor said to wait for a witness", f"seal {seal.number}")
    words = "; ".join(_sentences(witnessed))
    if waiting:
        words += ("; " if words else "") + f"time not yet witnessed: {_numbers(waiting)}"
    proved = all(each.verdict.proved for each in witnessed.values())
    checks.settle("10.6", words, "inconclusive" if not proved else "not witnessed" if waiting else "pass")


def _sentences(witnessed: Mapping[int, Judged]) -> list[str]:
    """One for each run of seals that the same token covers."""
    runs: dict[str, list[int]] = {}
    tokens = {each.claim.path: each for each in witnessed.values()}
    for number, each in sorted(witnessed.items()):
        runs.setdefault(each.claim.path, []).append(number)
    said = []
    for path, numbers in list(runs.items())[:5]:
        each = tokens[path]
        if each.verdict.token is None or each.at is None:
            continue
        accuracy = each.verdict.token.accuracy
        within = f" (accuracy {accuracy.total_seconds():g} s)" if accuracy is not None else ""
        doubt = "" if each.verdict.proved else "stated, not proved: "
        said.append(
            f"{doubt}{_numbers(numbers)} existed before {_shown(each.at)}{within}, says "
            f"{shown(each.verdict.authority)} (serial {each.verdict.token.serial}, policy {each.verdict.token.policy})"
        )
    if len(runs) > 5:
        said.append(f"and {counted(len(runs) - 5, 'further time')} for other seals")
    return said


def _numbers(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"seal {numbers[0]}"
    if list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"seals {numbers[0]} to {numbers[-1]}"
    return "seals " + ", ".join(map(str, numbers))


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _shown(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
