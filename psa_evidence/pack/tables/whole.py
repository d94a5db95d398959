"""What the pack holds and what it could not read: findings, population, changes, natives."""

from __future__ import annotations

from collections import Counter
from typing import Final

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.tables.table import UTC, exhibit, flag, table
from psa_evidence.pack.wording import utc
from psa_evidence.spi import DataTable

EARLIER: Final = "earlier version"
EARLIER_WITHHELD: Final = "earlier version withheld"


def findings(dossier: Dossier) -> DataTable:
    columns = (
        ("finding", "id of the question"), ("question", "what was examined"), ("at", UTC), ("ticket", "ticket id"),
        *((("adverse", "yes: speaks against the provider"),) if dossier.counsel else ()),
        ("statement", "the answer, or one of the facts it rests on"), ("records", "keys of the source records"),
    )  # fmt: skip
    rows = (
        (
            (
                f.id, f.question, utc(s.at), s.ticket_id or "",
                *((flag(s.adverse),) if dossier.counsel else ()), s.text, " ".join(x.key for x in s.sources),
            ),
            next((e for x in s.sources if (e := exhibit(dossier, x.key))), None),
        )
        for f in dossier.findings for s in f.statements
    )  # fmt: skip
    return table("findings", "Questions and statements", columns, rows)


def population(dossier: Dossier) -> DataTable:
    columns = (
        ("kind", "kind of record"),
        ("class", "captured = included + withheld + out of scope, of records; then earlier versions of them"),
        ("reason", "why it is withheld or out of scope"),
        ("number", "how many"),
    )  # fmt: skip
    return table("population", "Population", columns, (((*row,), None) for row in population_rows(dossier)))


def population_rows(dossier: Dossier) -> list[tuple[str, str, str, str]]:
    """Kind, class, reason, number: for each kind `captured` and the classes that add up to it, of records; then how
    many earlier versions of the records are shown and withheld."""
    rows: list[tuple[str, str, str, str]] = []
    earlier = Counter(native.kind for native in dossier.earlier)
    for kind, captured in dossier.captured.items():
        out = [(reason, n) for k, reason, n in dossier.left_out if k == kind]
        held = [(reason, n) for k, reason, n in dossier.withheld if k == kind]
        included = captured - sum(n for _, n in out) - sum(n for _, n in held)
        rows += [(kind, "captured", "", str(captured)), (kind, "included", "", str(included))]
        rows += [(kind, "withheld", reason, str(n)) for reason, n in held]
        rows += [(kind, "out of scope", reason, str(n)) for reason, n in out]
        if earlier[kind]:
            rows.append((kind, EARLIER, "beside the newest, which is counted above", str(earlier[kind])))
        rows += [(kind, EARLIER_WITHHELD, why, str(n)) for k, why, n in dossier.earlier_withheld if k == kind]
    return rows


def unread(dossier: Dossier) -> DataTable:
    columns = (("record", "key"), ("ticket", "ticket id"), ("reason", "why it could not be read"))
    rows = (
        ((u.source.key, u.ticket_id or "", u.reason), exhibit(dossier, u.source.key)) for u in dossier.records.unread
    )  # fmt: skip
    return table("unread", "Records and lines not read", columns, rows)


def lacking(dossier: Dossier) -> DataTable:
    columns = (
        ("ticket", "ticket id, or key of the SLA (sla/id) whose targets they are; empty: of any"),
        ("kind", "kind of record of which some did not come"), ("reason", "as the capture recorded it"),
        ("capture", "the last that tried"), ("captured_at", UTC),
    )  # fmt: skip
    rows = (
        (
            ((one.parent or "").removeprefix("ticket/"), one.kind, one.reason, one.capture, utc(one.at)),
            exhibit(dossier, one.parent) if one.parent else None,
        )
        for one in dossier.lacking
    )
    return table("lacking", "Lists that did not come", columns, rows)


def record_changes(dossier: Dossier) -> DataTable:
    columns = (
        ("what", "edited, volatile (the PSA moves the field by itself), merged, vanished, returned or back-dated"),
        ("record", "key"),
        ("field", "JSON pointer (RFC 6901)"), ("old", "JSON text; empty: absent. Back-dated: the record's own time"),
        ("new", "JSON text; empty: absent"), ("who", "not recorded: nothing says so"), ("at", "when; as it is said"),
        ("source", "what says who and when"), ("captured_before", UTC), ("captured_after", UTC),
        ("seal_before", "0: none"), ("seal_after", "0: none"), ("note", "what else is known of the change"),
        ("native_before", "file of the earlier version; empty: none, or withheld"),
        ("native_after", "file of the later version; empty: none, or withheld"),
    )  # fmt: skip
    rows = (
        (
            (
                c.what, c.key, c.field, c.old, c.new, c.who, c.at, c.source, utc(c.before), utc(c.after),
                str(c.seal_before), str(c.seal_after), c.note, c.native_before, c.native_after,
            ),
            exhibit(dossier, c.key),
        )
        for c in dossier.record_changes
    )  # fmt: skip
    return table("record_changes", "Changes to the records since they were first captured", columns, rows)


def natives(dossier: Dossier) -> DataTable:
    columns = (
        ("record", "key"), ("native", "path in this pack"), ("sha256", "digest of the bytes as received"),
        ("bytes", "size of the file"), ("parent", "key of the record it hangs on"),
        ("capture", "the one that brought this version"), ("captured_at", UTC), ("exhibit", "exhibit that shows it"),
        ("version", "counted from the oldest"), ("versions", "of the record"),
    )  # fmt: skip
    rows = (
        (
            (
                n.key, n.path, n.sha256, str(n.size), n.parent or "", n.capture, utc(n.captured_at),
                shown or "", str(n.version), str(n.versions),
            ),
            shown,
        )
        for n in dossier.natives
        for shown in (exhibit(dossier, n.key) if n.is_newest else None,)
    )  # fmt: skip
    return table("natives", "Source records in this pack", columns, rows)
