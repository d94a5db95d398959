"""A commented matter file, ready to be filled in."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from psa_evidence.errors import ConfigurationError
from psa_evidence.matter.bates import default_prefix

_TEMPLATE = """\
# A matter: whose dispute it is, which period, which copy. Read by `psa-evidence build`.
# Texts stand in quotes, dates do not. A key that is not known is an error, not a silence.

[matter]
name = {name}
# The client's name, identifier or id as the PSA knows it.
client = {client}
# A connection of psa-evidence.toml.
connection = {connection}
# Whole days in the time zone below; both days are inside the period.
period = {{ from = {since}, to = {until} }}
# The zone in which days and months are counted and times are printed: an IANA name.
time_zone = {time_zone}
# Only tickets under this agreement, by its name in the PSA. Left out: all of the client's tickets.
{agreement}
# Stands before every page number: letters, digits, - and _ only.
bates_prefix = {prefix}
# Which copy is built when nothing else is said: "counsel", "production" or "public".
copy = {copy}
# "us-letter" or "a4".
paper = {paper}
# Why it is made: "routine archive", "prepared at counsel's direction" or "draft". The cover says so.
mode = {mode}
# Printed on every page, for instance a confidentiality legend that a protective order asks for.
legend = {legend}

# Who is who. Any name may stand on the left.
[parties]
{parties}

# What the contract says, where the PSA's own SLA settings say less or something else.
# Every key may be left out; then the PSA's settings are used and the pack says so.
#
# [contract]
# reference = "Master Services Agreement of 2024-01-01, schedule B"
# signature = "signed by both parties on 2023-12-18, copy with counsel"      # no record of the PSA shows it
# currency = "USD"                                    # of amounts for which the PSA records none
# time_zone = "America/New_York"                      # of the calendars; left out: as the PSA says, client by client
# hours = "24x7"                                      # or the table [contract.hours] below
# holidays = [2025-12-24, "12-25"]                    # whole days on which the clock stands still; "12-25": every year
# automatic = ["WorkflowAPI"]                         # identities whose acts are not a human response
# priority_rule = "at stage end"                      # or "at entry", "each its share"
#
# [contract.goals."Priority 1 - Critical"]            # the priority's name in the PSA
# response = "30 min"
# plan = "2 h"
# resolution = "4 h"
# response_percent = 95                               # the share of tickets that must meet it
# clause = "B.2"                                      # where the contract says so; also response_clause and so on
#
# [contract.clauses]                                  # the clause of each other term, and of goals that name none
# goals = "B.2"
# pauses = "B.4"                                      # or hours, holidays, special_hours, hours_from, time_zone,
#                                                     # automatic, priority_rule
#
# [contract.hours]                                    # business hours; a day left out is closed
# monday = "08:00-17:00"
# tuesday = ["08:00-12:00", "13:00-17:00"]
#
# [contract.special_hours]                            # hours of single dates, also on a holiday; [] is closed
# 2025-12-31 = "08:00-12:00"
#
# [[contract.hours_from]]                             # hours that count from a day on; repeat for each change
# day = 2026-03-01
# hours = {{ monday = "07:00-19:00" }}                  # or "24x7"
#
# [contract.pauses]                                   # names of statuses that stop the clock of a stage
# response = []
# plan = ["Waiting on client"]
# resolution = ["Waiting on client", "Waiting on vendor"]
#
# [[contract.remedies]]                               # remedies and credits, as the contract words them
# clause = "B.6"
# text = "For each month below the share of B.2 the client is credited 5 % of that month's fee on request."
#
# [[contract.exclusions]]                             # what the targets or the services do not cover
# clause = "B.5"
# text = "Outages of third parties do not count."
#
# [[contract.client_duties]]                          # what the client owes
# clause = "C.1"
# text = "The client names a contact who can approve changes within one business day."

# [files]                                             # what one PDF may have at most, where uploads are limited
# pages = 500
# megabytes = 35
#
# [certificates]                                      # drafts for counsel; left out: all of them, in the counsel copy
# include = ["fre-902-11", "fre-902-13", "fre-902-14", "notice"]
#
# [production]                                        # the load file for review platforms
# profile = "standard"                                # or "relativity", "doj-antitrust": names of the columns
# volume = "VOL001"
# images = true                                       # a PDF for each document

# [copies.production]                                 # what a copy leaves out: docs/copies.md
# legend = "CONFIDENTIAL"
#
# [[copies.production.withhold]]                      # as often as needed, each with the reason that the log prints
# reason = "attorney-client privilege"
# authors = ["Jane Counsel"]                          # or records, kinds, fields, sides, internal
#
# [copies.public.mask]
# sorts = ["contact names", "contact e-mails", "contact phones",
#          "taxpayer numbers", "payment cards", "bank accounts", "birth dates"]     # FRCP 5.2
#
# [parts]                                             # parts that the report goes without; it says so
# leave_out = ["glossary"]

# Other promises, quoted from the contract, as often as needed.
#
# [[promises]]
# clause = "Schedule A, 3.2"
# text = "The provider runs a nightly backup of all servers listed in annex 1."
"""


def template(
    *,
    name: str,
    client: str,
    connection: str,
    since: date,
    until: date,
    time_zone: str,
    agreement: str | None = None,
    bates_prefix: str | None = None,
    copy: str = "counsel",
    paper: str = "us-letter",
    mode: str = "draft",
    legend: str = "",
    parties: tuple[tuple[str, str], ...] = (),
) -> str:
    """The text of a matter file with comments. `until` is the last day inside the period."""
    rows = parties or (("msp", ""), ("client", client))
    return _TEMPLATE.format(
        name=_quoted(name),
        client=_quoted(client),
        connection=_quoted(connection),
        since=since.isoformat(),
        until=until.isoformat(),
        time_zone=_quoted(time_zone),
        agreement=f"agreement = {_quoted(agreement)}" if agreement else '# agreement = "Managed Services Gold"',
        prefix=_quoted(bates_prefix or default_prefix(client)),
        copy=_quoted(copy),
        paper=_quoted(paper),
        mode=_quoted(mode),
        legend=_quoted(legend),
        parties="\n".join(
            f"{_quoted(label)} = {_quoted(value)}" if value else f'# {label} = "..."' for label, value in rows
        ),
    )


def write_template(
    path: Path,
    *,
    name: str,
    client: str,
    connection: str,
    since: date,
    until: date,
    time_zone: str,
    agreement: str | None = None,
    bates_prefix: str | None = None,
    copy: str = "counsel",
    paper: str = "us-letter",
    mode: str = "draft",
    legend: str = "",
    parties: tuple[tuple[str, str], ...] = (),
) -> Path:
    """Write a commented matter file and return its path. A file that is there is never overwritten.

    Raises ConfigurationError.
    """
    text = template(
        name=name, client=client, connection=connection, since=since, until=until, time_zone=time_zone,
        agreement=agreement, bates_prefix=bates_prefix, copy=copy, paper=paper, mode=mode, legend=legend,
        parties=parties,
    )  # fmt: skip
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigurationError(
            f"{path} exists already and is not overwritten", next_step="choose another name, or edit that file"
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written", why=error.strerror or "", next_step="choose a folder that can be written"
        ) from error
    return path


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are a part of TOML's, but for the solidus and surrogate pairs."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
