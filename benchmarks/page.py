"""VERIFY.html over a pack, in a headless browser: seconds from the choice to the report, as a folder or a ZIP file.

    python benchmarks/page.py PACK

Needs Selenium, Chromium and its driver, as the tests of the page do.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver

from psa_evidence.pack.page import page_bytes

PATIENCE = 900
"""Seconds."""


def main() -> None:
    pack = Path(sys.argv[1]).resolve()
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for switch in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(switch)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium has no sandbox for root
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "VERIFY.html"
        page.write_bytes(page_bytes())
        control = "folder" if pack.is_dir() else "zip"
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
        try:
            driver.get(page.as_uri())
            began = time.perf_counter()
            driver.find_element("id", control).send_keys(str(pack))
            while time.perf_counter() - began < PATIENCE:
                report, fault = driver.execute_script(
                    "return [lastReport, part('fault').hidden ? '' : part('fault').textContent];"
                )
                if report or fault:
                    print(f"{control}: {fault or report['verdict']}, {time.perf_counter() - began:.1f} s")
                    break
                time.sleep(0.2)
        finally:
            driver.quit()


if __name__ == "__main__":
    main()
