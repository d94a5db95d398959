"""The tables `[copies.<copy>]` and `[parts]` of a matter file."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, model_validator

from psa_evidence.matter import bates
from psa_evidence.matter.copies import MIN_CONTRAST, CopyRules, Masked, Masks, Rule, contrast
from psa_evidence.matter.sections import Section, Text
from psa_evidence.records import KINDS, REFERENCE_KINDS, Kind, Side

_RECORD: Final = re.compile(r"([a-z_]+)/(.+)")
_FIELD: Final = re.compile(r"([a-z_]+)(/.+)?\.([^.]+)")
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}\Z")
MIN_TERM: Final = 3
"""A shorter term would be replaced in the middle of anything."""


def prefix(text: str) -> str:
    if not bates.PREFIX.match(text):
        raise ValueError(f"must be {bates.PREFIX_ALLOWED}")
    return text


def _kind(name: str) -> str:
    if name not in KINDS:
        raise ValueError("names no kind of record; kinds are the folders below data/natives of a pack")
    if name in REFERENCE_KINDS:
        raise ValueError("names settings by which targets are computed; they hold no client's data and are shown whole")
    return name


def _record(text: str) -> str:
    match = _RECORD.fullmatch(text)
    if match is None:
        raise ValueError("must be the kind and the id of a record, such as 'note/1042'")
    _kind(match[1])
    return text


def _field(text: str) -> str:
    match = _FIELD.fullmatch(text)
    if match is None:
        raise ValueError("must be 'kind.field' or 'kind/id.field', such as 'time_entry.internalNotes'")
    _kind(match[1])
    return text


def _colour(text: str) -> str:
    if not _COLOUR.match(text):
        raise ValueError("must be a colour such as '#1f3a5f'")
    if contrast(text) < MIN_CONTRAST:
        raise ValueError(f"must be darker, so that it can be read in grey print (contrast {MIN_CONTRAST:g} to white)")
    return text.lower()


class RuleSection(Section):
    reason: Annotated[str, Field(min_length=1, max_length=200)]
    privilege: Annotated[str, Field(max_length=100)] = ""
    description: Annotated[str, Field(max_length=1000)] = ""
    records: tuple[Annotated[str, AfterValidator(_record)], ...] = ()
    kinds: tuple[Annotated[Kind, AfterValidator(_kind)], ...] = ()
    fields_: Annotated[tuple[Annotated[str, AfterValidator(_field)], ...], Field(alias="fields")] = ()
    authors: tuple[Text, ...] = ()
    sides: tuple[Side, ...] = ()
    internal: bool | None = None

    @model_validator(mode="after")
    def _one_way(self) -> RuleSection:
        if self.rule().ways != 1:
            raise ValueError(
                "choose in exactly one way: 'records', 'kinds', 'fields', or messages by 'authors', 'sides', 'internal'"
            )
        return self

    def rule(self) -> Rule:
        return Rule(
            reason=self.reason, privilege=self.privilege, description=self.description, records=self.records,
            kinds=self.kinds, fields=self.fields_, authors=self.authors, sides=self.sides, internal=self.internal,
        )  # fmt: skip


class MaskSection(Section):
    reason: Annotated[str, Field(min_length=1, max_length=200)] = "personal data"
    sorts: tuple[Masked, ...] = ()
    terms: tuple[Annotated[str, Field(min_length=MIN_TERM, max_length=400)], ...] = ()


class CopySection(Section):
    title: Annotated[str, Field(max_length=60)] = ""
    accent: Annotated[str, AfterValidator(_colour)] | None = None
    bates_prefix: Annotated[str, AfterValidator(prefix)] | None = None
    legend: Annotated[str, Field(max_length=400)] | None = None
    paper: Literal["us-letter", "a4"] | None = None
    withhold: tuple[RuleSection, ...] = ()
    mask: MaskSection | None = None

    def rules(self) -> CopyRules:
        masks = self.mask
        return CopyRules(
            title=self.title, accent=self.accent or "", bates_prefix=self.bates_prefix or "", legend=self.legend,
            paper=self.paper, withhold=tuple(section.rule() for section in self.withhold),
            masks=None if masks is None else Masks(sorts=masks.sorts, terms=masks.terms, reason=masks.reason),
        )  # fmt: skip


class PartsSection(Section):
    leave_out: tuple[Text, ...] = ()
