"""How long a whole pack takes and where the time goes: PDF, tables, load file, certificates, proofs, natives, bag.

    python benchmarks/pack.py                 a client with about 1,000 tickets
    python benchmarks/pack.py --tickets 300   with about this many
    python benchmarks/pack.py --shape even    exactly so many, each with twelve fields, six notes of 40 to 120 words,
                                              four time entries and eight status changes, as `pdf.py` has them
    python benchmarks/pack.py --keep FOLDER   the vault and the pages stay there, and are taken from there the next time

The largest client of a simulated MSP, or one with tickets of that shape alone, is captured first, which is not counted;
the pack is of all its tickets.
A second build follows, of the same matter, with the pages of the first kept (page-cache). Memory is the peak over all
processes. What is measured stands in `pack_steps.py`: worker processes load this file, as they load the command, and
should not load more than the command does.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path


def main() -> None:
    from pack_steps import captured, measure  # noqa: PLC0415 - not in worker processes

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1000)
    parser.add_argument("--shape", choices=("largest", "even"), default="largest", help="of the tickets")
    parser.add_argument("--keep", type=Path, help="keep the vault and the pages in this folder")
    parser.add_argument("--copy", choices=("counsel", "production"), default="counsel", help="production withholds")
    parser.add_argument("--profile", type=Path, help="write a profile of the first build here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="psa-evidence-benchmark-") as name:
        folder = asked.keep or Path(name)
        vault = captured(folder, asked.tickets, asked.shape)
        measure(vault, folder / "page-cache", Path(name), asked.copy, asked.profile)


if __name__ == "__main__":
    main()
