"""A pack is handed on: what was built, and nothing else, with a letter that names its fingerprint."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest


@pytest.fixture
def released(run, captured):
    """Builds a pack in a mode and gives its folder."""

    def make(mode, name="M"):
        written = run("init", "--matter", name, "--client", "Castellan", "--from", "2026-10-01", "--to", "2026-10-31")
        path = Path(written.out.strip())
        path.write_text(path.read_text("utf-8").replace('mode = "draft"', f'mode = "{mode}"'), "utf-8")
        pack = Path(json.loads(run("build", path, "--json", "--no-cache").out)["pack"])
        assert not (captured / "page-cache").exists()
        return pack

    return make


def entries(run):
    return [json.loads(line) for line in Path("vault/custody.jsonl").read_text("utf-8").splitlines()]


def test_a_release_is_in_the_custody_log_and_its_letter_names_the_fingerprint(run, released):
    pack = released("prepared at counsel's direction")
    ran = run("release", pack, "--to", "Roe LLP,\n counsel of the client", "--purpose", "first production")
    assert ran.code == 0, ran.err
    assert "counsel copy" in ran.err
    letter = Path(ran.out.strip())
    words = letter.read_text("utf-8")
    fingerprint = hashlib.sha256((pack / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    assert fingerprint in words
    assert "Roe LLP, counsel of the client" in words
    assert "CASTEL-000001 to CASTEL-" in words
    last = entries(run)[-1]
    assert (last["action"], last["subject"]) == ("released", pack.name)
    assert last["detail"]["fingerprint"] == fingerprint
    assert last["detail"]["to"] == "Roe LLP, counsel of the client"
    again = run("release", pack, "--to", "the court", "--json")
    assert json.loads(again.out)["letter"].endswith(".release-2.txt")
    (pack / "data/HOW TO VERIFY.txt").write_bytes(b"nothing to verify")  # the fingerprint does not cover this alone
    tampered = run("release", pack, "--to", "somebody")
    assert tampered.code == 5
    assert "does not verify" in tampered.err
    stranger = pack.with_name("stranger")
    shutil.copytree(pack, stranger)
    (stranger / "tagmanifest-sha256.txt").write_bytes(b"")
    assert run("release", stranger, "--to", "somebody").code == 5
    assert sum(e["action"] == "released" for e in entries(run)) == 2


def test_a_draft_is_not_released(run, released):
    pack = released("draft")
    ran = run("release", pack, "--to", "somebody")
    assert ran.code == 2
    assert "draft" in ran.err
    assert run("release", pack, "--to", " ").code == 2
    assert all(e["action"] != "released" for e in entries(run))
