"""Texts and bytes that break programs, for the suites: what a client may type, and what a line may do to bytes."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "markup": "<script>alert('x')</script><img src=x onerror=y>&amp;&#0;",
    "typesetting": '#import "/etc/passwd" \\input{x} $x^2$ *b* _i_ `c` @ref <label> // /* */',
    "formula": "=cmd|' /C calc'!A0",
    "path": "../../../../etc/passwd\\..\\..\\CON:AUX",
    "directions": "invoice\u202efdp.exe\u2066\u2069 \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "controls": "bell\x07 escape\x1b[31mred\x1b[0m nul\x00 delete\x7f c1\x85 form\x0cfeed",
    "lines": "one\r\ntwo\rthree\u2028four\u2029five\x0bsix",
    "spaces": "\ufeff zero\u200bwidth\u200d \u00a0no-break ",
    "astral": "\U0001f469\u200d\U0001f4bb \U0001d54f \u0915\u094d\u0937 \u0e01\u0e33 e\u0301 \u212b \ufb01",
    "words": "null",
    "braces": "%s {0} {user} ${HOME} %(name)s {{7*7}}",
    "query": "'; DROP TABLE tickets; --",
}  # fmt: skip
"""What must come out as it went in."""

HUGE: Final = "W\u00e4" * 500_000
"""A million characters: longer than a note ought to be, shorter than a pasted log may be."""

DAMAGE: Final[dict[str, bytes]] = {
    "nothing": b"",
    "half an object": b'{"id": 1, "summary": "half',
    "not UTF-8": b'{"id": 1, "summary": "\xff\xfe\xc3("}',
    "half a surrogate": b'{"id": 1, "summary": "\\ud800"}',
    "a list": b"[1, 2, 3]",
    "a number": b"17",
    "null": b"null",
    "an empty object": b"{}",
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"id":' * 50_000 + b"1" + b"}" * 50_000,
    "a number of many digits": b'{"id": ' + b"9" * 100_000 + b"}",
    "no number": b'{"id": NaN, "summary": -Infinity}',
    "twice the same member": b'{"id": 1, "id": 2}',
    "a web page": b"<html><body>Sign in</body></html>",
    "zeros": b"\x00" * 64,
    "a byte order mark": b'\xef\xbb\xbf{"id": 1}',
}
"""What a record's bytes may turn out to be."""
