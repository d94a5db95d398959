"""Which host and codebase the API lives at: GET {site}/login/companyinfo/{company}, without keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from psa_evidence.errors import UnreachableError
from psa_evidence_connectwise.decoding import Unreadable
from psa_evidence_connectwise.settings import CODEBASE, Connection, is_loopback
from psa_evidence_connectwise.spans import single

_HOST = re.compile(r"[a-z0-9.-]{1,200}(?::\d{1,5})?")
CLOUD_SUFFIX, STAGING_SUFFIX = ".myconnectwise.net", ".connectwisedev.com"


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
    named, port = _name_and_port(site)
    own, own_port = _name_and_port(connection.host)
    same = named == own or (is_loopback(connection.host) and is_loopback(named))
    if same and port in {None, own_port}:
        return connection.host  # it need not know through which port others reach it
    staging = connection.host.partition(":")[0].endswith(STAGING_SUFFIX)
    suffix = STAGING_SUFFIX if staging else CLOUD_SUFFIX
    if port in {None, 443} and re.fullmatch(r"[a-z0-9-]+" + re.escape(suffix), named):
        if connection.scheme == "https" and not is_loopback(connection.host):
            return named
        if is_loopback(connection.host):
            return connection.host  # a tunnel to it, or what stands in for it: keys do not leave this machine
    shown = named if port is None else f"{named}:{port}"
    known = _HOST.fullmatch(shown)
    it = shown if known else "it"
    raise UnreachableError(
        f"The host says that its API is at {shown if known else 'another host'}, which is neither the configured host "
        "nor ConnectWise's cloud.",
        why=f"Keys are sent to the configured host and to *{suffix} only.",
        next_step=f"If you know {it} as yours, set 'site' to it; else set 'codebase', and the host is not asked.",
    )


def _name_and_port(site: str) -> tuple[str, int | None]:
    """Both in lower case; an empty name for what is none."""
    try:
        parts = urlsplit(site if "://" in site else f"//{site}")
        return (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "", None
