"""What people write at a help desk: kinds of ticket, and a writer that gives each note its words."""

from psa_evidence.simulator.world.texts.kinds import KINDS, Kind
from psa_evidence.simulator.world.texts.writer import Writer

__all__ = ["KINDS", "Kind", "Writer"]
