"""What became of the records since an earlier seal: edited, vanished, returned, back-dated, hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from psa_evidence.format.compare import FieldChange
from psa_evidence.vault.answers import RecordVersion
from psa_evidence.vault.info import CaptureInfo
from psa_evidence.vault.tombstones import Tombstone


@dataclass(frozen=True, slots=True)
class Step:
    """From one version to the next. `fields` are the changes of content, `volatile` those the PSA makes by itself;
    `comparable` is False when the bytes differ and no field can be named. `editor` and `edited_at` are what the newer
    version says of its own last edit, None where it says nothing that the older one did not say."""

    before: RecordVersion
    after: RecordVersion
    fields: tuple[FieldChange, ...]
    volatile: tuple[FieldChange, ...]
    comparable: bool = True
    editor: str | None = None
    edited_at: str | None = None

    @property
    def edited(self) -> bool:
        """Whether more than volatile fields changed."""
        return bool(self.fields) or not self.comparable


@dataclass(frozen=True, slots=True)
class BackDated:
    """A record first seen in a capture although its own time lies before `earlier`, a complete capture that would have
    held it."""

    version: RecordVersion
    earlier: CaptureInfo


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a capture could not see for want of permission: once for each resource, as the connector calls it, or for a
    list of a kind (`what` is then the kind) that it could not have.

    `kinds` are those of the records, as far as the connector names them; `known` counts their records in the vault,
    None when no kind is known. `details` are what the capture states of the refusals.
    """

    capture: str
    what: str
    kinds: tuple[str, ...]
    known: int | None
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What changed after seal `since` (0: since each record was first captured), up to seal `until`.

    `known` = `unchanged` + `not_fetched` + records with a step + those that only vanished: `unchanged` were fetched
    again after `since` with the same bytes; `not_fetched` were not, because the PSA named no newer update of them or
    did not show them. `added` are the records first seen after `since`, by kind. `unlisted` counts by kind the records
    that no complete list since, later than their first capture, would have held: deleted or not is unknown.
    `steps` are ordered by kind, id and time.
    """

    since: int
    until: int
    known: int
    unchanged: int
    not_fetched: int
    steps: tuple[Step, ...]
    vanished: tuple[Tombstone, ...]
    returned: tuple[Tombstone, ...]
    back_dated: tuple[BackDated, ...]
    hidden: tuple[Hidden, ...]
    added: Mapping[str, int]
    unlisted: Mapping[str, int]

    @property
    def edits(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.edited)

    @property
    def volatile_only(self) -> int:
        """Steps in which nothing changed but volatile fields, or the spelling of the JSON."""
        return sum(not step.edited for step in self.steps)

    @property
    def volatile_fields(self) -> Mapping[str, int]:
        """How often each volatile field changed, the steps of edits included."""
        return dict(sorted(Counter(change.pointer for step in self.steps for change in step.volatile).items()))
