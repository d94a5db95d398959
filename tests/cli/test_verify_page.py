"""`psa-evidence verify --page`: the page from a source that is not the pack."""

import hashlib
import json

from psa_evidence.pack.page import page_bytes


def test_the_page_is_written_with_its_digest(run, tmp_path):
    target = tmp_path / "VERIFY.html"
    ran = run("verify", "--page", target)
    assert ran.code == 0, ran.err
    assert target.read_bytes() == page_bytes()
    assert ran.out == f"{hashlib.sha256(page_bytes()).hexdigest()}  {target}\n"


def test_the_page_and_its_digest_as_json(run, tmp_path):
    ran = run("verify", "--page", tmp_path / "VERIFY.html", "--json")
    assert json.loads(ran.out)["sha256"] == hashlib.sha256(page_bytes()).hexdigest()


def test_a_file_that_is_there_is_not_overwritten(run, tmp_path):
    target = tmp_path / "VERIFY.html"
    target.write_text("mine")
    ran = run("verify", "--page", target)
    assert ran.code == 3
    assert "could not be written" in ran.err
    assert target.read_text() == "mine"


def test_without_a_pack_and_without_a_page_there_is_nothing_to_do(run):
    ran = run("verify")
    assert ran.code == 2
    assert "No pack was named" in ran.err


def test_a_path_where_nothing_is_is_a_slip_of_the_hand_and_no_pack_that_fails(run, tmp_path):
    ran = run("verify", tmp_path / "nowhere.zip")
    assert ran.code == 2
    assert "There is nothing at" in ran.err
    assert ran.out == ""
