"""A stamped pack: what it says of time, and HOW TO VERIFY.txt typed in as it is printed."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from psa_evidence.errors import TransientError, VaultError
from psa_evidence.format.timestamp_certificates import from_file
from psa_evidence.pack import verifying
from psa_evidence.pack.pdf_seal import PdfSealer, SealAuthority
from psa_evidence.pack.time_stamps import DEMONSTRATION, NEVER_ASKED
from psa_evidence.plugins import load_exporter
from psa_evidence.simulator.authority import make_keys, respond
from psa_evidence.vault.witness import Authority, Witnessing
from psa_evidence.vault.witness_renewing import WITHIN, renew
from psa_evidence.verify import verify_pack

AT = datetime(2025, 7, 1, 2, 5, 7, 250000, tzinfo=UTC)
TOOLS = ("sha256sum", "openssl", "pdfdetach", "pdfsig", "pdftotext", "cmp", "grep", "bash")
ABSENT = [tool for tool in TOOLS if shutil.which(tool) is None]


@pytest.fixture(scope="session")
def keys():
    """A certificate that has ended since: the commands must hold all the same."""
    return make_keys(AT, days=100, elliptic=True)


@pytest.fixture
def witnessing(vault, keys):
    """Witnessing of the vault by an authority that answers here; `down` makes it silent."""
    made = {}

    def ask(url, request):
        if made.get("down"):
            raise TransientError("the authority cannot be reached")
        return respond(request, keys, now=AT, serial=next(serials))

    serials = itertools.count(5)
    witnessing = Witnessing(
        vault, ask=ask, clock=lambda: AT, nonces=itertools.count(1).__next__, who="tester"
    )  # fmt: skip
    return witnessing, Authority("demo", "http://authority.example/", from_file(keys.root_pem)), made


@pytest.fixture
def stamped(vault, witnessing):
    asking, authority, _ = witnessing
    assert len(asking.stamp([authority]).stamped) == 1
    return vault


def words_of(part):
    return repr(part)


def part(content, name):
    return next(p for p in content.parts if p.id == name)


def printed(folder):
    """Commands and what they print, out of the text."""
    lines = (folder / "data/HOW TO VERIFY.txt").read_bytes().decode().split("\r\n")
    commands = []
    for line in lines:
        if line.startswith("   $ "):
            commands.append((line[5:], []))
        elif line.startswith("   > "):
            commands[-1][1].append(line[5:])
    return commands


@pytest.fixture
def shell(tmp_path):
    """A POSIX shell in which `python3` and `psa-evidence` are those of this test."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    start = "import sys; sys.argv[0] = 'psa-evidence'; from psa_evidence.cli import main; main()"
    for name, command in (("python3", ""), ("psa-evidence", f' -c "{start}"')):
        script = bin_folder / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}"{command} "$@"\n')
        script.chmod(0o755)
    path = os.pathsep.join([str(bin_folder), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join(sys.path), "LC_ALL": "C"}

    def run(command, folder):
        return subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, check=False, text=True
        )

    return run


@pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}")
def test_the_printed_commands_print_what_is_printed(make, stamped, witnessing, shell, keys, tmp_path):
    asking, authority, _ = witnessing
    assert len(renew(asking, [authority], now=AT, within=WITHIN).stamped) == 1
    exporters = {name: load_exporter(name) for name in ("pdf", "tables")}
    folder = make(stamped, exporters=exporters).folder
    (folder.parent / "ROOT.pem").write_bytes(keys.root_pem)
    commands = printed(folder)
    assert {command.split()[0] for command, _ in commands} >= {
        "sha256sum", "python3", "openssl", "pdfdetach", "pdfsig", "psa-evidence",
    }  # fmt: skip
    assert sum("openssl ts -verify" in command for command, _ in commands) == 2
    for command, expected in commands:
        ran = shell(command, folder)
        assert ran.stdout.splitlines() == expected, (command, ran.stderr)
    assert verify_pack(folder, [keys.root_pem]).verdict == "pass"


@pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}")
def test_the_printed_commands_hold_for_a_sealed_pdf_too(make, stamped, witnessing, shell, keys):
    asking, authority, _ = witnessing
    sealer = PdfSealer([SealAuthority(authority.name, authority.url, authority.anchors)], asking._ask)
    exporters = {"pdf": load_exporter("pdf"), "tables": load_exporter("tables")}
    folder = make(stamped, exporters=exporters, sealer=sealer).folder
    (folder.parent / "ROOT.pem").write_bytes(keys.root_pem)
    commands = printed(folder)
    assert any("Total document signed" in command for command, _ in commands)
    for command, expected in commands:
        ran = shell(command, folder)
        assert ran.stdout.splitlines() == expected, (command, ran.stderr)
        assert "pdfsig" not in command or not ran.stderr, "the text says that nothing else is printed"
    [seal] = [command for command, _ in commands if "Total document signed" in command]
    info = folder / "bag-info.txt"
    info.write_bytes(info.read_bytes().replace(b"reached: document time-stamp by demo", b"reached: none"))
    assert shell(seal, folder).stdout == ""


@pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}")
def test_the_printed_commands_hold_where_the_seal_was_not_reached(make, stamped, shell, keys):
    """The text is written before the authority is asked for the seal of the PDF, and cannot know what comes of it."""

    def down(_url, _request):
        raise TransientError("the authority cannot be reached")

    sealer = PdfSealer([SealAuthority("demo", "http://authority.example/")], down)
    exporters = {"pdf": load_exporter("pdf"), "tables": load_exporter("tables")}
    folder = make(stamped, exporters=exporters, sealer=sealer).folder
    assert b"reached: none" in (folder / "bag-info.txt").read_bytes()
    (folder.parent / "ROOT.pem").write_bytes(keys.root_pem)
    for command, expected in printed(folder):
        ran = shell(command, folder)
        assert ran.stdout.splitlines() == expected, (command, ran.stderr)


@pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}")
def test_the_printed_verdict_of_a_pack_without_tables_is_inconclusive(make, stamped, shell, keys):
    folder = make(stamped, exporters={"pdf": load_exporter("pdf")}).folder
    (folder.parent / "ROOT.pem").write_bytes(keys.root_pem)
    command, expected = printed(folder)[-1]
    assert expected == ["INCONCLUSIVE"]
    assert shell(command, folder).stdout.splitlines() == expected


@pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}")
def test_of_two_authorities_the_text_asks_for_both_roots_in_one_file(make, vault, witnessing, keys, shell):
    asking, authority, _ = witnessing
    others = make_keys(AT, elliptic=True)
    made = {authority.url: keys, "http://second.example/": others}
    asking._ask = lambda url, request: respond(request, made[url], now=AT, serial=77)
    second = Authority("second-2", "http://second.example/", from_file(others.root_pem))
    assert len(asking.stamp([authority, second]).stamped) == 2
    exporters = {name: load_exporter(name) for name in ("pdf", "tables")}
    folder = make(vault, exporters=exporters).folder
    text = " ".join((folder / "data/HOW TO VERIFY.txt").read_text(encoding="utf-8").split())
    assert "has the root certificates of demo and second-2 in one file, one behind the other" in text
    (folder.parent / "ROOT.pem").write_bytes(others.root_pem + keys.root_pem)
    for command, expected in printed(folder):
        ran = shell(command, folder)
        assert ran.stdout.splitlines() == expected, (command, ran.stderr)


def test_what_is_not_shown_of_many_time_stamps_is_said(make, vault, monkeypatch, witnessing):
    asking, authority, _ = witnessing
    both = [authority, Authority("second", authority.url, authority.anchors)]
    assert len(asking.stamp(both).stamped) == 2
    assert len(renew(asking, both, now=AT, within=WITHIN).stamped) == 2
    monkeypatch.setattr(verifying, "MAX_SHOWN", 1)
    folder = make(vault).folder
    shown = [command.split()[4] for command, _ in printed(folder) if "openssl ts -verify" in command]
    assert shown == ["seals/000001.json", "seals/000001.renewal-1.json"], "the newest of each"
    text = (folder / "data/HOW TO VERIFY.txt").read_text(encoding="utf-8")
    assert "Shown are the newest 2 of 4 time-stamps" in text


