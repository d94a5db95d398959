# group: exporters
"""Raises in use: base."""

from psa_evidence.spi import ExporterInfo


class Escape(BaseException):
    pass


class Exporter:
    info = ExporterInfo(name="export_base", title="Raises", version="1")

    def export(self, content, folder, *, pagination, manifest, progress, material=None):
        (folder / "half.txt").write_text("half")
        raise Escape("hunter2")


plugin = Exporter()
