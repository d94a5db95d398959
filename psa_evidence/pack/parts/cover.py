"""Cover facts: whose matter, which period, which copy, made in which mode, from what."""

from __future__ import annotations

from typing import Final

from psa_evidence.matter import MODE_MEANING
from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Block, Cover, Facts, Paragraph, Part

ADVERSE: Final = "adverse-facts"
"""The part that no copy but counsel's has."""

DIGESTS: Final = (
    "The digest of the records is the SHA-256 over the list of all natives of this pack with their own digests; of it, "
    "and of the newest seal, the first 16 of 64 digits are printed here and on the cover. Whoever holds this page "
    "and the files can compute both again. The fingerprint of the whole pack covers this report too and therefore "
    "cannot stand in it: it is told in the letter of release."
)
GENERATED: Final = (
    "No time of making is printed: the same records and matter file give the same pages, whenever they are made. When "
    "this pack was made stands in the custody log of the vault."
)


def part(dossier: Dossier, number: int) -> Part:
    blocks: list[Block] = [
        Facts(rows=facts(dossier)),
        Paragraph(text=MODE_MEANING[dossier.matter.mode], style="notice"),
        Paragraph(text=DIGESTS, see=("integrity", "verify")),
        Paragraph(text=GENERATED),
    ]
    if dossier.counsel and ADVERSE not in dossier.matter.left_out_parts:
        blocks.append(
            Paragraph(
                text="Facts that speak against the provider stand together in a part of this copy:", see=(ADVERSE,)
            )
        )
    if any(c.state != "complete" for c in dossier.captures):
        blocks.append(Paragraph(text=partial_words(dossier), style="notice"))
    return Part(id="cover-facts", number=number, title="Matter and status", page_kind="B", blocks=tuple(blocks))


def facts(dossier: Dossier) -> tuple[tuple[str, str], ...]:
    matter = dossier.matter
    return (
        ("Matter", matter.name),
        *((label, value) for label, value in matter.parties),
        (
            "Client in the PSA",
            f"{dossier.client.name} (identifier {dossier.client.identifier}, id {dossier.client.id})",
        ),
        ("Agreement", matter.agreement or "all agreements of the client"),
        ("Contract", contract_words(dossier)),
        ("Period", f"{matter.first_day} to {matter.last_day}, both days included, {matter.time_zone}"),
        ("Period as instants", f"{wording.utc(matter.since)} to before {wording.utc(matter.until)}"),
        ("Records as of", wording.both(dossier.as_of, dossier.zone)),
        ("Captures", captures_words(dossier)),
        ("Copy", matter.copy_title),
        ("Mode", matter.mode),
        ("Source", source_words(dossier)),
        ("Software", dossier.software),
        ("Digest of the records", f"{wording.short(dossier.natives_digest)}... ({len(dossier.natives):,} natives)"),
        ("Newest seal", f"{wording.short(dossier.seals[-1].digest())}... (no. {dossier.seals[-1].number})"
         if dossier.seals else "none"),
        ("Legend", matter.legend or "none stated in the matter file"),
    )  # fmt: skip


def contract_words(dossier: Dossier) -> str:
    """By the reference of the matter file: the PSA knows agreements, and no contract."""
    contract = dossier.matter.contract
    return (contract.reference if contract is not None else None) or "no reference stated in the matter file"


def cover(dossier: Dossier) -> Cover:
    return Cover(
        matter=dossier.matter.name,
        subtitle=f"Evidence pack - {dossier.matter.copy_title}",
        facts=tuple(fact for fact in facts(dossier)[1:] if fact[0] != "Legend"),
        legend=dossier.matter.legend,
    )


def captures_words(dossier: Dossier) -> str:
    """The newest capture by its name, and how many there are: the runs by which the records came."""
    if not dossier.captures:
        return "none"
    newest = dossier.captures[-1]
    return f"{wording.count(len(dossier.captures), 'capture')}, the newest {newest.id} ({newest.state})"


def source_words(dossier: Dossier) -> str:
    connectors = dict.fromkeys(f"{c.connector} {c.connector_version}" for c in dossier.captures)
    return f"connection {dossier.matter.connection}; connector {', '.join(connectors) or 'not recorded'}"


def ended_early(dossier: Dossier) -> str:
    """A capture that failed has no list of what did not come: it ended before it had asked. Empty when none did."""
    failed = sum(c.state == "failed" for c in dossier.captures)
    if not failed:
        return ""
    subject = "The capture that failed" if failed == 1 else f"The {failed:,} captures that failed"
    return f"{subject} ended before all was asked for: what that leaves out is in no count. "


def partial_words(dossier: Dossier) -> str:
    """Said loudly wherever somebody might believe that all is there."""
    bad = [c for c in dossier.captures if c.state != "complete"]
    missing = sum(len(c.missing) for c in bad)
    return (
        f"NOT COMPLETE: {len(bad)} of {wording.count(len(dossier.captures), 'capture')} did not end complete "
        f"({', '.join(f'{c.id}: {c.state}' for c in bad[:5])}{', ...' if len(bad) > 5 else ''}), with "
        f"{wording.count(missing, 'entry', 'entries')} of records that could not be had. "
        f"{ended_early(dossier)}A figure in this pack covers what was received, and records that are not here may "
        "exist."
    )
