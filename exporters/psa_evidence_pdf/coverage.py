"""Which characters the bundled fonts can draw, read from their character maps.

Only the two subtable formats that cover Unicode in today's fonts are read (OpenType `cmap`, formats 4 and 12).
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

from psa_evidence.errors import ConfigurationError

FONT_FOLDER = Path(__file__).parent / "fonts"

FAMILIES: tuple[tuple[str, str], ...] = (
    ("Charis SIL", "CharisSIL-Regular.ttf"),
    ("Noto Naskh Arabic", "NotoNaskhArabic-Regular.ttf"),
    ("Noto Serif Hebrew", "NotoSerifHebrew-Regular.ttf"),
    ("Noto Serif Devanagari", "NotoSerifDevanagari-Regular.ttf"),
    ("Noto Serif Thai", "NotoSerifThai-Regular.ttf"),
    ("DejaVu Sans", "DejaVuSans.ttf"),
    ("Noto Sans Symbols2", "NotoSansSymbols2-Regular.ttf"),
    ("Droid Sans Fallback", "DroidSansFallbackFull.ttf"),
)
"""Family name as the typesetter knows it and the file its coverage is read from, in order of preference.

Bold and italic cuts of the first family cover at least what the regular one does for text that is set in them;
a test holds that.
"""


def characters(font: bytes) -> frozenset[int]:
    """The code points that `font` (a TrueType or OpenType file) maps to a glyph other than `.notdef`.

    Raises ConfigurationError when the file is not a font or has no Unicode character map of a known format.
    """
    try:
        start = _table(font, b"cmap")
        best: frozenset[int] = frozenset()
        (count,) = struct.unpack_from(">H", font, start + 2)
        for number in range(count):
            platform, encoding, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * number)
            if platform == 0 or (platform == 3 and encoding in {1, 10}):
                found = _subtable(font, start + offset)
                best = found if len(found) > len(best) else best
    except (struct.error, IndexError) as error:
        raise ConfigurationError(
            "A bundled font cannot be read.", why=str(error), next_step="Install psa-evidence again."
        ) from error
    if not best:
        raise ConfigurationError("A bundled font has no character map.", next_step="Install psa-evidence again.")
    return best


@cache
def masks() -> dict[int, int]:
    """Code point -> bit set of the families (bit n is FAMILIES[n]) that draw it."""
    covered: dict[int, int] = {}
    for number, (_, file) in enumerate(FAMILIES):
        bit = 1 << number
        for code in characters((FONT_FOLDER / file).read_bytes()):
            covered[code] = covered.get(code, 0) | bit
    return covered


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for number in range(count):
        name, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * number)
        if name == tag:
            return int(offset)
    raise IndexError(f"no table {tag.decode()}")


def _subtable(font: bytes, at: int) -> frozenset[int]:
    (kind,) = struct.unpack_from(">H", font, at)
    if kind == 4:
        return _format_4(font, at)
    if kind == 12:
        return _format_12(font, at)
    return frozenset()


def _format_4(font: bytes, at: int) -> frozenset[int]:
    (doubled,) = struct.unpack_from(">H", font, at + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", font, at + 16 + 2 * doubled)
    ranges_at = at + 16 + 3 * doubled
    ranges = struct.unpack_from(f">{count}H", font, ranges_at)
    found: set[int] = set()
    for number in range(count):
        for code in range(starts[number], min(ends[number], 0xFFFE) + 1):
            glyph = code
            if ranges[number]:
                place = ranges_at + 2 * number + ranges[number] + 2 * (code - starts[number])
                (glyph,) = struct.unpack_from(">H", font, place)
                if glyph == 0:
                    continue
            if (glyph + deltas[number]) % 65536:
                found.add(code)
    return frozenset(found)


def _format_12(font: bytes, at: int) -> frozenset[int]:
    (count,) = struct.unpack_from(">L", font, at + 12)
    found: set[int] = set()
    for number in range(count):
        first, last, glyph = struct.unpack_from(">LLL", font, at + 16 + 12 * number)
        found.update(code for code in range(first, last + 1) if glyph + code - first)
    return frozenset(found)
