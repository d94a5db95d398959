"""Step 8.4: the seal on each PDF, which `bag-info.txt` states, covers the whole file and is what it is said to be.

A file is covered when the two ranges of the signature dictionary (ISO 32000-2, 12.8.1) are all of it but the
hexadecimal digits of the signature itself: whatever was added behind makes the check fail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pypdf import PdfReader

from psa_evidence.verify.bag import Bag
from psa_evidence.verify.bagtext import BagTextError, tags
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.report import Checklist, Status, counted

if TYPE_CHECKING:
    from cryptography import x509

LABEL: Final = "pdf-seal"
"""As labels are compared: in lower case."""
TIME_STAMP: Final = "/ETSI.RFC3161"
SIGNATURE: Final = "/ETSI.CAdES.detached"
MAX_INFO: Final = 1 << 20
MAX_FIELDS: Final = 100
_LEVELS: Final = {"document time-stamp": TIME_STAMP, "signature B-T": SIGNATURE, "signature B-B": SIGNATURE}


@dataclass(frozen=True, slots=True)
class Found:
    """A seal found in a PDF: its kind, the bytes it covers, and the CMS structure (DER, with padding)."""

    kind: str
    covered: bytes
    contents: bytes


class SealError(Exception):
    """The seal is not as it must be; the words are for people."""


def seal_of(reader: PdfReader, data: bytes) -> Found | None:
    """The one seal of a PDF, None when there is none. Raises SealError when it does not cover the whole file."""
    fields = _fields(reader)
    if not fields:
        return None
    if len(fields) > 1:
        raise SealError(f"bears {len(fields)} signatures; a pack's PDF bears one seal")
    kind, ranges, own = _signature(fields[0])
    if len(ranges) != 4 or ranges[0] != 0 or min(ranges) < 0:
        raise SealError("its seal does not say which bytes it covers")
    end, begin = ranges[1], ranges[2]
    if begin + ranges[3] != len(data):
        raise SealError("bytes were added after it was sealed: the seal does not cover the whole file")
    hole = data[end:begin]
    if not re.fullmatch(rb"<[0-9A-Fa-f]*>", hole):
        raise SealError("its seal leaves out more than itself")
    if len(hole) % 2 or (contents := bytes.fromhex(hole[1:-1].decode("ascii"))) != own:
        raise SealError("its seal leaves out other bytes than its own signature")
    return Found(kind, data[:end] + data[begin:], contents)


def _signature(value: Any) -> tuple[str, list[int], bytes]:
    """Kind, ranges and contents of a signature dictionary. Raises SealError."""
    try:
        contents = _plain(value["/Contents"]).original_bytes
        return str(_plain(value["/SubFilter"])), [int(number) for number in _plain(value["/ByteRange"])], contents
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SealError("its seal lacks what a signature must have: its kind, its contents, what it covers") from error


def _fields(reader: PdfReader) -> list[Any]:
    """Values of the signature fields, also of those below others (ISO 32000-2, 12.7.4). Raises SealError."""
    form: Any = reader.root_object.get("/AcroForm")
    waiting = [(field, "") for field in _list(_plain(form).get("/Fields"))] if form is not None else []
    values, visited = [], 0
    while waiting:
        field, kind = waiting.pop()
        visited += 1
        if visited > MAX_FIELDS:
            raise SealError(f"more than {MAX_FIELDS} form fields: a pack's PDF has none but its seal")
        entry = _plain(field)
        kind = entry.get("/FT", kind)
        if kind == "/Sig" and "/V" in entry:
            values.append(_plain(entry["/V"]))
        waiting.extend((kid, kind) for kid in _list(entry.get("/Kids")))
    return values


def _plain(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _list(value: Any) -> list[Any]:
    found = _plain(value)
    return list(found[: MAX_FIELDS + 1]) if isinstance(found, list) else []


def stated(bag: Bag) -> tuple[str, str] | None:
    """Level asked for and level reached, as `bag-info.txt` states them; None when it says nothing."""
    try:
        labels = tags(bag.read("bag-info.txt", MAX_INFO), "UTF-8")
    except (Unreadable, BagTextError):
        return None
    lines = [value for label, value in labels if label == LABEL]
    match = re.match(r"asked: ([a-zA-Z -]+); reached: (none|document time-stamp|signature B-[BT])", "".join(lines[:1]))
    return (match[1], match[2]) if match and len(lines) == 1 else None


def check_seals_on_pdfs(
    bag: Bag, checks: Checklist, found: dict[str, Found | None], anchors: Sequence[x509.Certificate]
) -> None:
    """Check 8.4. `found` has every PDF that could be read."""
    level = stated(bag)
    if level is None:
        checks.fail("8.4", "bag-info.txt does not state, once, which seal the PDFs bear", "bag-info.txt")
        return
    asked, reached = level
    wanted = _LEVELS.get(reached)
    said: list[str] = []
    status: Status = "pass"
    for path, seal in found.items():
        kind = seal.kind if seal is not None else None
        if kind != wanted:
            checks.fail("8.4", f"bag-info.txt states {reached}, the PDF bears {_named(kind)}", path)
        elif seal is not None:
            from psa_evidence.verify.pdf_judging import judged  # noqa: PLC0415 - only a seal needs X.509 and CMS

            words, open_ = judged(checks, path, seal, reached, anchors)
            said.append(words)
            status = "inconclusive" if open_ else status
    if wanted is None:
        words = "the PDFs bear no seal" + ("" if asked == "none" else f", although one was asked for ({asked})")
        checks.settle("8.4", f"{words}: only the fingerprint of the pack holds their pages", "not witnessed")
        return
    checks.settle("8.4", f"{counted(len(found), 'PDF')}, each covered whole: {' and '.join(sorted(set(said)))}", status)


def _named(kind: str | None) -> str:
    return {None: "none", TIME_STAMP: "a document time-stamp", SIGNATURE: "a signature"}.get(kind, "another kind")
