"""The demo and the test suite, as a user runs them: seconds and memory, all processes counted.

python benchmarks/demo.py [--tests]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from measured import run

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", action="store_true", help="the test suite too (minutes)")
    options = parser.parse_args()
    print("| what | seconds | peak memory, all processes |\n| --- | ---: | ---: |")
    program = Path(sys.executable).with_name("psa-evidence")
    with tempfile.TemporaryDirectory() as folder:
        seconds, peak = run([str(program), "demo", "--out", "demo", "--quiet"], cwd=Path(folder))
        print(f"| demo, simulated PSA included | {seconds:.1f} | {peak:,.0f} MiB |")
    if options.tests:
        seconds, peak = run([sys.executable, "-m", "pytest", "-q", "-n", "auto"], cwd=ROOT)
        print(f"| test suite, two workers | {seconds:.0f} | {peak:,.0f} MiB |")


if __name__ == "__main__":
    main()
