"""Names of the contract that nothing captured shows are named: a slip of the pen applies to nothing, silently."""

from dataclasses import replace

import pytest

from psa_evidence.matter import Contract
from psa_evidence.pack.content import content_of
from psa_evidence.pack.gather import gather
from psa_evidence.pack.unknown_names import unknown_names
from psa_evidence.records import Goal, Priority, RecordSet, Status
from psa_evidence.spi import Paragraph, Silent

CONTRACT = Contract(
    goals=(("Priority 1", Goal(response=7200)), ("Prioirty 2", Goal()), ("*", Goal())),
    pauses=(
        ("response", ("waiting on client ", "Parked")),
        ("resolution", ("Waiting on Clint", "Parked")),
    ),
    automatic=("tbell", "Robot"),
)
WORDS = (
    "priority 'Prioirty 2' (the records show 'Priority 1'); status 'Parked'; status 'Waiting on Clint' (the records "
    "show 'Waiting on client'); identity 'Robot'"
)


@pytest.fixture
def notices(vault, connector, matter):
    """Notices of the chapter on the contract."""

    def run(contract):
        matter_ = replace(matter, contract=contract)
        dossier = gather(matter_, vault, connector, software="psa-evidence 0.test", progress=Silent()).dossier
        part = next(p for p in content_of(dossier, Silent()).parts if p.id == "contract")
        return [b.text for b in part.blocks if isinstance(b, Paragraph) and b.style == "notice"]

    return run


def test_the_chapter_names_what_nothing_shows_with_the_nearest_name(notices):
    [notice] = notices(CONTRACT)
    assert notice.endswith(f"applies to no ticket: {WORDS}.")


def test_a_contract_whose_names_are_all_there_has_no_notice(notices):
    assert notices(Contract(goals=(("PRIORITY 1", Goal()),), automatic=("Tessa Bell",))) == []
    assert notices(None) == []


def test_build_says_it(make, vault, matter):
    warnings = make(vault, matter=replace(matter, contract=CONTRACT)).warnings
    assert [w for w in warnings if w.endswith(f"{WORDS}.")]
    assert not [w for w in make(vault, out="plain").warnings if "contract" in w]


def test_a_name_that_only_an_earlier_capture_shows_is_known(clock_ref):
    earlier = RecordSet(
        statuses=(Status(source=clock_ref, id="9", board_id="1", name="Parked"),),
        priorities=(Priority(source=clock_ref, id="9", name="Prioirty 2"),),
    )
    found = unknown_names(CONTRACT, [RecordSet(), earlier], RecordSet())
    assert [(one.what, one.name, one.like) for one in found] == [
        ("priority", "Priority 1", ""), ("status", "waiting on client ", ""), ("status", "Waiting on Clint", ""),
        ("identity", "tbell", ""), ("identity", "Robot", ""),
    ]  # fmt: skip


@pytest.fixture
def clock_ref():
    from psa_evidence.records import Digest, SourceRef

    return SourceRef("status", "9", Digest("0" * 64))
