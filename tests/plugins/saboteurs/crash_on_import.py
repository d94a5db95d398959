# group: connectors
"""Raises when it is imported."""

raise RuntimeError("with a secret in it: hunter2")
