"""Coverage-guided fuzzing of one reader with Atheris, by hand: python tests/fuzz/run.py TARGET [options of libFuzzer].

Atheris is no requirement of the project, and is there for Linux and macOS only: python -m pip install atheris. What it
finds it writes into the current folder as `crash-<digest>`; the corpus it grows is kept in memory unless a folder is
named.
"""

import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

sys.path.insert(0, str(Path(__file__).parent))

with atheris.instrument_imports(include=["psa_evidence", "asn1crypto", "csv"]):
    from targets import TARGETS


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"usage: run.py TARGET [options]; targets: {' '.join(TARGETS)}")
    target = TARGETS[sys.argv.pop(1)]

    def once(data: bytes) -> None:
        with suppress(target.error):
            target.run(data)

    with TemporaryDirectory() as folder:
        for number, seed in enumerate(target.seeds):
            (Path(folder) / f"seed{number}").write_bytes(seed)
        atheris.Setup([*sys.argv, folder], once)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
