"""Puts the page together: the same parts give the same bytes on every computer."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import Final

FILE: Final = "data/VERIFY.html"

SCRIPT_PARTS: Final = (
    "bytes", "sha256", "json", "members", "strict_json", "fields", "merkle",
    "names", "checklist", "folder", "crc32", "zip_directory", "zip_members", "zip", "hashing",
    "bagtext", "bag", "witness", "manifest", "contents", "sealed", "commitments", "seals", "logs", "pdfs", "csv",
    "complete", "natives_table", "figures", "der", "signatures", "x509", "certificate_path", "token", "timestamp",
    "time_files", "time", "time_order", "procedure", "words", "view", "main",
)  # fmt: skip
"""The pieces of script in their order in the page. Each declares names; only `main` does something."""

_FORBIDDEN: Final = ("</script", "<!--", "</style", "{{")


@cache
def page_bytes() -> bytes:
    """The whole page in UTF-8, with line ends LF.

    Its policy (Content Security Policy Level 3) allows this one script and this one style by their digests and nothing
    else: no connection, no image, no frame, no form.
    """
    style = _part("page.css")
    script = '"use strict";\n' + "\n".join(_part(f"script/{name}.js") for name in SCRIPT_PARTS)
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    page = _part("page.html")
    for name, text in (("policy", policy), ("style", style), ("script", script)):
        before, after = page.split(f"{{{{{name}}}}}")
        page = before + text + after
    return page.encode()


def _part(name: str) -> str:
    text = resources.files(__package__).joinpath(*name.split("/")).read_text(encoding="utf-8").replace("\r\n", "\n")
    if name != "page.html" and (found := [sign for sign in _FORBIDDEN if sign in text.casefold()]):
        raise ValueError(f"{name} holds {found[0]!r}, which would end its place in the page")
    return text


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
