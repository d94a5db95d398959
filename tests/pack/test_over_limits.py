"""PDFs above the limits that the matter file states are named: a court would refuse the upload."""

from __future__ import annotations

from dataclasses import replace

from psa_evidence.pack.over_limits import too_large
from psa_evidence.plugins import load_exporter
from psa_evidence.selftest import PagesSeen


def seen(pages):
    return PagesSeen(labels=(), marked=frozenset(), pages=pages, cited=())


def test_files_above_the_limits_are_counted_and_the_first_named(matter):
    payload = {f"data/{n}.pdf": ("", 1_000_000 * n) for n in range(1, 7)}
    pages = {path: seen(10) for path in payload}
    limited = replace(matter, file_megabytes=2)
    assert too_large(matter, payload, pages) == ()
    [said] = too_large(limited, payload, pages)
    assert "There are 4 PDFs above" in said
    assert "'3.pdf' (10 pages, 3.0 MB), '4.pdf' (10 pages, 4.0 MB), '5.pdf' (10 pages, 5.0 MB) and 1 more." in said
    pages["data/1.pdf"] = seen(21)
    [said] = too_large(replace(matter, file_pages=20), payload, pages)
    assert "There is 1 PDF above the limits of [files]: '1.pdf' (21 pages, 1.0 MB)." in said


def test_a_pack_within_its_limits_warns_of_none_and_one_above_does(make, vault, matter):
    exporters = {"pdf": load_exporter("pdf")}
    assert not [w for w in make(vault, exporters=exporters, matter=replace(matter, file_pages=500)).warnings
                if "[files]" in w]  # fmt: skip
    warned = make(vault, exporters=exporters, matter=replace(matter, file_pages=1), out="narrow").warnings
    assert [w for w in warned if "above the limits of [files]" in w]
