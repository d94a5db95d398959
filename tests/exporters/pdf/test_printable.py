"""Any text can be printed, and nothing of it is lost."""

from __future__ import annotations

import io
import json

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from psa_evidence_pdf.coverage import FAMILIES, FONT_FOLDER, characters
from psa_evidence_pdf.printable import _slow, one_line, pieces, printable, right_to_left
from psa_evidence_pdf.typesetting import _world

MARKED = st.text(
    st.one_of(st.characters(categories=["Mn", "Mc", "Me", "Sk", "Cf", "Lo"]), st.sampled_from("aकกשم한ᄀᆨ你😀👍🏽🇺‍‌️ ")),
    max_size=30,
)


def test_plain_text_stays_as_it_is():
    assert printable("Hello *world*\n#x") == "Hello *world*\n#x"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\rc", "a\nb\nc"), ("a\tb", "a    b"), ("\x00", "‹U+0000›"), ("\ud800", "‹U+D800›"),
        ("a\u202eb", "a‹U+202E›b"), ("\u200b", "‹U+200B›"), ("\ufeff", "‹U+FEFF›"), ("\ue000", "‹U+E000›"),
        ("你好", "你好"), ("שלום", "שלום"), ("مرحبا", "مرحبا"), ("é", "é"), ("\u0301x", "‹U+0301›x"),
        ("👨‍👩", "‹U+1F468›‹U+200D›‹U+1F469›"), ("می‌خواهم", "می‌خواهم"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_becomes_its_code_point(text, shown):
    assert printable(text) == shown


@given(st.text(max_size=200), st.integers(3, 40))
def test_pieces_are_the_text_and_none_begins_with_a_mark(text, longest):
    cut = pieces(text, longest)
    assert ("".join(cut) if isinstance(cut, list) else cut) == printable(text)


def test_long_words_break_where_people_break_them():
    assert pieces("data/natives/ticket/41311.json", 28) == ["data/natives/", "ticket/", "41311.json"]
    assert pieces("20261130T012002Z-connectwise", 24)[:2] == ["20261130", "T012002Z-"]


def test_a_line_may_break_before_and_after_every_code_point_however_short_the_text_is():
    assert pieces("👨‍👩 x", 70) == ["‹U+1F468›", "‹U+200D›", "‹U+1F469›", " x"]
    assert pieces("tab\x07le", 70) == ["tab", "‹U+0007›", "le"]
    assert pieces("‹U+1F9D1›" + "a" * 20, 18) == ["‹U+1F9D1›", "a" * 6, "a" * 6, "a" * 8]
    assert pieces("‹U+200B› ‹abc› plain", 70) == ["‹U+200B›", " ‹abc› plain"]


@given(st.text(max_size=100))
def test_one_line_has_one_line(text):
    assert "\n" not in one_line(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=60), MARKED), min_size=20, max_size=20))
def test_the_typesetter_takes_every_printable_text_under_pdf_a(texts):
    """A glyph that no font has would make the compile fail: PDF/A forbids it."""
    families = ", ".join(f'"{name}"' for name, _ in FAMILIES)
    source = (
        f'#set text(font: ({families}), fallback: false, ligatures: false)\n#set document(title: "x")\n'
        '#for t in json("texts.json") { par(t) }'
    )
    data = json.dumps([printable(text) for text in texts]).encode()
    made = typst.compile(
        {"main": source.encode(), "texts.json": data}, format="pdf", pdf_standards=["a-3a"], timestamp=0, **_world()
    )
    assert made.startswith(b"%PDF")


@given(st.one_of(MARKED, st.text("aé–€Ωя你\u0301\u200d\u1160\xad\u2800 \n", max_size=6)))
@settings(max_examples=300)
def test_a_text_taken_as_it_is_would_be_the_same_read_sign_by_sign(text):
    assert printable(text) == _slow(text)


def test_right_to_left_is_told_by_the_first_strong_character():
    assert right_to_left("12 שלום abc")
    assert not right_to_left("abc שלום")
    assert not right_to_left("123")


def test_coverage_is_what_another_reader_finds():
    tools = pytest.importorskip("fontTools.ttLib", reason="fontTools is not installed: nothing to compare with")
    for _, file in FAMILIES:
        data = (FONT_FOLDER / file).read_bytes()
        font = tools.TTFont(io.BytesIO(data))
        known = {code for code, name in font.getBestCmap().items() if name != ".notdef"}
        assert characters(data) == known


def test_the_bold_and_italic_cuts_cover_what_the_regular_one_does():
    regular = characters((FONT_FOLDER / "CharisSIL-Regular.ttf").read_bytes())
    for cut in ("Bold", "Italic"):
        assert characters((FONT_FOLDER / f"CharisSIL-{cut}.ttf").read_bytes()) >= regular


def test_marks_piled_on_one_letter_do_not_reach_into_other_lines():
    shown = printable("a" + "\u0301" * 9 + "b")
    assert shown == "a" + "\u0301" * 4 + "‹U+0301›" * 5 + "b"


def test_letters_with_two_marks_stay_as_they_are():
    assert printable("a\u0302\u0301 e\u0302\u0301") == "a\u0302\u0301 e\u0302\u0301"
