"""A printed invoice: the smallest PDF a reader opens, made from the row alone."""

from __future__ import annotations

from psa_evidence.simulator.store import Row


def invoice_pdf(row: Row) -> bytes:
    """One A4 page with the invoice's number, customer, dates and sums. The same row gives the same bytes."""
    company = row.get("company") or {}
    lines = [
        f"Invoice {row.get('invoiceNumber', row.get('id'))}",
        f"To: {company.get('name', '')}",
        f"Date: {row.get('date', '')}    Due: {row.get('dueDate', '')}",
        f"Total: {row.get('total', '')}    Paid: {row.get('payments', '')}    Balance: {row.get('balance', '')}",
    ]
    shown = " ".join(f"({_literal(line)}) Tj 0 -22 Td" for line in lines)
    page = f"BT /F1 12 Tf 60 760 Td {shown} ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _literal(text: str) -> str:
    plain = "".join(c if " " <= c <= "~" else "?" for c in text[:200])
    return plain.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
