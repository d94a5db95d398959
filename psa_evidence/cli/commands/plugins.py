"""`psa-evidence plugins`: which connectors and exporters are installed, and which of them are broken."""

from __future__ import annotations

from psa_evidence.cli import context, output


def plugins(as_json: context.JsonOption = False) -> int:
    """List connectors and exporters. A broken one is shown with its reason and hurts no other."""
    from psa_evidence.plugins import trial  # noqa: PLC0415 - keeps `--help` quick

    found = trial()
    if as_json:
        output.data(
            [
                {
                    "group": t.plugin.group,
                    "name": t.plugin.name,
                    "distribution": t.plugin.distribution,
                    "version": t.plugin.version,
                    "title": t.title,
                    "problem": t.problem,
                }
                for t in found
            ]
        )
    else:
        rows = [
            [
                t.plugin.group.rpartition(".")[2].rstrip("s"),
                t.plugin.name,
                f"{t.plugin.distribution} {t.plugin.version}",
                f"BROKEN: {t.problem}" if t.problem else t.title,
            ]
            for t in found
        ]
        output.lines(output.table(["kind", "name", "from", "what"], rows))
    return 2 if any(t.problem for t in found) else 0
