"""The PSA itself, put together from its description, its own company and its time zone setups."""

from __future__ import annotations

from psa_evidence.records import SystemInfo
from psa_evidence.spi import RawRecord
from psa_evidence_connectwise.payloads import MyCompanyRow, SystemRow, TimeZoneRow, key, spoken
from psa_evidence_connectwise.reading import Broken, Reading, read
from psa_evidence_connectwise.zones import iana


def system(raws: list[RawRecord], reading: Reading) -> SystemInfo | None:
    """`raws` are the records of kinds system_info, my_company and time_zone. The newest of each id counts."""
    info: tuple[SystemRow, RawRecord] | None = None
    company: tuple[MyCompanyRow, RawRecord] | None = None
    setups: dict[str, str | None] = {}
    newest = sorted(raws, key=lambda raw: (raw.captured_at, raw.sha256))
    sources = {}
    for raw in newest:
        try:
            if raw.kind == "time_zone":
                row, source = read(raw, TimeZoneRow, reading)
                setups[str(row.id)] = iana(spoken(row.time_zone)) or iana(row.name)
            elif raw.kind == "my_company":
                mine, source = read(raw, MyCompanyRow, reading)
                company = (mine, raw)
            else:
                about, source = read(raw, SystemRow, reading)
                info = (about, raw)
            sources[raw.key] = source
        except Broken as problem:
            reading.broken(raw, problem)
    if info is None and company is None:
        return None
    zone = None
    if company is not None:
        reference = company[0].server_time_zone
        zone = setups.get(key(reference) or "") or iana(spoken(reference))
    if zone is None and info is not None:
        zone = iana(info[0].server_time_zone)
    owner = info[1] if info is not None else company[1] if company is not None else newest[0]
    return SystemInfo(
        source=sources[owner.key],
        version=info[0].version if info else None,
        cloud=info[0].is_cloud if info else None,
        time_zone=zone,
        default_calendar_id=key(company[0].default_calendar) if company else None,
    )
