"""A profile says which columns a load file has, what each platform or order calls them, and how dates are written."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Final

from psa_evidence.errors import ConfigurationError
from psa_evidence_loadfile.fields import FIELDS, Line, Value

PROFILES: Final = ("standard", "relativity", "doj-antitrust")
SEVERAL: Final = ";"
"""Between values of a field that has several."""


@dataclass(frozen=True, slots=True)
class Column:
    """`part` of an instant: `date`, `time` or `both`."""

    name: str
    field: str
    part: str = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """`date`, `time` and `both` are formats of `strftime`, with digits only, so that no language enters."""

    name: str
    title: str
    date: str
    time: str
    both: str
    columns: tuple[Column, ...]

    @property
    def wants_md5(self) -> bool:
        return any(column.field == "md5" for column in self.columns)

    def row(self, line: Line) -> list[str]:
        return [self._text(FIELDS[column.field].value(line), column.part) for column in self.columns]

    def _text(self, value: Value, part: str) -> str:
        match value:
            case None:
                return ""
            case datetime():
                return f"{value.astimezone(UTC):{getattr(self, part)}}"
            case tuple():
                return SEVERAL.join(one.replace(SEVERAL, ",") for one in value)
            case _:
                return str(value)


def load(name: str) -> Profile:
    """A profile of this package. Raises ConfigurationError."""
    if name not in PROFILES:
        raise ConfigurationError(
            "There is no load file profile of that name.", next_step=f"Choose among: {', '.join(PROFILES)}."
        )
    return parse(name, (files("psa_evidence_loadfile") / "profiles" / f"{name}.toml").read_text("utf-8"))


def parse(name: str, text: str) -> Profile:
    """Raises ConfigurationError on a field that is not known, a column named twice, or one without a name."""
    raw = tomllib.loads(text)
    columns = tuple(Column(c["name"], c["field"], c.get("part", "both")) for c in raw["columns"])
    names = [column.name for column in columns]
    wrong = [c.field for c in columns if c.field not in FIELDS or c.part not in {"date", "time", "both"}]
    if wrong or len(set(names)) != len(names) or not all(names):
        raise ConfigurationError(f"The load file profile {name} is not valid.", why=", ".join(wrong))
    return Profile(
        name=name, title=raw["title"], date=raw["date"], time=raw["time"], both=raw["both"], columns=columns
    )  # fmt: skip
