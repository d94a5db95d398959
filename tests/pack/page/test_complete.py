"""Check 4.4 in the page: what every pack of its layout has is there, as the program judges it."""

import pytest

from psa_evidence.format.manifest import LAYOUT
from psa_evidence.verify import complete, verifier, verify_pack


@pytest.fixture
def whole(pack, browser, monkeypatch, page_file):
    """A pack with all files of its layout, and a page that asks for them."""
    monkeypatch.setattr(verifier, "check_complete", complete.check_complete)
    monkeypatch.setattr(type(browser), "small", False)
    browser.open()
    for path in complete.FILES:
        pack.files.setdefault(path, b"")
    for name in complete.TABLES:
        heading = ['"id, of the row"', *complete.COLUMNS.get(name, ())]
        pack.files[f"data/tables/{name}.csv"] = b"\xef\xbb\xbf" + ",".join(heading).encode() + b"\r\n1\r\n"
    pack.files[complete.WORKBOOK] = b""
    pack.edit("data/manifest.json", lambda document: document["counts"].pop("table:devices", None))
    pack.state_layout(LAYOUT)
    return pack


def both(browser, pack, tmp_path):
    """What page and program say under 4.4."""
    path = pack.write_zip(tmp_path / "pack.zip")
    page = [(c["status"], c["subject"], c["detail"]) for c in browser.give("zip", path)["checks"] if c["id"] == "4.4"]
    program = [(c.status, c.subject, c.detail) for c in verify_pack(path).checks if c.id == "4.4"]
    assert sorted(page) == sorted(program)
    return [(status, subject) for status, subject, _ in page]


def test_a_pack_with_all_that_its_layout_has_passes(whole, browser, tmp_path):
    assert both(browser, whole, tmp_path) == [("pass", "")]


@pytest.mark.parametrize("path", ["data/terms.json", "data/logs/custody.csv", complete.WORKBOOK])
def test_no_file_can_be_left_out(whole, browser, tmp_path, path):
    del whole.files[path]
    whole.repair()
    assert both(browser, whole, tmp_path) == [("fail", path)]


def test_columns_and_what_cannot_be_read(whole, browser, tmp_path):
    whole.files["data/tables/natives.csv"] = b"id,exhibit,versions\r\n"
    whole.files["data/tables/attainment.csv"] = b"\xff"
    whole.files["data/tables/breaches.csv"] = b""
    whole.repair()
    found = both(browser, whole, tmp_path)
    assert len(found) == 4 + 2 + 1
    assert {status for status, _ in found} == {"fail"}


@pytest.mark.parametrize(("layout", "status"), [(None, "inconclusive"), (LAYOUT, "inconclusive"), (6, "fail")])
def test_a_pack_without_tables_and_of_other_layouts(whole, browser, tmp_path, layout, status):
    for path in [p for p in whole.files if p.startswith("data/tables/")]:
        del whole.files[path]
    whole.state_layout(layout)
    assert both(browser, whole, tmp_path) == [(status, "")]


def test_an_older_pack_that_has_it_all_passes_and_a_gap_between_seals_is_found(whole, browser, tmp_path):
    whole.state_layout(None)
    assert both(browser, whole, tmp_path) == [("pass", "")]
    whole.edit("data/manifest.json", lambda document: document["seals"][1].update(number=10**15))
    whole.state_layout(LAYOUT)
    assert both(browser, whole, tmp_path) == [("fail", "seals/000002.json")]
