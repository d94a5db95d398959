"""Writes the exhibits as a production volume: Concordance DAT, Opticon OPT, natives, text and a PDF a document."""

from psa_evidence_loadfile.exporter import LoadFileExporter

exporter = LoadFileExporter()

__all__ = ["LoadFileExporter", "exporter"]
