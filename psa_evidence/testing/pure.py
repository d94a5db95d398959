"""Interpretation in a process of its own: another hash seed, zone and folder, and eyes on what it touches.

    python -m psa_evidence.testing.pure TARGET RECORDS.jsonl RESULT.json [--watched]

Internal to the suite. RESULT holds the digest of every field of the RecordSet, what was touched, and the error if any.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import importlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any, Final, Self

from psa_evidence.records import RecordSet
from psa_evidence.spi import RawRecord
from psa_evidence.testing.recording import raw

EVENTS: Final = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.listdir",
                 "os.scandir", "os.mkdir", "os.remove", "os.rename", "shutil.", "urllib.")  # fmt: skip
CLOCKS: Final = frozenset({"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns",
                           "localtime", "process_time", "sleep"})  # fmt: skip
ALLOWED_FILES: Final = (".py", ".pyc", ".so", ".pyd")
"""Modules may be imported; so may the zone data be read, which belongs to the program."""
TIME_LIMIT: Final = 120


def fingerprint(records: RecordSet) -> dict[str, str]:
    """Digest of each field."""
    texts = {one.name: repr(getattr(records, one.name)) for one in dataclasses.fields(records)}
    return {name: hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest() for name, text in texts.items()}


def elsewhere(target: str, records: Iterable[RawRecord], *, seed: int, zone: str, watched: bool) -> Mapping[str, Any]:
    """Interpret in another process. Returns `fields`, `touched`, `error`."""
    with tempfile.TemporaryDirectory(prefix="psa-evidence-kit-") as name:
        folder = Path(name)
        lines = [
            json.dumps([one.kind, one.id, one.client, one.parent, base64.b64encode(one.body).decode()])
            for one in records
        ]
        (folder / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")
        command = [sys.executable, "-m", "psa_evidence.testing.pure", target, "records.jsonl", "result.json"]
        ran = subprocess.run(  # noqa: S603
            command + (["--watched"] if watched else []), cwd=folder, capture_output=True, timeout=TIME_LIMIT,
            check=False, env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TZ": zone,
                              "PYTHONHASHSEED": str(seed), "LC_ALL": "C"},
        )  # fmt: skip
        try:
            found: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            told = ran.stderr.decode("utf-8", "replace").strip().splitlines()
            return {"fields": {}, "touched": [], "error": f"the process ended with {ran.returncode}: {told[-1:]}"}
        return found


def _main(target: str, source: str, result: str, *, watched: bool) -> None:
    module, _, attribute = target.partition(":")
    interpret = getattr(importlib.import_module(module), attribute).interpret
    records = []
    for line in Path(source).read_text(encoding="utf-8").splitlines():
        kind, name, client, parent, body = json.loads(line)
        records.append(raw(kind, name, base64.b64decode(body), client=client, parent=parent))
    found: dict[str, Any] = {"fields": {}, "touched": [], "error": ""}
    try:
        outcome = interpret(iter(records))  # once to import what is imported late
        if watched:
            with _Watch() as watch:
                outcome = interpret(iter(records))
            found["touched"] = sorted(watch.touched)
        found["fields"] = fingerprint(outcome)
    except Exception as error:  # noqa: BLE001 - told to the author
        found["error"] = f"{type(error).__name__}: {error}"
    Path(result).write_text(json.dumps(found), encoding="utf-8")


class _Watch:
    """Notes calls of clocks and of global chance, and audit events of files, network and processes."""

    def __init__(self) -> None:
        self.touched: set[str] = set()
        self._on = False
        sys.addaudithook(self._event)

    def __enter__(self) -> Self:
        self._on = True
        sys.setprofile(self._call)
        return self

    def __exit__(self, *exc: object) -> None:
        sys.setprofile(None)
        self._on = False

    def _event(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._on:
            return
        if event == "open":
            path = str(arguments[0])
            if not path.endswith(ALLOWED_FILES) and "zoneinfo" not in path and "tzdata" not in path:
                self.touched.add(f"a file ({os.path.basename(path)})")  # noqa: PTH119
        elif event.startswith(EVENTS):
            self.touched.add(event)

    def _call(self, frame: FrameType, event: str, function: Any) -> None:
        if event != "c_call" or frame.f_globals.get("__name__", "").partition(".")[0] == "logging":
            return
        name, owner = getattr(function, "__name__", ""), getattr(function, "__self__", None)
        if (owner is time and name in CLOCKS) or (
            name in {"now", "utcnow", "today"} and isinstance(owner, type) and issubclass(owner, date)
        ):
            self.touched.add(f"the clock ({name} in {frame.f_code.co_filename}:{frame.f_lineno})")
        elif (name == "urandom" and owner is not None) or owner is random._inst:  # noqa: SLF001
            self.touched.add(f"chance ({name} in {frame.f_code.co_filename}:{frame.f_lineno})")


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], sys.argv[3], watched="--watched" in sys.argv)
