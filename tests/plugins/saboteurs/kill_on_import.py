# group: connectors
"""Leaves by the side door: no handler of Python's sees it."""

import os

os._exit(0)
