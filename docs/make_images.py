"""Makes the pictures of the documentation from a demo pack: `python docs/make_images.py [PACK]`.

Without PACK a demo is made first. Needs pdftoppm (Debian: poppler-utils).
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

from pypdf import PdfReader

IMAGES = Path(__file__).resolve().parent / "images"
RESOLUTION = 88
"""Dots an inch: a page is about 750 pixels wide, readable and small."""


def main() -> None:
    if len(sys.argv) > 1:
        draw(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        program = Path(sys.executable).with_name("psa-evidence")
        subprocess.run([program, "demo", "--out", f"{folder}/demo", "--quiet"], check=True)
        draw(next(Path(folder).glob("demo/packs/*/bagit.txt")).parent)


def draw(pack: Path) -> None:
    pdf = pack / "data" / "Evidence Pack.pdf"
    texts = [page.extract_text() for page in PdfReader(pdf).pages]
    with (pack / "data/tables/breaches.csv").open(encoding="utf-8-sig", newline="") as file:
        missed = next(row["ticket"] for row in csv.DictReader(file) if row["stage"] == "resolution")
    render(pdf, next(n for n, text in enumerate(texts, 1) if "One-page answer" in text and n > 4), "pack-page")
    render(
        pdf, next(n for n, text in enumerate(texts, 1) if f"Clock statement of ticket {missed}" in text), "pack-clock"
    )


def render(pdf: Path, page: int, name: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    command = ["pdftoppm", "-png", "-r", str(RESOLUTION), "-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run([*command, str(pdf), str(IMAGES / name)], check=True)


if __name__ == "__main__":
    main()
