"""`psa-evidence demo`: the whole way once, from a simulated PSA to a verified pack."""

from __future__ import annotations

import shlex
import time
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from psa_evidence.capture import capture
from psa_evidence.cli import authorities, context, output
from psa_evidence.cli.commands.build import run as build
from psa_evidence.cli.commands.init import render
from psa_evidence.cli.progress import Bars
from psa_evidence.configuration import FILE_NAME, load
from psa_evidence.errors import ConfigurationError, VerificationError
from psa_evidence.matter import match_client, write_template
from psa_evidence.plugins import load_connector
from psa_evidence.spi import Scope
from psa_evidence.vault import Disk
from psa_evidence.vault.witness import StampReport

ROOT: Final = "DEMONSTRATION-root.pem"
AUTHORITY: Final = """
# DEMONSTRATION: this authority ended with the demo, and its time-stamps prove nothing.
[[authority]]
name = "demonstration"
url = "{url}"
anchors = "{root}"
"""
DEFAULT_FOLDER: Final = "psa-evidence-demo"
CLIENTS: Final = 8
FIRST_DAY: Final = date(2025, 11, 1)
LAST_DAY: Final = date(2026, 10, 31)
"""The simulated world ends with October 2026; the matter covers its last twelve months."""


def demo(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help=f"Where to work; default ./{DEFAULT_FOLDER} (or -2, -3 ...)."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed makes another world.")] = 7,
    tickets: Annotated[int, typer.Option(min=100, help="How many tickets the simulated MSP has.")] = 600,
    quiet: context.QuietOption = False,
) -> int:
    """Make a simulated MSP, capture it over HTTP, have it stamped, build a pack for its main dispute and verify it.

    The time-stamps are by a DEMONSTRATION authority, whose root certificate is written beside the pack.
    """
    from psa_evidence.simulator import authority as test_authority  # noqa: PLC0415
    from psa_evidence.simulator.contract import CONTRACT  # noqa: PLC0415
    from psa_evidence.simulator.serve import Settings, spawned  # noqa: PLC0415 - only the demo needs a server
    from psa_evidence.simulator.world import DISPUTE_CLIENT, MSP_NAME  # noqa: PLC0415
    from psa_evidence.verify import verify_pack  # noqa: PLC0415

    began = time.monotonic()
    folder = _folder(out)
    connector = load_connector("connectwise")
    with Bars(quiet=quiet) as bars:
        keys = test_authority.make_keys(context.now())
        Disk().replace(folder / ROOT, keys.root_pem)
        with (
            spawned(Settings(seed=seed, clients=CLIENTS, tickets=tickets)) as server,
            test_authority.running(keys, context.now) as stamping,
        ):
            values = {
                "site": server.url, "company": server.company, "client_id": server.client_id,
                "requests_per_minute": "0", "concurrency": "16",
            }  # fmt: skip
            text = render(
                connector, name="demo", connector="connectwise", settings=values, msp=MSP_NAME,
                time_zone="America/New_York", paper="us-letter",
            )  # fmt: skip
            text += AUTHORITY.format(url=stamping.url, root=ROOT)
            Disk().replace(folder / FILE_NAME, text.encode())
            settings = load(folder / FILE_NAME)
            vault = context.open_vault(settings, create=True)
            secrets = {"public_key": server.public_key, "private_key": server.private_key}
            info = capture(
                vault=vault,
                connection="demo",
                connector=connector.info,
                source=connector.open(settings.connection("demo")[2], secrets),
                scope=Scope(),
                clock=context.now,
                progress=bars,
                secrets=tuple(secrets.values()),
                who=context.who(),
            )
            stamped = authorities.stamp(settings, vault, bars)
            client = match_client(vault.clients("demo"), DISPUTE_CLIENT)
            matter = settings.matters_path / "dispute.toml"
            matter.parent.mkdir(exist_ok=True)
            write_template(
                matter, name=f"{client.name} v. {MSP_NAME}", client=client.name, connection="demo", since=FIRST_DAY,
                until=LAST_DAY, time_zone="America/New_York", mode="draft",
                legend="DEMONSTRATION: simulated records, invented people",
                parties=(("MSP", MSP_NAME), ("Client", client.name)),
            )  # fmt: skip
            Disk().replace(matter, matter.read_bytes() + CONTRACT.encode())
            result = build(settings, vault, matter, None, bars, cache=False)
    root = folder / ROOT
    report = verify_pack(result.folder, [keys.root_pem])
    received = sum(counts.get("received") or 0 for counts in info.counts.values())
    passed = sum(check.status == "pass" for check in report.checks)
    failed = sum(check.status == "fail" for check in report.checks)
    output.lines(f"Captured   {received:,} records of {CLIENTS} simulated clients over HTTP ({info.state})")
    output.lines(f"Built      {result.folder}")
    output.lines(f"Read       {result.folder / 'data' / 'Evidence Pack.pdf'}")
    output.lines(f"Stamped    {_stamped(stamped)}")
    output.lines(f"Verified   {report.verdict}: {passed} checks passed, {failed} failed. Again with:")
    output.lines(f"           psa-evidence verify {shlex.quote(str(result.folder))} --trust {shlex.quote(str(root))}")
    output.lines(f"Took       {time.monotonic() - began:.0f} s. Next: open the PDF, then read {matter}")
    return VerificationError.exit_code if report.verdict == "fail" else 0


def _stamped(report: StampReport) -> str:
    if report.owed:
        return f"not yet: {report.owed[0].reason}"
    return f"{len(report.stamped)} seal by a DEMONSTRATION authority: it proves nothing about real time"


def _folder(out: Path | None) -> Path:
    """An empty folder to work in. A folder that was asked for is never mixed with what is in it."""
    if out is not None:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise ConfigurationError(f"{out} exists and is not empty", next_step="choose another folder with --out")
        out.mkdir(parents=True, exist_ok=True)
        return out
    for number in range(1, 1000):
        folder = Path(DEFAULT_FOLDER if number == 1 else f"{DEFAULT_FOLDER}-{number}")
        if not folder.exists():
            folder.mkdir()
            return folder
    raise ConfigurationError(
        f"there are too many folders called {DEFAULT_FOLDER}", next_step="remove some, or use --out"
    )
