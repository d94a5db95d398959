"""What a command loads before it works: a verifier should not wait for what only captures and packs need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from psa_evidence.cli.program import COMMANDS, program

SCRIPT = """
import sys
sys.argv = ["psa-evidence", *sys.argv[1:]]
from psa_evidence.cli import main
try:
    main()
except SystemExit as left:
    print(left.code)
print(*sorted({name.partition(".")[0] for name in sys.modules} | set(sys.modules)))
"""
NEEDLESS = {
    "typer", "pydantic", "sqlalchemy", "httpx", "keyring", "typst", "pyhanko", "warcio", "starlette", "rfc3161_client",
    "asn1crypto",
    "psa_evidence.vault", "psa_evidence.pack", "psa_evidence.plugins", "psa_evidence.configuration",
    "psa_evidence_connectwise",
}  # fmt: skip


def loaded(folder, *arguments):
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=True
    )
    *_, code, modules = run.stdout.splitlines()
    return int(code), set(modules.split())


def test_verify_loads_no_vault_no_network_and_no_plug_in(tmp_path):
    (tmp_path / "pack").mkdir()
    code, modules = loaded(tmp_path, "verify", str(tmp_path / "pack"))
    assert code == 5
    assert "psa_evidence.verify.verifier" in modules
    assert modules & NEEDLESS == set()


def test_a_command_that_needs_the_vault_loads_it(tmp_path):
    _, modules = loaded(tmp_path, "vault", "list")
    assert "sqlalchemy" in modules


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_the_same_alone_as_among_all(name):
    assert [info.name for info in (*program(name).registered_commands, *program(name).registered_groups)] == [name]


def test_a_command_that_does_not_exist_is_refused_with_the_names_of_those_that_do(run):
    ran = run("verfiy", "pack")
    assert ran.code == 2
    assert "verify" in ran.err
