"""Writes the pack's tables as CSV files (RFC 4180) and one workbook, each row with the Bates number that proves it."""

from psa_evidence_tables.exporter import TablesExporter

exporter = TablesExporter()

__all__ = ["TablesExporter", "exporter"]
