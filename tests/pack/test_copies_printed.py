"""Copies as the real exporters print them: the same bytes twice, and nothing of counsel's in the others."""

import filecmp
import shutil
import subprocess
from dataclasses import replace

import pytest

from psa_evidence.matter import CopyRules, Masks, Rule
from psa_evidence.pack.parts.adverse_facts import TITLE, WORDS
from psa_evidence.plugins import load_exporter
from psa_evidence.selftest.extract import texts_of
from psa_evidence.selftest.plain import squeezed
from psa_evidence.verify import verify_pack

NAMES = ("certificates", "loadfile", "pdf", "tables")
QUOTED = "Your first production says otherwise at NW-000999"
"""A number that this pack has not, in a text of the client's."""
ADMISSION = "We overlooked this for nine days and should have said so"


@pytest.fixture
def printed(make, psa, empty_vault, matter):
    psa.add("note", {
        "id": 7002, "noteType": "TicketNote", "ticket": {"id": 1003}, "text": ADMISSION, "detailDescriptionFlag": False,
        "internalAnalysisFlag": True, "resolutionFlag": False, "member": {"id": 5, "name": "Tessa"},
        "_info": {"dateEntered": "2025-04-01T15:00:00Z", "enteredBy": "tbell"},
    }, client="10", parent="ticket/1003")  # fmt: skip
    psa.add("note", {
        "id": 7003, "noteType": "TicketNote", "ticket": {"id": 1003}, "text": QUOTED, "detailDescriptionFlag": True,
        "internalAnalysisFlag": False, "resolutionFlag": False, "contact": {"id": 8, "name": "Ann"},
        "_info": {"dateEntered": "2025-04-02T15:00:00Z", "enteredBy": "ann"},
    }, client="10", parent="ticket/1003")  # fmt: skip
    psa.fill(empty_vault)
    internal = Rule(reason="privilege", internal=True)
    rules = (
        ("production", CopyRules(withhold=(internal,), paper="a4")),
        ("public", CopyRules(withhold=(internal,), masks=Masks(sorts=("contact names",)))),
    )

    def run(copy, out="out"):
        exporters = {name: load_exporter(name) for name in NAMES}
        chosen = replace(matter, copies=rules).as_copy(copy)
        return make(empty_vault, matter=chosen, out=out, exporters=exporters).folder

    return run


def said(folder):
    """Every text of every file and name, as it is compared."""
    files = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    texts = [str(p.relative_to(folder)) for p in files] + [t for p in files for t in texts_of(p.read_bytes())]
    return "\n".join(squeezed(text) for text in texts)


def test_copies_are_the_same_twice_verify_and_hold_nothing_of_counsels(printed):
    """One test, because each copy takes seconds to print."""
    production, again, public = printed("production", "a"), printed("production", "b"), printed("public", "c")
    names = sorted(p.relative_to(production).as_posix() for p in production.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(again).as_posix() for p in again.rglob("*") if p.is_file())
    assert filecmp.cmpfiles(production, again, names, shallow=False)[1:] == ([], [])
    for folder in (production, public):
        assert [c for c in verify_pack(folder).checks if c.status == "fail"] == []
    mine = said(printed("counsel", "d"))
    others = [said(production), said(public)]
    for wanted in (TITLE, ADMISSION, f"Words looked for: {WORDS[0]}", "For counsel only"):
        assert squeezed(wanted) in mine
        assert not any(squeezed(wanted) in other for other in others)
    if shutil.which("pdftotext") is not None:
        for path in production.rglob("*.pdf"):
            text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
            assert squeezed("overlooked this for nine") not in squeezed(text)
