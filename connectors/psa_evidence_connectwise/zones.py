"""Time zone names as ConnectWise and Windows write them, to IANA. What is not known stays unknown."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import ZoneInfo

_WINDOWS = {
    "dateline standard time": "Etc/GMT+12",
    "hawaiian standard time": "Pacific/Honolulu",
    "alaskan standard time": "America/Anchorage",
    "pacific standard time": "America/Los_Angeles",
    "us mountain standard time": "America/Phoenix",
    "mountain standard time": "America/Denver",
    "central standard time": "America/Chicago",
    "canada central standard time": "America/Regina",
    "eastern standard time": "America/New_York",
    "us eastern standard time": "America/Indiana/Indianapolis",
    "atlantic standard time": "America/Halifax",
    "newfoundland standard time": "America/St_Johns",
    "e. south america standard time": "America/Sao_Paulo",
    "sa pacific standard time": "America/Bogota",
    "utc": "Etc/UTC",
    "coordinated universal time": "Etc/UTC",
    "gmt standard time": "Europe/London",
    "greenwich standard time": "Atlantic/Reykjavik",
    "w. europe standard time": "Europe/Berlin",
    "central europe standard time": "Europe/Budapest",
    "central european standard time": "Europe/Warsaw",
    "romance standard time": "Europe/Paris",
    "e. europe standard time": "Europe/Chisinau",
    "fle standard time": "Europe/Kyiv",
    "gtb standard time": "Europe/Bucharest",
    "south africa standard time": "Africa/Johannesburg",
    "israel standard time": "Asia/Jerusalem",
    "turkey standard time": "Europe/Istanbul",
    "russian standard time": "Europe/Moscow",
    "arab standard time": "Asia/Riyadh",
    "arabian standard time": "Asia/Dubai",
    "india standard time": "Asia/Kolkata",
    "se asia standard time": "Asia/Bangkok",
    "singapore standard time": "Asia/Singapore",
    "china standard time": "Asia/Shanghai",
    "tokyo standard time": "Asia/Tokyo",
    "korea standard time": "Asia/Seoul",
    "w. australia standard time": "Australia/Perth",
    "cen. australia standard time": "Australia/Adelaide",
    "aus central standard time": "Australia/Darwin",
    "e. australia standard time": "Australia/Brisbane",
    "aus eastern standard time": "Australia/Sydney",
    "tasmania standard time": "Australia/Hobart",
    "new zealand standard time": "Pacific/Auckland",
    "central america standard time": "America/Guatemala",
    "central standard time (mexico)": "America/Mexico_City",
    "mountain standard time (mexico)": "America/Mazatlan",
    "pacific standard time (mexico)": "America/Tijuana",
    "eastern standard time (mexico)": "America/Cancun",
    "venezuela standard time": "America/Caracas",
    "sa western standard time": "America/La_Paz",
    "sa eastern standard time": "America/Cayenne",
    "pacific sa standard time": "America/Santiago",
    "argentina standard time": "America/Argentina/Buenos_Aires",
    "paraguay standard time": "America/Asuncion",
    "montevideo standard time": "America/Montevideo",
    "azores standard time": "Atlantic/Azores",
    "cape verde standard time": "Atlantic/Cape_Verde",
    "morocco standard time": "Africa/Casablanca",
    "w. central africa standard time": "Africa/Lagos",
    "e. africa standard time": "Africa/Nairobi",
    "egypt standard time": "Africa/Cairo",
    "jordan standard time": "Asia/Amman",
    "middle east standard time": "Asia/Beirut",
    "arabic standard time": "Asia/Baghdad",
    "iran standard time": "Asia/Tehran",
    "caucasus standard time": "Asia/Yerevan",
    "georgian standard time": "Asia/Tbilisi",
    "azerbaijan standard time": "Asia/Baku",
    "mauritius standard time": "Indian/Mauritius",
    "afghanistan standard time": "Asia/Kabul",
    "west asia standard time": "Asia/Tashkent",
    "pakistan standard time": "Asia/Karachi",
    "sri lanka standard time": "Asia/Colombo",
    "nepal standard time": "Asia/Kathmandu",
    "bangladesh standard time": "Asia/Dhaka",
    "myanmar standard time": "Asia/Yangon",
    "taipei standard time": "Asia/Taipei",
    "west pacific standard time": "Pacific/Port_Moresby",
    "central pacific standard time": "Pacific/Guadalcanal",
    "fiji standard time": "Pacific/Fiji",
    "samoa standard time": "Pacific/Apia",
    "tonga standard time": "Pacific/Tongatapu",
}
"""Windows' names, as the Unicode CLDR (windowsZones, territory 001) maps them."""

