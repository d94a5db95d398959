"""What goes out: JSON as the vendor sends it, and the vendor's error bodies."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

GZIP_FROM = 1024
"""Bytes; shorter bodies are sent as they are."""

Header = tuple[bytes, bytes]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_JSON: Header = (b"content-type", b"application/json; charset=utf-8")
_HTML: Header = (b"content-type", b"text/html; charset=utf-8")


@dataclass(slots=True)
class Reply:
    status: int
    body: bytes
    headers: list[Header] = field(default_factory=list)
    cut: bool = False
    """Close the connection in the middle of the body."""

    def squeezed(self) -> Reply:
        """The body gzip-coded when that is worth it. Deterministic: no time in the gzip header."""
        if len(self.body) < GZIP_FROM:
            return self
        body = zlib.compress(self.body, level=1, wbits=31)
        return Reply(self.status, body, [*self.headers, (b"content-encoding", b"gzip")], self.cut)


class KeptRow(dict[str, Any]):
    """A row that stays at hand, and its JSON when it was sent once. It is not changed."""

    __slots__ = ("_text",)

    def text(self) -> str:
        try:
            return self._text
        except AttributeError:
            self._text: str = _encode(self)
            return self._text


class ApiError(Exception):
    """Ends the handling of a request with an error body."""

    def __init__(self, status: int, code: str, message: str, *, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors or []

    def reply(self) -> Reply:
        return json_reply({"code": self.code, "message": self.message, "errors": self.errors}, status=self.status)


def json_reply(value: Any, *, status: int = 200, headers: tuple[Header, ...] = ()) -> Reply:
    return Reply(status, encoded(value), [_JSON, *headers])


def encoded(value: Any) -> bytes:
    """UTF-8 JSON without spaces; a text with half a surrogate pair makes the body pure ASCII with escapes."""
    try:
        if isinstance(value, list) and all(isinstance(row, KeptRow) for row in value):
            return f"[{','.join(row.text() for row in value)}]".encode()
        return _encode(value).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def bytes_reply(content: bytes, media_type: str, file_name: str) -> Reply:
    """A download. The name is reduced to ASCII without quotes; the full one stands in the RFC 6266 parameter."""
    plain = "".join(c if " " <= c <= "~" and c not in '"\\' else "_" for c in file_name)
    extended = quote(file_name, safe="", errors="replace")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{extended}"
    return Reply(200, content, [(b"content-type", media_type.encode()), (b"content-disposition", disposition.encode())])


def html_reply(status: int, title: str) -> Reply:
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Reply(status, page.encode(), [_HTML])


def unauthorized() -> ApiError:
    return ApiError(401, "Unauthorized", "Unauthorized")


def forbidden() -> ApiError:
    return ApiError(403, "Forbidden", "You do not have the permission that this call needs.")


def not_found(what: str) -> ApiError:
    return ApiError(404, "NotFound", f"{what} was not found.")


def invalid(message: str, parameter: str) -> ApiError:
    error = {"code": "InvalidParameter", "message": message, "resource": "query", "field": parameter}
    return ApiError(400, "InvalidParameter", message, errors=[error])


def too_many(seconds: int) -> Reply:
    """The one error whose body says `error` where the others say `code`."""
    message = f"Too many requests. Please try again in {seconds} seconds."
    body = {"error": "ConnectWiseAPI", "message": message}
    return json_reply(body, status=429, headers=((b"retry-after", str(seconds).encode()),))
