"""The seal on a finished PDF (PAdES, ETSI EN 319 142-1): a document time-stamp, or the owner's signature with one.

What is put on goes behind the file as an update; every byte that the exporter wrote stays. Which level was asked for
and which was reached is recorded, with the reason when they differ: a PDF without a seal is still a PDF of the pack.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from asn1crypto import tsp
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, fields, signers
from pyhanko.sign.timestamps import TimeStamper

from psa_evidence.errors import ConfigurationError, EvidenceError
from psa_evidence.format.timestamp import Imprint, judge

Level = Literal["none", "document time-stamp", "signature B-B", "signature B-T"]
Ask = Callable[[str, bytes], bytes]
"""URL and request in, body of the answer out. Raises EvidenceError."""

FIELD: Final = "Seal"
TITLE: Final = "Seal of this document (not visible)"
"""What a screen reader says of the field (PDF/UA-1, 7.18.1)."""

UNSEEN: Final = fields.InvisSigSettings(box_out_of_bounds=True)
"""Off the page: an annotation on it, though of no size, would have to stand among the tags (PDF/UA-1, 7.18.1), and
PDF/A forbids to hide it."""
LABEL: Final = "PDF-Seal"


@dataclass(frozen=True, slots=True)
class SealAuthority:
    """A time-stamp authority: the name it has in the configuration, its address, and the roots it is judged by."""

    name: str
    url: str
    anchors: tuple[x509.Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class SealRecord:
    """`why` says what kept the level reached below the one asked for; empty when they are the same."""

    asked: Level
    reached: Level
    authority: str
    why: str = ""

    def words(self) -> str:
        """As the pack states it in bag-info.txt."""
        by = f" by {self.authority}" if self.authority and self.reached != "none" else ""
        because = f"; {self.why}" if self.why else ""
        return f"asked: {self.asked}; reached: {self.reached}{by}{because}"


NOT_ASKED: Final = SealRecord("none", "none", "")


class PdfSealer:
    """Seals one PDF after the other. The first authority that answers serves all of them."""

    def __init__(self, authorities: Sequence[SealAuthority], ask: Ask, signer: signers.Signer | None = None) -> None:
        self._authorities = list(authorities)
        self._ask = ask
        self._signer = signer
        self._down: dict[str, str] = {}

    @property
    def asked(self) -> Level:
        if self._signer is not None:
            return "signature B-T" if self._authorities else "signature B-B"
        return "document time-stamp" if self._authorities else "none"

    def seal(self, paths: Sequence[Path]) -> SealRecord:
        """Seal every file in place, all on the same level. An authority that failed once is not asked again.

        Raises OSError when a file cannot be written, ConfigurationError when the owner's key does not sign.
        """
        why = ""
        for authority in self._authorities:
            if authority.name in self._down:
                why = self._down[authority.name]
                continue
            try:
                made = [self._sealed(path.read_bytes(), _Stamper(authority, self._ask)) for path in paths]
            except EvidenceError as error:
                why = self._down[authority.name] = f"{authority.name}: {error.what}"
                continue
            except Exception as error:  # noqa: BLE001 - an authority's answer can break the library in many ways
                why = f"{authority.name}: its answer could not be used ({type(error).__name__})"
                self._down[authority.name] = why
                continue
            _write(paths, made)
            return SealRecord(self.asked, self.asked, authority.name)
        if self._signer is None:
            return SealRecord(self.asked, "none", "", why)
        try:
            made = [self._sealed(path.read_bytes(), None) for path in paths]
        except Exception as error:  # a token may refuse in many ways
            raise ConfigurationError(
                "The PDF could not be signed.", why=type(error).__name__,
                next_step="Check the key that [signature] names; without [signature] the pack is built unsigned.",
            ) from error  # fmt: skip
        _write(paths, made)
        return SealRecord(self.asked, "signature B-B", "", why)

    def _sealed(self, pdf: bytes, stamper: TimeStamper | None) -> bytes:
        out = io.BytesIO()
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        if self._signer is None:
            if stamper is None:
                raise EvidenceError("no authority was asked")
            PdfTimeStamper(
                stamper, field_name=FIELD, invis_settings=UNSEEN, readable_field_name=TITLE
            ).timestamp_pdf(writer, "sha256", output=out)  # fmt: skip
            return out.getvalue()
        metadata = PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES,
        )  # fmt: skip
        field = fields.SigFieldSpec(FIELD, invis_sig_settings=UNSEEN, readable_field_name=TITLE)
        PdfSigner(metadata, signer=self._signer, timestamper=stamper, new_field_spec=field).sign_pdf(writer, output=out)
        return out.getvalue()


class _Stamper(TimeStamper):
    """pyHanko's time-stamper over our own HTTP: it makes the request and holds the answer to its nonce and digest."""

    def __init__(self, authority: SealAuthority, ask: Ask) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._authority, self._ask = authority, ask

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> Any:
        """The answer, held to everything that a token is held to. Raises EvidenceError."""
        answer = self._ask(self._authority.url, req.dump())
        imprint = req["message_imprint"]["hashed_message"].native
        verdict = judge(
            answer, Imprint("sha256", imprint), anchors=self._authority.anchors, nonce=int(req["nonce"].native)
        )
        if verdict.refused or verdict.token is None:
            raise EvidenceError(f"its answer is not a good token: {verdict.reason}")
        return tsp.TimeStampResp.load(answer, strict=True)


def _write(paths: Sequence[Path], made: Sequence[bytes]) -> None:
    for path, pdf in zip(paths, made, strict=True):
        path.write_bytes(pdf)