_SPOKEN = {
    "us hawaii": "Pacific/Honolulu", "us alaska": "America/Anchorage", "us pacific": "America/Los_Angeles",
    "us arizona": "America/Phoenix", "us mountain": "America/Denver", "us central": "America/Chicago",
    "us eastern": "America/New_York", "hawaii": "Pacific/Honolulu", "alaska": "America/Anchorage",
    "arizona": "America/Phoenix", "pacific time (us & canada)": "America/Los_Angeles",
    "mountain time (us & canada)": "America/Denver", "central time (us & canada)": "America/Chicago",
    "eastern time (us & canada)": "America/New_York", "atlantic time (canada)": "America/Halifax",
    "saskatchewan": "America/Regina", "newfoundland": "America/St_Johns", "gmt": "Etc/UTC",
    "dublin, edinburgh, lisbon, london": "Europe/London",
    "amsterdam, berlin, bern, rome, stockholm, vienna": "Europe/Berlin",
    "brussels, copenhagen, madrid, paris": "Europe/Paris",
    "harare, pretoria": "Africa/Johannesburg", "perth": "Australia/Perth", "adelaide": "Australia/Adelaide",
    "darwin": "Australia/Darwin", "brisbane": "Australia/Brisbane",
    "canberra, melbourne, sydney": "Australia/Sydney", "hobart": "Australia/Hobart",
    "auckland, wellington": "Pacific/Auckland",
    "athens, bucharest": "Europe/Bucharest", "sarajevo, skopje, warsaw, zagreb": "Europe/Warsaw",
    "belgrade, bratislava, budapest, ljubljana, prague": "Europe/Budapest",
    "helsinki, kyiv, riga, sofia, tallinn, vilnius": "Europe/Kyiv",
    "helsinki, kiev, riga, sofia, tallinn, vilnius": "Europe/Kyiv", "istanbul": "Europe/Istanbul",
    "jerusalem": "Asia/Jerusalem", "cairo": "Africa/Cairo", "nairobi": "Africa/Nairobi",
    "west central africa": "Africa/Lagos", "abu dhabi, muscat": "Asia/Dubai", "kuwait, riyadh": "Asia/Riyadh",
    "islamabad, karachi": "Asia/Karachi", "chennai, kolkata, mumbai, new delhi": "Asia/Kolkata",
    "bangkok, hanoi, jakarta": "Asia/Bangkok", "kuala lumpur, singapore": "Asia/Singapore",
    "beijing, chongqing, hong kong, urumqi": "Asia/Shanghai", "taipei": "Asia/Taipei",
    "osaka, sapporo, tokyo": "Asia/Tokyo", "seoul": "Asia/Seoul", "brasilia": "America/Sao_Paulo",
    "santiago": "America/Santiago", "bogota, lima, quito, rio branco": "America/Bogota",
    "guadalajara, mexico city, monterrey": "America/Mexico_City", "central america": "America/Guatemala",
    "indiana (east)": "America/Indiana/Indianapolis", "fiji": "Pacific/Fiji",
}  # fmt: skip

_OLD_NAMES = {
    "US/Hawaii": "Pacific/Honolulu", "US/Alaska": "America/Anchorage", "US/Pacific": "America/Los_Angeles",
    "US/Arizona": "America/Phoenix", "US/Mountain": "America/Denver", "US/Central": "America/Chicago",
    "US/Eastern": "America/New_York",
}  # fmt: skip
"""Links of the zone data base (its file `backward`): the same zone under the name that people know today."""

_OFFSET = re.compile(r"^\((?:utc|gmt)(?:\s*[+-]?\d{1,2}:?\d{0,2})?\)\s*", re.IGNORECASE)
_IANA = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){1,2}")


@cache
def iana(name: str | None) -> str | None:
    """The IANA zone that `name` means, or None. An offset alone names no zone: it does not tell summer time."""
    if not name:
        return None
    text = name.strip()
    if _IANA.fullmatch(text):
        try:
            ZoneInfo(text)
        except (ValueError, OSError):
            return None
        return _OLD_NAMES.get(text, text)
    bare = _OFFSET.sub("", text).strip().lower()
    return _WINDOWS.get(bare) or _SPOKEN.get(bare)
