"""The honest pack: what is said of it, and how."""

from __future__ import annotations

import json
import re
from pathlib import Path

from psa_evidence.verify import container, pdf, render, seekable, verifier, verify_pack, ziptail
from psa_evidence.verify.render import STEPS
from psa_evidence.verify.report import NO_WITNESS


def test_an_honest_pack_passes_and_says_that_nothing_proves_when(pack):
    report = pack.verify()
    assert [c for c in report.checks if c.status not in {"pass", "not witnessed"}] == []
    assert report.verdict == "pass"
    assert [c.id for c in report.checks if c.status == "not witnessed"] == ["8.4", *(f"10.{n}" for n in range(1, 7))]
    assert report.headline.startswith("PASS")
    assert NO_WITNESS in report.headline


def test_every_check_of_the_procedure_is_made_once_and_in_order(pack):
    assert list(verifier.CHECKS) == re.findall(r"\b\d{1,2}\.\d{1,2}\b", verifier.__doc__)
    assert [c.id for c in pack.verify().checks] == list(verifier.CHECKS)


def test_every_check_is_in_the_report_of_a_broken_pack_too(pack, tmp_path):
    assert [c.id for c in verify_pack(tmp_path / "nothing").checks] == list(verifier.CHECKS)
    pack.files["data/manifest.json"] = b"{"
    pack.repair_pdf()
    assert [c.id for c in pack.verify().checks] == list(verifier.CHECKS)


def test_a_zip_file_is_judged_like_the_folder(pack, tmp_path):
    folder = pack.verify()
    assert verify_pack(pack.write_zip(tmp_path / "a.zip")) == folder
    assert verify_pack(pack.write_zip(tmp_path / "b.zip", prefix="")) == folder


def test_the_report_as_data_has_the_promised_shape(pack):
    data = json.loads(json.dumps(pack.verify().as_json()))
    assert set(data) == {"verdict", "checks"}
    assert all(set(check) == {"id", "status", "detail", "subject"} for check in data["checks"])


def test_the_table_fits_eighty_columns_and_ends_with_the_verdict(pack):
    pack.files["data/" + "x" * 150 + ".txt"] = b""
    lines = render(pack.verify()).splitlines()
    assert max(map(len, lines)) <= 80
    assert any("FAIL" in line and "4.2" in line for line in lines)
    assert "FAIL." in "".join(lines[-3:])


def test_nothing_at_the_place_is_a_failed_check(tmp_path):
    report = verify_pack(tmp_path / "nothing")
    assert report.verdict == "fail"
    assert report.checks[0].id == "1.1"
    assert all(c.status == "inconclusive" for c in report.checks[1:])


def test_the_procedure_is_the_one_in_the_documentation():
    text = (Path(__file__).resolve().parents[2] / "docs" / "format" / "verification.md").read_text(encoding="utf-8")
    assert re.findall(r"^- \*\*(\d+\.\d+)\*\*", text, re.MULTILINE) == re.findall(
        r"\b\d{1,2}\.\d{1,2}\b", verifier.__doc__
    )
    assert dict(re.findall(r"^## (\d+) (.+)$", text, re.MULTILINE)) == {str(n): words for n, words in STEPS.items()}
    for limit in (
        f"{container.MAX_FILES:,} files",
        "1 TiB" if container.MAX_BYTES == 2**40 else "?",
        f"{container.BOMB_FLOOR >> 20} MiB, at most {container.MAX_RATIO} times",
        f"{ziptail.MAX_DIRECTORY >> 20} MiB of ZIP directory",
        f"{seekable.MAX_SEEKABLE >> 30} GiB",
        f"{pdf.MAX_PAGES:,} pages",
        f"{pdf.MAX_ATTACHMENTS:,} attachments",
    ):
        assert limit in " ".join(text.split())


def test_a_pack_with_a_table_of_tickets_and_none_of_its_notes_fails(pack):
    """Who takes the messages out of the tables takes the table with them."""
    pack.files["data/tables/tickets.csv"] = b"ticket\r\n"
    pack.repair()
    found = [check.subject for check in pack.verify().checks if (check.id, check.status) == ("9.10", "fail")]
    assert "data/tables/messages.csv" in found
