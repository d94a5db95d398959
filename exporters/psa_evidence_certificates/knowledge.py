"""The facts that the forms share, as words. What the run does not know is a blank, never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from psa_evidence.spi import PackContent, Pagination, RunFacts
from psa_evidence_certificates.draft import Blank, Block, Command, Grid, Para, Piece, Text, facts, note, para, point

FINGERPRINT = Blank("fingerprint: SHA-256 of tagmanifest-sha256.txt, read from the letter that came with the pack")
NATIVES_COMMAND = Command("grep '  data/natives/' manifest-sha256.txt | sha256sum")
MAX_RUNS = 12
INDEX = "exhibit-index"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Facts of one run. Bates numbers are None when no pages were numbered."""

    run: RunFacts
    exhibits: int
    exhibit_pages: int
    runs: tuple[tuple[str, str], ...]
    report_pages: int
    first_report_page: str | None
    last_report_page: str | None
    index_pages: str

    @property
    def bates(self) -> Piece:
        """Every run of numbers; when there are many, the first and the last, and where the others are listed."""
        if not self.runs:
            return Blank("Bates range of the exhibits")
        if len(self.runs) > MAX_RUNS:
            return (
                f"{self.runs[0][0]} to {self.runs[-1][1]}, in {len(self.runs):,} runs, which data/logs/bates.csv lists "
                "with the state 'in this pack'; numbers between them are not in this pack"
            )
        return ", ".join(span(first, last) for first, last in self.runs)

    @property
    def report(self) -> Piece:
        return span(self.first_report_page, self.last_report_page) or Blank("Bates range of the report")

    @property
    def provider(self) -> Piece:
        return self.run.provider or Blank("name of the provider")

    @property
    def period(self) -> str:
        run = self.run
        return f"{run.first_day} to {run.last_day}, both days included, {run.time_zone}"

    @property
    def system(self) -> Text:
        """The source system, as far as it named itself."""
        run = self.run
        hosts = sorted({c.host for c in run.captures if c.host})
        return (
            f"{run.psa or 'the PSA'}, version ",
            run.psa_version or Blank("version of the PSA"),
            ", reached at ",
            ", ".join(hosts) or Blank("address of the PSA"),
            f" (connection '{run.connection}')",
        )

    @property
    def hosting(self) -> Piece:
        match self.run.psa_cloud:
            case True:
                return "hosted in the vendor's cloud, as the system states"
            case False:
                return "not hosted in the vendor's cloud, as the system states"
            case _:
                return Blank("where the PSA is hosted")

    @property
    def clock(self) -> Piece:
        """The PSA's clock against that of the computer that captured."""
        known = [c.clock_offset for c in self.run.captures if c.clock_offset is not None]
        if not known:
            return Blank("how the clock of the PSA compared with a reference clock")
        least, most = min(known), max(known)
        measured = f"measured in {len(known)} of {len(self.run.captures)} captures"
        spread = f"{least:+.1f} s" if least == most else f"{least:+.1f} s to {most:+.1f} s"
        return f"{spread} (the PSA's clock minus the capturing computer's; {measured})"

    @property
    def records(self) -> int:
        return sum(k.included for k in self.run.counts)


def know(content: PackContent, run: RunFacts, pagination: Pagination | None) -> Knowledge:
    exhibits = list(pagination.exhibits.values()) if pagination else []
    parts = list(pagination.parts.values()) if pagination else []
    return Knowledge(
        run=run,
        exhibits=len(content.exhibits),
        exhibit_pages=pagination.exhibit_pages if pagination else 0,
        runs=_runs(exhibits, content.bates.prefix),
        report_pages=pagination.report_pages if pagination else 0,
        first_report_page=content.bates.report(content.bates.first_report_page) if parts else None,
        last_report_page=parts[-1][1] if parts else None,
        index_pages=span(*pagination.parts[INDEX]) if pagination and INDEX in pagination.parts else "",
    )


def _runs(spans: list[tuple[str, str]], prefix: str) -> tuple[tuple[str, str], ...]:
    """Numbers that follow each other without a gap: those between them were issued for pages that are not here."""
    found: list[tuple[str, str]] = []
    for first, last in spans:
        if found and int(first.removeprefix(prefix)) == int(found[-1][1].removeprefix(prefix)) + 1:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return tuple(found)


def span(first: str | None, last: str | None) -> str:
    if first is None or last is None:
        return ""
    return first if first == last else f"{first} to {last}"


def instant(at: datetime | None) -> str:
    return "not recorded" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def whose_numbers(k: Knowledge) -> tuple[Para, ...]:
    """The other side never sees the numbers of the counsel copy: a form that names them identifies nothing to it."""
    if k.run.copy != "counsel":
        return ()
    return (
        note(
            "The numbers below are those of the counsel copy. For service, name this form in [certificates] include of "
            "the matter file and take the draft out of the copy that is produced."
        ),
    )


