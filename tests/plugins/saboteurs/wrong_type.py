# group: connectors
"""Is not a connector at all."""

plugin = 17
