"""Every text that a finished file holds, as anybody's tools could get it out: pages, metadata, attachments, cells.

Of files that are no PDF also what they say in other spellings (`spellings`).

Not read: letters in a picture, files locked by a password, what a program computes when it opens a file.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ByteStringObject, IndirectObject, StreamObject, TextStringObject

from psa_evidence.errors import EvidenceError
from psa_evidence.selftest.pdf_bytes import NotTold, texts_and_streams
from psa_evidence.selftest.spellings import base64_in, decoded, spellings, unescaped

MAX_DEPTH: Final = 4
"""Files in files."""
MAX_MEMBER: Final = 256 * 1024 * 1024
"""Bytes of one file in a ZIP, or unpacked from gzip; more is refused, not passed over."""

_GZIP: Final = b"\x1f\x8b"
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_TAIL: Final = 65_557
"""Bytes at the end of a ZIP in which its directory's end stands: a program that unpacks itself begins otherwise."""

_PACKED: Final = re.compile(rb"(/FlateDecode[^>]*>>\s*stream\r?\n).*?(\r?\nendstream)", re.DOTALL)
"""A stream as it is packed says nothing that can be read; unpacked it is read with the objects."""

_TAG: Final = re.compile(r"<[^>]*>")
_ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be")


Clean = dict[bytes, None]
"""SHA-256 of streams of which every text was given, in the order in which they were met."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A PDF that was opened already: what its pages say (`page_texts`), and the reader."""

    pages: Sequence[str]
    reader: PdfReader


def texts_of(
    data: bytes, depth: int = 0, *, opened: Opened | None = None, clean: Clean | None = None
) -> Iterator[str]:  # fmt: skip
    """Texts of a file by its content, not its name; `opened` is the file where it was opened before.

    The texts of streams in `clean` are not given again. A stream is added to it when somebody asks for what follows
    its last text, so one in which he found what he looked for is not among them.

    Raises EvidenceError for a file that cannot be read.
    """
    if depth > MAX_DEPTH:
        raise EvidenceError("A file of the pack holds files in files too deep to be searched.")
    clean = {} if clean is None else clean
    if data.startswith(b"%PDF-"):
        yield from _pdf(data, depth, opened, clean)
    elif data.startswith(b"PK\x03\x04"):
        yield from _zip(data, depth, clean)
    elif data.startswith(_GZIP):
        yield from texts_of(_gunzipped(data), depth + 1, clean=clean)
    else:
        yield from _plain(data)
        yield from _otherwise(data, depth, clean)


def _plain(data: bytes) -> Iterator[str]:
    text = data.decode("utf-8", "replace")
    yield text
    if b"\x00" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        for encoding in _ENCODINGS[1:]:
            yield data.decode(encoding, "replace")
    if "\\" in text:
        for line in [text] if _json(text) is not None else text.splitlines():
            if '"' in line:  # else there is no string in it
                yield from _strings(_json(line))
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        yield unescaped(text)
        yield unescaped(_TAG.sub("", text))
        yield unescaped(_TAG.sub(" ", text))


def _otherwise(data: bytes, depth: int, clean: Clean) -> Iterator[str]:
    """What stands in a file in another code page, with escapes, or packed as base64."""
    text = data.decode("utf-8", "replace")
    if b"\x00" in data:
        yield data[1:].decode("utf-16-le", "replace")
        if _ZIP_END in data[-_ZIP_TAIL:]:
            yield from _unpacking_itself(data, depth, clean)
    elif "\ufffd" in text:
        text = decoded(data)
        yield text
    said = [text]
    if "\\" in text and (value := _json(text)) is not None:
        said.append("\n".join(_strings(value)))
    for each in said:
        yield from spellings(each)
        for unpacked in base64_in(each):
            try:
                yield from texts_of(unpacked, depth + 1, clean=clean)
            except EvidenceError:
                continue  # it only began as a file does


