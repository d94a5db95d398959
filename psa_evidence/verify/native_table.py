"""Step 9.2, `natives.csv`: what people look a record up in says what manifest and seals say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from psa_evidence.format import Manifest, ManifestRecord, Seal
from psa_evidence.verify import names, tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.capture_times import is_within
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.report import Checklist, counted
from psa_evidence.verify.versions import by_age

NATIVES: Final = "data/tables/natives.csv"
_COLUMNS: Final = ("record", "native", "sha256", "bytes")
_ABOUT: Final = ("capture", "captured_at", "exhibit", "version", "versions")


class _Place(NamedTuple):
    """A record of the manifest, and which of how many versions it is, from the oldest."""

    record: ManifestRecord
    version: int
    versions: int


def check_table_of_natives(bag: Bag, checks: Checklist, manifest: Manifest, seals: Mapping[int, Seal]) -> None:
    """Where the table is there, its rows are the records of the manifest. `seals` are those that could be read."""
    if NATIVES not in bag.container.files:
        return
    places = {
        each.native: _Place(each, len(versions) - number, len(versions))
        for versions in by_age(manifest).values()
        for number, each in enumerate(versions)
    }
    others: set[str] = set()
    told: set[str] = set()
    try:
        for row in tables.rows(bag, NATIVES, _COLUMNS, _ABOUT):
            native = row["native"]
            place = places.get(native)
            if place is not None and native not in bag.container.files:
                continue  # 5.1 names it
            if place is None or native in told or not _says(row, place, bag, seals.get(place.record.seal)):
                others.add(row["record"])
            told.add(native)
    except Unreadable as error:
        checks.fail("9.2", str(error), NATIVES)
        return
    for native in places.keys() - told:
        if native in bag.container.files:
            others.add(f"{places[native].record.kind}/{places[native].record.id}")
    if others:
        words = f"it says other than manifest and seals of {counted(len(others), 'record')}, such as "
        checks.fail("9.2", words + names.shown(min(others)), NATIVES)


def _says(row: tables.Row, place: _Place, bag: Bag, seal: Seal | None) -> bool:
    record = place.record
    if (row["record"], row["sha256"]) != (f"{record.kind}/{record.id}", record.sha256):
        return False
    about = {"bytes": str(bag.container.files[record.native]), "exhibit": record.exhibit or "",
             "version": str(place.version), "versions": str(place.versions)}  # fmt: skip
    if any(row.get(name, text) != text for name, text in about.items()):
        return False
    if seal is None:
        return True
    return row.get("capture", seal.capture) == seal.capture and (
        "captured_at" not in row or is_within(row["captured_at"], seal)
    )
