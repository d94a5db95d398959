import io
import struct
import zlib

from pypdf import PdfReader

from psa_evidence.simulator.world import files, make_world


def papers(world):
    for kind, resource in (
        ("Agreement", "finance/agreements"), ("Company", "company/companies"), ("Opportunity", "sales/opportunities"),
        ("Ticket", "service/tickets"),
    ):  # fmt: skip
        for row in world.rows(resource):
            for paper in world.documents(kind, row["id"]):
                yield kind, paper, world.blob(paper["id"])


def test_every_document_is_a_valid_file_of_its_kind_and_size(world):
    kinds = set()
    for _, paper, blob in papers(world):
        assert paper["size"] == len(blob.content)
        assert paper["fileName"] == blob.file_name
        assert world.row("system/documents", paper["id"]) == paper
        kinds.add(blob.media_type)
        if blob.media_type == "application/pdf":
            reader = PdfReader(io.BytesIO(blob.content), strict=True)
            assert reader.pages[0].extract_text().strip()
        elif blob.media_type == "image/png":
            picture(blob.content)
        else:
            blob.content.decode("utf-8")
    assert kinds == {"application/pdf", "image/png", "text/plain"}


def picture(content):
    """Reads a PNG with nothing but the standard: signature, chunks with their sums, and all its rows."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    at, data = 8, b""
    while at < len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        assert struct.unpack(">I", content[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            width, height = struct.unpack(">II", body[:8])
        data += body if kind == b"IDAT" else b""
        at += 12 + size
    assert len(zlib.decompress(data)) == height * (width + 1)


def test_long_and_strange_texts_make_a_readable_pdf():
    reader = PdfReader(
        io.BytesIO(files.pdf("A (title)", ("back\\slash (paren)", "é – €", "字", "x " * 3000))), strict=True
    )
    assert len(reader.pages) == 2
    assert "back\\slash (paren)" in reader.pages[0].extract_text()


def test_the_signed_agreement_lies_on_the_agreement_and_the_unsigned_waiver_on_the_company(world, key):
    assert any("signed" in row["fileName"] for row in world.documents("Agreement", 5002))
    waiver = key["stories"]["backup_declined"]["waiver_document"]
    assert waiver in [row["id"] for row in world.documents("Company", key["main_client"]["id"])]
    assert "without signature" in PdfReader(io.BytesIO(world.blob(waiver).content)).pages[0].extract_text()


def test_a_document_that_is_not_there_yet_has_no_bytes():
    world = make_world(seed=7, tickets=100)
    assert world.blob(10**9) is None
    assert world.blob(1) is None
    assert world.documents("Ticket", 1) == []
