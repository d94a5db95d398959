"""What could not be had of records that are named stays lacking until a capture has it."""

from datetime import timedelta

import pytest

from psa_evidence.errors import SourceError
from psa_evidence.spi import Below, Scope

UNIT = "service/tickets/17/allNotes"


def below(kind="note", parent="ticket/17", unit=UNIT, basis="v1"):
    return Below(kind=kind, parent=parent, unit=unit, basis=basis)


@pytest.fixture
def captured(vault, kit):
    """Runs one capture a day: `tell` is called with its writer."""
    days = iter(range(99))

    def run(tell, **more):
        clock = kit.Ticking(kit.START + timedelta(days=next(days)))
        writer = kit.begin(vault, clock=clock, **more)
        tell(writer)
        return writer.finish()

    return run


def lose(writer, what=None, resource="service/tickets/allNotes"):
    writer.missing(resource, "gave up", detail="status 500", below=what or below())


def complete(kit, basis):
    def tell(writer):
        writer.keep(*kit.rows_exchange("note", [{"id": 1}], parent="ticket/17"), unit=UNIT, basis=basis)

    return tell


def keys(vault):
    return [(one.parent, one.kind) for one in vault.lacking("main")]


def test_a_list_that_did_not_come_is_named_with_reason_and_capture(vault, captured):
    info = captured(lose)
    [one] = vault.lacking("main")
    assert (one.parent, one.kind, one.reason, one.capture) == ("ticket/17", "note", "gave up", info.id)
    assert one.at == info.finished_at
    assert vault.lacking("another") == ()
    vault.reindex()
    assert vault.lacking("main") == (one,)


def test_a_loss_that_names_no_record_is_not_among_them(vault, captured):
    captured(lambda writer: writer.missing("service/tickets/allNotes", "gave up"))
    assert vault.lacking("main") == ()


@pytest.mark.parametrize("basis", ["v1", "v2"])
def test_a_later_capture_that_has_the_list_ends_it(vault, captured, kit, basis):
    captured(lose)
    captured(lambda _: None)
    assert keys(vault) == [("ticket/17", "note")]
    captured(complete(kit, basis))
    assert vault.lacking("main") == ()


def test_a_list_of_before_does_not_stand_for_one_that_did_not_come_since(vault, captured, kit):
    captured(complete(kit, "v0"))
    info = captured(lose)
    assert [one.capture for one in vault.lacking("main")] == [info.id]


def test_the_list_of_the_same_basis_stands_for_it(vault, captured, kit):
    """The same ticket was listed twice in a run, and its list came the other time."""

    def both(writer):
        lose(writer)
        complete(kit, "v1")(writer)

    captured(both)
    assert vault.lacking("main") == ()


def test_a_list_said_to_be_complete_ends_it_too(vault, captured, kit):
    captured(lambda writer: lose(writer, below(unit="", basis="")))

    def tell(writer, parent):
        writer.keep(*kit.rows_exchange("note", []))
        writer.present("note", ["1"], complete=True, parent=parent)

    captured(lambda writer: tell(writer, "ticket/18"))
    assert keys(vault) == [("ticket/17", "note")]
    captured(lambda writer: tell(writer, "ticket/17"))
    assert vault.lacking("main") == ()


def test_a_second_loss_begins_it_again(vault, captured, kit):
    captured(lose)
    captured(complete(kit, "v1"))
    info = captured(lambda writer: lose(writer, below(basis="v2")))
    assert [one.capture for one in vault.lacking("main")] == [info.id]


def test_a_whole_resource_is_lacking_until_a_capture_of_at_least_its_scope_had_it(vault, captured):
    whole = Below(kind="time_entry")

    def had(writer):
        writer.asked("time/entries", 0)

    def again(writer):
        had(writer)
        lose(writer, whole, "time/entries")

    captured(again)
    captured(had, scope=Scope(clients=("10",)))
    assert keys(vault) == [(None, "time_entry")]
    captured(again)
    assert keys(vault) == [(None, "time_entry")]
    captured(lambda writer: lose(writer, below("time_entry", unit=""), "time/entries/other"))
    assert keys(vault) == [(None, "time_entry"), ("ticket/17", "time_entry")]
    captured(had)
    assert keys(vault) == [("ticket/17", "time_entry")]


@pytest.mark.parametrize(
    "what", [Below(kind="nothing"), Below(kind="note", parent="17"), Below(kind="note", parent="")]
)
def test_a_record_that_is_named_by_no_key_is_refused(captured, what):
    def tell(writer):
        with pytest.raises(SourceError):
            lose(writer, what)

    assert captured(tell).missing == ()
