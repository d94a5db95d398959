"""Connector for Tinydesk, a PSA that exists only as an example: how a package of somebody else's is made."""

from psa_evidence_tinydesk.connector import connector

__all__ = ["connector"]
