"""Runs a connector into the vault: every exchange kept, every count reconciled, every ending recorded."""

from psa_evidence.capture.run import capture, run_capture

__all__ = ["capture", "run_capture"]
