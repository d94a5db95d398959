"""Export into a temporary folder, and read the result with tools that did not write it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from psa_evidence.spi import Silent
from psa_evidence_pdf import PdfExporter


@pytest.fixture
def export(tmp_path):
    """content -> the written files, by name; `limits` and `manifest` as the exporter takes them."""

    def run(content, *, limits=None, manifest=b'{"files": []}', name="out") -> dict[str, Path]:
        folder = tmp_path / name
        folder.mkdir()
        files = PdfExporter(limits).export(content, folder, pagination=None, manifest=manifest, progress=Silent())
        assert {f.path for f in files} == {p.name for p in folder.iterdir()}
        return {f.path: folder / f.path for f in files}

    return run


@pytest.fixture(scope="session")
def text_of():
    """The text of a PDF by poppler, white space removed, so that line breaks do not matter."""
    tool = shutil.which("pdftotext")

    def read(path: Path, *pages: int) -> str:
        if tool is None:
            pytest.skip("pdftotext (poppler) is not installed")
        limits = ["-f", str(pages[0]), "-l", str(pages[-1])] if pages else []
        done = subprocess.run([tool, *limits, "-raw", str(path), "-"], capture_output=True, check=True)
        return "".join(done.stdout.decode("utf-8").split())

    return read


@pytest.fixture(scope="session")
def qpdf_clean():
    tool = shutil.which("qpdf")

    def check(path: Path) -> None:
        if tool is None:
            pytest.skip("qpdf is not installed")
        done = subprocess.run([tool, "--check", str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "No syntax or stream encoding errors found" in done.stdout

    return check
