"""Logs of a pack as CSV: the population and the custody of the captures used."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from psa_evidence.format import Disclosed, WithheldField
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.issuing import COLUMNS as BATES_COLUMNS
from psa_evidence.pack.tables import population_rows
from psa_evidence.pack.withheld_log import COLUMNS as LOG_COLUMNS
from psa_evidence.spi import disarmed

WITHHELD_COLUMNS = ("record", "native", "reason", "fields")
CUSTODY_COLUMNS = ("number", "at", "who", "action", "subject", "detail")


def write_logs(dossier: Dossier, bag: Path) -> dict[str, int]:
    """`data/logs/{population,custody}.csv` and `custody.jsonl`; `redaction.csv` when fields are withheld,
    `privilege.csv` with a row for each record that is not shown, or not shown whole, by a rule of the copy.

    Returns the number of rows of each, the heading not counted."""
    folder = bag / "data" / "logs"
    folder.mkdir(parents=True)
    population = population_rows(dossier)
    _write(folder / "population.csv", ("kind", "class", "reason", "number"), population)
    _write(folder / "custody.csv", CUSTODY_COLUMNS, dossier.custody.rows)
    (folder / "custody.jsonl").write_bytes(b"".join(line + b"\n" for line in dossier.custody.lines))
    rows = {"population": len(population), "custody": len(dossier.custody.rows)}
    if withheld := withheld_rows(dossier):
        _write(folder / "redaction.csv", WITHHELD_COLUMNS, withheld)
        rows["redaction"] = len(withheld)
    if log := dossier.behind.log:
        _write(folder / "privilege.csv", LOG_COLUMNS, log)
        rows["privilege"] = len(log)
    return rows


def withheld_rows(dossier: Dossier) -> tuple[tuple[str, ...], ...]:
    """For each record with withheld fields: which, its native, and how many fields for which reason."""
    rows = []
    for native in dossier.natives:
        if native.withheld:
            hidden = (f for f in Disclosed.read(native.body).fields if isinstance(f, WithheldField))
            reasons = sorted(Counter(field.reason for field in hidden).items())
            rows += [(native.key, native.path, reason, str(number)) for reason, number in reasons]
    return tuple(rows)


def write_bates(bag: Path, rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """`data/logs/bates.csv`: every range of exhibit numbers given in the matter. Returns the number of rows."""
    _write(bag / "data" / "logs" / "bates.csv", BATES_COLUMNS, rows)
    return {"bates": len(rows)}


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([disarmed(cell) for cell in row] for row in rows)
    path.write_bytes(out.getvalue().encode("utf-8-sig", errors="backslashreplace"))
