"""What the clock says: every result, every miss, attainment, where the PSA differs."""

from __future__ import annotations

from typing import Final

from psa_evidence.pack.breach_story import NO_CAUSE, clause_of, story_of
from psa_evidence.pack.calendar_difference import calendar_differences, opening
from psa_evidence.pack.credits import Credits
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.missed import Miss, misses
from psa_evidence.pack.tables.table import UTC, Row, exhibit, number, table
from psa_evidence.pack.wording import utc
from psa_evidence.records import Ticket
from psa_evidence.sla import Reading
from psa_evidence.spi import DataTable

READ: Final[tuple[Reading, Reading]] = ("psa", "contract")


def sla_results(dossier: Dossier) -> DataTable:
    columns = (
        ("ticket", "ticket id"), ("entered_at", UTC), ("priority", "priority whose target governs"),
        ("stage", "response, plan or resolution"), ("reading", "psa: the PSA's own figure; contract; strict: no pause"),
        ("target_seconds", "target, open seconds"), ("elapsed_seconds", "open seconds, pauses taken out"),
        ("paused_seconds", "open seconds in which the clock was paused"), ("due_at", UTC), ("met_at", UTC),
        ("verdict", "met, missed, not determined, no target, excluded"), ("reason", "why the verdict is what it is"),
        ("policy", "SLA used"), ("calendar", "calendar used"),
        ("settings", f"when the settings used were captured; {UTC}"),
        ("settings_known", "before entry: captured before the ticket was entered; earliest known: after it"),
    )  # fmt: skip
    rows = (
        (
            (
                t.id, utc(t.entered_at), r.priority or "", r.stage, r.reading, number(r.target_seconds),
                number(r.elapsed_seconds), number(r.paused_seconds), utc(r.due_at), utc(r.met_at), r.verdict, r.reason,
                r.policy or "", r.calendar or "", *_settings(dossier, t),
            ),
            exhibit(dossier, t.source.key),
        )
        for t in dossier.population.tickets for r in dossier.sla[t.id].results
    )  # fmt: skip
    return table("sla_results", "Every ticket, stage and reading", columns, rows)


def _settings(dossier: Dossier, ticket: Ticket) -> tuple[str, str]:
    at, before = dossier.settings_of(ticket)
    return ("", "") if at is None else (utc(at), "before entry" if before else "earliest known")


def breaches(dossier: Dossier) -> DataTable:
    columns = (
        ("ticket", "ticket id"), ("stage", "response, plan or resolution"), ("reading", "psa, contract or strict"),
        ("priority", "priority whose target governs"), ("target_seconds", "open seconds"),
        ("elapsed_seconds", "open seconds"), ("overrun_seconds", "elapsed minus target, open seconds"),
        ("due_at", UTC), ("met_at", f"{UTC}; empty: not met by the date of the records"), ("reason", "why"),
        ("cause", f"the provider's last word recorded while the stage ran, in this pack; else: {NO_CAUSE}"),
        ("cause_at", UTC), ("cause_record", "key of the record that says so"),
        ("status_when_due", "status in which the target ran out"), ("cure", "when and how it was met afterwards"),
        ("cure_record", "key of the record that says so"),
        ("clause", "of the contract, as the matter file names it for the target; empty: none named"),
        ("credit", "credits among the records of this pack that name the ticket; empty: none"),
        ("credit_records", "keys of the records that say so"),
    )  # fmt: skip
    given = Credits.of(dossier)

    def row(miss: Miss) -> Row:
        r = miss.result
        story = story_of(dossier, miss)
        cause, status, cured = story.cause, story.status, story.cured_by
        return (
            (
                miss.ticket.id, r.stage, r.reading, r.priority or "", number(r.target_seconds),
                number(r.elapsed_seconds), number(miss.overrun), utc(r.due_at), utc(r.met_at), r.reason,
                cause.text if cause else NO_CAUSE, utc(cause.at) if cause else "", cause.source.key if cause else "",
                (status.new or "") if status else "", story.cure, cured.key if cured else "",
                clause_of(dossier, miss) or "", *_credit(given, miss),
            ),
            exhibit(dossier, miss.ticket.source.key),
        )  # fmt: skip

    rows = [row(m) for reading in ("contract", "psa", "strict") for m in misses(dossier, reading)]
    return table("breaches", "Every missed target, under every reading", columns, rows)


