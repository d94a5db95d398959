"""Loading a plug-in of somebody else's in a process of its own, before it is let into ours.

    python -m psa_evidence.plugin_trial GROUP NAME RESULT.json

Importing is running. A plug-in that hangs, or ends its process, when it is imported does so there.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

TRIAL_SECONDS: Final = 20.0
"""A plug-in with heavy libraries loads in two; one that has not loaded by now is taken for hanging."""
MAX_RESULT: Final = 10_000


@functools.lru_cache(maxsize=256)
def tried(group: str, name: str, target: str, seconds: float) -> str:
    """Why the plug-in cannot be loaded; empty when it can. `target` makes the answer that of one package only."""
    del target
    with tempfile.TemporaryDirectory(prefix="psa-evidence-", ignore_cleanup_errors=True) as folder:
        result = Path(folder) / "result.json"
        command = [sys.executable, "-m", "psa_evidence.plugin_trial", group, name, str(result)]
        path = os.pathsep.join(each for each in sys.path if each)
        try:
            ended = subprocess.run(  # noqa: S603
                command, env={**os.environ, "PYTHONPATH": path}, timeout=seconds, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            return f"It had not loaded after {seconds:g} seconds."
        except OSError as error:
            return f"It could not be tried ({type(error).__name__})."
        try:
            found = json.loads(result.read_bytes()[:MAX_RESULT])
        except (OSError, ValueError):
            return f"It ended its process (code {ended}) when it was loaded."
        return str(found)


def _main(group: str, name: str, result: str) -> None:
    from psa_evidence import plugins  # noqa: PLC0415 - it imports this module

    problem = plugins.problem_of(group, name)
    Path(result).write_text(json.dumps(problem[: MAX_RESULT // 10]), encoding="ascii")


if __name__ == "__main__":
    _main(*sys.argv[1:4])
