"""`psa-evidence rebuild` on packs as they come: whole, changed, cut, not packs at all."""

from __future__ import annotations

import json
import zipfile

import pytest


def test_a_pack_is_made_again_and_what_is_not_made_is_said(run, built):
    ran = run("rebuild", built)
    assert ran.code == 0, ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    words = " ".join(ran.out.split())
    assert "NOT MADE pages of the PDFs (1): not laid out again" in words
    assert "NOT MADE drafts of certificates (10): psa-evidence verify checks nothing of them but the digest" in words
    report = json.loads(run("rebuild", built, "--json").out)
    compared = {c["what"] for c in report["compared"]}
    assert {"data/production/VOL001/DATA/VOL001.dat", "data/tables/columns.csv", "data/VERIFY.html"} <= compared
    files = [path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()]
    assert sum(n["files"] for n in report["not_made_again"]) == len([path for path in files if path not in compared])


def test_a_changed_text_of_the_load_file_leaves_with_5_and_is_named(run, built):
    path = min((built / "data/production/VOL001/TEXT/0001").glob("*.txt"))
    path.write_bytes(path.read_bytes() + b"More.\r\n")
    ran = run("rebuild", built)
    assert ran.code == 5
    assert f"DIFFERS     data/production/VOL001/TEXT/0001/{path.name}" in ran.out


def test_a_file_a_zip_and_a_folder_that_is_no_pack_are_refused_in_words(run, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    archive = tmp_path / "pack.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("bagit.txt", "")
    for path, code, words in (
        (archive, 2, "unpack a ZIP"), (tmp_path / "nothing", 2, "Give the folder of a pack"),
        (empty, 5, "seal"),
    ):  # fmt: skip
        ran = run("rebuild", path)
        assert ran.code == code, (path, ran)
        assert words in " ".join(ran.err.split())


@pytest.mark.parametrize(
    "name",
    ["data/manifest.json", "data/tables/natives.csv", "data/terms.json", "data/logs/bates.csv", "seals/000001.json"],
)
def test_a_pack_that_was_cut_is_refused_in_words_and_with_5(run, built, name):
    path = built / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    ran = run("rebuild", built)
    assert ran.code == 5, ran
    assert "cannot be made again" in ran.err
