# group: exporters
"""Returns something else than files."""

from psa_evidence.spi import ExporterInfo


class Exporter:
    info = ExporterInfo(name="export_types", title="Returns", version="1")

    def export(self, content, folder, *, pagination, manifest, progress, material=None):
        return 17


plugin = Exporter()
