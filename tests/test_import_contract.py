"""Which room may import which: the table of rooms as code."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "psa_evidence"

ROOMS: dict[str, set[str]] = {
    "records": set(),
    "spi": {"records"},
    "format": set(),
    "vault": {"format", "records"},
    "capture": {"spi", "records", "vault"},
    "sla": {"records"},
    "findings": {"records", "sla"},
    "matter": {"records"},
    "selftest": set(),
    "pack": {"records", "spi", "format", "vault", "capture", "sla", "findings", "matter", "selftest"},
    "verify": {"format"},
    "review": {"matter", "pack", "vault"},
    "archive": {"capture", "pack", "vault"},
    "simulator": set(),
    "testing": {"spi", "records"},
}
"""What a room may import of ours beside itself. `cli` and the modules beside the rooms are the edge: they may see all,
and only the edge may see them. Whoever sees `spi` sees the `records` that cross it."""

GRANTED: dict[tuple[str, str], str] = {
    ("vault", "spi"): "stores and hands out the values that cross the seam (docs/decisions/0006)",
    ("archive", "matter"): "makes a routine matter for each client (docs/decisions/0006)",
    ("archive", "spi"): "passes connector and exporters on (docs/decisions/0006)",
    ("testing", "format"): "follows a connector's pointers as the verifier does (docs/decisions/0006)",
    ("testing", "sla"): "holds the engine against known answers (docs/decisions/0006)",
}
"""(room, room it also imports) -> why. What the table does not foresee is granted here, one by one, or not at all."""

WITHOUT_ERRORS = {"format", "verify"}
"""They have errors of their own; every other room may use `psa_evidence.errors`."""

LIBRARIES: dict[str, set[str]] = {
    "records": {"pydantic"},
    "spi": set(),
    "format": {"rfc8785", "asn1crypto", "cryptography", "rfc3161_client"},
    "sla": {"dateutil"},
    "findings": set(),
    "selftest": {"pypdf", "pypdfium2"},
    "verify": {"pypdf", "cryptography", "asn1crypto"},
    "simulator": {"starlette", "uvicorn", "asn1crypto", "cryptography"},
}
"""Libraries of others, for the rooms whose purity is a promise."""

NETWORK = {"socket", "ssl", "http", "urllib", "asyncio", "ftplib", "smtplib", "socketserver", "xmlrpc"}
PLUGIN_ROOTS = {"connectors": ROOT / "connectors", "exporters": ROOT / "exporters"}
PLUGINS = {folder.name for root in PLUGIN_ROOTS.values() for folder in root.iterdir() if folder.is_dir()}
PLUGIN_SEES = {"spi", "records", "errors"}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported, `from a import b` as `a.b`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def ours(name: str) -> str | None:
    """The room (or module beside the rooms) of ours that `name` is in; `__version__` is everybody's."""
    parts = name.split(".")
    if parts[0] != "psa_evidence" or parts[1:2] == ["__version__"]:
        return None
    return parts[1] if len(parts) > 1 else ""


def foreign(name: str) -> str | None:
    top = name.partition(".")[0]
    return None if top in sys.stdlib_module_names or top in {"psa_evidence", *PLUGINS} else top


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def violations(room: str, files: list[Path]) -> list[str]:
    granted = {other for one, other in GRANTED if one == room}
    allowed = {room, *ROOMS[room], *granted} | (set() if room in WITHOUT_ERRORS else {"errors"})
    found = []
    for path in files:
        for line, name in imports(path):
            seen, library = ours(name), foreign(name)
            if (seen is not None and seen not in allowed) or (
                library is not None and room in LIBRARIES and library not in LIBRARIES[room]
            ):
                found.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    return found


def room_files(room: str) -> list[Path]:
    single = CORE / f"{room}.py"
    return [single] if single.is_file() else modules(CORE / room)


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_only_what_the_table_allows(room):
    assert violations(room, room_files(room)) == []


def test_nothing_is_granted_that_is_not_used():
    for room, other in GRANTED:
        assert any(ours(name) == other for path in room_files(room) for _, name in imports(path)), (room, other)


def test_every_folder_of_the_core_is_a_room_of_the_table():
    folders = {folder.name for folder in CORE.iterdir() if folder.is_dir() and any(folder.rglob("*.py"))}
    assert folders - {"__pycache__"} <= {*ROOMS, "cli"}


def test_the_core_imports_no_plugin_by_name():
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(CORE)
        for line, name in imports(path)
        if name.split(".")[0] in {*PLUGINS, *PLUGIN_ROOTS}
    ]
    assert found == []


@pytest.mark.parametrize("plugin", sorted(PLUGINS))
def test_a_plugin_sees_spi_records_and_errors_only(plugin):
    root = next(root for root in PLUGIN_ROOTS.values() if (root / plugin).is_dir())
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(root / plugin)
        for line, name in imports(path)
        if ours(name) not in {None, *PLUGIN_SEES} or name.split(".")[0] in (PLUGINS - {plugin}) | {*PLUGIN_ROOTS}
    ]
    assert found == []


def test_the_verifier_and_the_formats_have_no_way_to_the_network():
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for room in ("verify", "format")
        for path in room_files(room)
        for line, name in imports(path)
        if name.split(".")[0] in NETWORK
    ]
    assert found == []


def test_nobody_imports_the_source_roots_as_packages():
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for folder in (CORE, *PLUGIN_ROOTS.values(), ROOT / "tests", ROOT / "benchmarks")
        for path in modules(folder)
        for line, name in imports(path)
        if name.split(".")[0] in PLUGIN_ROOTS
    ]
    assert found == []


def test_the_contract_notices_a_breach(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    sly = tmp_path / "sly.py"
    sly.write_text("def f():\n    from psa_evidence.vault import seals\n    import requests\n")
    assert violations("verify", [sly]) == [
        "sly.py:2 imports psa_evidence.vault.seals",
        "sly.py:3 imports requests",
    ]
