"""The kinds of ticket a help desk sees: how urgent, how long, who reports them, and their words."""

from __future__ import annotations

from dataclasses import dataclass

from psa_evidence.simulator.world.settings import CHANGES, MONITORING, P1, P2, P3, P4, SERVICE
from psa_evidence.simulator.world.texts import accounts as p
from psa_evidence.simulator.world.texts import alerts as a
from psa_evidence.simulator.world.texts import requests as r


@dataclass(frozen=True, slots=True)
class Words:
    """Templates: `{slot}` is filled from `texts.slots`. `asks` go to the client, `answers` come back."""

    summaries: tuple[str, ...]
    opening: tuple[str, ...]
    notes: tuple[str, ...]
    asks: tuple[str, ...]
    answers: tuple[str, ...]
    resolutions: tuple[str, ...]
    internal: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """`effort` in minutes of work, least and most; `waits` the chance that the client is waited for."""

    key: str
    type_name: str
    board: int
    weight: float
    effort: tuple[int, int]
    waits: float
    vendor: float
    priorities: tuple[tuple[int, float], ...]
    words: Words
    from_monitoring: bool = False


_USUAL = ((P2, 1.0), (P3, 7.0), (P4, 3.0))
_SMALL = ((P3, 5.0), (P4, 5.0))
_URGENT = ((P1, 3.0), (P2, 5.0), (P3, 2.0))

KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("password", "Account", SERVICE, 13, (5, 25), 0.15, 0.0, ((P2, 2.0), (P3, 8.0)), Words(*p.PASSWORD)),
        Kind("printer", "Hardware", SERVICE, 9, (10, 60), 0.3, 0.1, _USUAL, Words(*r.PRINTER)),
        Kind("vpn", "Network", SERVICE, 8, (15, 70), 0.3, 0.05, _USUAL, Words(*r.VPN)),
        Kind("outlook", "Email", SERVICE, 10, (10, 60), 0.3, 0.05, _USUAL, Words(*p.OUTLOOK)),
        Kind("phishing", "Security", SERVICE, 6, (10, 45), 0.2, 0.0, ((P2, 6.0), (P3, 4.0)), Words(*p.PHISHING)),
        Kind("mfa", "Account", SERVICE, 6, (8, 30), 0.25, 0.0, _USUAL, Words(*p.MFA)),
        Kind("slow", "Hardware", SERVICE, 6, (20, 110), 0.45, 0.1, _SMALL, Words(*r.SLOW_PC)),
        Kind("wifi", "Network", SERVICE, 5, (20, 90), 0.3, 0.15, _USUAL, Words(*r.WIFI)),
        Kind("share", "Files", SERVICE, 5, (10, 40), 0.35, 0.0, _USUAL, Words(*p.SHARE)),
        Kind("software", "Software", SERVICE, 6, (15, 75), 0.5, 0.15, _SMALL, Words(*r.SOFTWARE)),
        Kind("phone", "Telephony", SERVICE, 4, (15, 80), 0.25, 0.35, _USUAL, Words(*r.PHONE)),
        Kind("onboarding", "Users", CHANGES, 4, (45, 160), 0.6, 0.0, ((P3, 6.0), (P4, 4.0)), Words(*p.ONBOARDING)),
        Kind("leaver", "Users", CHANGES, 3, (20, 60), 0.3, 0.0, ((P2, 3.0), (P3, 7.0)), Words(*p.LEAVER)),
        Kind("change", "Change", CHANGES, 3, (40, 200), 0.5, 0.2, ((P3, 3.0), (P4, 7.0)), Words(*r.CHANGE)),
        Kind("backup", "Backup", MONITORING, 6, (15, 90), 0.1, 0.15, ((P2, 4.0), (P3, 6.0)), Words(*a.BACKUP), True),
        Kind("patching", "Patching", MONITORING, 5, (15, 75), 0.2, 0.0, _SMALL, Words(*a.PATCHING), True),
        Kind("disk", "Server", MONITORING, 4, (15, 60), 0.1, 0.0, _USUAL, Words(*a.DISK), True),
        Kind("antivirus", "Security", MONITORING, 3, (15, 80), 0.2, 0.0, _URGENT, Words(*a.ANTIVIRUS), True),
        Kind("outage", "Server", MONITORING, 3, (30, 220), 0.1, 0.2, _URGENT, Words(*a.OUTAGE), True),
        Kind("internet", "Network", SERVICE, 2, (30, 150), 0.15, 0.5, _URGENT, Words(*r.INTERNET)),
    )
}
WEIGHTED = tuple((kind, kind.weight) for kind in KINDS.values())
