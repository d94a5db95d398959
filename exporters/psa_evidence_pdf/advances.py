"""Which texts surely take one line: then the height of a row is known, and its cells are laid out once, not twice."""

from __future__ import annotations

from typing import Final

CAP_HEIGHT: Final = 0.67089844
"""Of the body face, in units of the type's size: how high the typesetter takes a line to be."""
_FIRST: Final = 0x20
_ADVANCES: Final = (
    293, 338, 334, 744, 563, 860, 700, 171, 376, 376, 500, 1000, 280, 320, 280, 491, 563, 563, 563, 563,
    563, 563, 563, 563, 563, 563, 280, 280, 1000, 1000, 1000, 486, 937, 674, 605, 627, 696, 584, 542, 695,
    744, 331, 485, 639, 531, 876, 722, 731, 580, 739, 649, 521, 600, 712, 667, 932, 634, 626, 576, 423,
    489, 423, 328, 335, 351, 509, 556, 466, 564, 491, 327, 525, 575, 304, 292, 535, 297, 851, 567, 544,
    560, 549, 392, 398, 340, 569, 529, 784, 510, 530, 462, 488, 354, 488, 834,
)  # fmt: skip
"""Of the printable ASCII characters in the regular cut of the body face, in thousandths, rounded up."""
_OF_BYTE: Final = [0] * _FIRST + list(_ADVANCES) + [0] * (256 - _FIRST - len(_ADVANCES))
_SPARE: Final = 1.03
"""For pairs of letters that stand farther apart than their widths say."""


def width(text: str, size: float) -> float | None:
    """Points that `text` takes in type of `size`, rather too much; None when it is not printable ASCII."""
    if not (text.isascii() and text.isprintable()):
        return None
    return sum(map(_OF_BYTE.__getitem__, text.encode())) * size * _SPARE / 1000


def on_one_line(text: str, size: float, room: float) -> bool:
    """Whether `text` surely fits on a line of `room` points; no, when it is not certain."""
    taken = width(text, size)
    return taken is not None and taken <= room
