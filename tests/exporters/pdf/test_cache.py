"""Pages kept between builds: only what changed is laid out, what is kept is never trusted blindly, and is bounded."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from psa_evidence.errors import EvidenceError
from psa_evidence.spi import Paragraph, Silent
from psa_evidence_pdf import PdfExporter, cache, press
from psa_evidence_pdf.cache import key_of, opened, pruned, recalled, remember
from psa_evidence_pdf.dating import dated
from psa_evidence_pdf.typesetting import Job, Positions
from psa_evidence_pdf.volumes import Limits

SMALL = Limits(exhibits=1, whole=0)


@pytest.fixture
def build(tmp_path):
    def run(content, name, *, cache=True):
        exporter = PdfExporter(SMALL)
        if cache:
            exporter.remember_in(tmp_path / "cache")
        folder = tmp_path / name
        folder.mkdir()
        exporter.export(content, folder, pagination=None, manifest=b"{}", progress=Silent())
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    return run


def entries(tmp_path):
    return {path.name: path.read_bytes() for path in (tmp_path / "cache").glob("*.pages")}


def test_after_one_exhibit_changed_only_its_volume_is_laid_out_and_the_bytes_are_those_of_a_fresh_build(
    tmp_path, content, build
):
    build(content, "first")
    before = set(entries(tmp_path))
    changed = replace(content.exhibits[-1], blocks=(Paragraph(text="Another text."),))
    later = replace(content, exhibits=(*content.exhibits[:-1], changed), as_of=content.as_of + timedelta(days=3))
    again = build(later, "again")
    volumes = [name for name in again if "Exhibits" in name]
    new = set(entries(tmp_path)) - before
    assert len(volumes) == len(content.exhibits) > 2
    assert len([name for name in new if _of_exhibits(tmp_path, name)]) == 1
    assert again == build(later, "fresh", cache=False)


def _of_exhibits(tmp_path, name):
    found = recalled(tmp_path / "cache", name.removesuffix(".pages"))
    return found is not None and not any(place.startswith("p") for place in found[0].places) and found[1]


def test_an_entry_that_was_damaged_is_laid_out_anew(tmp_path, content, build, monkeypatch):
    """And after each build the folder is brought to its size."""
    bounded = []
    monkeypatch.setattr(press, "pruned", bounded.append)
    first = build(content, "first")
    for path in (tmp_path / "cache").glob("*.pages"):
        path.write_bytes(path.read_bytes()[:-100] + b"x" * 100)
    assert build(content, "again") == first
    assert bounded == [tmp_path / "cache"] * 2


def test_nothing_is_kept_unless_a_folder_is_named(tmp_path, content, build):
    build(content, "first", cache=False)
    assert not (tmp_path / "cache").exists()


def test_the_folder_says_that_it_holds_texts_of_clients_and_is_for_its_owner_alone(tmp_path):
    folder = opened(tmp_path / "cache")
    assert "texts of clients" in (folder / "README.txt").read_text(encoding="utf-8")
    if os.name == "posix":
        assert folder.stat().st_mode & 0o077 == 0


def test_what_pages_depend_on_makes_another_entry(monkeypatch):
    def key(document=b"a", created=0, numbers="1"):
        return key_of(Job(document, created), {"first": {"x0": numbers}})

    keys = [key(), key(b"b"), key(created=1), key(numbers="2")]
    assert key() == keys[0]
    monkeypatch.setattr(cache, "world_digest", lambda: b"another typesetter, template or font")
    assert len({*keys, key()}) == 5


def test_an_entry_that_is_used_is_not_the_one_unused_longest(tmp_path):
    remember(tmp_path, "used", Positions(1, {}), b"x")
    os.utime(tmp_path / "used.pages", (0, 0))
    assert recalled(tmp_path, "used") is not None
    assert (tmp_path / "used.pages").stat().st_mtime > 0


def test_what_was_unused_longest_goes_first(tmp_path):
    for place, name in enumerate(("old", "middle", "new")):
        path = tmp_path / f"{name}.pages"
        path.write_bytes(b"x" * 100)
        os.utime(path, (place, place))
    (tmp_path / "cut.123.part").write_bytes(b"x")
    pruned(tmp_path, most=200)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["middle.pages", "new.pages"]


@pytest.mark.parametrize("entry", [b"", b"[]\n", b"{}\nx", b'{"pages":1,"places":[],"sha256":""}\n', b"\xff\n"])
def test_what_is_no_entry_is_not_taken_for_one(tmp_path, entry):
    (tmp_path / "key.pages").write_bytes(entry)
    assert recalled(tmp_path, "key") is None


def test_a_file_that_states_another_time_is_refused(content):
    with pytest.raises(EvidenceError, match="dated"):
        dated(b"%PDF /CreationDate(D:20260101000000Z)", content.as_of)


def test_positions_alone_are_no_pages(tmp_path, content):

    remember(tmp_path, "key", Positions(3, {"x0": 1}), b"")
    assert recalled(tmp_path, "key") == (Positions(3, {"x0": 1}), b"")
