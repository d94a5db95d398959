"""Where a simulated PSA is reached and with which keys; its remote control."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import asdict, dataclass
from typing import Any, Self

from psa_evidence.simulator.keys import Keys


@dataclass(frozen=True, slots=True)
class Running:
    url: str
    """`http://127.0.0.1:port`, without a slash at the end."""
    company: str
    public_key: str
    private_key: str
    client_id: str
    control_token: str
    codebase: str

    @classmethod
    def at(cls, port: int, keys: Keys, codebase: str) -> Self:
        url = f"http://127.0.0.1:{port}"
        return cls(url, keys.company, keys.public_key, keys.private_key, keys.client_id, keys.control_token, codebase)

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Read what the process printed; `ValueError` when it is something else."""
        try:
            values = {**json.loads(line)}
            values.pop("pid", None)
            return cls(**values)
        except (TypeError, ValueError):
            raise ValueError("not the address of a simulated PSA") from None

    def as_json(self, pid: int) -> str:
        return json.dumps({**asdict(self), "pid": pid})

    def control(self, **changes: Any) -> dict[str, Any]:
        """Turn knobs, move time on, edit and delete rows (listed in `control.py`)."""
        return self._call("control", json.dumps(changes).encode())

    def stats(self) -> dict[str, Any]:
        return self._call("stats", None)

    def _call(self, name: str, body: bytes | None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310
            f"{self.url}/simulator/{name}", data=body, headers={"Authorization": f"Bearer {self.control_token}"}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as response:
            answer: dict[str, Any] = json.load(response)
        return answer
