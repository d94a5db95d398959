"""A pack verified, and beside it what others do with the same files: `bagit.py --validate` and `sha256sum`.

    python benchmarks/verified.py PACK

They look into no file; `verify` makes every check. The commands run one after the other, three times, where no vault is
near: in an archive's folder `verify` enters what it found in the custody log, and takes longer. `pack.py` ends with it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from measured import run

COMMAND = "import sys; from psa_evidence.cli import main; sys.exit(main())"
INCONCLUSIVE = 3
"""Of a pack with time-stamps, since no anchor is given."""


def verified(pack: Path, times: int = 3) -> None:
    """Prints a table: seconds of each run, the quickest first, and the most memory."""
    pack = pack.resolve()
    commands = {
        "psa-evidence verify": [sys.executable, "-c", COMMAND, "verify", str(pack)],
        "bagit.py --validate": [sys.executable, "-m", "bagit", "--quiet", "--validate", str(pack)],
        "sha256sum": ["sha256sum", "--check", "--quiet", "manifest-sha256.txt"],
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            cwd = pack if name == "sha256sum" else Path(pack.anchor)
            found[name].append(run(command, cwd=cwd, codes=(0, INCONCLUSIVE)))
    files = [path.stat().st_size for path in pack.rglob("*") if path.is_file()]
    print(f"{len(files):,} files, {sum(files) / 1e6:,.0f} MB\n\n| command | seconds | MiB |\n| --- | ---: | ---: |")
    for name, runs in found.items():
        seconds = ", ".join(f"{second:.2f}" for second, _ in sorted(runs))
        print(f"| {name} | {seconds} | {max(peak for _, peak in runs):,.0f} |", flush=True)


if __name__ == "__main__":
    verified(Path(sys.argv[1]))
