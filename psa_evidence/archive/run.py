"""One month for all clients: a pack each, made once, a failure kept to its client."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from psa_evidence.archive.month import Month
from psa_evidence.errors import EvidenceError, StorageError
from psa_evidence.matter import Matter, Paper, called, default_prefix, latin
from psa_evidence.pack import build
from psa_evidence.pack.pdf_seal import PdfSealer
from psa_evidence.spi import ClientName, Connector, Exporter, Progress
from psa_evidence.vault import Vault

State = Literal["built", "kept", "failed"]
"""Made now; there already and left as it is; not made, for the reason given."""


@dataclass(frozen=True, slots=True)
class ClientOutcome:
    """`pack` is the folder (None when it failed), `reason` why it failed or is less than was asked for. Client names
    stay out of reasons."""

    client_id: str
    name: str
    state: State
    pack: Path | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """What the run did: every client stands in exactly one outcome."""

    month: Month
    outcomes: tuple[ClientOutcome, ...]

    def count(self, state: State) -> int:
        return sum(outcome.state == state for outcome in self.outcomes)

    @property
    def complete(self) -> bool:
        """Whether every client has a pack, and each that was made now is all that was asked for."""
        return not any(o.state == "failed" or o.reason for o in self.outcomes)


def run_month(
    *,
    month: Month,
    vault: Vault,
    connection: str,
    connector: Connector,
    exporters: Mapping[str, Exporter],
    out: Path,
    msp: str,
    time_zone: str,
    paper: Paper,
    software: str,
    progress: Progress,
    who: str,
    now: datetime,
    sealer: PdfSealer | None = None,
) -> ArchiveReport:
    """Build the packs of `month` under `out/<month>/<client>/`. A pack that is there is never made again. `out` is this
    connection's own (`place`).

    Nothing is raised for one client's failure; a full disk stops the run, because it would fail for all.
    """
    clients = vault.clients(connection)
    folder, of = out / str(month), _other(vault, connection)
    outcomes = []
    progress.start("clients", len(clients))
    for client in clients:
        outcomes.append(
            _one(client, folder / _folder_name(client), month, _prefix(client, month, of), vault=vault,
                 connection=connection, connector=connector, exporters=exporters, msp=msp, time_zone=time_zone,
                 paper=paper, software=software, progress=progress, who=who, now=now, sealer=sealer)
        )  # fmt: skip
        progress.advance("clients")
    progress.finish("clients")
    return ArchiveReport(month, tuple(outcomes))


def _one(
    client: ClientName,
    folder: Path,
    month: Month,
    bates_prefix: str,
    *,
    vault: Vault,
    connection: str,
    connector: Connector,
    exporters: Mapping[str, Exporter],
    msp: str,
    time_zone: str,
    paper: Paper,
    software: str,
    progress: Progress,
    who: str,
    now: datetime,
    sealer: PdfSealer | None,
) -> ClientOutcome:
    if existing := packs_in(folder):
        return ClientOutcome(client.id, client.name, "kept", existing[0])
    matter = Matter(
        name=f"{called(client)} {month}",
        client=client.id,
        connection=connection,
        first_day=month.first_day,
        last_day=month.last_day,
        time_zone=time_zone,
        bates_prefix=bates_prefix,
        mode="routine archive",
        paper=paper,
        parties=tuple((label, name) for label, name in (("MSP", msp), ("Client", called(client))) if name),
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        result = build(
            matter=matter, vault=vault, connector=connector, exporters=exporters, out=folder, software=software,
            progress=progress, who=who, now=now, sealer=sealer,
        )  # fmt: skip
    except StorageError:
        raise
    except EvidenceError as problem:
        return ClientOutcome(client.id, client.name, "failed", None, problem.what)
    except Exception as problem:  # noqa: BLE001 - one client's records must not cost the others their archive
        return ClientOutcome(client.id, client.name, "failed", None, f"internal error {type(problem).__name__}")
    seal = result.pdf_seal
    less = "" if seal.reached == seal.asked else f"the PDF is not sealed as asked for ({seal.words()})"
    return ClientOutcome(client.id, client.name, "built", result.folder, less)


def place(packs: Path, vault: Vault, connection: str) -> Path:
    """Where a connection's months are kept: `archive`, and a folder of their own for those of each connection but the
    one that the vault captured first. Two systems may have a client of the same name and number; and a month that is
    there for one would be taken for made for the other."""
    of = _other(vault, connection)
    if not of:
        return packs / "archive"
    return packs / f"archive-{slug(of)}"


def slug(connection: str) -> str:
    """A connection's name as part of a file's: no other's, whatever the file system takes for the same."""
    plain = re.sub(r"[^a-z0-9]+", "-", connection.lower())[:40].strip("-")
    return plain if plain and plain == connection else "-".join(filter(None, (plain, _digest(connection)[:8])))


def _other(vault: Vault, connection: str) -> str:
    """The connection, where another one was captured before it in this vault, which never changes; else nothing."""
    captures = vault.captures()
    return connection if captures and captures[0].connection != connection else ""


def packs_in(folder: Path) -> Sequence[Path]:
    """Finished packs in a client's folder: a pack being made has no bagit.txt at its final place yet."""
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if not p.name.startswith(".") and (p / "bagit.txt").is_file())


def _folder_name(client: ClientName) -> str:
    """ASCII and safe on every system; the id makes it unique, by its digest where it cannot stand there as it is: two
    ids that differ in signs or in case alone are two clients, and a sign in one could belong to the name before it."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", latin(client.name)).strip("-")[:40].rstrip("-")
    if re.fullmatch(r"[a-z0-9]{1,40}", client.id):
        return f"{slug or 'client'}-{client.id}"
    plain = re.sub(r"[^a-z0-9]+", "-", client.id.lower())[:40].strip("-")
    digest = _digest(client.id)[:16]
    return f"{slug or 'client'}-{plain}-{digest}" if plain else f"{slug or 'client'}-{digest}"


def _prefix(client: ClientName, month: Month, of: str = "") -> str:
    """Of the Bates numbers of a client's month: no other client's and no other month's, whoever else is archived, since
    names begin alike. `CASTEL202610-101-`; where the id is long or not plain, or of another connection, `of`, than the
    first, ten digits of a digest stand for it and two letters of the name are left, so that all of it is a prefix (20
    characters at most)."""
    letters, when = default_prefix(called(client)).removesuffix("-"), f"{month.year:04d}{month.month:02d}"
    if not of and re.fullmatch(r"[a-z0-9]{1,6}", client.id):
        return f"{letters}{when}-{client.id}-"
    digest = _digest(f"{_digest(of)}{client.id}" if of else client.id)
    return f"{letters[:2]}{when}-{digest[:10]}-"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
