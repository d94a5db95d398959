"""Settings of a connection, checked before anybody is talked to."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from psa_evidence.errors import ConfigurationError
from psa_evidence.spi import Setting

SETTINGS = (
    Setting(name="site", help="Host of your ConnectWise PSA, such as api-na.myconnectwise.net"),
    Setting(name="company", help="Company id you type on the login page"),
    Setting(name="client_id", help="clientId GUID of this integration, from developer.connectwise.com"),
    Setting(name="public_key", help="Public key of the API member", secret=True),
    Setting(name="private_key", help="Private key of the API member", secret=True),
    Setting(
        name="codebase", help="auto asks the host; else its name, such as v4_6_release, where the host does not tell",
        required=False, default="auto",
    ),
    Setting(name="api_version", help="Version of the API's data model", required=False, default="2025.1"),
    Setting(name="concurrency", help="Most requests under way at once", required=False, default="16"),
    Setting(
        name="requests_per_minute", help="Pace of this program; 0 is none, auto is 900 in the vendor's cloud",
        required=False, default="auto",
    ),
    Setting(name="proxy", help="auto takes HTTPS_PROXY of the environment, none takes none", required=False,
            default="auto"),
    Setting(name="page_size", help="Rows a page, 1000 at most", required=False, default="1000"),
    Setting(name="timeout", help="Seconds to wait for an answer", required=False, default="60"),
    Setting(name="max_wait", help="Longest pause in seconds before one retry", required=False, default="120"),
    Setting(
        name="ticket_parts", help="What is asked for ticket by ticket, with commas; a part left out is reported",
        required=False, default="notes,history,documents,tasks,configurations,time_audits",
    ),
)  # fmt: skip

PARTS = frozenset({"notes", "history", "documents", "tasks", "configurations", "time_audits"})
"""What hangs on tickets and time entries and has no list of its own: at least one request each."""
CODEBASE = r"v\d[0-9A-Za-z_]{0,40}"
"""The first part of each path: a version on the vendor's cloud, v4_6_release elsewhere."""
_API_PATH = rf"/?({CODEBASE}/?)?(apis/?)?(3\.0/?)?"
"""What people copy along with a host; where the API is, the host tells."""
MAX_CONCURRENCY = 64
"""More open connections than this help nobody and look like an attack."""

CLOUD_SUFFIXES = (".myconnectwise.net", ".connectwisedev.com")
CLOUD_PER_MINUTE = 900
"""The vendor's cloud refuses from about 1,000 requests a minute on; other hosts have the limits their owners set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Checked settings. `host` is host[:port] in lower case; credentials never stand in a repr."""

    scheme: str
    host: str
    company: str = field(repr=False)
    client_id: str = field(repr=False)
    public_key: str = field(repr=False)
    private_key: str = field(repr=False)
    api_version: str
    concurrency: int
    requests_per_minute: int
    page_size: int
    timeout: float
    max_wait: float
    codebase: str = "auto"
    proxy: str = "auto"
    parts: frozenset[str] = PARTS


def read_settings(settings: Mapping[str, str], secrets: Mapping[str, str]) -> Connection:
    """Raises ConfigurationError naming the setting, never its value when it is secret."""
    known = {s.name for s in SETTINGS}
    for name in sorted({*settings, *secrets} - known):
        raise ConfigurationError(
            f"Unknown setting {name!r} for ConnectWise.",
            next_step="Known settings: " + ", ".join(s.name for s in SETTINGS) + ".",
        )
    values: dict[str, str] = {}
    for setting in SETTINGS:
        source = secrets if setting.secret else settings
        value = str(source.get(setting.name) or setting.default or "").strip()
        if not value:
            where = "in the keyring or the environment" if setting.secret else "in the configuration file"
            raise ConfigurationError(
                f"The ConnectWise setting {setting.name!r} is missing.",
                next_step=f"Put it {where}: {setting.help}.",
            )
        values[setting.name] = value
    scheme, host = _site(values["site"])
    return Connection(
        scheme=scheme,
        host=host,
        company=_token("company", values["company"]),
        client_id=_token("client_id", values["client_id"]),
        public_key=_token("public_key", values["public_key"]),
        private_key=_token("private_key", values["private_key"]),
        api_version=_matching("api_version", values["api_version"], r"\d{4}\.\d{1,2}", "a version such as 2025.1"),
        concurrency=int(_number("concurrency", values["concurrency"], 1, MAX_CONCURRENCY)),
        requests_per_minute=_pace(values["requests_per_minute"], host),
        page_size=int(_number("page_size", values["page_size"], 1, 1000)),
        timeout=_number("timeout", values["timeout"], 0.01, 3600),
        max_wait=_number("max_wait", values["max_wait"], 0, 3600),
        codebase=_matching(
            "codebase", values["codebase"].rstrip("/"), f"auto|{CODEBASE}", "auto or a name such as v4_6_release"
        ),
        proxy=_matching("proxy", values["proxy"], "auto|none", "auto or none"),
        parts=_parts(values["ticket_parts"]),
    )


def _parts(value: str) -> frozenset[str]:
    found = frozenset(part.strip() for part in value.split(",") if part.strip())
    if unknown := sorted(found - PARTS):
        raise ConfigurationError(
            f"The ConnectWise setting 'ticket_parts' names {unknown[0]!r}, which is no part of a ticket.",
            next_step="Known parts: " + ", ".join(sorted(PARTS)) + ".",
        )
    return found


def _pace(value: str, host: str) -> int:
    if value == "auto":
        return CLOUD_PER_MINUTE if host.partition(":")[0].endswith(CLOUD_SUFFIXES) else 0
    return int(_number("requests_per_minute", value, 0, 1_000_000))


def is_loopback(host: str) -> bool:
    """Whether `host` (with or without port) is this machine."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _site(value: str) -> tuple[str, str]:
    wrong = ConfigurationError(
        "The ConnectWise setting 'site' is not a host.",
        next_step="Give the host alone, such as api-na.myconnectwise.net; https is assumed.",
    )
    if not re.fullmatch(r"[\x21-\x7e]+", value):
        raise wrong
    text = value if "://" in value else f"https://{value}"
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise wrong from None
    host = parts.netloc.lower()
    if parts.username or not re.fullmatch(_API_PATH, parts.path) or parts.query or parts.fragment:
        raise wrong
    if not re.fullmatch(r"(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?", host):
        raise wrong
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)):
        return parts.scheme, host
    raise ConfigurationError(
        "The ConnectWise setting 'site' must use https.",
        why="Keys and clients' data would cross the network unprotected.",
        next_step="Remove http:// from it; plain http is accepted for this machine (localhost) alone.",
    )


def _token(name: str, value: str) -> str:
    """A credential or name that goes into a header: printable ASCII without spaces."""
    if not re.fullmatch(r"[\x21-\x7e]{1,200}", value):
        raise ConfigurationError(
            f"The ConnectWise setting {name!r} holds a character that cannot be part of it.",
            next_step="Copy it again, without spaces or line breaks.",
        )
    return value


def _matching(name: str, value: str, pattern: str, wanted: str) -> str:
    if not re.fullmatch(pattern, value):
        raise ConfigurationError(f"The ConnectWise setting {name!r} must be {wanted}.", next_step="Correct it.")
    return value


def _number(name: str, value: str, low: float, high: float) -> float:
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        raise ConfigurationError(
            f"The ConnectWise setting {name!r} must be a number from {low:g} to {high:g}.", next_step="Correct it."
        )
    return number
