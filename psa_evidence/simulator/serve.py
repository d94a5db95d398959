"""Run a simulated PSA as a process: settings, the serving loop, and starting one from another program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import TextIO

import uvicorn

from psa_evidence.simulator.keys import Keys
from psa_evidence.simulator.knobs import Knobs
from psa_evidence.simulator.running import Running
from psa_evidence.simulator.server import configuration, listening_socket
from psa_evidence.simulator.simulation import Simulation
from psa_evidence.simulator.store import Store

DAYS_IN_MONTH = 30


@dataclass(frozen=True, slots=True)
class Settings:
    """What `python -m psa_evidence.simulator` takes."""

    port: int = 0
    seed: int = 7
    clients: int = 8
    tickets: int = 2000
    incidents: Path | None = None
    """Serve this incident log instead of a generated world."""
    months_later: int = 0
    answer_key: Path | None = None
    """Where the generated world's answer key is written."""
    stop_with_stdin: bool = False
    """Stop when standard input ends, so that no server outlives the program that started it."""
    knobs: Knobs = field(default_factory=Knobs)


def make_store(settings: Settings) -> Store:
    """The data to serve; writes the answer key when one is asked for."""
    if settings.incidents is not None:
        from psa_evidence.simulator.incidents import IncidentStore  # noqa: PLC0415

        store: Store = IncidentStore(settings.incidents)
    else:
        from psa_evidence.simulator.world import make_world  # noqa: PLC0415 - heavy, and not needed for incidents

        store = make_world(seed=settings.seed, clients=settings.clients, tickets=settings.tickets)
    if settings.months_later:
        store.advance(timedelta(days=DAYS_IN_MONTH * settings.months_later))
    if settings.answer_key is not None:
        key = store.answer_key() if hasattr(store, "answer_key") else {}
        text = json.dumps(key, indent=1, sort_keys=True, ensure_ascii=False)
        settings.answer_key.write_text(text + "\n", encoding="utf-8", newline="\n")
    return store


def serve(settings: Settings, *, out: TextIO, stdin: TextIO | None = None) -> None:
    """Print one line of JSON with address and keys to `out`, then serve until interrupted."""
    keys = Keys.from_seed(settings.seed)
    with listening_socket(settings.port) as listener:
        simulation = Simulation(make_store(settings), settings.knobs, keys)
        server = uvicorn.Server(configuration(simulation))
        if settings.stop_with_stdin and stdin is not None:
            threading.Thread(target=_stop_at_end, args=(stdin, server), daemon=True).start()
        listener.listen(512)
        where = Running.at(listener.getsockname()[1], keys, simulation.codebase)
        out.write(where.as_json(os.getpid()) + "\n")
        out.flush()
        server.run(sockets=[listener])


@contextmanager
def spawned(settings: Settings, *, wait_s: float = 120.0) -> Iterator[Running]:
    """A server in a process of its own, on another core; ended when the block ends.

    `RuntimeError` when it does not start within `wait_s` seconds.
    """
    command = [sys.executable, "-m", "psa_evidence.simulator", *_arguments(settings), "--stop-with-stdin"]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            line = _first_line(process, wait_s)
            try:
                yield Running.from_line(line)
            finally:
                if process.stdin is not None:
                    process.stdin.close()
                process.wait(timeout=10)
        finally:
            if process.poll() is None:
                process.kill()


def _first_line(process: subprocess.Popen[str], wait_s: float) -> str:
    timer = threading.Timer(wait_s, process.kill)
    timer.start()
    try:
        line = process.stdout.readline() if process.stdout is not None else ""
    finally:
        timer.cancel()
    if not line:
        raise RuntimeError("the simulated PSA did not start; its message stands above")
    return line


def _stop_at_end(stdin: TextIO, server: uvicorn.Server) -> None:
    while stdin.read(4096):
        pass
    server.should_exit = True


def knob_flag(name: str) -> str:
    """The command line's option for a knob; `--seed` alone is the world's."""
    return "--fault-seed" if name == "seed" else f"--{name.replace('_', '-')}"


def _arguments(settings: Settings) -> list[str]:
    given: list[str] = []
    for name in ("port", "seed", "clients", "tickets", "months_later", "incidents", "answer_key"):
        value = getattr(settings, name)
        if value is not None:
            given += [f"--{name.replace('_', '-')}", str(value)]
    for spec in fields(Knobs):
        value = getattr(settings.knobs, spec.name)
        if value == spec.default:
            continue
        flag = knob_flag(spec.name)
        if isinstance(value, tuple):
            given += [part for path in value for part in (flag, path)]
        else:
            given += [flag] if value is True else [flag, str(value)]
    return given
