"""What the monthly run says to people."""

from pathlib import Path

from psa_evidence.archive import ArchiveReport, Month
from psa_evidence.archive.run import ClientOutcome
from psa_evidence.cli.commands.archive import _describe


def test_each_client_is_named_whatever_became_of_its_pack():
    outcomes = (
        ClientOutcome("101", "Acme Ltd", "built", Path("packs/archive/2026-08/acme/Acme-Ltd-2026-08_routine-archive")),
        ClientOutcome("102", "Bolt & Sons", "failed", None, "internal error RuntimeError"),
        ClientOutcome("1030", "The Longest Name of a Client that Anybody Gave", "kept", Path("packs/x")),
    )
    told = _describe(ArchiveReport(Month(2026, 8), outcomes), "complete")
    lines = told.splitlines()
    assert any("101  Acme Ltd " in line and "built" in line for line in lines)
    assert any("102  Bolt & Sons " in line and "failed" in line for line in lines)
    assert any("1030  The Longest Name of a" in line and "kept" in line for line in lines)
    assert all(len(line) <= 80 for line in lines)
