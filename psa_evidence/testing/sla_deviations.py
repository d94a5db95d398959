"""The vectors of other projects that mean something else than docs/sla.md, each with the rule that says so.

A vector is known by its id and by what its source expects: a vector of the same name in another file is none of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Deviation:
    """The engine gives `ours` (UTC ISO 8601, or seconds) where the source says `theirs`, by `rule` of docs/sla.md."""

    rule: int
    ours: str | int
    theirs: str | int
    why: str


DEVIATIONS: Final[Mapping[str, Deviation]] = {
    "biz-013": Deviation(
        1, "2006-01-08T12:00:00Z", "2006-01-15T11:00:00Z", "due at the close, not at the next opening"
    ),
    "working_hours-081": Deviation(2, 90_000, 86_400, "the day on which the clock goes back is 25 hours long"),
    "rickar_cal-017": Deviation(
        3, "2020-04-06T09:00:00Z", "2020-04-04T09:00:00Z", "zero seconds from outside hours end at the next opening"
    ),
    "moment_business_time-033": Deviation(
        5, "2015-02-26T16:59:59Z", "2015-02-27T09:00:00.255000Z", "whole seconds: 0.555 s is none"
    ),
    "moment_business_time-052": Deviation(
        5, "2015-02-26T16:12:34Z", "2015-02-26T16:12:33.445000Z", "whole seconds: 0.555 s is none"
    ),
    "moment_business_time-053": Deviation(
        5, "2015-02-27T17:00:00Z", "2015-02-27T16:59:59.445000Z", "whole seconds: 0.555 s is none"
    ),
    "moment_business_time-054": Deviation(
        5, "2015-02-25T17:00:00Z", "2015-02-25T16:59:59.545000Z", "whole seconds: 0.555 s is none"
    ),
    "opening_hours_js-037": Deviation(7, 457_200, 453_600, "Friday's shift is open until 01:00 on Saturday"),
}
