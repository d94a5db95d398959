"""Commands printed in the documentation exist, with the options they are printed with; links and pictures are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from psa_evidence.cli.program import program

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
GROUP = typer.main.get_command(program())


def commands():
    for path in DOCUMENTS:
        for line in re.findall(r"^\s*psa-evidence (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            yield pytest.param(line, id=f"{path.name}: {line[:40]}")


@pytest.mark.parametrize("line", list(commands()))
def test_a_printed_command_exists(line):
    words = [w for w in shlex.split(line, comments=True) if w]
    command = GROUP
    while words and not words[0].startswith("-") and hasattr(command, "commands"):
        name = words.pop(0)
        assert name in command.commands, f"psa-evidence has no command {name}"
        command = command.commands[name]
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    used = {w.split("=")[0] for w in words if w.startswith("--")}
    assert used <= known | {"--help"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (path.parent / target).exists(), target


def test_the_readmes_commands_are_marked_for_the_gate():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for marker in ("demo-command", "test-command"):
        block = re.search(rf"<!-- {marker} -->\n```sh\n(.+)\n```", text)
        assert block is not None
        assert block[1].startswith("python3 -m venv .venv && ")
