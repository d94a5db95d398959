# group: exporters
"""Prints to stdout by every way there is, then works."""

import os
import sys

from psa_evidence.spi import ExporterInfo

print("NOISE by print")  # noqa: T201
sys.stdout.write("NOISE by write\n")
sys.stdout.flush()
os.write(1, b"NOISE by descriptor\n")


class Exporter:
    info = ExporterInfo(name="print_on_import", title="Prints", version="1")

    def export(self, content, folder, *, pagination, manifest, progress, material=None):
        print("NOISE in use")  # noqa: T201
        os.write(1, b"NOISE by descriptor\n")
        return ()


plugin = Exporter()
