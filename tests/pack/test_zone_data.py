"""Which edition of the time zone data a pack's clocks are of: two editions can turn one instant into two hours."""

from __future__ import annotations

import pytest
import tzdata

from psa_evidence.pack import zone_data
from psa_evidence.pack.rebuilding import rebuild
from psa_evidence.pack.zone_data import edition, stated, words
from psa_evidence.plugins import load_exporter

ZONE = "Europe/Berlin"


def zones(folder, name, text):
    (folder / "Europe").mkdir(parents=True)
    (folder / ZONE).write_bytes(b"TZif2")
    if name:
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("tzdata.zi", "# version 2025b\n# ddeps", "2025b"),
        ("+VERSION", "2024a\n", "2024a"),
        ("+VERSION", "2024a", "2024a"),
        ("tzdata.zi", "# This zic input file", ""),
        ("tzdata.zi", "\u00e9" * 30, ""),
        ("", "", ""),
    ],
)
def test_the_first_folder_that_has_the_zone_names_the_edition(tmp_path, name, text, said):
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "tzdata.zi").write_text("# version 1999z\n")
    assert edition(ZONE, [str(empty), zones(tmp_path / "zones", name, text)]) == said


def test_without_the_zone_in_any_folder_it_is_that_of_the_package(tmp_path):
    assert edition(ZONE, [str(tmp_path), str(tmp_path / "none")]) == tzdata.IANA_VERSION


def test_an_edition_that_is_not_named_is_said_to_be_so():
    assert words("2025b") == "IANA time zone database, edition 2025b"
    assert "does not name its edition" in words("")


def test_the_pack_states_its_edition_and_a_rebuild_by_another_says_so(make, vault, connector, monkeypatch):
    monkeypatch.setattr(zone_data, "edition", lambda _: "1999z")
    folder = make(vault, exporters={name: load_exporter(name) for name in ("pdf", "tables")}).folder
    assert stated((folder / "bag-info.txt").read_text(encoding="utf-8")) == "1999z"
    assert rebuild(folder, None, connector, load_exporter("tables")).zone_data is None
    monkeypatch.setattr(zone_data, "edition", lambda _: "2000a")
    report = rebuild(folder, None, connector, load_exporter("tables"))
    assert report.zone_data == ("1999z", "2000a")
    assert report.agrees
    monkeypatch.setattr(zone_data, "edition", lambda _: "")
    assert rebuild(folder, None, connector, load_exporter("tables")).zone_data == ("1999z", zone_data.UNNAMED)


def test_methodology_and_integrity_print_the_edition(make, vault, pages, monkeypatch):
    monkeypatch.setattr(zone_data, "edition", lambda _: "1999z")
    make(vault)
    for name in ("methodology", "integrity"):
        part = next(p for p in pages.content.parts if p.id == name)
        assert "IANA time zone database, edition 1999z" in str(part.blocks)


def test_a_pack_that_states_none_is_not_compared():
    assert stated("Bag-Software-Agent: x\n") is None
    assert stated("Natives: 3\nTime-Zone-Data: edition not named\n") == "edition not named"