def _credit(given: Credits, miss: Miss) -> tuple[str, str]:
    """What a copy withholds is not said here: whoever makes the table again from its natives does not know it."""
    naming = given.naming(miss.ticket.id)
    return "; ".join(credit.words for credit in naming), "; ".join(credit.source.key for credit in naming)


def attainment(dossier: Dossier) -> DataTable:
    columns = (
        ("agreement", "agreement of the ticket"), ("priority", "priority whose target governs"),
        ("stage", "response, plan or resolution"), ("month", "month of entry in the contract's zone"),
        ("reading", "psa, contract or strict"), ("n", "met + missed + not determined + no target + excluded"),
        ("met", "ended within the target"), ("missed", "ended after it, or still open when it passed"),
        ("not_determined", "the records leave the answer open"), ("no_target", "none was promised for the stage"),
        ("excluded", "merged, deleted, or entered after the instant judged from"),
        ("goal_percent", "the share that was promised"), ("judged", "met + missed: the denominator of met"),
        ("paused", "of n, those whose clock a pause stopped"),
    )  # fmt: skip
    rows = (
        (
            (
                a.agreement, a.priority, a.stage, a.month, a.reading, str(a.n), str(a.met), str(a.missed),
                str(a.not_determined), str(a.no_target), str(a.excluded), number(a.goal_percent),
                str(a.met + a.missed), str(a.paused),
            ),
            None,
        )
        for a in dossier.attainment
    )  # fmt: skip
    return table("attainment", "Attainment", columns, rows)


def differences(dossier: Dossier) -> DataTable:
    columns = (
        ("ticket", "ticket id"), ("stage", "response, plan or resolution"), ("psa_verdict", "by the PSA's own figure"),
        ("our_verdict", "by the contract reading"), ("seconds", "computed minus the PSA's"), ("cause", "likely cause"),
        ("psa_seconds", "the PSA's figure"), ("our_seconds", "contract reading, open seconds"), ("psa_met_at", UTC),
        ("our_met_at", UTC),
    )  # fmt: skip
    rows = []
    for d in (d for t in dossier.population.tickets for d in dossier.sla[t.id].differences):
        psa, ours = (dossier.sla[d.ticket_id].result(d.stage, x) for x in READ)
        cells = (
            d.ticket_id, d.stage, d.psa_verdict, d.our_verdict, number(d.seconds), d.cause,
            number(psa.elapsed_seconds), number(ours.elapsed_seconds), utc(psa.met_at), utc(ours.met_at),
        )  # fmt: skip
        rows.append((cells, exhibit(dossier, f"ticket/{d.ticket_id}")))
    return table("differences", "Where the PSA's figures differ", columns, rows)


def calendar_days(dossier: Dossier) -> DataTable:
    columns = (
        ("psa_calendar", "the PSA's calendar that the matter file's is compared with"), ("day", "local date"),
        ("zone", "IANA time zone of the day"), ("matter_file", "local hours by the matter file"),
        ("psa", "local hours by the PSA's settings"),
        ("matter_file_holiday", "its name, where the matter file closes the day"),
        ("psa_holiday", "its name, where the PSA's settings close the day"),
    )  # fmt: skip
    rows = (
        (
            (
                name, day.day.isoformat(), compared.zone, opening(day.first), opening(day.second),
                "; ".join(day.closed_in_first), "; ".join(day.closed_in_second),
            ),
            None,
        )
        for name, compared in calendar_differences(dossier) for day in compared.days
    )  # fmt: skip
    return table("calendar_differences", "Days on which the matter file's calendar and the PSA's differ", columns, rows)
