"""How long a whole pack takes and where the time goes: PDF, tables, load file, certificates, proofs, natives, bag.

    python benchmarks/pack.py                 a client with about 1,000 tickets
    python benchmarks/pack.py --tickets 300   with about this many

The largest client of a simulated MSP is captured first, which is not counted; the pack is of all its tickets.
The steps are timed where `build` calls them. A second build follows, of the same matter, with the pages of the first
kept (page-cache). Memory is the peak over all processes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from measured import Memory

from psa_evidence import plugins
from psa_evidence.capture import capture
from psa_evidence.matter import Matter
from psa_evidence.pack import build
from psa_evidence.simulator import Settings, spawned
from psa_evidence.simulator.world import make_world
from psa_evidence.spi import Remembering, Scope, Silent
from psa_evidence.vault import Vault
from psa_evidence.verify import verify_pack

_STEPS = {
    "gather": "records found, read, judged",
    "content_of": "content of the pages",
    "paginate": "PDF: pages laid out and numbered",
    "_write_data": "natives, attachments, proofs written",
    "write_logs": "logs",
    "pages_of": "PDF: numbered pages for the load file",
    "_check_natives": "natives checked",
    "close_bag": "bag closed",
}
"""Functions that `build` calls one after the other; what exporters do is told by their names."""


@dataclass
class Steps:
    """Seconds by step, in the order in which they were first taken."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str):
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

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

    def entering(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @contextmanager
        def call(*given: Any, **named: Any):
            began = time.perf_counter()
            with work(*given, **named) as value:
                self.seconds[name] = time.perf_counter() - began
                yield value

        return call


def watched(steps: Steps) -> Callable[[], None]:
    """Put the stop watch into `psa_evidence.pack.build`; what takes it out again is returned."""
    module = import_module("psa_evidence.pack.build")
    before = {name: getattr(module, name) for name in (*_STEPS, "export")}
    for name, said in _STEPS.items():
        timed = steps.entering if name == "pages_of" else steps.timed
        setattr(module, name, timed(said, before[name]))
    module.export = steps.exporting(before["export"])
    proofs = Vault.proofs
    Vault.proofs = steps.timed("proofs", proofs)

    def undo() -> None:
        for name, work in before.items():
            setattr(module, name, work)
        Vault.proofs = proofs

    return undo


def captured(folder: Path, tickets: int) -> Vault:
    vault = Vault.create(folder / "vault", vault_id="benchmark")
    connector = plugins.load_connector("connectwise")
    clients = make_world(seed=Settings().seed, tickets=tickets).clients
    largest = max(clients, key=lambda client: client.weight)
    share = largest.weight / sum(client.weight for client in clients)
    with spawned(Settings(tickets=round(tickets / share))) as server:
        settings = {
            "site": server.url, "company": server.company, "client_id": server.client_id,
            "requests_per_minute": "0", "concurrency": "16",
        }  # fmt: skip
        secrets = {"public_key": server.public_key, "private_key": server.private_key}
        capture(
            vault=vault, connection="main", connector=connector.info, source=connector.open(settings, secrets),
            scope=Scope(clients=(str(largest.id),)), clock=lambda: datetime.now(UTC), secrets=tuple(secrets.values()),
        )  # fmt: skip
    return vault


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1000)
    parser.add_argument("--profile", type=Path, help="write a profile of the first build here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="psa-evidence-benchmark-") as name:
        measure(Path(name), asked.tickets, asked.profile)


def measure(folder: Path, tickets: int, profile: Path | None) -> None:
    vault = captured(folder, tickets)
    client = max(
        vault.clients("main"),
        key=lambda c: vault.population(connection="main", client=c.id).get("ticket", {}).get("captured", 0),
    )
    matter = Matter(
        name="Benchmark", client=client.id, connection="main", first_day=date(2020, 1, 1), last_day=date(2030, 12, 31),
        time_zone="UTC",
    )  # fmt: skip
    exporters = {p.name: plugins.load_exporter(p.name) for p in plugins.listed() if p.group == plugins.EXPORTERS}
    for exporter in exporters.values():
        if isinstance(exporter, Remembering):
            exporter.remember_in(folder / "page-cache")
    out = folder / "packs"
    out.mkdir()
    for run in ("first build", "the same again, nothing changed"):
        steps, memory = Steps(), Memory()
        undo = watched(steps)
        began = time.perf_counter()
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
        print(f"\n{run}: {result.counts}\n\n| step | seconds |\n| --- | ---: |")
        for step, seconds in steps.seconds.items():
            print(f"| {step} | {seconds:.1f} |")
        print(f"| rest | {whole - sum(steps.seconds.values()):.1f} |")
        print(f"| **all**: {pages:,} pages, peak {peak:,.0f} MiB | **{whole:.1f}** |", flush=True)
    began = time.perf_counter()
    print(f"| verify: {verify_pack(result.folder).verdict} | {time.perf_counter() - began:.1f} |")


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


if __name__ == "__main__":
    main()
