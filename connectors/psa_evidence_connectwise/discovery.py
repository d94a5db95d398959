"""Which host and codebase the API lives at: GET {site}/login/companyinfo/{company}, without keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from psa_evidence.errors import UnreachableError
from psa_evidence_connectwise.decoding import Unreadable
from psa_evidence_connectwise.settings import Connection
from psa_evidence_connectwise.spans import single

_CODEBASE = re.compile(r"v\d[0-9A-Za-z_]{0,40}/?")
CLOUD_SUFFIX = ".myconnectwise.net"


@dataclass(frozen=True, slots=True)
class Base:
    """Where requests go: `root` ends in `apis/3.0/`."""

    root: str
    codebase: str
    version: str | None
    cloud: bool | None


def discovery_url(connection: Connection) -> str:
    return f"{connection.scheme}://{connection.host}/login/companyinfo/{quote(connection.company, safe='')}"


def read_discovery(connection: Connection, status: int, body: bytes) -> Base:
    """What the answer names. Raises UnreachableError; another host must be the vendor's cloud."""
    check_host = "Check the setting 'site': the host of your ConnectWise PSA, such as api-na.myconnectwise.net."
    if status != 200:
        raise UnreachableError(
            f"The host answered {status} when asked where its ConnectWise API is.",
            why="It is not a ConnectWise PSA, or it is down.",
            next_step=check_host,
        )
    try:
        info: Any = single(body)[0]
    except Unreadable:
        raise UnreachableError(
            "The host answered something other than ConnectWise data.",
            why="It looks like a web page: the host is not a ConnectWise PSA, or something stands before it.",
            next_step=check_host,
        ) from None
    if info is None:
        raise UnreachableError(
            "ConnectWise does not know this company id.",
            next_step="Check the setting 'company': it is what you type in the field Company on the login page.",
        )
    codebase = info.get("Codebase") if isinstance(info, dict) else None
    if not isinstance(codebase, str) or not _CODEBASE.fullmatch(codebase):
        raise UnreachableError("The host did not name the codebase of its API.", next_step=check_host)
    version, cloud, site = info.get("VersionNumber"), info.get("IsCloud"), info.get("SiteUrl")
    host = _host(connection, site if isinstance(site, str) else "")
    return Base(
        root=f"{connection.scheme}://{host}/{codebase.rstrip('/')}/apis/3.0/",
        codebase=codebase.rstrip("/"),
        version=version if isinstance(version, str) else None,
        cloud=cloud if isinstance(cloud, bool) else None,
    )


def _host(connection: Connection, site: str) -> str:
    """The configured host, or the vendor's cloud host that discovery names. Keys go nowhere else."""
    if not site:
        return connection.host
    named = urlsplit(site if "://" in site else f"//{site}").netloc.lower()
    if named == connection.host:
        return named
    if re.fullmatch(r"[a-z0-9-]+" + re.escape(CLOUD_SUFFIX), named) and connection.scheme == "https":
        return named
    raise UnreachableError(
        "The host sends us to another host, which is neither the configured one nor ConnectWise's cloud.",
        why="Keys are sent to the configured host and to *.myconnectwise.net only.",
        next_step="Set 'site' to the host that serves the API itself.",
    )
