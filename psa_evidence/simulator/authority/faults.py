"""How a test authority may fail or lie. Each is one thing a real one could do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(slots=True)
class Faults:
    """May be changed while the authority is served; the next answer follows."""

    http_status: int = 200
    """Answer with this instead, without a token, when it is not 200."""
    failures_first: int = 0
    """How many requests are answered with 503 before all is well."""
    silent_seconds: float = 0.0
    """Wait so long before answering."""
    garbage: bool = False
    """Bytes that are no response."""
    oversize: bool = False
    """An answer without end (some megabytes)."""
    status: int = 0
    """PKIStatus; 0 and 1 come with a token, others without."""
    wrong_nonce: bool = False
    no_nonce: bool = False
    wrong_imprint: bool = False
    """A good token over other data."""
    wrong_policy: bool = False
    broken_signature: bool = False
    no_certificate: bool = False
    """The signer's certificate is not embedded, though it was asked for."""
    embedded_root: bool = False
    """The root is embedded too. Of a forger: the anchor he would like to be believed."""
    clock_offset: timedelta = timedelta(0)
    """Its clock against the one handed in."""
    unsorted: bool = False
    """Certificates out of DER's order, as some real authorities send them."""
