"""Where `psa-evidence.toml` lies. Apart from reading it, so that who finds none need not load what reads one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from psa_evidence.errors import ConfigurationError

FILE_NAME: Final = "psa-evidence.toml"
ENVIRONMENT_VARIABLE: Final = "PSA_EVIDENCE_CONFIG"


def find(start: Path | None) -> Path:
    """The configuration file: `start` when given, else the environment's, else the nearest upwards.

    Raises ConfigurationError when there is none.
    """
    if start is not None:
        path = start / FILE_NAME if start.is_dir() else start
        if not path.is_file():
            raise ConfigurationError(
                f"there is no file {path}", next_step="run `psa-evidence init`, or correct --config"
            )
        return path
    if named := os.environ.get(ENVIRONMENT_VARIABLE):
        return find(Path(named))
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    raise ConfigurationError(
        f"no {FILE_NAME} in this folder or above it",
        next_step="run `psa-evidence init` here, go to the folder that has one, or give --config FILE",
    )
