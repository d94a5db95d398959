"""The append-only store: captures with their exact exchanges, seals over them, holds, the custody log, the catalogue.

`Vault` is all that others use; `Vault.begin` gives the `CaptureWriter` that a connector's fetch writes to.
"""

from psa_evidence.format.compare import FieldChange
from psa_evidence.vault.answers import ExchangeRef, Hold, RecordVersion
from psa_evidence.vault.drift import BackDated, Drift, Hidden, Step
from psa_evidence.vault.durable import Disk
from psa_evidence.vault.info import CaptureInfo
from psa_evidence.vault.settings_history import SETTINGS_IN_FORCE, SettingsCapture
from psa_evidence.vault.times import Clock, system_clock
from psa_evidence.vault.tombstones import Tombstone
from psa_evidence.vault.vault import Vault
from psa_evidence.vault.writer import CaptureWriter

__all__ = [
    "SETTINGS_IN_FORCE",
    "BackDated",
    "CaptureInfo",
    "CaptureWriter",
    "Clock",
    "Disk",
    "Drift",
    "ExchangeRef",
    "FieldChange",
    "Hidden",
    "Hold",
    "RecordVersion",
    "SettingsCapture",
    "Step",
    "Tombstone",
    "Vault",
    "system_clock",
]
