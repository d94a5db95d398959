# group: exporters
"""Raises in use: crash."""

from psa_evidence.spi import ExporterInfo


class Exporter:
    info = ExporterInfo(name="export_crash", title="Raises", version="1")

    def export(self, content, folder, *, pagination, manifest, progress, material=None):
        (folder / "half.txt").write_text("half")
        raise ValueError("hunter2")


plugin = Exporter()
