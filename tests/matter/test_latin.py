"""Names in plain letters."""

from __future__ import annotations

import pytest

from psa_evidence.matter import default_prefix, latin


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Ødegård & Søns", "Odegard & Sons"), ("Straße Łódź", "Strasse Lodz"), ("Café", "Cafe"), ("東京 K.K.", " K.K.")],
)
def test_letters_are_written_as_people_write_them_without_accents(name, plain):
    assert latin(name) == plain


def test_a_bates_prefix_keeps_the_first_letter_of_a_name():
    assert default_prefix("Ødegård & Søns") == "ODEGAR-"
