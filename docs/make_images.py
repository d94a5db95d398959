"""Makes the pictures of the documentation from a demo pack: `python docs/make_images.py [PACK]`.

Without PACK a demo is made first. Needs pdftoppm, Chromium and its driver (Debian: poppler-utils, chromium,
chromium-driver).
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pypdf import PdfReader
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

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
    named = sorted(
        (pack / "data").glob("Evidence Pack*.pdf"), key=lambda p: ("Exhibits" in p.name, len(p.name), p.name)
    )
    files = {file: texts_of(file) for file in named}  # the report first
    with (pack / "data/tables/breaches.csv").open(encoding="utf-8-sig", newline="") as file:
        missed = next(row["ticket"] for row in csv.DictReader(file) if row["stage"] == "resolution")
    begins = {
        "pack-page": "2  One-page answer", "pack-clock": f"Clock statement of ticket {missed}",
        "pack-breaches": "8  Every missed target", "pack-charts": "Illustrations\nDrawn from",
    }  # fmt: skip
    for name, words in begins.items():
        render(*place_of(files, words), name)
    draw_page(pack)


def place_of(files: dict[Path, list[str]], words: str) -> tuple[Path, int]:
    """The file and the page on which something begins; the contents, with their dots, only name it."""
    for file, texts in files.items():
        for number, text in enumerate(texts, 1):
            if _flat(words) in _flat(text) and ". . ." not in text:
                return file, number
    raise LookupError(words)


def texts_of(pdf: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(pdf).pages]


def _flat(text: str) -> str:
    return "".join(text.split())


def draw_page(pack: Path) -> None:
    """VERIFY.html as a reader sees it who names the demo's authority."""
    options = webdriver.ChromeOptions()
    options.binary_location = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))))
    for switch in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
    ):
        options.add_argument(switch)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        driver.set_window_size(900, 1500)
        driver.get((pack / "data" / "VERIFY.html").as_uri())
        for root in pack.parents[1].glob("*.pem"):
            driver.execute_script("part('trust').open = true")
            driver.find_element("id", "authorities").send_keys(str(root.resolve()))
        driver.find_element("id", "folder").send_keys(str(pack.resolve()))
        WebDriverWait(driver, 120).until(lambda page: page.execute_script("return lastReport !== null"))
        driver.execute_script(
            "part('trust').open = false; document.querySelector('#steps details:last-child').open = true"
        )
        driver.execute_script("scrollTo(0, part('verdict').getBoundingClientRect().top + scrollY - 24)")
        driver.save_screenshot(str(IMAGES / "verify-page.png"))
    finally:
        driver.quit()


def render(pdf: Path, page: int, name: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    command = ["pdftoppm", "-png", "-r", str(RESOLUTION), "-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run([*command, str(pdf), str(IMAGES / name)], check=True)


if __name__ == "__main__":
    main()
