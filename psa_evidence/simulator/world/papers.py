"""Documents: what the API says of them, and their bytes."""

from __future__ import annotations

from psa_evidence.simulator.store import Blob
from psa_evidence.simulator.world import files, numbering, refs
from psa_evidence.simulator.world.books import Letter
from psa_evidence.simulator.world.instants import iso
from psa_evidence.simulator.world.plan import Paper, Plan
from psa_evidence.simulator.world.refs import Row


def paper_blob(plan: Plan, paper: Paper) -> Blob:
    if paper.make == "screenshot":
        return Blob(paper.file_name, "image/png", files.png(("Message", *paper.words)))
    if paper.make == "letter":
        return Blob(paper.file_name, "application/pdf", files.pdf(paper.title, paper.words))
    stamp = iso(paper.at)
    lines = tuple(f"{stamp} INFO ticket={plan.id} {word}" for word in (*paper.words, "end of log"))
    return Blob(paper.file_name, "text/plain", files.log(lines))


def letter_blob(letter: Letter) -> Blob:
    return Blob(letter.file_name, "application/pdf", files.pdf(letter.title, letter.words))


def paper_rows(plan: Plan, now: int) -> list[Row]:
    return [
        _row(
            numbering.child(plan.id, numbering.PAPER, number), paper.title, paper_blob(plan, paper), paper.by, paper.at
        )
        for number, paper in enumerate(plan.papers)
        if paper.at <= now
    ]


def letter_row(letter: Letter) -> Row:
    return _row(letter.id, letter.title, letter_blob(letter), letter.by, letter.at, public=letter.public)


def _row(row_id: int, title: str, blob: Blob, by: str, at: int, *, public: bool = False) -> Row:
    return {
        "id": row_id, "title": title, "fileName": blob.file_name, "serverFileName": f"{row_id}_{blob.file_name}",
        "owner": by, "linkFlag": False, "imageFlag": blob.media_type.startswith("image/"), "publicFlag": public,
        "htmlTemplateFlag": False, "readOnlyFlag": False, "size": len(blob.content), "urlFlag": False,
        "createdOnDate": iso(at), "documentType": {"id": 1, "name": blob.file_name.rsplit(".", 1)[-1].upper()},
        "guid": f"00000000-0000-4000-8000-{row_id:012d}", "_info": refs.info(at, by),
    }  # fmt: skip
