"""Check 4.4: what every pack of its layout has is there. The attacker leaves out whole files, and repairs the rest."""

import pytest

from psa_evidence.format.manifest import LAYOUT
from psa_evidence.verify import complete, verifier

TABLES = [f"data/tables/{name}.csv" for name in complete.TABLES]


@pytest.fixture
def whole(pack, monkeypatch):
    """A pack with all that its layout has; what its tables say is the matter of other tests."""
    monkeypatch.setattr(verifier, "check_complete", complete.check_complete)
    for path in complete.FILES:
        pack.files.setdefault(path, b"")
    for name, path in zip(complete.TABLES, TABLES, strict=True):
        pack.files[path] = ",".join(["id", *complete.COLUMNS.get(name, ())]).encode() + b"\r\n"
    pack.files[complete.WORKBOOK] = b""
    pack.state_layout(LAYOUT)
    return pack


def judged(pack):
    return [(c.status, c.subject) for c in pack.verify().checks if c.id == "4.4"]


def words(pack):
    [found] = [c.detail for c in pack.verify().checks if c.id == "4.4"]
    return found


def test_a_pack_with_all_that_its_layout_has_passes(whole):
    assert judged(whole) == [("pass", "")]
    assert "all of the 29 files" in words(whole)


def test_packs_that_state_layout_5_stay_of_this_layout(whole):
    whole.state_layout(5)
    assert judged(whole) == [("pass", "")]
    assert "every pack of layout 5 has" in words(whole)


@pytest.mark.parametrize("path", [*complete.FILES, *TABLES, complete.WORKBOOK])
def test_no_file_that_every_pack_has_can_be_left_out(whole, path):
    del whole.files[path]
    whole.repair()
    assert judged(whole) == [("fail", path)]


@pytest.mark.parametrize(("name", "column"), [(n, c) for n, columns in complete.COLUMNS.items() for c in columns])
def test_no_column_that_a_check_rests_on_can_be_left_out(whole, name, column):
    path = f"data/tables/{name}.csv"
    kept = [cell for cell in whole.files[path].decode().strip().split(",") if cell != column]
    whole.files[path] = ",".join(kept).encode() + b"\r\n"
    whole.repair()
    assert judged(whole) == [("fail", path)]
    assert column in words(whole)


def test_a_table_that_cannot_be_read_has_no_columns(whole):
    whole.files["data/tables/attainment.csv"] = b"\xff"
    whole.files["data/tables/breaches.csv"] = b""
    whole.repair()
    assert {path for _, path in judged(whole)} == {"data/tables/attainment.csv", "data/tables/breaches.csv"}


def test_a_pack_without_any_table_is_inconclusive_and_lacks_only_that(whole):
    for path in [p for p in whole.files if p.startswith("data/tables/")]:
        del whole.files[path]
    whole.edit("data/manifest.json", lambda document: document["counts"].pop("table:devices"))
    whole.repair()
    assert judged(whole) == [("inconclusive", "")]


def test_a_pack_without_any_table_has_the_rest(whole):
    for path in [p for p in whole.files if p.startswith("data/tables/")] + ["data/terms.json"]:
        del whole.files[path]
    whole.repair()
    assert judged(whole) == [("fail", "data/terms.json")]


def test_an_older_pack_that_has_it_all_passes(whole):
    whole.state_layout(None)
    assert judged(whole) == [("pass", "")]


def test_who_takes_the_layout_away_too_is_not_passed(whole):
    del whole.files["data/logs/custody.csv"]
    whole.state_layout(None)
    assert judged(whole) == [("inconclusive", "")]
    assert "data/logs/custody.csv" in words(whole)


def test_an_older_pack_without_tables_is_inconclusive(whole):
    for path in [p for p in whole.files if p.startswith("data/tables/")]:
        del whole.files[path]
    whole.state_layout(None)
    assert judged(whole) == [("inconclusive", "")]
    assert "data/tables/" in words(whole)


@pytest.mark.parametrize("layout", [0, LAYOUT - 1, LAYOUT + 1, 10**12])
def test_a_layout_that_is_not_known_fails(whole, layout):
    whole.state_layout(layout)
    assert judged(whole) == [("fail", "")]
    assert f"{layout:,}" in words(whole)


def test_a_seal_between_two_cannot_be_left_out(whole):
    def apart(document):
        document["seals"][0]["number"] = 2
        document["seals"][1]["number"] = 10**15

    whole.edit("data/manifest.json", apart)
    whole.repair()
    assert judged(whole) == [("fail", "seals/000001.json")]
