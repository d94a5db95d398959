"""psa-evidence: evidence packs from PSA systems that stand up when they are attacked."""

__version__: str

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    """`__version__`, looked up when first asked for: what looks it up takes as long to load as a small command."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        found = version("psa-evidence")
    except PackageNotFoundError:  # a source tree that was never installed
        found = "0+unknown"
    globals()[name] = found
    return found
