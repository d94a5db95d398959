"""A pack built with a stop watch at its steps; used by `pack.py`."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from threading import get_ident
from typing import Any

from even_world import EvenWorld
from measured import Memory
from verified import verified

from psa_evidence import plugins
from psa_evidence.capture import capture
from psa_evidence.matter import CopyRules, Matter, Rule
from psa_evidence.pack import build
from psa_evidence.pack.issuing import Numbers
from psa_evidence.simulator import Running, Settings, running, spawned
from psa_evidence.simulator.world import make_world
from psa_evidence.spi import Remembering, Scope, Silent
from psa_evidence.vault import Vault
from psa_evidence.verify import verify_pack

_STEPS = {
    "gather": "records found, read, judged",
    "content_of": "content of the pages",
    "paginate": "PDF: pages laid out and numbered",
    "_write_records": "natives, attachments, seals written",
    "write_logs": "logs",
    "_digests": "digests of all files",
    "_check_natives": "natives checked",
    "manifest_of": "manifest",
    "close_bag": "bag closed",
    "search": "self-test: files taken apart, searched",
    "check_pages": "self-test: pages compared",
}
"""Functions that `build` calls one after the other; what exporters do is told by their names."""
_METHODS = (
    (Vault, "log", "custody log"),
    (Numbers, "placed", "Bates numbers given"),
    (Numbers, "given", "Bates numbers given"),
)


@dataclass
class Steps:
    """Seconds by step of the thread that builds, in the order in which they were first taken; of a step within another
    the inner one has them. A step's time includes what runs beside it and takes its turn on the cores; beside it stand
    the processor seconds of that thread alone."""

    seconds: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    inner: list[tuple[float, float]] = field(default_factory=list)
    thread: int = field(default_factory=get_ident)

    @contextmanager
    def step(self, name: str):
        if get_ident() != self.thread:
            yield
            return
        began, busy = time.perf_counter(), time.thread_time()
        self.inner.append((0.0, 0.0))
        try:
            yield
        finally:
            took, used = time.perf_counter() - began, time.thread_time() - busy
            seconds, processor = self.inner.pop()
            self.seconds[name] = self.seconds.get(name, 0.0) + took - seconds
            self.processor[name] = self.processor.get(name, 0.0) + used - processor
            if self.inner:
                seconds, processor = self.inner[-1]
                self.inner[-1] = seconds + took, processor + used

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            with self.step(name):
                return work(*given, **named)

        return call

    def exporting(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(name: str, *given: Any, **named: Any) -> Any:
            label = "PDF: manifest attached, read back" if name == "pdf" else f"exporter {name}"
            with self.step(label):
                return work(name, *given, **named)

        return call

    def waiting(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @contextmanager
        def call(*given: Any, **named: Any):
            with work(*given, **named) as made:
                yield self.timed(name, made)

        return call

    def table(self, whole: float) -> str:
        rows = [f"| {step} | {seconds:.1f} | {self.processor[step]:.1f} |" for step, seconds in self.seconds.items()]
        return "\n".join([*rows, f"| rest | {whole - sum(self.seconds.values()):.1f} | |"])


def watched(steps: Steps) -> Callable[[], None]:
    """Put the stop watch into `psa_evidence.pack.build`; what takes it out again is returned."""
    module = import_module("psa_evidence.pack.build")
    before = {name: getattr(module, name) for name in (*_STEPS, "export", "pages_of")}
    for name, said in _STEPS.items():
        setattr(module, name, steps.timed(said, before[name]))
    module.export = steps.exporting(before["export"])
    module.pages_of = steps.waiting("PDF: waited for numbered pages (load file)", before["pages_of"])
    methods = [(owner, name, getattr(owner, name), said) for owner, name, said in _METHODS]
    for owner, name, work, said in methods:
        setattr(owner, name, steps.timed(said, work))

    def undo() -> None:
        for name, work in before.items():
            setattr(module, name, work)
        for owner, name, work, _ in methods:
            setattr(owner, name, work)

    return undo


def captured(folder: Path, tickets: int, shape: str) -> Vault:
    """The vault, made by a process of its own, so that nothing of the capture's is in the memory that is measured."""
    if not (folder / "vault").exists():
        process = get_context("spawn").Process(target=_CAPTURES[shape], args=(folder / "vault", tickets))
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit("The records could not be captured.")
    return Vault.open(folder / "vault")


