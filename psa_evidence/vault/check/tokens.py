"""The step on time-stamp tokens: all that can be said of them without a root that somebody trusts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from psa_evidence.errors import EvidenceError
from psa_evidence.format import Seal, sha256
from psa_evidence.format.timestamp import judge
from psa_evidence.format.witness import token_path
from psa_evidence.vault.check.logs import STAMPED
from psa_evidence.vault.check.report import Findings
from psa_evidence.vault.durable import Disk
from psa_evidence.vault.layout import Layout
from psa_evidence.vault.witness_files import WitnessFiles

_NAME: Final = re.compile(r"(?P<covers>(?P<seal>[0-9]{6,})(?:\.renewal-[0-9]+)?)\.(?P<authority>[a-z0-9-]+)\.tsr\Z")


def check_tokens(layout: Layout, sealed: Mapping[int, Seal], custody: list[dict[str, Any]], step: int, title: str,
                 found: Findings) -> None:  # fmt: skip
    """Each token covers the bytes beside it and is signed by who may sign it; none that was obtained is gone."""
    for entry in custody:
        if entry.get("action") in STAMPED:
            _obtained(layout, entry["detail"], step, found)
    files = WitnessFiles(layout.root, Disk())
    bearing: set[int] = set()
    count = 0
    for path in sorted(layout.seals.glob("*.tsr")) if layout.seals.is_dir() else ():
        name = _NAME.match(path.name)
        if name is None or int(name["seal"]) not in sealed:
            continue  # the step on unknown files names it
        if name["covers"] == name["seal"]:
            bearing.add(int(name["seal"]))
            count += 1
        if problem := _problem(files, f"{name['covers']}.json", path.name, name["authority"]):
            found.damaged(
                step, f"seals/{path.name}", f"is no good time-stamp of seals/{name['covers']}.json: {problem}"
            )
    if sealed:
        found.unchecked.append(
            "Whether the time-stamp tokens lead to an authority that you trust: `psa-evidence verify --trust FILE` "
            "checks those of a pack."
            if count
            else "When the seals were made: no time-stamp token is in this vault."
        )
    found.close(step, title, f"{count:,} tokens for {len(bearing):,} of {len(sealed):,} seals")


def _problem(files: WitnessFiles, covers: str, name: str, authority: str) -> str:
    """Why the token does not hold, by all but the path to a root; nothing when it does."""
    try:
        response, document = files.read(f"seals/{name}"), files.read(f"seals/{covers}")
        verdict = judge(response, document, anchors=(), others=files.chain(authority))
    except EvidenceError as error:
        return f"{error.what} {error.why}".strip()
    return "; ".join(s.detail for s in verdict.steps if s.state == "fails")


def _obtained(layout: Layout, detail: Mapping[str, Any], step: int, found: Findings) -> None:
    """The token that the custody log says was obtained is there, with the same bytes."""
    where = token_path(detail["seal"], detail["authority"], detail["renewal"])
    try:
        data = (layout.root / where).read_bytes()
    except OSError:
        found.damaged(step, where, "is missing; the custody log says that it was obtained")
        return
    if sha256(data) != detail["sha256"]:
        found.damaged(step, where, "is not the token that the custody log says was obtained")
