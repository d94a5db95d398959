"""The page as a file: put together the same way everywhere, sealed by its own policy, and in every pack."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from psa_evidence.pack import page
from psa_evidence.pack.page import assemble

PARTS = Path(page.__file__).parent


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.elements, self.texts, self.inside = [], {}, None

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.inside = tag

    def handle_data(self, data):
        if self.inside in {"script", "style"}:
            self.texts[self.inside] = self.texts.get(self.inside, "") + data

    def handle_endtag(self, tag):
        self.inside = None


@pytest.fixture
def read():
    reader = Reader()
    reader.feed(page.page_bytes().decode())
    return reader


def test_every_part_is_in_the_page_and_in_its_order(read):
    assert {f"{name}.js" for name in page.SCRIPT_PARTS} == {path.name for path in (PARTS / "script").iterdir()}
    places = [
        read.texts["script"].index((PARTS / "script" / f"{name}.js").read_text(encoding="utf-8"))
        for name in page.SCRIPT_PARTS
    ]
    assert places == sorted(places)


def test_the_policy_allows_this_script_and_this_style_and_nothing_else(read):
    policies = [a["content"] for tag, a in read.elements if a.get("http-equiv") == "Content-Security-Policy"]
    digest = {
        name: base64.b64encode(hashlib.sha256(read.texts[name].encode()).digest()).decode()
        for name in ("script", "style")
    }
    (policy,) = policies
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digest['script']}'; style-src 'sha256-{digest['style']}'; "
        "base-uri 'none'; form-action 'none'"
    )
    tags = [tag for tag, _ in read.elements]
    assert tags.index("meta") < tags.index("script")
    assert tags.count("script") == tags.count("style") == 1


def test_nothing_in_the_page_names_another_place(read):
    for _, attributes in read.elements:
        assert not {"src", "href", "action", "srcset", "style"} & attributes.keys()
        assert not any(name.startswith("on") for name in attributes)
    assert not re.search(r"https?:|//[a-z0-9]+\.[a-z]", page.page_bytes().decode())


def test_the_script_never_makes_markup_or_code_of_text(read):
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function"
        r"|XMLHttpRequest|\bfetch\b|WebSocket|sendBeacon|import\("
    )
    assert not re.findall(forbidden, read.texts["script"])


def test_line_ends_of_another_system_give_the_same_bytes(monkeypatch, tmp_path):
    honest = page.page_bytes()
    for path in PARTS.rglob("*"):
        if path.suffix in {".html", ".css", ".js"}:
            copy = tmp_path / path.relative_to(PARTS)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setattr(assemble.resources, "files", lambda _: tmp_path)
    assert assemble.page_bytes.__wrapped__() == honest


def test_a_part_that_would_end_its_element_is_refused(monkeypatch, tmp_path):
    (tmp_path / "page.css").write_text("/* </STYLE> */", encoding="utf-8")
    monkeypatch.setattr(assemble.resources, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match="would end its place"):
        assemble.page_bytes.__wrapped__()
