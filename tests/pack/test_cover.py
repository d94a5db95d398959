"""What the first page says of the files, which whoever holds them can compute again."""

import hashlib
from dataclasses import replace

import pytest


@pytest.fixture
def built(make, vault, pages):
    return make(vault).folder, pages.content


def facts_of(content, name):
    part = next(p for p in content.parts if p.id == name)
    return dict(next(b.rows for b in part.blocks if hasattr(b, "rows") and not hasattr(b, "columns")))


def test_the_cover_names_the_digest_of_the_records_that_the_manifest_of_the_bag_gives(built):
    folder, content = built
    lines = [
        line for line in (folder / "manifest-sha256.txt").read_text().splitlines(True) if "  data/natives/" in line
    ]
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    said = f"{digest[:16]}... ({len(lines)} natives)"
    assert dict(content.cover.facts)["Digest of the records"] == said
    assert facts_of(content, "cover-facts")["Digest of the records"] == said
    assert facts_of(content, "integrity")["Digest of the records, which the cover names"] == digest


def test_the_cover_names_the_newest_seal(built):
    folder, content = built
    digest = hashlib.sha256((folder / "seals/000001.json").read_bytes()).hexdigest()
    assert dict(content.cover.facts)["Newest seal"] == f"{digest[:16]}... (no. 1)"


def test_the_first_part_says_whether_a_legend_is_printed(built):
    assert facts_of(built[1], "cover-facts")["Legend"] == "none stated in the matter file"


def test_a_client_without_a_name_is_called_by_its_identifier(psa, empty_vault, make, matter, pages):
    psa.rows = [
        (kind, id_, {**row, "name": " "} if (kind, id_) == ("client", "10") else row, *more)
        for kind, id_, row, *more in psa.rows
    ]
    psa.fill(empty_vault)
    make(empty_vault, matter=replace(matter, client="10"))
    facts = dict(pages.content.cover.facts)
    assert facts["Client in the PSA"] == "Northwind (identifier Northwind, id 10)"