def _largest(path: Path, tickets: int) -> None:
    clients = make_world(seed=Settings().seed, tickets=tickets).clients
    largest = max(clients, key=lambda client: client.weight)
    share = largest.weight / sum(client.weight for client in clients)
    with spawned(Settings(tickets=round(tickets / share))) as server:
        _capture(path, server, largest.id)


def _even(path: Path, tickets: int) -> None:
    world = EvenWorld(seed=Settings().seed, tickets=tickets)
    with running(world) as server:
        _capture(path, server, world.client)


_CAPTURES = {"largest": _largest, "even": _even}


def _capture(path: Path, server: Running, client: int) -> None:
    vault = Vault.create(path, vault_id="benchmark")
    connector = plugins.load_connector("connectwise")
    settings = {
        "site": server.url, "company": server.company, "client_id": server.client_id,
        "requests_per_minute": "0", "concurrency": "16",
    }  # fmt: skip
    secrets = {"public_key": server.public_key, "private_key": server.private_key}
    capture(
        vault=vault, connection="main", connector=connector.info, source=connector.open(settings, secrets),
        scope=Scope(clients=(str(client),)), clock=lambda: datetime.now(UTC), secrets=tuple(secrets.values()),
    )  # fmt: skip


def measure(vault: Vault, cache: Path, folder: Path, copy: str, profile: Path | None) -> None:
    client = max(
        vault.clients("main"),
        key=lambda c: vault.population(connection="main", client=c.id).get("ticket", {}).get("captured", 0),
    )
    matter = Matter(
        name="Benchmark", client=client.id, connection="main", first_day=date(2020, 1, 1), last_day=date(2030, 12, 31),
        time_zone="UTC", copies=(("production", _withheld()),),
    ).as_copy(copy)  # fmt: skip
    exporters = {p.name: plugins.load_exporter(p.name) for p in plugins.listed() if p.group == plugins.EXPORTERS}
    for exporter in exporters.values():
        if isinstance(exporter, Remembering):
            exporter.remember_in(cache)
    out = folder / "packs"
    out.mkdir()
    for run in ("first build", "the same again, nothing changed"):
        steps, memory = Steps(), Memory()
        undo = watched(steps)
        began, before = time.perf_counter(), _processor()
        try:
            result = _profiled(profile if run == "first build" else None)(
                lambda: build(
                    matter=matter, vault=vault, connector=plugins.load_connector("connectwise"), exporters=exporters,
                    out=out, software="benchmark", progress=Silent(), who="benchmark", now=datetime.now(UTC),
                )
            )  # fmt: skip
        finally:
            undo()
        whole, peak = time.perf_counter() - began, memory.stop()
        numbered = result.pagination
        pages = numbered.exhibit_pages + numbered.report_pages if numbered else 0
        own, workers = (now - then for now, then in zip(_processor(), before, strict=True))
        print(f"\n{run}: {result.counts}\n\n| step | seconds | processor |\n| --- | ---: | ---: |")
        print(steps.table(whole))
        print(f"| **all**: {pages:,} pages, peak {peak:,.0f} MiB | **{whole:.1f}** | |")
        print(f"\nprocessor seconds: {own:.1f}, and {workers:.1f} of workers that ended", flush=True)
    print(f"\nverify: {verify_pack(result.folder).verdict}; ", end="")
    verified(result.folder)


def _withheld() -> CopyRules:
    """Internal notes, and a field of every ticket: thousands of texts that must not be found."""
    return CopyRules(
        withhold=(Rule(reason="privilege", internal=True), Rule(reason="privacy", fields=("ticket.summary",)))
    )


def _processor() -> tuple[float, float]:
    """Seconds of this process, and of all its children that ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time(), ended.ru_utime + ended.ru_stime


def _profiled(path: Path | None) -> Callable[[Callable[[], Any]], Any]:
    def run(work: Callable[[], Any]) -> Any:
        if path is None:
            return work()
        from cProfile import Profile  # noqa: PLC0415 - only when asked for

        with Profile() as profile:
            result = work()
        profile.dump_stats(path)
        return result

    return run
