"""Conformance suites that an engine or a plug-in, ours or a third party's, must pass."""
