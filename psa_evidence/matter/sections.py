"""What every table of a matter file shares: no unknown keys, texts, zones."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=400)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class QuotedSection(Section):
    """A clause of the contract and its words."""

    clause: Text
    text: Annotated[str, Field(min_length=1, max_length=20_000)]


def zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be an IANA time zone such as 'America/New_York' or 'Europe/Berlin'") from None
    return name
