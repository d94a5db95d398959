"""What the entry point names: the settings, how a connection is opened, how records are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from psa_evidence.errors import ConfigurationError
from psa_evidence.records import RecordSet
from psa_evidence.spi import ConnectorInfo, RawRecord, Setting
from psa_evidence_tinydesk.reading import interpret
from psa_evidence_tinydesk.source import TinydeskSource

INFO = ConnectorInfo(
    name="tinydesk",
    title="Tinydesk (example)",
    version="0.3.0",
    settings=(
        Setting(name="site", help="Address of your Tinydesk, such as https://desk.example.com"),
        Setting(name="token", help="Key of a user who may read everything", secret=True),
        Setting(name="page_size", help="Rows a page, 100 at most", required=False, default="100"),
    ),
    edited_at="/updated",
    copied=(
        ("ticket.summary", ("/title",)),
        ("ticket.status_name", ("/state",)),
        ("ticket.priority_name", ("/priority",)),
        ("ticket.owner", ("/agent",)),
        ("ticket.entered_at", ("/opened",)),
        ("ticket.closed_at", ("/closed",)),
        ("note.text", ("/text",)),
        ("note.at", ("/at",)),
        ("note.author", ("/author",)),
    ),
)


class TinydeskConnector:
    """Satisfies `psa_evidence.spi.Connector`."""

    info = INFO

    def open(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> TinydeskSource:
        """Check the settings; talk to nobody yet. Raises ConfigurationError."""
        parts = urlsplit(settings.get("site", ""))
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}):
            raise ConfigurationError(
                "The Tinydesk setting 'site' is not an https address.", next_step="Write it as https://host."
            )
        token = secrets.get("token", "").strip()
        if not re.fullmatch(r"[\x21-\x7e]+", token):
            raise ConfigurationError("The Tinydesk key 'token' is missing, or cannot be one.")
        size = settings.get("page_size", "100")
        if not size.isdecimal() or not 1 <= int(size) <= 100:
            raise ConfigurationError("The Tinydesk setting 'page_size' is not a number from 1 to 100.")
        return TinydeskSource(f"{parts.scheme}://{parts.netloc}", token, int(size))

    def interpret(self, raw: Iterable[RawRecord]) -> RecordSet:
        """Pure: the same records in any order give the same RecordSet."""
        return interpret(raw)


connector = TinydeskConnector()
