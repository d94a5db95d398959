"""What the page must never do, whatever a pack holds: run it, show it as markup, or speak to anybody."""

import base64
import hashlib
import http.server
import io
import itertools
import json
import threading

import pytest
from pypdf import PdfReader

from psa_evidence.verify.verifier import CHECKS

MARKUP = "<img src=x onerror=alert(1)><b id=planted>"


@pytest.fixture
def server():
    """Counts who calls."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{made.server_address[1]}", asked
        made.shutdown()
        thread.join()


def hostile(pack):
    pack.edit("data/manifest.json", lambda m: m.update(
        matter=MARKUP, client=f"</script><script>alert(1)</script>{MARKUP}", copy="\u202e\u0000" + MARKUP,
        as_of="javascript:alert(1)", software=MARKUP))  # fmt: skip
    pack.edit("data/manifest.json", lambda m: m["counts"].update({MARKUP: 1, "__proto__": 2, "constructor": 3}))
    pack.edit("data/manifest.json", lambda m: m["records"][0].update(kind=MARKUP, id=MARKUP, exhibit=MARKUP))
    for name in ('data/logs/<img src=x onerror="alert(1)">.csv', "data/tables/<b id=planted>", "seals/<script>.json"):
        pack.files[name] = MARKUP.encode()
    pack.repair()
    pack.files["<b id=planted>"] = b""
    pack.files["bag-info.txt"] += f"<b id=planted>: {MARKUP}\n{MARKUP}\n".encode()


def test_hostile_text_is_shown_as_text(browser, pack, tmp_path):
    hostile(pack)
    pack.files["data/proofs/__proto__"] = MARKUP.encode()
    report = browser.give("zip", pack.write_zip(tmp_path / "pack.zip"))
    assert report["verdict"] == "fail"
    assert browser.value("document.querySelectorAll('#planted, img, iframe, object, link, main script').length") == 0
    assert "<img src=x onerror=alert(1)>" in browser.text("facts")
    assert "<b id=planted>" in browser.text("files")
    assert "\u202e" not in browser.text("result")
    assert "\\u{202e}" in browser.text("facts")
    assert browser.complaints() == []


def test_no_request_leaves_the_page(browser, pack, tmp_path, server):
    address, asked = server
    browser.give("zip", pack.write_zip(tmp_path / "pack.zip"))
    browser.give("folder", pack.write())
    assert {url for url in browser.requests() if not url.startswith(("blob:", "data:"))} == {browser.file.as_uri()}
    refused = browser.js("fetch(a)", f"{address}/by-fetch")
    assert "Failed to fetch" in refused["error"]
    browser.value(
        """new Promise((done) => {
          const image = new Image();
          image.onerror = () => done(1);
          image.src = a;
          document.body.append(image);
          navigator.sendBeacon(a + "/beacon");
          const frame = document.createElement("iframe");
          frame.src = a;
          document.body.append(frame);
        })""",
        f"{address}/by-image",
    )
    assert any("Content Security Policy" in line for line in browser.complaints())
    assert asked == []


def test_a_script_that_was_planted_in_the_page_does_not_run(browser, tmp_path):
    planted = tmp_path / "VERIFY.html"
    planted.write_bytes(browser.file.read_bytes().replace(b"</body>", b"<script>window.planted = 1</script></body>"))
    browser.file = planted
    browser.open()
    assert browser.value("typeof window.planted") == "undefined"


@pytest.mark.parametrize("width", [360, 1100])
def test_nothing_is_wider_than_the_window(browser, pack, tmp_path, width):
    pack.files["data/tables/" + "w" * 200 + ".csv"] = b"a\n"
    pack.repair()
    pack.files["data/natives/ticket/1042.json"] += b" "
    browser.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    )
    try:
        assert browser.give("zip", pack.write_zip(tmp_path / "pack.zip"))["verdict"] == "fail"
        browser.driver.execute_script("for (const each of document.querySelectorAll('details')) each.open = true;")
        assert browser.value("document.documentElement.scrollWidth") <= width
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_result_can_be_used_without_eyes_and_without_a_mouse(browser, pack, tmp_path):
    browser.give("zip", pack.write_zip(tmp_path / "pack.zip"))
    assert browser.value("document.activeElement.id") == "verdict-word"
    unlabelled = """[...document.querySelectorAll('input')].filter((each) => !each.labels.length).length
      + [...document.querySelectorAll('button')].filter((each) => !each.textContent.trim()).length"""
    assert browser.value(unlabelled) == 0
    assert browser.value("[...document.querySelectorAll('input,button,summary')].every((each) => each.tabIndex >= 0)")
    levels = browser.value("[...document.querySelectorAll('h1,h2,h3')].map((each) => Number(each.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    tree = json.dumps(browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {}), ensure_ascii=False)
    for name in ("Choose the folder", "Choose a ZIP file", "Pass · time not witnessed", "1. Container"):
        assert name in tree


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("ab12", "Not a whole fingerprint"), ("0" * 64, "Different"), (None, "The same"), ("", "")],
)
def test_a_fingerprint_from_elsewhere_is_compared(browser, pack, tmp_path, typed, answer):
    browser.give("zip", pack.write_zip(tmp_path / "pack.zip"))
    fingerprint = browser.text("fingerprint")
    assert fingerprint == verify_fingerprint(pack)
    words = fingerprint.upper() if typed is None else typed
    browser.driver.find_element("id", "known").send_keys(words)
    assert browser.text("compared").startswith(answer)
    assert bool(browser.text("compared")) == bool(answer)


def verify_fingerprint(pack):
    return hashlib.sha256(pack.files["tagmanifest-sha256.txt"]).hexdigest()


def test_a_browser_whose_arithmetic_is_wrong_is_told_so(browser):
    script = {"source": "Math.floor = () => 7;"}
    added = browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", script)
    try:
        browser.open()
        assert "self-check failed" in browser.text("fault")
        assert not browser.driver.find_element("id", "choose").is_displayed()
    finally:
        browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_files_are_listed_with_problems_first_and_can_be_searched(browser, pack, tmp_path):
    for number in range(250):
        pack.files[f"data/logs/{number:03d}.csv"] = b"a\n"
    pack.repair()
    pack.files["data/natives/ticket/1042.json"] += b" "
    browser.give("zip", pack.write_zip(tmp_path / "pack.zip"))
    shown = "[...document.querySelectorAll('#files summary')].map((each) => each.textContent)"
    first = browser.value(shown)
    assert len(first) == 200
    assert "ticket/1042.json" in " ".join(first[:2])
    assert "does not hold" in first[0]
    browser.driver.find_element("id", "more").click()
    assert len(browser.value(shown)) == len(pack.files)
    browser.driver.find_element("id", "filter").send_keys("TICKET/")
    assert len(browser.value(shown)) == 3


@pytest.mark.parametrize(
    ("attack", "marked"),
    [
        (lambda p: p.files.update({"seals/000001.json": b"{}"}), {"seals/000001.json"}),
        (lambda p: p.edit("data/proofs/2.json", lambda d: d["proofs"][0]["path"].pop()), {"data/proofs/2.json"}),
        (lambda p: p.edit("data/manifest.json", lambda m: m["counts"].update({"table:devices": 9})),
         {"data/tables/devices.csv"}),
        (lambda p: p.files.update({"data/natives/ticket/1043.json": b"{}"}), {"data/natives/ticket/1043.json"}),
    ],
    ids=["seal", "proof", "count", "native"],
)  # fmt: skip
def test_a_file_that_a_failed_check_speaks_of_never_says_that_it_holds(browser, pack, tmp_path, attack, marked):
    attack(pack)
    pack.repair()
    assert browser.give("zip", pack.write_zip(tmp_path / "pack.zip"))["verdict"] == "fail"
    rows = browser.value(
        "[...document.querySelectorAll('#files summary')].map((e) => [e.firstChild.textContent, e.textContent])"
    )
    assert marked <= {path for path, words in rows if "does not hold" in words}


def test_the_step_of_the_pdf_does_not_claim_what_was_not_looked_at(browser, pack, tmp_path):
    browser.give("zip", pack.write_zip(tmp_path / "pack.zip"))
    steps = browser.value("[...document.querySelectorAll('#steps summary')].map((each) => each.textContent)")
    assert [step for step in steps if "as far as checked here" in step] == [steps[7], steps[8]]
    assert browser.text("verdict").endswith(
        "Not checked by this page: the inside of the PDFs (8.2, 8.3, 8.4, 8.5) and what stands in the tables "
        "(9.3, 9.4, 9.5, 9.6, 9.7, 9.8, 9.9, 9.10, 9.11, 9.12, 9.13). The program psa-evidence checks them."
    )


def drop_without_waiting(browser, path):
    browser.driver.execute_script("lastReport = null")
    box = browser.value("(({x, y, width}) => [x + width / 2, y + 20])(part('choose').getBoundingClientRect())")
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for event in ("dragEnter", "dragOver", "drop"):
        browser.driver.execute_cdp_cmd(
            "Input.dispatchDragEvent", {"type": event, "x": box[0], "y": box[1], "data": data}
        )


def drop(browser, path):
    drop_without_waiting(browser, path)
    return browser.report()


def test_a_pack_can_be_dropped_on_the_page(browser, pack, tmp_path):
    assert drop(browser, pack.write_zip(tmp_path / "pack.zip"))["verdict"] == "pass"
    folder = pack.write()
    assert drop(browser, folder)["verdict"] == "pass"
    (folder / "data" / "empty").mkdir()
    (folder / "nothing").mkdir()
    report = drop(browser, folder)
    assert [(c["id"], c["subject"]) for c in report["checks"] if c["status"] == "fail"] == [("1.5", "nothing")]


def test_a_second_pack_replaces_the_first_result(browser, pack, tmp_path):
    assert browser.give("zip", pack.write_zip(tmp_path / "good.zip"))["verdict"] == "pass"
    pack.files["data/natives/ticket/1042.json"] += b" "
    assert browser.give("zip", pack.write_zip(tmp_path / "bad.zip"))["verdict"] == "fail"
    assert "Fail" in browser.text("verdict")
    assert browser.give("zip", tmp_path / "good.zip")["verdict"] == "pass"
    assert browser.value("document.querySelectorAll('.mark.fail, #verdict li').length") == 0


def test_the_result_prints_with_every_check(browser, pack, tmp_path):
    browser.give("zip", pack.write_zip(tmp_path / "pack.zip"))
    printed = base64.b64decode(browser.driver.execute_cdp_cmd("Page.printToPDF", {})["data"])
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages)
    for check in CHECKS:
        assert check in text
    assert "Choose the folder" not in text


def test_a_folder_that_the_browser_withholds_is_no_finding_about_the_pack(browser, pack):
    browser.driver.execute_script("DataTransferItem.prototype.getAsFileSystemHandle = undefined;")
    drop_without_waiting(browser, pack.write())
    until = (
        "new Promise((done) => { const look = () => (busy ? setTimeout(look, 20) : done(1)); setTimeout(look, 200); })"
    )
    assert browser.value(until) == 1
    assert "Please use the button" in browser.text("hint")
    assert browser.value("lastReport === null && part('result').hidden && part('fault').hidden")


def test_no_page_of_a_print_out_ends_with_the_head_of_a_table(browser, pack, tmp_path):
    browser.give("zip", pack.write_zip(tmp_path / "pack.zip"))
    for tenths in range(80, 120, 5):
        paper = {"paperWidth": 8.27, "paperHeight": tenths / 10}
        printed = base64.b64decode(browser.driver.execute_cdp_cmd("Page.printToPDF", paper)["data"])
        ends = [page.extract_text().strip().splitlines()[-1] for page in PdfReader(io.BytesIO(printed)).pages]
        assert not any("What was found" in end or end == "File by file" for end in ends), tenths
