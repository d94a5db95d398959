"""What holds for every test: generated examples are the same in every run, and no clock judges them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")
