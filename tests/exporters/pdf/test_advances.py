"""A row is given the height of one line only where each of its cells surely takes one."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import pairwise

import pytest
import typst
from pypdf import PdfReader

from psa_evidence.spi import Column, Facts, Table
from psa_evidence_pdf.advances import CAP_HEIGHT, LEADING, height, lines, on_one_line, width
from psa_evidence_pdf.coverage import FONT_FOLDER, _table
from psa_evidence_pdf.documents import document_data
from psa_evidence_pdf.plan import Plan
from psa_evidence_pdf.stamps import faces
from psa_evidence_pdf.stand_ins import stand_ins
from psa_evidence_pdf.typesetting import Job, _world
from psa_evidence_pdf.volumes import Limits

FOOT = 70
MANY = 45
"""Lines of a page that is all table or all facts."""
PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


def test_the_widths_are_those_of_the_body_face():
    regular, _ = faces(PRINTABLE)
    for character in PRINTABLE:
        advance = regular.widths[regular.codes[character]]
        assert advance * 10 <= width(character, 10) * 1000 <= advance * 10 * 1.05


def test_the_height_of_a_line_is_that_of_the_body_faces_capitals():
    font = (FONT_FOLDER / "CharisSIL-Regular.ttf").read_bytes()
    units = int.from_bytes(font[_table(font, b"head") + 18 :][:2], "big")
    capitals = int.from_bytes(font[_table(font, b"OS/2") + 88 :][:2], "big")
    assert capitals / units == pytest.approx(CAP_HEIGHT, abs=1e-6)


def test_no_pair_of_letters_makes_a_text_wider_than_it_is_taken_to_be():
    """Measured by the typesetter: every two letters side by side, both ways."""
    texts = [(one + other) * 10 for one in PRINTABLE for other in PRINTABLE]
    source = (
        '#set text(font: "Charis SIL", fallback: false, size: 10pt, ligatures: false, number-type: "lining", '
        'number-width: "tabular")\n#context [#metadata(json("t.json").map(t => measure(t).width.pt()))<widths>]'
    )
    files = {"main": source.encode(), "t.json": json.dumps(texts).encode()}
    measured = json.loads(typst.query(files, "<widths>", field="value", one=True, **_world()))
    assert [text for text, points in zip(texts, measured, strict=True) if points > width(text, 10)] == []
    assert not on_one_line("x" * 40, 9, width("x" * 40, 9) - 0.01)


SPOKEN = ["Status", "changed", "from", '"New"', "to", "(open)", "by", "J.", "Rivera;", "state:", "24x7", "-", "50", "%",
          "C:/path/of", "'it'", "a/b", "well-known", "!", "by\nwhom"]  # fmt: skip
ODD = ["https://example.org/a?b=c", "www.example.org", "[", "(", "x" * 30, "a_b-c/d.e,f", "?!", "$5", "+00:00", ""]


@pytest.mark.parametrize("bold", [False, True])
def test_where_the_number_of_lines_is_known_the_typesetter_makes_as_many(bold):
    chance = random.Random(5)
    size = 8
    asked = [(" ".join(chance.choices(SPOKEN + ODD * odd, k=chance.randint(1, 30))) + chance.choice(["", "…"]),
              chance.uniform(40, 200), odd)
             for odd in (0, 1) for _ in range(600)]  # fmt: skip
    source = (
        f'#set text(font: "Charis SIL", fallback: false, size: {size}pt, ligatures: false, hyphenate: false, '
        f'weight: "{"bold" if bold else "regular"}")\n#set par(leading: {LEADING}em)\n'
        '#context [#metadata(json("t.json").map(((t, w)) => measure(width: w * 1pt, t).height.pt()))<heights>]'
    )
    files = {"main": source.encode(), "t.json": json.dumps([(text, room) for text, room, _ in asked]).encode()}
    measured = json.loads(typst.query(files, "<heights>", field="value", one=True, **_world()))
    known = [0, 0]
    for (text, room, odd), points in zip(asked, measured, strict=True):
        least, most = lines(text, size, room, bold=bold)
        made = round((points + LEADING * size) / ((CAP_HEIGHT + LEADING) * size))
        assert least <= made <= most, (text, room)
        if least == most:
            known[odd] += 1
            assert height(made, size) == pytest.approx(points, abs=0.01)
    assert known[0] > 350


def test_a_text_wider_than_a_line_that_surely_takes_two_at_most_takes_two():
    assert lines("Waiting for client", 9, 50) == (2, 2)
    assert lines("Waiting", 9, 20)[0] == 1, "a word may be broken: how often is not known"


def test_the_lines_of_a_text_that_are_parted_in_it_are_counted_each():
    assert lines("two\nlines", 9, 100) == (2, 2)
    assert lines("two\nthat wrap into two", 9, 60) == (3, 3)
    assert lines("what is cut off…", 9, 100) == (1, 1)


@pytest.mark.parametrize(
    "text", ["a line\n", "a\n\nb", "not … cut off", "Ünïcode\nbeside", "Ünïcode", "tab\there", "\u202e", "نص", "\x00"]
)
def test_of_other_texts_it_is_not_certain(text):
    assert width(text, 9) is None
    assert lines(text, 9, 10_000)[1] > 10**6
    assert not on_one_line(text, 9, 10_000)


def test_no_text_is_printed_over_another_where_rows_are_as_high_as_a_line(make_pack, make_ticket, export, text_of):
    """Cells around the width of their column, of wide letters and narrow ones: what wraps makes its row higher."""
    chance = random.Random(3)
    letters = "WMil1-.@ "
    rows = tuple(
        tuple("".join(chance.choices(letters, k=chance.randint(1, 60))) + f" end{n}x{m}." for m in range(3))
        for n in range(300)
    )
    table = Table(columns=tuple(Column(title=t) for t in "ABC"), rows=rows)
    facts = Facts(rows=tuple((f"label {n}", row[0]) for n, row in enumerate(rows)))
    files = export(make_pack(make_ticket(1, table, facts)))
    (path,) = files.values()
    pages = [baselines for baselines in lines_of(path) if len(baselines) > MANY]
    assert len(pages) > 10
    for baselines in pages:
        assert [(a, b) for a, b in pairwise(baselines) if 2 < b - a < 5] == []
    assert text_of(path).count("end299x0.") == 2


def test_titles_in_the_index_stand_on_lines_of_their_own(make_pack, make_ticket, text_of, tmp_path):
    """Long titles and short ones, of texts whose lines are counted before layout and of others."""
    said = ["word " * n + sign for n in range(2, 26, 3) for sign in ("end.", "Ende…", "你好")]
    content = make_pack(*(replace(make_ticket(n), title=title) for n, title in enumerate(said)))
    data, path = index_of(content), tmp_path / "index.pdf"
    path.write_bytes(Job(json.dumps(data).encode(), 0).typeset(stand_ins(*planned(content))))
    assert all(title.replace(" ", "") in text_of(path) for title in said)
    assert sum(1 for points in data["indexes"][0]["y"] if points) >= 8
    last = list(lines_of(path))[-1]
    assert len(last) > 20
    assert [(a, b) for a, b in pairwise(last) if 0.5 < b - a < 8] == []


def test_where_numbers_leave_titles_no_room_the_typesetter_divides_the_width_of_the_index(make_pack, make_ticket):
    content = make_pack(make_ticket(1))
    wide = replace(content, bates=replace(content.bates, prefix="W" * 24, digits=12))
    assert [index_of(each)["indexes"][0]["w"] is None for each in (content, wide)] == [False, True]


def planned(content):
    plan = Plan.of(content, Limits(whole=0))
    return plan, plan.documents[0]


def index_of(content):
    return json.loads(document_data(*planned(content)).data)


def lines_of(path):
    """Where the lines of each page stand, from below, but for those in the foot."""
    for page in PdfReader(path).pages:
        found = set()

        def line(text, cm, tm, font, size, found=found):
            if text.strip() and cm[5] > FOOT:
                found.add(round(cm[5], 1))

        page.extract_text(visitor_text=line)
        yield sorted(found)
