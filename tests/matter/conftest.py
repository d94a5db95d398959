"""A matter file that is right, to be made wrong."""

from datetime import date

import pytest

from psa_evidence.matter import template


@pytest.fixture
def good():
    return template(
        name='Northwind "v" Acme', client="Northwind", connection="demo", since=date(2025, 1, 1), until=date(2025, 6,
        30),
        time_zone="America/New_York", parties=(("msp", "Acme IT"), ("client", "Northwind Trading")),
    )  # fmt: skip
