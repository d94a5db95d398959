"""The step on the catalogue: the same rows as one made anew from the captures."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from psa_evidence.errors import EvidenceError
from psa_evidence.format import Seal
from psa_evidence.spi import Silent
from psa_evidence.vault.catalogue import Catalogue
from psa_evidence.vault.check.report import REINDEX, Findings
from psa_evidence.vault.durable import Disk
from psa_evidence.vault.keeping import Keeper
from psa_evidence.vault.layout import Layout
from psa_evidence.vault.schema import METADATA, SCHEMA_VERSION
from psa_evidence.vault.times import Clock

WHERE = "catalogue.db"


def check_index(layout: Layout, vault_id: str, seals: Mapping[int, Seal], step: int, found: Findings, *, full: bool,
                clock: Clock) -> str:  # fmt: skip
    """Returns what was looked at. The catalogue holds nothing that the captures do not: it is never damage."""
    path = layout.catalogue
    if not path.is_file():
        found.add(step, "healable", WHERE, "is missing", REINDEX)
        return "not there"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?{_mode(path)}", uri=True)) as db:
            return _check(db, layout, vault_id, seals, step, found, full=full, clock=clock)
    except sqlite3.DatabaseError as error:
        found.add(step, "healable", WHERE, f"cannot be read ({type(error).__name__})", REINDEX)
        return "not readable"


def _mode(path: Path) -> str:
    """Nothing is written beside a catalogue that no run left open, so that a read-only folder can be checked."""
    return "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"


def _check(db: sqlite3.Connection, layout: Layout, vault_id: str, seals: Mapping[int, Seal], step: int,
           found: Findings, *, full: bool, clock: Clock) -> str:  # fmt: skip
    about = dict(db.execute("SELECT name, value FROM about"))
    if about != {"schema": SCHEMA_VERSION, "vault": vault_id}:
        found.add(step, "healable", WHERE, "belongs to another version of this program or to another vault", REINDEX)
        return "of another version"
    indexed = dict(db.execute("SELECT number, id FROM captures"))
    if indexed != {number: seal.capture for number, seal in seals.items()}:
        found.add(step, "healable", WHERE, "does not hold the captures that the seals name", REINDEX)
        return f"{len(indexed):,} captures"
    if not full:
        return f"{len(indexed):,} captures, as the seals name them; rows not compared"
    problems = [row[0] for row in db.execute("PRAGMA integrity_check(1)")]
    if problems != ["ok"]:
        found.add(step, "healable", WHERE, "is damaged (SQLite's own check)", REINDEX)
        return "damaged"
    with tempfile.TemporaryDirectory(prefix="psa-evidence-check-") as folder:
        fresh = Path(folder) / WHERE
        try:
            _make(fresh, layout, vault_id, seals, clock)
        except EvidenceError:
            return "not compared row by row: the captures cannot be read to their ends (see above)"
        db.execute("ATTACH DATABASE ? AS fresh", (str(fresh),))
        rows = 0
        try:
            for table in METADATA.sorted_tables:
                name = table.name
                rows += db.execute(f'SELECT count(*) FROM main."{name}"').fetchone()[0]  # noqa: S608 - our own names
                for one, other in (("main", "fresh"), ("fresh", "main")):
                    query = f'SELECT count(*) FROM (SELECT * FROM {one}."{name}" EXCEPT SELECT * FROM {other}."{name}")'  # noqa: S608
                    if db.execute(query).fetchone()[0]:
                        found.add(step, "healable", WHERE, f"does not say what the captures say ({name})", REINDEX)
                        break
        finally:
            db.execute("DETACH DATABASE fresh")
    return f"{rows:,} rows compared with a catalogue made anew"


def _make(path: Path, layout: Layout, vault_id: str, seals: Mapping[int, Seal], clock: Clock) -> None:
    catalogue = Catalogue(path, vault_id)
    catalogue.prepare()
    keeper = Keeper(layout, vault_id, Disk(), catalogue, clock)
    for number, seal in sorted(seals.items()):
        keeper.index(number, seal.capture, Silent())
