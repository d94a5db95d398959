"""Throw-away credentials of a simulated PSA, derived from its seed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Keys:
    company: str
    public_key: str
    private_key: str
    client_id: str
    control_token: str

    @classmethod
    def from_seed(cls, seed: int, *, company: str = "simulated_msp") -> Self:
        """The same seed gives the same keys. They open nothing but a simulator."""

        def part(name: str, length: int) -> str:
            return hashlib.sha256(f"psa-evidence simulator {seed} {name}".encode()).hexdigest()[:length]

        guid = part("client id", 32)
        client_id = f"{guid[:8]}-{guid[8:12]}-4{guid[13:16]}-8{guid[17:20]}-{guid[20:]}"
        return cls(company, part("public", 16), part("private", 16), client_id, part("control", 32))
