"""Real small files made from words: PDF, PNG, text. The same words give the same bytes."""

from __future__ import annotations

import struct
import textwrap
import zlib

_GLYPHS = {
    "A": "25755", "B": "65656", "C": "34443", "D": "65556", "E": "74647", "F": "74644", "G": "34553", "H": "55755",
    "I": "72227", "J": "11152", "K": "55655", "L": "44447", "M": "57755", "N": "65555", "O": "25552", "P": "65644",
    "Q": "25563", "R": "65655", "S": "34216", "T": "72222", "U": "55557", "V": "55552", "W": "55775", "X": "55255",
    "Y": "55222", "Z": "71247", "0": "75557", "1": "26227", "2": "61247", "3": "61216", "4": "55711", "5": "74616",
    "6": "34757", "7": "71122", "8": "75757", "9": "75716", ".": "00002", ":": "02020", "-": "00700", "#": "57575",
    "!": "22202", "(": "24442", ")": "21112", "/": "11244",
}  # fmt: skip
"""Three by five dots: each digit is a row, its bits are the dots."""


def pdf(title: str, lines: tuple[str, ...]) -> bytes:
    """One A4 page or more of plain text in Helvetica, PDF 1.4, with a cross-reference table."""
    wrapped = [part for line in lines for part in (textwrap.wrap(line, 88) or [""])]
    pages = [wrapped[start : start + 46] for start in range(0, max(len(wrapped), 1), 46)]
    objects: list[bytes] = []
    first_page = 4
    kids = " ".join(f"{first_page + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for number, page in enumerate(pages):
        content = _page(title if number == 0 else f"{title} (page {number + 1})", page)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {first_page + 2 * number + 1} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream")
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def _page(title: str, lines: list[str]) -> bytes:
    parts = [b"BT /F1 15 Tf 60 780 Td (" + _literal(title) + b") Tj ET", b"BT /F1 10 Tf 14 TL 60 750 Td"]
    parts += [b"(" + _literal(line) + b") Tj T*" for line in lines]
    return b"\n".join([*parts, b"ET"])


def _literal(text: str) -> bytes:
    """A PDF string in WinAnsi; what it cannot write becomes a question mark."""
    return text.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def png(lines: tuple[str, ...]) -> bytes:
    """A picture of a message window with the words in it, grey scale, 8 bit."""
    width, height, scale = 420, 150, 2
    canvas = [bytearray(b"\xd8" * width) for _ in range(height)]
    for y in range(20, height - 20):
        canvas[y][20 : width - 20] = (b"\x50" if y < 36 else b"\xff") * (width - 40)
    for row, line in enumerate(lines[:6]):
        ink = 0xFF if row == 0 else 0x20
        for column, letter in enumerate(line.upper()[:44]):
            for dy, digit in enumerate(_GLYPHS.get(letter, "00000")):
                for dx in range(3):
                    if int(digit) >> (2 - dx) & 1:
                        _dot(canvas, 26 + column * 4 * scale + dx * scale, 24 + row * 18 + dy * scale, scale, ink)
    raw = zlib.compress(b"".join(b"\0" + bytes(row) for row in canvas), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", raw) + _chunk(b"IEND", b"")


def _dot(canvas: list[bytearray], x: int, y: int, size: int, ink: int) -> None:
    for line in canvas[y : y + size]:
        line[x : x + size] = bytes([ink]) * size


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def log(lines: tuple[str, ...]) -> bytes:
    return ("\r\n".join(lines) + "\r\n").encode()
