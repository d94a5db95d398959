"""`psa-evidence simulate`: a simulated MSP's PSA over real HTTP, for trying things out."""

from __future__ import annotations

import typer


def simulate(context: typer.Context) -> int:
    """Serve a simulated MSP behind a ConnectWise-style API until stopped; `simulate --help` lists its options."""
    from psa_evidence.simulator.__main__ import main  # noqa: PLC0415 - only this command needs a server

    return main(context.args)
