"""`data/terms.json`: all that figures rest on beside the records, and nothing that is counsel's."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from psa_evidence.errors import VerificationError
from psa_evidence.matter import Clauses, Contract, CopyRules, Promise, Rule
from psa_evidence.matter.matter import Yearly
from psa_evidence.pack.terms_file import FILE, OtherSetting, terms_document, terms_of
from psa_evidence.records import Goal, Span

DAY = (Span(start=28800, end=43200), Span(start=46800, end=90000))
WEEK = (DAY, DAY, DAY, DAY, DAY, (), ())
FULL = Contract(
    reference="MSA schedule B", time_zone="Europe/London", week=WEEK, later=((date(2025, 3, 1), WEEK[::-1]),),
    goals=(("Priority 2", Goal(response=60, response_percent=95)), ("Priority 1", Goal(plan=7200, resolution=1))),
    special=((date(2025, 12, 24), DAY[:1]), (date(2025, 12, 31), ())), holidays=(date(2025, 12, 25),),
    yearly=(Yearly(12, 26),), pauses=(("resolution", ("Waiting on client", "On hold")), ("response", ())),
    automatic=("bot@acme.example",), priority_rule="each its share",
    clauses=Clauses(
        terms=(("hours", "B.4"), ("priority_rule", "B.7")),
        goals=(("Priority 2", "response", "B.2"), ("Priority 1", "plan", "B.3")),
    ),
)  # fmt: skip
OTHER = (OtherSetting("sla/1", native="data/natives/sla/1.2.json"), OtherSetting("sla/2", known=False))
SETTINGS = ((datetime(2025, 3, 1, 0, 0, 3, 5, tzinfo=UTC), OTHER), (datetime(2025, 6, 1, tzinfo=UTC), ()))


@pytest.mark.parametrize("contract", [None, Contract(), FULL, replace(FULL, holidays=(), pauses=(), week=None)])
def test_terms_read_back_are_the_terms_written(matter, contract):
    meant = replace(matter, contract=contract, agreement="Gold")
    data = terms_document(meant, client="10", settings=SETTINGS)
    terms = terms_of(data)
    assert terms.settings == SETTINGS
    kept = ("name", "connection", "agreement", "first_day", "last_day", "time_zone", "copy")
    assert {name: getattr(terms.matter, name) for name in kept} == {name: getattr(meant, name) for name in kept}
    if contract is not None:
        ordered = replace(contract, pauses=tuple(sorted(contract.pauses)) if contract.pauses is not None else None)
        assert terms.matter.contract == ordered
    assert terms_document(terms.matter, client="10", settings=terms.settings) == data


def test_nothing_of_counsels_is_in_it(matter):
    rule = Rule(reason="privilege: advice of Roe", internal=True)
    mine = replace(
        matter, parties=(("counsel", "Roe LLP"),), promises=(Promise(clause="9", text="We answer by Roe"),),
        legend="Roe", contract=replace(FULL, remedies=(Promise(clause="8", text="Roe"),), signature="Roe has it"),
        copies=(("counsel", CopyRules(withhold=(rule,), title="For Roe")),),
    )  # fmt: skip
    assert b"Roe" not in terms_document(mine, client="10", settings=())


@pytest.mark.parametrize(
    "change",
    [
        {"format": "psa-evidence/terms/3"}, {"more": 1}, {"first_day": "soon"}, {"copy": "theirs"}, {"settings": None},
        {"settings": [{"at": "2025-03-01T00:00:00", "other": []}]}, {"contract": {}}, {"clauses": {}},
        {"settings": [{"at": "2025-03-01T00:00:00Z", "other": [{"record": "sla/1"}]}]},
    ],
)  # fmt: skip
def test_other_terms_are_refused(matter, change):
    told = json.loads(terms_document(matter, client="10", settings=SETTINGS)) | change
    with pytest.raises(VerificationError, match="cannot be made again"):
        terms_of(json.dumps(told).encode())


def test_in_terms_of_the_first_version_other_settings_are_keys_that_the_pack_does_not_have(matter):
    told = json.loads(terms_document(matter, client="10", settings=SETTINGS)) | {"format": "psa-evidence/terms/1"}
    told["settings"][0]["other"] = ["sla/1"]
    [(_, [other]), _] = terms_of(json.dumps(told).encode()).settings
    assert (other.record, other.known, other.is_there) == ("sla/1", True, False)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b"[" * 5000])
def test_what_is_no_document_is_refused(data):
    with pytest.raises(VerificationError):
        terms_of(data)


def test_every_pack_states_its_terms(make, vault, matter, contract):
    result = make(vault, matter=replace(matter, contract=contract))
    terms = terms_of((result.folder / FILE).read_bytes())
    assert (terms.matter.client, terms.matter.contract) == ("10", contract)
    assert [other for _, other in terms.settings] == [()]
    assert FILE in {file.path for file in result.manifest.files}


def test_a_contract_without_clauses_is_written_as_before(matter):
    """Packs that were made before clauses could be named state the same terms as today."""
    contract = replace(FULL, clauses=Clauses())
    told = json.loads(terms_document(replace(matter, contract=contract), client="10", settings=()))
    assert "clauses" not in told["contract"]


@pytest.mark.parametrize("change", [{"terms": {"penalty": "B.1"}}, {"goals": [{"priority": "*", "stage": "end"}]}, {}])
def test_clauses_that_are_none_are_refused(matter, change):
    told = json.loads(terms_document(replace(matter, contract=FULL), client="10", settings=()))
    stated = told["contract"]["clauses"] | change if change else {"terms": {}}
    told["contract"]["clauses"] = stated
    with pytest.raises(VerificationError):
        terms_of(json.dumps(told).encode())
