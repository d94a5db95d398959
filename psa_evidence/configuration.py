"""`psa-evidence.toml`: PSA connections, the vault, matters and packs. It never holds a key.

Paths in the file are relative to the file. An unknown or misspelt name is an error that names the nearest
known one; nothing is ignored in silence.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from psa_evidence import configuration_place
from psa_evidence.errors import ConfigurationError
from psa_evidence.format.witness import AUTHORITY
from psa_evidence.matter.problems import explain

FILE_NAME: Final = configuration_place.FILE_NAME
ENVIRONMENT_VARIABLE: Final = configuration_place.ENVIRONMENT_VARIABLE
find = configuration_place.find
MAX_FILE_BYTES: Final = 1024 * 1024
"""A configuration is written by a person; a megabyte is a mistake."""


def zone_name(name: str) -> str:
    """The name itself. Raises ValueError."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("not an IANA time zone such as America/New_York") from error
    return name


TimeZoneName = Annotated[str, AfterValidator(zone_name)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class VaultSettings(_Strict):
    path: str = "vault"


class PackSettings(_Strict):
    """Where packs go, and what is printed on all of them."""

    folder: str = "packs"
    page_cache: bool = True
    """Whether pages laid out are kept for the next build. They hold clients' texts."""
    paper: Literal["us-letter", "a4"] = "us-letter"


class MatterSettings(_Strict):
    folder: str = "matters"


def _authority_name(name: str) -> str:
    if not AUTHORITY.match(name):
        raise ValueError("not a name of small letters, digits and -, 40 at most, not beginning with 'renewal'")
    return name


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise ValueError("not an http or https address without a user name")
    return url


class AuthoritySettings(_Strict):
    """A time-stamp authority (RFC 3161). `anchors` is a file with its root certificates, relative to the
    configuration; without it the path of its tokens cannot be checked here."""

    name: Annotated[str, AfterValidator(_authority_name)]
    url: Annotated[str, AfterValidator(_address)]
    anchors: str | None = None


class OwnerSettings(_Strict):
    """Who works here, as the custody log is to name them beside the operating system's user."""

    name: str = Field(default="", max_length=100)


class SignatureSettings(_Strict):
    """The owner's certificate with its key for signing PDFs: a PKCS#12 file, relative to the configuration; or a
    token behind the PKCS#11 `module`, with the `label` of the certificate in it, and of the key unless `key` names
    another. `token` is the token's own label, empty when there is only one."""

    pkcs12: str = ""
    module: str = ""
    label: str = ""
    key: str = ""
    token: str = ""

    @model_validator(mode="after")
    def _one(self) -> SignatureSettings:
        of_token = bool(self.module and self.label)
        if bool(self.pkcs12) is of_token or (self.pkcs12 and (self.module or self.label or self.key or self.token)):
            raise ValueError("needs either pkcs12, or module and label of a key in a token")
        return self


class Configuration(_Strict):
    """The file as read. `folder` is where it stands; the `*_path` properties are absolute."""

    format: int = Field(default=1, ge=1, le=1)
    msp: str = ""
    time_zone: TimeZoneName | None = None
    vault: VaultSettings = VaultSettings()
    packs: PackSettings = PackSettings()
    matters: MatterSettings = MatterSettings()
    owner: OwnerSettings = OwnerSettings()
    connections: dict[str, dict[str, str | int | float | bool]] = {}
    authority: tuple[AuthoritySettings, ...] = ()
    signature: SignatureSettings | None = None
    folder: Path = Field(default=Path(), exclude=True)

    @property
    def vault_path(self) -> Path:
        return self.folder / self.vault.path

    @property
    def page_cache_path(self) -> Path | None:
        """Where pages laid out are kept between builds, None when they are not."""
        return self.folder / "page-cache" if self.packs.page_cache else None

    @property
    def packs_path(self) -> Path:
        return self.folder / self.packs.folder

    @property
    def matters_path(self) -> Path:
        return self.folder / self.matters.folder

    def connection(self, name: str | None = None) -> tuple[str, str, Mapping[str, str]]:
        """Name, connector and settings of a connection; the only one when `name` is None.

        Raises ConfigurationError when there is none, or several and no name.
        """
        if not self.connections:
            raise ConfigurationError(
                "no PSA connection is configured",
                next_step="run `psa-evidence init`, or add a [connections.NAME] section to psa-evidence.toml",
            )
        if name is None:
            if len(self.connections) > 1:
                raise ConfigurationError(
                    f"{len(self.connections)} connections are configured: {', '.join(sorted(self.connections))}",
                    next_step="choose one with --connection NAME",
                )
            name = next(iter(self.connections))
        if name not in self.connections:
            raise ConfigurationError(
                f"no connection is called {name!r}",
                why=f"psa-evidence.toml knows: {', '.join(sorted(self.connections))}",
                next_step=f"use one of them, or add [connections.{name}]",
            )
        settings = {key: _text(value) for key, value in self.connections[name].items()}
        connector = settings.pop("connector", "")
        if not connector:
            raise ConfigurationError(
                f"[connections.{name}] does not say which connector it uses",
                next_step='add connector = "connectwise"; `psa-evidence plugins` lists all',
            )
        return name, connector, settings


def _text(value: str | float | bool) -> str:  # bool is here because TOML has it
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def load(path: Path) -> Configuration:
    """Read and check the file. Raises ConfigurationError that names the file, the key and the next step."""
    raw = read_toml(path)
    try:
        read = Configuration.model_validate({**raw, "folder": path.resolve().parent})
    except ValidationError as error:
        raise explain(error, raw, str(path), Configuration) from None
    names = [authority.name for authority in read.authority]
    if len(set(names)) != len(names):
        raise ConfigurationError(
            f"{path}: two time-stamp authorities have the same name", next_step="give each [[authority]] its own"
        )
    return read


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dictionary. Raises ConfigurationError."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ConfigurationError(
                f"{path} is larger than {MAX_FILE_BYTES} bytes", next_step="check that it is the right file"
            )
        return tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{path} is not valid TOML", why=str(error), next_step="correct that line; texts need quotation marks"
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is not UTF-8 text", next_step="save it as UTF-8") from None
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read", why=error.strerror or "", next_step="check its name"
        ) from None


