"""A simulated MSP: staff, clients, two years of tickets and told stories, with an answer key of its own.

Deterministic: the same arguments give the same world. The product never imports this.
"""

from psa_evidence.simulator.world.clients import DISPUTE_CLIENT
from psa_evidence.simulator.world.staff import MSP_NAME
from psa_evidence.simulator.world.world import World

__all__ = ["DISPUTE_CLIENT", "MSP_NAME", "World", "make_world"]


def make_world(*, seed: int, clients: int = 8, tickets: int = 2000) -> World:
    """A world at 2026-10-31T17:00:00Z with two years behind it. `clients` >= 8."""
    return World(seed=seed, clients_wanted=clients, tickets=tickets)