def _gunzipped(data: bytes) -> bytes:
    """All members of a gzip file (RFC 1952, 2.2), one behind the other; what follows the last as it is."""
    found: list[bytes] = []
    left = MAX_MEMBER
    while data.startswith(_GZIP):
        unpacking = zlib.decompressobj(wbits=31)
        try:
            found.append(unpacking.decompress(data, left + 1))
        except zlib.error as error:
            raise EvidenceError(
                "A file of the pack cannot be opened to be searched.", why=type(error).__name__
            ) from error
        left -= len(found[-1])
        if left < 0:
            raise EvidenceError("A file of the pack is too large to be searched.")
        data = unpacking.unused_data
    return b"".join((*found, data))


def _unpacking_itself(data: bytes, depth: int, clean: Clean) -> Iterator[str]:
    """A file that begins as something else and ends as a ZIP, if it is one."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        yield from _zip(data, depth, clean)


def _zip(data: bytes, depth: int, clean: Clean) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            yield container.comment.decode("utf-8", "replace")
            for info in container.infolist():
                yield info.filename
                yield info.comment.decode("utf-8", "replace")
                if info.file_size > MAX_MEMBER:
                    raise EvidenceError("A file of the pack is too large to be searched.")
                yield from texts_of(container.read(info), depth + 1, clean=clean)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise EvidenceError("A file of the pack cannot be opened to be searched.", why=type(error).__name__) from error


def _pdf(data: bytes, depth: int, opened: Opened | None, clean: Clean) -> Iterator[str]:
    yield from _plain(_PACKED.sub(rb"\1\2", data))
    try:
        reader = PdfReader(io.BytesIO(data)) if opened is None else opened.reader
        yield from page_texts(data) if opened is None else opened.pages
        for name, attached in reader.attachments.items():
            yield name
            for body in attached:
                yield from texts_of(bytes(body), depth + 1, clean=clean)
        yield from _contents(data, reader, clean)
    except EvidenceError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as error:
        raise EvidenceError("A PDF of the pack cannot be read to be searched.", why=type(error).__name__) from error


def _contents(data: bytes, reader: PdfReader, clean: Clean) -> Iterator[str]:
    """Every text and every stream that is in the file, of use or not. The PDFs of a production hold the pages and
    fonts of the pack's own once more."""
    try:
        found = list(texts_and_streams(data))
    except NotTold:
        yield from _objects(reader)
        return
    for item in found:
        if isinstance(item, str):
            yield item
        elif (digest := hashlib.sha256(item).digest()) not in clean:
            yield from _plain(item)
            clean[digest] = None


def page_texts(data: bytes) -> Iterator[str]:
    """What each page of a PDF says, as PDFium reads it, which is in every Chrome. Raises EvidenceError."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise EvidenceError("A PDF of the pack cannot be opened to be searched.", why="PDFium refuses it") from error
    try:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            yield text.get_text_bounded()
            text.close()
            page.close()
    finally:
        document.close()


def _objects(reader: PdfReader) -> Iterator[str]:
    """Every text and every stream of every object: information, XMP, bookmarks, annotations, tags, leftovers."""
    for generation, numbers in reader.xref.items():
        for number in numbers:
            yield from _object(reader.get_object(_reference(reader, number, generation)))
    for number in reader.xref_objStm:
        yield from _object(reader.get_object(_reference(reader, number, 0)))
    yield from _object(reader.trailer)


def _reference(reader: PdfReader, number: int, generation: int) -> IndirectObject:
    return IndirectObject(number, generation, reader)


def _object(value: Any, depth: int = 0) -> Iterator[str]:
    if depth > 60:
        return
    if isinstance(value, StreamObject) and value.get("/Subtype") != "/Image" and "/Length1" not in value:
        yield from _plain(value.get_data())
    if isinstance(value, TextStringObject):
        yield str(value)
    elif isinstance(value, ByteStringObject):
        yield bytes(value).decode("latin-1")
        yield bytes(value).decode("utf-16", "replace")
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _object(dict.get(value, name) if not isinstance(inner, dict | list) else inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _object(inner, depth + 1)


def _json(text: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        if "\\" in value and value.startswith(("{", "[")):
            yield from _strings(_json(value))
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _strings(item)
