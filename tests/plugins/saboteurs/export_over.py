# group: exporters
"""Writes over a table of another exporter."""

from psa_evidence.spi import ExportedFile, ExporterInfo


class Exporter:
    info = ExporterInfo(name="export_over", title="Overwrites", version="1", folder="tables")

    def export(self, content, folder, *, pagination, manifest, progress, material=None):
        (folder / "tickets.csv").write_text("none")
        return (ExportedFile(path="tickets.csv", media_type="text/csv"),)


plugin = Exporter()
