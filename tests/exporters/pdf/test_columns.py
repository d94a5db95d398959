"""Widths of columns: together the table's, none too narrow for its longest word where that is possible."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from psa_evidence_pdf.advances import about
from psa_evidence_pdf.columns import INSET, _Wrapped, fitted, settled

BATES = "ACME-000001"
WHEN = "2025-11-04T16:20:49Z"


def test_a_number_and_a_time_are_not_broken_beside_a_long_text():
    number, when, text = settled(
        [[BATES] * 3, [WHEN] * 3, ["word " * 200]], ["Exhibit", "UTC", "Text"], [1, 1, 6], size=8, width=460
    )
    assert number > len(BATES) * 8 * 0.55
    assert when > len(WHEN) * 8 * 0.5
    assert text > number + when


def test_what_a_short_column_does_not_need_goes_to_the_long_one():
    adverse, text = settled([["no"], ["word " * 200]], ["", "Text"], [5, 1], size=8, width=460)
    assert adverse < 40
    assert text > 400


def test_a_column_without_weight_is_as_wide_as_its_content():
    n, text = settled([["7"], ["word " * 200]], ["n", "Text"], [0, 1], size=8, width=460)
    assert n < 20
    assert n + text == pytest.approx(460)


def test_a_long_digest_is_broken_rather_than_given_the_table():
    digest, text = settled([["0123456789abcdef" * 4], ["word " * 200]], ["SHA-256", "Text"], [1, 1], size=8, width=460)
    assert digest == pytest.approx(230)
    assert text == pytest.approx(230)


def test_where_words_do_not_fit_the_longest_ones_are_broken_and_a_date_is_not():
    date, path, digest = settled(
        [["2025-11-04"], ["data/natives/" + "x" * 40], ["f" * 64]], ["Date", "Native", "SHA-256"], [1, 2, 4],
        size=8, width=200,
    )  # fmt: skip
    assert date > 10 * 8 * 0.56
    assert path == pytest.approx(digest)


def test_a_table_is_set_a_little_smaller_where_all_its_rows_are_then_of_one_line():
    rows = ([["word " * 12]] * 3, ["a", "b", "c"], [1, 1, 1])
    full = sum(about("word " * 12) * 8 + 2 * INSET + 0.5 for _ in range(3))
    assert fitted(*rows, sizes=(8, 7.75, 7.5), width=full + 1)[0] == 8
    size, widths = fitted(*rows, sizes=(8, 7.75, 7.5), width=full - 5)
    assert size == 7.75
    assert sum(widths) == pytest.approx(full - 5)
    assert fitted(*rows, sizes=(8, 7.75, 7.5), width=full / 2)[0] == 8


@given(
    st.lists(st.tuples(st.text(max_size=60), st.text(max_size=20), st.floats(0, 9)), min_size=1, max_size=12),
    st.sampled_from([6, 6.5, 7.5, 8.5, 9]),
)
@example([("", "", 5e-324)], 6)
def test_the_widths_always_add_up_to_the_table(columns, size):
    texts, heads, weights = zip(*columns, strict=True)
    widths = settled([[text] for text in texts], heads, weights, size=size, width=470)
    assert sum(widths) == pytest.approx(470)
    assert min(widths) > 0


def test_of_equally_long_words_the_first_decide_so_that_every_run_gives_the_same_widths():
    """Which of them comes first in a set is another in each process."""
    narrow = ["".join(letters) for letters in product("ijl", repeat=4)]
    wide = ["".join(letters) for letters in product("MWGQ", repeat=4)]

    def widths(*words):
        return settled([words, ["x"]], ["a", "b"], [0, 1], size=9, width=300)

    assert widths(*narrow) != widths(*wide)
    assert widths(*narrow, *wide) == widths(*narrow)
    assert widths(*wide, *narrow) == widths(*wide)


def test_care_gives_width_to_the_column_that_makes_rows_high():
    columns = [["one two three four"] * 9, ["word " * 60] * 9, ["2025-11-18 15:12:40"] * 9]
    asked = {"heads": ["a", "b", "c"], "weights": [5, 1, 5], "size": 8, "width": 300}
    plain = settled(columns, **asked)
    careful = settled(columns, **asked, careful=True)
    assert careful[1] > plain[1] + 50
    assert sum(careful) == pytest.approx(300)
    assert careful[2] > len("2025-11-18") * 8 * 0.56


def test_lines_are_counted_that_stand_in_the_text_and_that_a_long_word_takes():
    room = about("x" * 10) * 8 + 2 * INSET + 1
    assert _Wrapped(["x", "x\ny\nz", "x" * 35, "x" * 35 + "\ny"], 8).lines(room) == [1, 3, 4, 5]


def test_care_leaves_widths_that_cannot_save_a_line():
    columns = [["aa bb " * 9], ["aa bb " * 9]]
    asked = {"heads": ["", ""], "weights": [1, 1], "size": 8, "width": 200}
    assert settled(columns, **asked, careful=True) == settled(columns, **asked)


def test_a_path_may_end_its_line_after_a_slash():
    path, text = settled([["data/natives/ticket/41374.json"], ["word " * 99]], ["", ""], [1, 99], size=8, width=300)
    assert path < 90
    assert text > 210


@pytest.mark.parametrize("unit", ["9 h 07 min 08 s", "85.9 %", "6,850.00 USD", "13:10:00 -05:00"])
def test_a_number_is_not_parted_from_its_unit(unit):
    long = ["many words that would take all of the width"] * 3
    heads, weights = ["a", "b", "c"], [3, 0.2, 3]
    plain = settled([long, [unit] * 3, long], heads, weights, size=8, width=200)
    careful = settled([long, [unit] * 3, long], heads, weights, size=8, width=200, careful=True)
    assert careful[1] + 0.1 > about(unit) * 8 + 2 * INSET > plain[1]