@pytest.mark.skipif(bool(ABSENT), reason=f"not installed: {', '.join(ABSENT)}")
def test_the_printed_commands_find_a_changed_seal_and_a_strangers_root(make, stamped, shell, keys, tmp_path):
    folder = make(stamped).folder
    verify = next(command for command, _ in printed(folder) if "openssl ts -verify" in command)
    (folder.parent / "ROOT.pem").write_bytes(make_keys(AT, elliptic=True).root_pem)
    assert "Verification: OK" not in shell(verify, folder).stdout
    (folder.parent / "ROOT.pem").write_bytes(keys.root_pem)
    assert "Verification: OK" in shell(verify, folder).stdout
    seal = folder / "seals/000001.json"
    seal.write_bytes(seal.read_bytes().replace(b"complete", b"Complete"))
    assert "Verification: OK" not in shell(verify, folder).stdout
    digest = next(command for command, _ in printed(folder) if command.startswith("sha256sum seals/"))
    expected = next(lines for command, lines in printed(folder) if command == digest)
    assert shell(digest, folder).stdout.splitlines() != expected


def test_without_the_time_of_the_token_openssl_would_refuse_it_today(make, stamped, shell, keys):
    """Why -attime stands in the command: the certificate ended in 2025."""
    if ABSENT:
        pytest.skip(f"not installed: {', '.join(ABSENT)}")
    folder = make(stamped).folder
    (folder.parent / "ROOT.pem").write_bytes(keys.root_pem)
    verify = next(command for command, _ in printed(folder) if "openssl ts -verify" in command)
    assert "Verification: OK" not in shell(verify.partition(" -attime")[0], folder).stdout


def test_the_pack_says_since_when_and_that_it_is_a_demonstration(make, stamped, pages):
    folder = make(stamped).folder
    said = words_of(part(pages.content, "integrity"))
    assert "Seal 1 existed before 2025-07-01 02:05:07 UTC" in said
    assert DEMONSTRATION in said
    assert DEMONSTRATION in words_of(part(pages.content, "verify"))
    text = (folder / "data/HOW TO VERIFY.txt").read_text(encoding="utf-8")
    assert "DEMONSTRATION" in text
    assert (folder / "seals/authorities/demo.pem").is_file()


def test_a_token_that_is_owed_is_said_not_to_be_there_yet(make, vault, witnessing, pages):
    asking, authority, made = witnessing
    made["down"] = True
    assert [r.outcome for r in asking.stamp([authority]).results] == ["owed"]
    result = make(vault)
    assert result.manifest.witness.owed == (1,)
    assert any("not yet witnessed" in warning for warning in result.warnings)
    assert "Time not yet witnessed for 1 seal" in words_of(part(pages.content, "integrity"))
    text = " ".join((result.folder / "data/HOW TO VERIFY.txt").read_text(encoding="utf-8").split())
    assert "Time not yet witnessed for 1 seal (seal 1)" in text


def test_a_pack_of_a_vault_without_authority_says_that_nobody_witnessed(make, vault):
    folder = make(vault).folder
    text = " ".join((folder / "data/HOW TO VERIFY.txt").read_text(encoding="utf-8").split())
    assert NEVER_ASKED in text
    assert "openssl" not in text.partition("4.")[2].partition("5.")[0]
    assert not list((folder / "seals").glob("*.tsr"))


def test_a_stamped_pack_is_the_same_bytes_again(make, stamped):
    one, two = make(stamped, out="a"), make(stamped, out="b", who="other")
    assert one.manifest == two.manifest


def test_a_token_changed_in_the_vault_keeps_the_pack_from_being_made(make, stamped):
    token = stamped.path / "seals/000001.demo.tsr"
    *kept, last = token.read_bytes()
    token.write_bytes(bytes((*kept, last ^ 1)))
    with pytest.raises(VaultError):
        make(stamped)
