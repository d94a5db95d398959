# group: exporters
"""Raises in use: exit."""

from psa_evidence.spi import ExporterInfo


class Exporter:
    info = ExporterInfo(name="export_exit", title="Raises", version="1")

    def export(self, content, folder, *, pagination, manifest, progress, material=None):
        (folder / "half.txt").write_text("half")
        raise SystemExit(0)


plugin = Exporter()
