"""Durations, hours, Bates numbers, clients, population."""

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.errors import AmbiguousError, ConfigurationError
from psa_evidence.matter import Numbering, default_prefix, match_client, name_for, population
from psa_evidence.matter.durations import seconds
from psa_evidence.matter.hours import spans
from psa_evidence.records import Digest, RecordSet, SourceRef, Span, Ticket


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30 min", 1800),
        ("4 h", 14400),
        ("1 h 30 min", 5400),
        ("1h30m", 5400),
        ("90 Minutes", 5400),
        ("45 s", 45),
        ("1 hour, 5 min", 3900),
    ],
)
def test_durations(text, value):
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "4", "h", "-4 h", "4 days", "1.5 h", "4 h x", "0 min", "9999999 h", "4 h\0"])
def test_what_is_no_duration(text):
    with pytest.raises(ValueError, match="must be"):
        seconds(text)


@given(st.text(max_size=40))
def test_any_text_is_a_duration_or_a_value_error(text):
    with contextlib.suppress(ValueError):
        assert seconds(text) > 0


def test_a_shift_past_midnight_runs_into_the_next_day():
    assert spans("22:00-06:00") == (Span(start=79200, end=108000),)
    assert spans("00:00-24:00") == (Span(start=0, end=86400),)
    with pytest.raises(ValueError, match="must be hours"):
        spans("08:00-08:00")


@given(st.integers(1, 10**7))
def test_bates_numbers_are_unique_padded_and_ascii(page):
    numbering = Numbering(prefix="ACME-")
    assert numbering.exhibit(page) == f"ACME-{page:06d}"
    assert numbering.report(page).startswith("ACME-R-")
    assert numbering.exhibit(page) != numbering.exhibit(page + 1)


@pytest.mark.parametrize("prefix", ["", "A B", "Ä-", "A‐", "-A", "A" * 21, "A/"])
def test_prefixes_that_break_look_ups_are_refused(prefix):
    with pytest.raises(ValueError, match="Bates prefix"):
        Numbering(prefix=prefix)


def test_default_prefixes():
    assert default_prefix("Northwind Trading") == "NORTHW-"
    assert default_prefix("Northwind Trading", {"NORTHW-", "NORTHW2-"}) == "NORTHW3-"
    assert default_prefix("案件") == "CLIENT-"


@dataclass
class Name:
    id: str
    name: str
    identifier: str


CLIENTS = [Name("1", "Acme Dental", "ACMED"), Name("2", "Acme Law", "ACMEL"), Name("3", "Law", "LW"),
           Name("10", "2", "TWO"),
           Name("4", "Twin", "T1"), Name("5", "Twin", "T2")]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"), [("acme dental", "1"), ("ACMEL", "2"), ("dental", "1"), ("law", "3"), ("2", "2"), (" lw ", "3")]
)
def test_exact_names_win_over_parts_and_ids_over_names(text, found):
    assert match_client(CLIENTS, text).id == found


@pytest.mark.parametrize("text", ["acme", "Twin"])
def test_two_are_never_taken_for_one(text):
    with pytest.raises(AmbiguousError, match="2 clients"):
        match_client(CLIENTS, text)


def test_none_names_what_is_near_and_the_next_step():
    with pytest.raises(ConfigurationError, match="Acme Dental") as caught:
        match_client(CLIENTS, "Acme Dentel")
    assert "clients --find" in caught.value.next_step
    with pytest.raises(ConfigurationError, match="none of the 0 clients"):
        match_client([], "x")
    with pytest.raises(ConfigurationError):
        match_client(CLIENTS, "  ")


def test_a_file_calls_a_client_by_what_finds_it_again():
    @dataclass(frozen=True)
    class Client:
        id: str
        name: str
        identifier: str

    clients = [
        Client("1", "Acme", "AcmeEast"), Client("2", "acme ", "AcmeWest"), Client("3", "", "Nameless"),
        Client("4", "AcmeEast", "Other"), Client("5", "6", "six"), Client("6", "Plain", "plain"),
        Client("7", "Twin", "T"), Client("8", "Twin", "T"),
    ]  # fmt: skip
    assert [name_for(clients, c) for c in clients] == [
        "AcmeEast",
        "AcmeWest",
        "Nameless",
        "Other",
        "six",
        "Plain",
        "7",
        "8",
    ]
    for client in clients:
        assert match_client(clients, name_for(clients, client)) == client


SINCE, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC)


def ticket(number, entered, client="10", agreement=None):
    return Ticket(
        source=SourceRef("ticket", number, Digest("0" * 64)), id=number, client_id=client, summary="",
        entered_at=entered,
        agreement_name=agreement,
    )  # fmt: skip


def test_each_ticket_has_one_class_and_they_add_up():
    records = RecordSet(tickets=(
        ticket("1", SINCE), ticket("2", UNTIL), ticket("3", None), ticket("4", SINCE.replace(year=2024)),
        ticket("5", SINCE, client="20"), ticket("6", SINCE, agreement="Silver"), ticket("7", SINCE, agreement="GOLD"),
    ))  # fmt: skip
    found = population(records, client="10", since=SINCE, until=UNTIL)
    assert [t.id for t in found.tickets] == ["1", "6", "7"]
    assert found.captured == found.count("included") + found.count("withheld") + found.count("out of scope") == 7
    assert sum(n for _, n in found.reasons()) == 4
    gold = population(records, client="10", since=SINCE, until=UNTIL, agreement="Gold")
    assert [t.id for t in gold.tickets] == ["7"]
