"""The way out of the owner's network: the proxy that the environment names, for real hosts only."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from psa_evidence.errors import ConfigurationError
from psa_evidence_connectwise.settings import Connection, is_loopback

SCHEMES = frozenset({"http", "https"})


def proxy_for(connection: Connection) -> httpx.Proxy | None:
    """The proxy for the configured host: HTTPS_PROXY or ALL_PROXY, minus NO_PROXY; on Windows and macOS the system's
    setting when the environment has none.

    TLS goes through it end to end (CONNECT) and is verified against the host: a proxy sees the host's name only.
    Raises ConfigurationError, never quoting the address: it may hold a password.
    """
    host = connection.host
    if connection.proxy == "none" or connection.scheme != "https" or is_loopback(host):
        return None
    found = getproxies()
    address = found.get("https") or found.get("all")
    if not address or proxy_bypass(host):
        return None
    wrong = ConfigurationError(
        "The proxy that HTTPS_PROXY or ALL_PROXY names cannot be used.",
        why="An address such as http://proxy.example:3128 is expected; SOCKS is not supported.",
        next_step="Correct the variable, or set 'proxy' of the connection to none.",
    )
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        _ = parts.port  # raises when it is none
        proxy = httpx.Proxy(parts.geturl()) if parts.hostname and parts.scheme in SCHEMES else None
    except (ValueError, httpx.InvalidURL):
        raise wrong from None
    if proxy is None:
        raise wrong
    return proxy
