"""Which host and codebase the API lives at: GET {site}/login/companyinfo/{company}, without keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from psa_evidence.errors import UnreachableError
from psa_evidence_connectwise.decoding import Unreadable
from psa_evidence_connectwise.settings import CODEBASE, Connection
from psa_evidence_connectwise.spans import single

_HOST = re.compile(r"[a-z0-9.-]{1,200}(?::\d{1,5})?")
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


def configured(connection: Connection) -> Base | None:
    """What the setting `codebase` names, for hosts that do not tell; None when the host is to be asked."""
    if connection.codebase == "auto":
        return None
    root = f"{connection.scheme}://{connection.host}/{connection.codebase}/apis/3.0/"
    return Base(root=root, codebase=connection.codebase, version=None, cloud=None)


def read_discovery(connection: Connection, status: int, body: bytes) -> Base:
    """What the answer names. Raises UnreachableError; another host must be the vendor's cloud."""
    check_host = "Check the setting 'site': the host of your ConnectWise PSA, such as api-na.myconnectwise.net."
    if status != 200:
        raise UnreachableError(
            f"The host answered {status} when asked where its ConnectWise API is.",
            why="It is not a ConnectWise PSA, it is down, or its login pages are closed to this machine.",
            next_step=check_host + ' When it is right, name the codebase yourself: codebase = "v4_6_release".',
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
    told = {str(name).lower(): value for name, value in info.items()} if isinstance(info, dict) else {}
    codebase = told.get("codebase")
    if not isinstance(codebase, str) or not re.fullmatch(CODEBASE + "/?", codebase):
        raise UnreachableError("The host did not name the codebase of its API.", next_step=check_host)
    version, cloud, site = told.get("versionnumber"), told.get("iscloud"), told.get("siteurl")
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
    shown = named if _HOST.fullmatch(named) else "another host"
    raise UnreachableError(
        f"The host says that its API is at {shown}, which is neither the configured host nor ConnectWise's cloud.",
        why="Keys are sent to the configured host and to *.myconnectwise.net only.",
        next_step=f"If you know {shown} as yours, set 'site' to it; else set 'codebase', and the host is not asked.",
    )
