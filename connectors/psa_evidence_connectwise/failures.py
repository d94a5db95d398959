"""Why a connection failed, in words, and what its owner can do."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """`short` is for a list of what is missing; `why` and `next_step` are sentences."""

    short: str
    why: str
    next_step: str = "Check the setting 'site', the network and any proxy or firewall."


def reason(problem: BaseException) -> Failure:
    """By the first cause in the chain that says something. Nothing of what the other side sent is quoted."""
    name = type(problem).__name__
    for one in _chain(problem):
        if isinstance(one, ssl.SSLCertVerificationError):
            return Failure(
                f"{name}: certificate not trusted", "The host's certificate is not one that this machine trusts.",
                "When the host is yours, add its authority to this machine (SSL_CERT_FILE names a file of them); else "
                "do not go on: somebody may stand between.",
            )  # fmt: skip
        if isinstance(one, ssl.SSLError):
            return Failure(
                f"{name}: no TLS", "The host does not speak TLS (https) here, or not in a version that is safe.",
                "Check host and port of the setting 'site'.",
            )  # fmt: skip
        if isinstance(one, socket.gaierror):
            return Failure(
                f"{name}: unknown name", "No machine of this name is known.",
                "Check the spelling of the setting 'site', and the network.",
            )  # fmt: skip
        if isinstance(one, ConnectionRefusedError):
            return Failure(
                f"{name}: refused", "The machine refuses connections at this port.",
                "Check host and port of the setting 'site', and whether the PSA is up.",
            )  # fmt: skip
        if isinstance(one, TimeoutError):
            return Failure(f"{name}: no answer in time", "It did not answer in time.")
    return Failure(name, f"The connection failed ({name}).")


def _chain(problem: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    one: BaseException | None = problem
    while one is not None and one not in found:
        found.append(one)
        if isinstance(one, BaseExceptionGroup):
            found += one.exceptions
        one = one.__cause__ or one.__context__
    return found
