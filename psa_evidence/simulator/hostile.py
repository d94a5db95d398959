"""Text that breaks careless programs, added to free text only: names, times, flags and links stay usable."""

from __future__ import annotations

import re
import zlib
from typing import Any

from psa_evidence.simulator.store import Row

TEXTS: tuple[str, ...] = (
    "\x00\x01\x08\x0b\x1b[31m\x7f\x85",
    "\u202egnp.exe\u202c \u2066\u05d0\u05d1\u2069 \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "\U0001f9d1\u200d\U0001f4bb\U0001f1e9\U0001f1ea\u2764\ufe0f e\u0301\u0323 \ufeff\u200b",
    '=HYPERLINK("http://127.0.0.1/?"&A1,"open")',
    "+1-2-3|cmd' /C calc'!A0",
    "@SUM(1+1)\t-2",
    '#read("/etc/passwd") $x^2$ #panic() *bold* _it_ @label <ref> // ` ``` \\ #import "@preview/x:1.0.0"',
    "</p><script>alert(1)</script><img src=x onerror=alert(2)>&amp;&#x0;<!-- ]]>",
    "\\input{/etc/passwd} \\write18{id} $$ % {{7*7}} ${7*7} {% raw %} %n%s",
    '\'; DROP TABLE records; -- " OR "1"="1',
    "../../../../windows/win.ini\\\\?\\C:\\CON.txt:stream",
    "line one\r\nline two\rline three\u2028line four\u2029line five\x0cpage",
    "cut emoji \ud83d",
    "Bates BATES000001 page 1 of 1 CONFIDENTIAL",
    "password: hunter2 4111 1111 1111 1111",
)
LONG = "very long text " * 6_827
"""About 100 kB, added rarely."""

_KEPT_NAMES = re.compile(
    r"(?:id|Id|UTC|Utc|Flag|_href|By|Type|Status|Level|Time|Date|Guid|identifier|basedOn|level|color|version"
    r"|billableOption|fileName|serverFileName|severity|impact|recordType|inquireLevel|moduleFunctionIdentifier"
    r"|applicationUnits|applicationCycle|resources|mimeType|value)\Z"
)
_KEPT_VALUES = re.compile(r"\A\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?\Z|\A\d\d:\d\d(?::\d\d)?\Z", re.ASCII)


def poisoned(row: Row) -> Row:
    """A copy in which every free text carries something hostile; the same text is always treated alike."""
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _value(inner, v) for inner, v in value.items()}
    if isinstance(value, list):
        return [_value(name, item) for item in value]
    if not isinstance(value, str) or _KEPT_NAMES.search(name) or _KEPT_VALUES.search(value):
        return value
    pick = zlib.crc32(value.encode("utf-8", "surrogatepass"))
    return f"{value} {LONG if pick % 997 == 0 else TEXTS[pick % len(TEXTS)]}"
