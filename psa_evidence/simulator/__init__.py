"""A simulated MSP's PSA behind a ConnectWise-style REST API over real HTTP: for the demo, tests and benchmarks.

`running(store)` serves from a thread, `spawned(Settings(...))` from a process of its own; `python -m` this package
serves until stopped. Nothing here is used by, or known to, the product.
"""

from psa_evidence.simulator.knobs import Knobs
from psa_evidence.simulator.running import Running
from psa_evidence.simulator.serve import Settings, make_store, serve, spawned
from psa_evidence.simulator.server import running
from psa_evidence.simulator.store import Blob, Row, Store

__all__ = ["Blob", "Knobs", "Row", "Running", "Settings", "Store", "make_store", "running", "serve", "spawned"]