TEMPLATE: Final = """\
# psa-evidence: where the records come from and where the evidence is kept.
# No key is ever written here: keys live in the operating system's keyring (put there by
# `psa-evidence init`) or in environment variables (see [connections] below).
format = 1

# Your own company, as it is to be printed on the packs.
msp = {msp}

# The zone in which dates and months are meant (IANA name). Without it they are those of UTC.
{time_zone}

[vault]
# The append-only store of everything that was captured. Put it on a disk that is backed up.
path = {vault}

[packs]
folder = {packs}
paper = {paper}          # "us-letter" or "a4"
# Pages laid out are kept in page-cache/ (clients' texts, at most 1 GiB, may be deleted) so that the
# next build lays out only what changed; false keeps none.
# page_cache = true

[matters]
# Matter files (one TOML for each dispute) live here.
folder = {matters}

[owner]
# Your own name, as the custody log is to name you beside this computer's user name.
name = ""

{connections}

# Time-stamp authorities (RFC 3161) that witness when a capture was sealed. They are sent a
# digest, never a record. None is asked unless it stands here; several may stand here.
# anchors: a file with the authority's root certificate, got from the authority itself; with it
# every token is checked to the root when it comes.
# [[authority]]
# name = "example"                        # small letters, digits, -; part of file names
# url = "http://tsa.example/tsr"
# anchors = "example-root.pem"

# Your own certificate and key, to sign the PDFs with (PAdES). Its passphrase comes from the keyring,
# service "psa-evidence/signature", or from PSA_EVIDENCE_SIGNATURE_PASSPHRASE. Without it the PDFs
# bear a time-stamp of the first authority above, and no signature.
# [signature]
# pkcs12 = "owner.p12"
# Or a key in a token (PKCS#11; pip install "psa-evidence[pkcs11]"). Its PIN comes from the keyring,
# service "psa-evidence/signature", name "pin", or from PSA_EVIDENCE_SIGNATURE_PIN.
# module = "/usr/lib/opensc-pkcs11.so"      # the library of the token's maker; on Windows a .dll
# label = "owner"                           # of the certificate and its key
"""

CONNECTION_TEMPLATE: Final = """\
[connections.{name}]
# Keys for this connection: keyring service "psa-evidence/{name}", or the environment variables
# {variables}.
connector = {connector}
{settings}
"""
