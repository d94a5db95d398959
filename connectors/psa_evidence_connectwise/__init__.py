"""ConnectWise PSA: fetching over its REST API (async httpx) and interpreting (pure functions).

`connector` is what the entry point hands to the core. Fetching and interpreting share nothing but the
raw bytes; see docs/connectwise.md for resources, permissions and what a pack loses without each.
"""

from psa_evidence_connectwise.connector import connector

__all__ = ["connector"]
