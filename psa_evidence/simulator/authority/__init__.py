"""A time-stamp authority for tests and the demonstration: a private CA made in code, served over HTTP on loopback.

Every name it bears says DEMONSTRATION in words. `running` serves it, `Faults` makes it fail or lie.
"""

from psa_evidence.simulator.authority.certificates import Keys, make_keys
from psa_evidence.simulator.authority.faults import Faults
from psa_evidence.simulator.authority.server import RunningAuthority, running
from psa_evidence.simulator.authority.stamping import respond

__all__ = ["Faults", "Keys", "RunningAuthority", "make_keys", "respond", "running"]
