"""Lays a pack out as PDF/A-3a with Typst: report, exhibits, Bates numbers, bookmarks, page labels, attachment.

`exporter` is the entry point. One `Evidence Pack.pdf`; a long pack becomes a report and volumes of exhibits, each a
whole tagged document compiled in a worker process of bounded memory.
"""

from psa_evidence_pdf.exporter import PdfExporter

exporter = PdfExporter()

__all__ = ["PdfExporter", "exporter"]
