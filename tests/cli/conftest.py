"""Running commands as a user would, in this process."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import pytest

from psa_evidence.cli import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch, capsys):
    """Call `psa-evidence ARGUMENTS`; gives exit code and both streams."""

    def call(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["psa-evidence", *(str(a) for a in arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        code = left.value.code
        return Ran(code if isinstance(code, int) else 1 if code else 0, captured.out, captured.err)

    return call
