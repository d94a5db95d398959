"""The matter file: TOML as a person writes it, checked to the last key before anything else is done."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, ValidationError, model_validator

from psa_evidence.errors import ConfigurationError
from psa_evidence.matter import bates
from psa_evidence.matter.contract_file import ContractSection, contract_of, quoted
from psa_evidence.matter.copies import PREFIX_ENDING, Copy
from psa_evidence.matter.copies_file import CopySection, PartsSection, prefix
from psa_evidence.matter.matter import (
    Certificate,
    Matter,
    Mode,
    Paper,
    Production,
    Profile,
)
from psa_evidence.matter.period import read_period
from psa_evidence.matter.problems import explain
from psa_evidence.matter.sections import QuotedSection, Section, Text, zone

MAX_BYTES: Final = 1024 * 1024
"""A matter file is a few kilobytes; more is something else."""


def _volume(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{1,8}[0-9]{1,6}", text) or text[:3] in {"COM", "LPT"}:
        raise ValueError("must be capitals and then digits, such as 'VOL001'")
    return text


class PeriodSection(Section):
    """Whole days in the matter's zone; `to` is the last day inside. A text such as "2025" or "March 2026" will do."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")

    @model_validator(mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            found = read_period(value, today=None)
        except ConfigurationError as error:
            raise ValueError(f"{error.what}; {error.next_step}") from None
        if found.first is None or found.last is None:
            raise ValueError("needs a first and a last day")
        return {"from": found.first, "to": found.last}

    @model_validator(mode="after")
    def _order(self) -> PeriodSection:
        if self.last < self.first:
            raise ValueError("'to' must be the same day as 'from' or later")
        if self.last.year > 9990 or self.first.year < 1970:
            raise ValueError("must lie between the years 1970 and 9990")
        return self


class MatterSection(Section):
    name: Text
    client: Text
    connection: Text
    period: PeriodSection
    time_zone: Annotated[str, AfterValidator(zone)]
    agreement: Text | None = None
    bates_prefix: Annotated[str, AfterValidator(prefix)] | None = None
    copy_: Copy = Field(default="counsel", alias="copy")
    paper: Paper = "us-letter"
    mode: Mode = "draft"
    legend: Annotated[str, Field(max_length=400)] = ""


class CertificatesSection(Section):
    include: tuple[Certificate, ...]


class ProductionSection(Section):
    profile: Profile = "standard"
    volume: Annotated[str, AfterValidator(_volume)] = "VOL001"
    images: bool = True


class FilesSection(Section):
    """What one PDF may have at most."""

    pages: Annotated[int, Field(ge=20, le=100_000)] | None = None
    megabytes: Annotated[int, Field(ge=1, le=4000)] | None = None


class MatterFile(Section):
    matter: MatterSection
    parties: dict[Text, Text] = Field(default_factory=dict)
    contract: ContractSection | None = None
    promises: tuple[QuotedSection, ...] = ()
    files: FilesSection = FilesSection()
    certificates: CertificatesSection | None = None
    production: ProductionSection = ProductionSection()
    copies: dict[Copy, CopySection] = Field(default_factory=dict)
    parts: PartsSection = PartsSection()

    @model_validator(mode="after")
    def _prefixes(self) -> MatterFile:
        own = self.matter.bates_prefix or "X"
        used: dict[str, str] = {}
        for copy, ending in PREFIX_ENDING.items():
            section = self.copies.get(copy)
            stated = section.bates_prefix if section is not None else None
            made = stated or own + ending
            if not bates.PREFIX.match(made):
                raise ValueError(
                    f"the prefix of the {copy} copy is too long: state one in [copies.{copy}] bates_prefix"
                )
            if made in used:
                raise ValueError(f"the {used[made]} and the {copy} copy must not have the same 'bates_prefix'")
            used[made] = copy
        return self


def load_matter(path: Path) -> Matter:
    """Read a matter file. Raises ConfigurationError that names the file, each wrong key and what is allowed there."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError(
            f"there is no matter file {path}", next_step="check the path, or let `psa-evidence init` write one"
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"the matter file {path} cannot be read",
            why=error.strerror or "",
            next_step="check the path and its rights",
        ) from error
    if len(data) > MAX_BYTES:
        raise ConfigurationError(f"{path} is larger than one megabyte", next_step="give the path of a matter file")
    return parse(data, str(path))


def parse(data: bytes, name: str) -> Matter:
    """Read the text of a matter file called `name`. Raises ConfigurationError."""
    try:
        raw: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{name} is not UTF-8 text", next_step="save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{name} is not valid TOML", why=str(error), next_step="mend that line; texts stand in quotes"
        ) from error
    try:
        return _matter(MatterFile.model_validate(raw))
    except ValidationError as error:
        raise explain(error, raw, name, MatterFile) from None


def _matter(file: MatterFile) -> Matter:
    head = file.matter
    return Matter(
        name=head.name,
        client=head.client,
        connection=head.connection,
        first_day=head.period.first,
        last_day=head.period.last,
        time_zone=head.time_zone,
        agreement=head.agreement,
        bates_prefix=head.bates_prefix or "",
        copy=head.copy_,
        paper=head.paper,
        mode=head.mode,
        legend=head.legend,
        parties=tuple(file.parties.items()),
        contract=None if file.contract is None else contract_of(file.contract),
        file_pages=file.files.pages,
        file_megabytes=file.files.megabytes,
        promises=quoted(file.promises),
        certificates=None if file.certificates is None else tuple(dict.fromkeys(file.certificates.include)),
        production=Production(
            profile=file.production.profile, volume=file.production.volume, images=file.production.images
        ),
        copies=tuple((copy, section.rules()) for copy, section in file.copies.items()),
        left_out_parts=tuple(dict.fromkeys(file.parts.leave_out)),
    ).as_copy(head.copy_)
