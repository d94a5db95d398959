"""psa-evidence: evidence packs from PSA systems that stand up when they are attacked."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("psa-evidence")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
