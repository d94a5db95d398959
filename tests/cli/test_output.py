"""Tables and errors fit 80 columns."""

from __future__ import annotations

import io
import json
import sys

from psa_evidence.cli import output
from psa_evidence.errors import ConfigurationError


def test_a_long_last_column_is_wrapped_under_itself():
    text = output.table(["a", "what"], [["1", "word " * 40], ["22", "short"]], right=[0])
    lines = text.splitlines()
    assert all(len(line) <= output.WIDTH for line in lines)
    assert lines[2].startswith(" 1  word")
    assert lines[3].startswith("    word")
    assert text.count("word") == 40


def test_a_command_is_not_broken_at_its_hyphens_and_a_long_name_is():
    command = "psa-evidence init --keys"
    for words in range(20):
        assert command in " ".join(output.table(["a", "what"], [["1", "word " * words + command]]).split())
    name = "-".join(["Northwind"] * 12)
    assert output.table(["a", "what"], [["1", name]]).splitlines()[2].endswith("-")


def test_words_are_filled_to_the_width_and_names_stay_whole():
    name = "data/tables/" + "x-" * 50 + ".csv"
    lines = output.filled(f"DIFFERS     {name}: " + "word " * 40, indent=12).splitlines()
    assert name in "".join(lines)
    assert all(len(line) <= output.WIDTH for line in lines if name not in line)
    assert all(line.startswith(" " * 12 + "word") for line in lines[2:])


def test_an_error_says_what_why_and_what_next(capsys):
    output.error(ConfigurationError("it broke " * 12, why="because", next_step="do this"))
    shown = capsys.readouterr().err
    assert all(len(line) <= output.WIDTH for line in shown.splitlines())
    assert "Why:   because" in shown
    assert "Next:  do this" in shown


def test_an_error_as_json_has_its_exit_code(capsys):
    output.error(ConfigurationError("it broke", next_step="do this"), as_json=True)
    assert json.loads(capsys.readouterr().err) == {
        "error": "it broke", "why": "", "next_step": "do this", "exit_code": 2,
    }  # fmt: skip


def test_a_code_page_gets_a_character_like_the_one_it_lacks_or_its_number(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    output.prepare_streams()
    output.lines("█░· → é 東")
    sys.stdout.flush()
    assert raw.getvalue().decode("cp1252").splitlines() == ["#:· -> é \\u6771"]


def test_what_commands_a_terminal_or_turns_the_line_is_printed_as_a_number(capsys):
    """A client may be called anything: no name moves the cursor, ends the line or is read backwards."""
    name = "A\x1b[2J\u202egpj\u2028\r\nB\x9bC"
    shown = "A<U+001B>[2J<U+202E>gpj<U+2028><U+000D><U+000A>B<U+009B>C"
    assert output.table(["name", "id"], [[name, "1"]]).splitlines()[2:] == [f"{shown}  1"]
    output.lines(f"{name.replace(chr(10), '')}\n  second line")
    output.say(name.replace("\n", ""))
    output.error(ConfigurationError(f"none is called {name}"))
    output.note(name)
    told = capsys.readouterr()
    for text in (told.out, told.err):
        assert not set(text) & set("\x1b\x9b\u202e\u2028\r")
    assert "\n  second line\n" in told.out
    assert "👩‍👩‍👧 שלום" in output.visible("👩‍👩‍👧 שלום")


def test_a_note_fits_the_width(capsys):
    output.note("word " * 40)
    assert all(len(line) <= output.WIDTH for line in capsys.readouterr().err.splitlines())
