"""The statement at the end of a capture: what the role hides, and what an empty list means."""

from __future__ import annotations

from psa_evidence_connectwise.resources import TICKETS
from psa_evidence_connectwise.rights import RIGHTS
from psa_evidence_connectwise.run import Run


def tell(run: Run, got: dict[str, int]) -> None:
    """Facts and losses that follow from the role. `got`: how many rows of each list came.

    Level My shows the member's own rows only, without any error: what is left out cannot be counted. A list that came
    empty although the role has level None on it is a missing permission, whatever the status said.
    """
    recorder, levels = run.recorder, run.levels
    empty: list[str] = []
    for right in RIGHTS:
        level, rows = levels.level(right.path), got.get(right.path)
        if rows is None:
            continue
        if level == "My":
            recorder.missing(
                right.path, "no permission", detail="the role inquires at level My: lists come shorter, without error"
            )
        elif rows == 0 and level == "None":
            recorder.missing(right.path, "no permission", detail="no rows came, and the role's level is None")
        elif rows == 0:
            empty.append(f"{right.path} ({'level ' + level if level else 'level not known'})")
    recorder.fact("empty_lists", ", ".join(empty) or None)
    recorder.fact("key_member", levels.member)
    if levels.excluded:
        numbers = ", ".join(str(n) for n in levels.excluded)
        recorder.missing(TICKETS.path, "no permission", detail=f"boards hidden from the key: {numbers}")
    recorder.fact("excluded_boards", None if levels.excluded is None else len(levels.excluded))
