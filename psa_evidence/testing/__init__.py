"""Conformance suites that an engine or a plug-in, ours or a third party's, must pass.

`connector_suite` for connectors, `exporter_suite` for exporters (docs/writing-a-connector.md); `sla_vectors` for the
clock. No product code imports this room, and the room needs no pytest to be imported.
"""
