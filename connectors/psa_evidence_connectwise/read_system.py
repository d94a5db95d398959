"""The PSA itself, put together from its description and its own company; the zones that its references mean."""

from __future__ import annotations

from collections.abc import Iterable

from psa_evidence.records import SourceRef, SystemInfo
from psa_evidence.spi import RawRecord
from psa_evidence_connectwise.payloads import MyCompanyRow, Ref, SystemRow, TimeZoneRow, key, spoken
from psa_evidence_connectwise.reading import Broken, Reading, read
from psa_evidence_connectwise.zones import iana


def zone_setups(raws: Iterable[RawRecord], reading: Reading) -> dict[str, str | None]:
    """Each time zone setup's id with its IANA zone, None when it names none that is known. The newest counts."""
    setups: dict[str, str | None] = {}
    for raw in _by_age(raws):
        try:
            row, _ = read(raw, TimeZoneRow, reading)
        except Broken as problem:
            reading.broken(raw, problem)
            continue
        setups[str(row.id)] = iana(spoken(row.time_zone)) or iana(row.name)
    return setups


def zone_of(reference: Ref | None, source: SourceRef, reading: Reading) -> str | None:
    """The zone that a reference to a time zone setup means: as that setup says, else as the reference is called.

    A zone that is named and not known is listed as unread and handed on as it is called: taken for absent, hours would
    silently be counted in somebody else's zone.
    """
    called = spoken(reference)
    found = reading.zones.get(key(reference) or "") or iana(called)
    if found is None and called:
        reading.miss(source, None, "names a time zone that is not known")
    return found or called


def system(raws: Iterable[RawRecord], reading: Reading) -> SystemInfo | None:
    """`raws` are the records of kinds system_info and my_company. The newest of each counts."""
    info: tuple[SystemRow, SourceRef] | None = None
    company: tuple[MyCompanyRow, SourceRef] | None = None
    for raw in _by_age(raws):
        try:
            if raw.kind == "my_company":
                company = read(raw, MyCompanyRow, reading)
            else:
                info = read(raw, SystemRow, reading)
        except Broken as problem:
            reading.broken(raw, problem)
    if info is not None:
        source = info[1]
    elif company is not None:
        source = company[1]
    else:
        return None
    zone = None
    if company is not None:
        reference = company[0].server_time_zone
        zone = reading.zones.get(key(reference) or "") or iana(spoken(reference))
    if zone is None and info is not None:
        zone = iana(info[0].server_time_zone)
    return SystemInfo(
        source=source,
        version=info[0].version if info else None,
        cloud=info[0].is_cloud if info else None,
        time_zone=zone,
        default_calendar_id=key(company[0].default_calendar) if company else None,
    )


def _by_age(raws: Iterable[RawRecord]) -> list[RawRecord]:
    return sorted(raws, key=lambda raw: (raw.captured_at, raw.sha256))
