"""Time-stamp responses as they lie in a vault, and the log of asking for them.

seals/000001.<authority>.tsr             response over the seal, as received
seals/000001.renewal-1.json              what a renewal covers
seals/000001.renewal-1.<authority>.tsr   response over that document
seals/authorities/<authority>.pem        certificates that came with its tokens
witness.jsonl                            chained log: asked, stamped, refused
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography import x509

from psa_evidence.errors import VaultError
from psa_evidence.format import FormatError, Renewal, Seal, Witness, WitnessRenewal, WitnessToken, sha256
from psa_evidence.format.timestamp_certificates import fingerprint, from_der, from_file, to_pem
from psa_evidence.format.timestamp_token import Token, read_response
from psa_evidence.format.witness import MAX_RESPONSE, chain_path, token_path
from psa_evidence.vault.chain import ChainedLog
from psa_evidence.vault.durable import Disk, storage_errors
from psa_evidence.vault.times import stamp

LOG: Final = "witness.jsonl"
_RESPONSE: Final = re.compile(r"(\d{6,})(?:\.renewal-(\d{1,6}))?\.([a-z0-9][a-z0-9-]{0,39})\.tsr\Z")
_RENEWAL: Final = re.compile(r"(\d{6,})\.renewal-(\d{1,6})\.json\Z")


@dataclass(frozen=True, slots=True)
class Kept:
    """A response in the vault. `renewal` is None when it is over the seal itself."""

    seal: int
    renewal: int | None
    authority: str
    data: bytes
    token: Token

    @property
    def path(self) -> str:
        return token_path(self.seal, self.authority, self.renewal)

    def listed(self) -> WitnessToken:
        return WitnessToken(self.seal, self.authority, self.path, sha256(self.data), stamp(self.token.at))


class WitnessFiles:
    """Reads and writes them. `root` is the vault's folder."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self.root = root
        self.disk = disk
        self.log = ChainedLog(root / LOG, disk)

    def kept(self) -> tuple[Kept, ...]:
        """All responses, in order of seal, renewal and authority. Raises VaultError when one is damaged, or gone
        though the log says that it was kept."""
        found = []
        with storage_errors(self.root):
            names = sorted(p.name for p in (self.root / "seals").iterdir())
        for name in names:
            if match := _RESPONSE.match(name):
                data = self.read(f"seals/{name}")
                token = _token(data, name)
                found.append(Kept(int(match[1]), int(match[2]) if match[2] else None, match[3], data, token))
        digests = {k.path: sha256(k.data) for k in found}
        for entry in self.log.read():
            if entry["action"] == "stamped" and digests.get(entry["path"]) != entry["sha256"]:
                raise VaultError(
                    f"{entry['path']} is not as it was received, or is gone.",
                    why="The log of time-stamps has another digest for it.",
                    next_step="Restore the file from a copy of the vault.",
                )
        return tuple(sorted(found, key=lambda k: (k.seal, k.renewal or 0, k.authority)))

    def renewals(self) -> Mapping[tuple[int, int], bytes]:
        """Documents of renewals by seal and number; those that no authority has stamped yet included."""
        with storage_errors(self.root):
            names = sorted(p.name for p in (self.root / "seals").iterdir())
        return {(int(m[1]), int(m[2])): self.read(f"seals/{m[0]}") for n in names if (m := _RENEWAL.match(n))}

    def read(self, path: str) -> bytes:
        file = self.root / path
        with storage_errors(file):
            if file.stat().st_size > MAX_RESPONSE:
                raise VaultError(f"{path} is too large.", next_step="Restore it from a copy of the vault.")
            return file.read_bytes()

    def write(self, path: str, data: bytes) -> None:
        file = self.root / path
        if not file.parent.is_dir():
            with storage_errors(file):
                file.parent.mkdir(exist_ok=True)
            self.disk.sync_folder(file.parent.parent)
        self.disk.replace(file, data)

    def chain(self, authority: str) -> tuple[x509.Certificate, ...]:
        """Certificates that came with an authority's tokens. Raises VaultError."""
        path = chain_path(authority)
        if not (self.root / path).exists():
            return ()
        try:
            return from_file(self.read(path))
        except FormatError as error:
            raise VaultError(f"{path} is damaged.", next_step="Restore it from a copy of the vault.") from error

    def add_chain(self, authority: str, ders: Iterable[bytes]) -> None:
        """Certificates (DER) not yet kept are added at the end."""
        have = self.chain(authority)
        known = {fingerprint(each) for each in have}
        new = []
        for der in ders:
            try:
                certificate = from_der(der)
            except FormatError:
                continue  # it is in the response that is kept
            if fingerprint(certificate) not in known:
                known.add(fingerprint(certificate))
                new.append(certificate)
        if new:
            self.write(chain_path(authority), to_pem([*have, *new]))

    def note(self, action: str, at: datetime, detail: Mapping[str, Any]) -> None:
        self.log.append([{"action": action, "at": stamp(at), **detail}], now=at)

    def nonces(self, seal: int, renewal: int | None, authority: str) -> list[int]:
        """Those of every request ever made for this token."""
        wanted = (seal, renewal, authority)
        return [
            int(e["nonce"], 16)
            for e in self.log.read()
            if e["action"] == "asked" and (e["seal"], e["renewal"], e["authority"]) == wanted
        ]

    def first_asked(self) -> dict[str, int]:
        """By authority, the lowest seal it was ever asked for: from there on a token is owed where none is."""
        first: dict[str, int] = {}
        for entry in self.log.read():
            if entry["action"] == "asked" and entry["renewal"] is None:
                number = int(entry["seal"])
                first[entry["authority"]] = min(number, first.get(entry["authority"], number))
        return first


def witness_of(files: WitnessFiles, seals: tuple[Seal, ...]) -> tuple[Witness, dict[str, bytes]]:
    """What a pack with these seals may claim, and the files that go with it by their paths.

    Owed are seals without any token from the first on that an authority was ever asked for. Raises VaultError.
    """
    numbers = {seal.number for seal in seals}
    kept = [each for each in files.kept() if each.seal in numbers]
    data = {each.path: each.data for each in kept}
    renewals = []
    for (seal, number), document in sorted(files.renewals().items()):
        over = tuple(each.listed() for each in kept if (each.seal, each.renewal) == (seal, number))
        if seal in numbers and over:
            _readable(document, seal, number)
            path = f"seals/{seal:06d}.renewal-{number}.json"
            data[path] = document
            renewals.append(WitnessRenewal(seal, number, path, sha256(document), over))
    tokens = tuple(each.listed() for each in kept if each.renewal is None)
    witnessed = {token.seal for token in tokens}
    first = min(files.first_asked().values(), default=None)
    owed = tuple(n for n in sorted(numbers) if first is not None and n >= first and n not in witnessed)
    return Witness(tokens, tuple(renewals), owed), data


def _readable(document: bytes, seal: int, number: int) -> None:
    try:
        read = Renewal.read(document)
    except FormatError as error:
        raise VaultError("A renewal is damaged.", why=str(error), next_step="Restore seals from a copy.") from error
    if (read.seal, read.number) != (seal, number):
        raise VaultError("A renewal bears another's number.", next_step="Restore seals from a copy.")


def _token(data: bytes, name: str) -> Token:
    try:
        token = read_response(data).token
    except FormatError as error:
        raise VaultError(
            f"seals/{name} is damaged.", why=str(error), next_step="Restore it from a copy of the vault."
        ) from error
    if token is None:
        raise VaultError(f"seals/{name} holds no token.", next_step="Restore it from a copy of the vault.")
    return token