def identified(k: Knowledge) -> Grid:
    """Which records are meant, exactly: a certificate that leaves this open has failed before."""
    run = k.run
    return facts((
        ("Matter", run.matter),
        ("Client in the PSA", f"{run.client} (id {run.client_id})"),
        ("Period", k.period),
        ("Exhibits", _join(k.bates, f" ({k.exhibit_pages:,} pages, {k.exhibits:,} exhibits)")),
        ("List of the exhibits, each with its pages", k.index_pages or "data/logs/bates.csv"),
        ("Report (summaries, not source records)", k.report),
        ("Source records in native form", f"{run.natives:,} files, {run.natives_bytes:,} bytes, below data/natives"),
        ("SHA-256 of each record", "data/tables/natives.csv, and manifest-sha256.txt of the pack"),
        ("SHA-256 over the list of all natives", run.natives_digest),
        ("Fingerprint of the pack", FINGERPRINT),
        ("Copy", run.copy),
    ))  # fmt: skip


def captures(k: Knowledge) -> Grid:
    return Grid(
        ("Capture", "Began", "Ended", "State", "Records", "Software"),
        tuple(
            (
                (c.id,), (instant(c.started_at),), (instant(c.finished_at),), (c.state,), (f"{c.records:,}",),
                (f"{c.software}; connector {c.connector} {c.connector_version}",),
            )
            for c in k.run.captures
        ),
        (1.5, 1.1, 1.1, 0.8, 0.75, 1.45),
    )  # fmt: skip


def seals(k: Knowledge) -> Grid:
    return Grid(
        ("Seal", "Sealed at (stated)", "Leaves", "Merkle root (SHA-256)", "SHA-256 of the seal document"),
        tuple(
            ((str(s.number),), (s.sealed_at,), (f"{s.leaves:,}",), (s.root,), (s.digest,)) for s in k.run.seals
        ),
        (0.4, 1.1, 0.6, 2.3, 2.3),
    )  # fmt: skip


def witness(k: Knowledge) -> Para:
    """What says from outside that the seals existed, or that nothing does."""
    if not k.run.witness:
        return para(
            "Time-stamps of an authority: none. The times of the seals are stated by the computer that made them."
        )
    return para(
        "Time-stamps in this pack: ", "; ".join(k.run.witness),
        ". Whether to believe an authority is for whoever checks its certificates: data/HOW TO VERIFY.txt.",
    )  # fmt: skip


def counts(k: Knowledge) -> Grid:
    rows = [
        ((c.name,), (f"{c.captured:,}",), (f"{c.included:,}",), (f"{c.withheld:,}",),
         (f"{c.out_of_scope:,}",))
        for c in k.run.counts
    ]  # fmt: skip
    total = tuple(
        (f"{sum(getattr(c, name) for c in k.run.counts):,}",)
        for name in ("captured", "included", "withheld", "out_of_scope")
    )
    return Grid(
        ("Kind of record", "Captured", "Included", "Withheld", "Out of scope"), (*rows, (("all",), *total)),
        (2.4, 1, 1, 1, 1),
    )  # fmt: skip


def exceptions(k: Knowledge, *, judged: bool = False) -> Grid:
    """What the software looked for and found. `judged`: also how much of it speaks against the provider, which a form
    that is served does not say."""
    run = k.run
    bad = sum(c.state != "complete" for c in run.captures)
    rows: list[tuple[str, ...]] = [
        *((e.title, f"{e.statements:,}", "" if e.adverse is None else f"{e.adverse:,}") for e in run.examined),
        ("Records or lines that could not be read", f"{run.unread:,}", ""),
        ("Captures", f"{len(run.captures):,}", ""),
        ("Captures that did not end complete", f"{bad:,}", ""),
        ("Entries of what could not be had", f"{sum(c.missing for c in run.captures):,}", ""),
    ]
    heads, widths = ("Examined", "Listed in the report", "Of these adverse to the provider"), (3.4, 1.5, 1.5)
    shown = 3 if judged else 2
    return Grid(heads[:shown], tuple(tuple((cell,) for cell in row[:shown]) for row in rows), widths[:shown])


def declarant(k: Knowledge) -> tuple[Block, ...]:
    """Who speaks and how he knows: nothing of it is known to a program."""
    return (
        point("I am ", Blank("name"), ", ", Blank("title"), " of ", k.provider, ". I have held this position since ",
              Blank("date"), ". My business address is ", Blank("address"), "."),
        point("I know how the records described below are made, kept and searched because ",
              Blank("how: duties, training, daily use"), "."),
    )  # fmt: skip


def _join(piece: Piece, more: str) -> Piece:
    return piece + more if isinstance(piece, str) else piece
