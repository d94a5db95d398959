"""Drafts of certificates, a custody form and a foundation sheet, filled with the facts of the run and never signed."""

from psa_evidence_certificates.exporter import CertificatesExporter

exporter = CertificatesExporter()

__all__ = ["CertificatesExporter", "exporter"]
