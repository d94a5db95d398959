"""The page in a real browser, opened from a file as a lawyer opens it, and the packs of the verifier's tests.

Needs Selenium, Chromium or Chrome, and its driver; without them the tests say that they were not run.
"""

import importlib.util
import json
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from psa_evidence.pack.page import page_bytes
from psa_evidence.verify import verifier
from psa_evidence.verify.verifier import CHECKS

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 60
"""Seconds to wait for a page that will never answer, before the test fails."""

WITHHOLD = "Object.defineProperty(globalThis.crypto, 'subtle', {value: undefined});"


def verify_conftest():
    """tests/verify/conftest.py: its pack and its attacker's tools are those of the verifier's own tests."""
    name = "psa_evidence_tests_verify_conftest"
    if name not in sys.modules:
        path = Path(__file__).resolve().parents[2] / "verify" / "conftest.py"
        spec = importlib.util.spec_from_file_location(name, path)
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture
def new_pack(tmp_path):
    """Makes a small honest pack."""
    made = []

    def make():
        made.append(verify_conftest().Pack(tmp_path / f"pack{len(made)}"))
        return made[-1]

    return make


@pytest.fixture
def pack(new_pack):
    return new_pack()


@pytest.fixture(scope="session")
def driver():
    webdriver = pytest.importorskip("selenium.webdriver", reason="not run: Selenium is not installed")
    binary = next(filter(None, map(shutil.which, BROWSERS)), None)
    chromedriver = shutil.which("chromedriver")
    if not binary or not chromedriver:
        pytest.skip("not run: no Chromium with its driver (Debian: apt-get install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for switch in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1100,1400"):
        options.add_argument(switch)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium has no sandbox for root
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path=chromedriver)
    made = webdriver.Chrome(options=options, service=service)
    made.set_script_timeout(PATIENCE)
    yield made
    made.quit()


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Packs of these tests are small: what every pack of the product has is asked for in `test_complete.py`, and by
    the corpus."""
    monkeypatch.setattr(Browser, "small", True)
    monkeypatch.setattr(verifier, "check_complete", lambda _b, checks, _m: checks.settle("4.4", "not looked at"))


class Browser:
    """The page, freshly opened from a file. A `small` pack need not have what every pack has."""

    small = False

    def __init__(self, driver, file):
        self.driver = driver
        self.file = file

    def open(self):
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.driver.get(self.file.as_uri())
        if self.small:
            self.driver.execute_script("checkComplete = async (bag, checks) => checks.settle('4.4', 'not looked at');")
        return self

    def js(self, expression, *values):
        """The value of an expression of the page's own script; `values` are its a, b, c; promises are awaited."""
        names = ", ".join("abcdefgh"[: len(values)])
        return self.driver.execute_async_script(
            f"""const done = arguments[arguments.length - 1];
            (async ({names}) => ({expression}))(...[...arguments].slice(0, -1)).then(
              (value) => done({{value}}), (error) => done({{error: `${{error.name}}: ${{error.message}}`}}));""",
            *values,
        )

    def value(self, expression, *values):
        result = self.js(expression, *values)
        assert "error" not in result, result
        return result["value"]

    def give(self, control, path):
        """Choose a file or folder as a person does, and wait for the report."""
        self.driver.execute_script("lastReport = null; part('fault').hidden = true;")
        self.driver.find_element("id", control).send_keys(str(path))
        return self.report()

    def report(self):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            report, fault = self.driver.execute_script(
                "return [lastReport, part('fault').hidden ? '' : part('fault').textContent];"
            )
            assert not fault, fault
            if report:
                return report
            time.sleep(0.02)
        pytest.fail("the page gave no report")

    def trust(self, *paths):
        """Name authorities; where a pack was examined, time is judged again."""
        again = self.driver.execute_script("const had = lastReport !== null; lastReport = null; return had;")
        self.driver.find_element("css selector", "#trust summary").click()
        self.driver.find_element("id", "authorities").send_keys("\n".join(map(str, paths)))
        return self.report() if again else None

    def text(self, control):
        return self.driver.execute_script("return part(arguments[0]).textContent", control)

    def requests(self):
        """Addresses that the browser asked for since the page was opened."""
        messages = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]

    def complaints(self):
        """What the browser's console says: refusals by the policy, errors."""
        return [entry["message"] for entry in self.driver.get_log("browser")]


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("page") / "VERIFY.html"
    file.write_bytes(page_bytes())
    return file


@pytest.fixture
def browser(driver, page_file):
    return Browser(driver, page_file).open()


@pytest.fixture
def browser_without_crypto(driver, page_file):
    """A browser that withholds WebCrypto from files."""
    added = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WITHHOLD})
    yield Browser(driver, page_file).open()
    driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


@pytest.fixture
def outcome():
    """What must be the same in page and program: verdict and, for each check that both make, status and subjects."""
    both = set(CHECKS) - {
        "8.2", "8.3", "8.4", "8.5", "9.3", "9.4", "9.5", "9.6", "9.7", "9.8", "9.9", "9.10", "9.11", "9.12",
        "9.13",
    }  # fmt: skip

    def of(report):
        checks = report["checks"] if isinstance(report, dict) else report.as_json()["checks"]
        made = sorted({(c["id"], c["status"], c["subject"]) for c in checks if c["id"] in both})
        statuses = {status for _, status, _ in made}
        verdict = next((each for each in ("fail", "inconclusive") if each in statuses), "pass")
        return verdict, made

    return of
