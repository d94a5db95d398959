"""`psa-evidence rebuild`: make what a pack says again from its natives, and compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from psa_evidence.cli import options, output
from psa_evidence.errors import ConfigurationError, VerificationError

MAX_SHOWN = 40
NOT_ALL = 3


def rebuild(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="The pack's folder; unpack a ZIP first.")],
    matter: Annotated[
        Path | None,
        typer.Option(
            "--matter",
            metavar="MATTER.toml",
            help="The matter file that the pack was built from, which must state the pack's own terms.",
        ),
    ] = None,
    as_json: options.JsonOption = False,
) -> int:
    """Make a pack's figures, tables, exhibits and load file again from its natives, and compare. Needs no vault, no
    network and no keys.

    It says which files are not made again, and what checks them instead. Exit code 0: what is made again agrees;
    5: something differs; 3: nothing differs, but the copy withholds records or fields, a version of a setting is not in
    the pack, or another version of this program made it, and what rests on that was not judged.
    """
    from psa_evidence.cli import context, temporaries  # noqa: PLC0415 - keeps `--help` quick
    from psa_evidence.matter import load_matter  # noqa: PLC0415
    from psa_evidence.pack.rebuilding import connector_of, copy_of, rebuild  # noqa: PLC0415
    from psa_evidence.plugins import load_connector, load_exporter  # noqa: PLC0415

    if not pack.is_dir():
        raise ConfigurationError(f"{pack} is no folder.", next_step="Give the folder of a pack; unpack a ZIP first.")
    loaded = load_matter(matter).as_copy(copy_of(pack)) if matter is not None else None
    with temporaries.private(context.now()):
        report = rebuild(
            pack, loaded, load_connector(connector_of(pack)), load_exporter("tables"),
            loadfile=context.exporters().found.get("loadfile"), software=context.SOFTWARE,
        )  # fmt: skip
    editions = report.zone_data
    if as_json:
        output.data(
            {
                "agrees": report.agrees, "withholds": report.withholds, "settings_not_in_pack": report.settings,
                "time_zone_data": None if editions is None else {"pack": editions[0], "here": editions[1]},
                "counts": {o: report.count(o) for o in ("agrees", "differs", "not judged")},
                "compared": [{"what": c.what, "outcome": c.outcome, "detail": c.detail} for c in report.compared],
                "not_made_again": [
                    {"what": n.what, "files": n.files, "first": n.first, "instead": n.instead} for n in report.not_made
                ],
            }
        )  # fmt: skip
    else:
        if editions is not None:
            output.note(
                f"The pack's times were reckoned by time zone data of another edition than those here ({editions[0]}, "
                f"{editions[1]}): a zone whose rules changed between them can make figures differ."
            )
        others = [c for c in report.compared if c.outcome != "agrees"]
        for each in others[:MAX_SHOWN]:
            words = f"{each.outcome.upper():10}  {each.what}: {each.detail}"
            output.lines(output.filled(words, indent=12))
        if len(others) > MAX_SHOWN:
            output.lines(f"and {len(others) - MAX_SHOWN:,} more; --json has all")
        for n in report.not_made:
            output.lines(output.filled(f"NOT MADE    {n.what} ({n.files:,}): {n.instead}", indent=12))
        output.lines(
            f"{'AGREES' if report.agrees else 'DIFFERS'}: {report.count('agrees'):,} agree, "
            f"{report.count('differs'):,} differ, {report.count('not judged'):,} not judged."
        )
    if not report.agrees:
        return VerificationError.exit_code
    return 0 if report.all_judged and not report.withholds and not report.settings else NOT_ALL
