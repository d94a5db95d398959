# group: exporters
"""Names a file outside of its folder."""

from psa_evidence.spi import ExportedFile, ExporterInfo


class Exporter:
    info = ExporterInfo(name="export_lies", title="Lies", version="1")

    def export(self, content, folder, *, pagination, manifest, progress, material=None):
        return (ExportedFile(path="../../manifest.json", media_type="text/plain"),)


plugin = Exporter()
