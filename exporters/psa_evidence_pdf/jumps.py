"""Links into another file of the pack: to the part or exhibit itself, not to the first page of the file it stands in.

The typesetter writes a link to another file as an address. What it writes as `<file>#<id>` becomes a jump to a named
destination of that file (ISO 32000-1, 12.6.4.3, which PDF/A-3 allows). Only addresses that the plan made have this
form: no text of a record becomes a link.

The name of the file is a file specification without a type, which only one with an embedded file needs (7.11.3):
validators take each that says /Filespec for an embedded file, which PDF/A-3 (6.8) wants related to the document.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

from psa_evidence_pdf.update import Update, text_string

_ANNOTATIONS = re.compile(rb"/Annots\s*\[([^\]]*)\]")
_REFERENCE = re.compile(rb"(\d+) 0 R")
_LINK = 260
"""Bytes of a link, and of its line in the cross-reference table, without names."""
_ADDRESS = re.compile(rb"/A<</Type/Action/S/URI/URI\((Evidence%20Pack[\w%.-]*\.pdf)#([a-z0-9-]+)\)>>")
_WORDS = re.compile(rb"/Contents\((Evidence%20Pack[\w%.-]*\.pdf)#[a-z0-9-]+\)")


def address(file: str, id_: str) -> str:
    """What the template is told of a place in another file."""
    return f"{quote(file)}#{id_}"


def added(pdf: bytes) -> int:
    """Bytes that `add_jumps` will put behind a file, rather too many: the link anew, which names the file three times,
    twice with four digits a letter."""
    return sum(_LINK + 9 * len(name) for name, _ in _ADDRESS.findall(pdf))


def add_jumps(update: Update, pages: list[bytes]) -> None:
    """Turn the addresses on the pages, given as their dictionaries, into jumps."""
    for page in pages:
        listed = _ANNOTATIONS.search(page)
        for number in _REFERENCE.findall(listed[1]) if listed else ():
            link = update.dictionary(int(number))
            if _ADDRESS.search(link):
                update.put(int(number), _WORDS.sub(_named, _ADDRESS.sub(_jump, link)) + b">>")


def _jump(found: re.Match[bytes]) -> bytes:
    name = text_string(_name(found[1]))
    return b"/A<</Type/Action/S/GoToR/F<</F(%s)/UF%s>>/D(%s)>>" % (
        _name(found[1]).encode("ascii"), name, found[2],
    )  # fmt: skip


def _named(found: re.Match[bytes]) -> bytes:
    return b"/Contents" + text_string(_name(found[1]))


def _name(quoted: bytes) -> str:
    return unquote_to_bytes(quoted).decode("ascii")
