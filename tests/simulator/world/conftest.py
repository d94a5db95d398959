import json
from pathlib import Path

import pytest

from psa_evidence.simulator.world import make_world

SPEC = Path(__file__).resolve().parents[4] / "shared" / "specs" / "connectwise-openapi.json"


@pytest.fixture(scope="session")
def world():
    return make_world(seed=7, tickets=600)


@pytest.fixture(scope="session")
def key(world):
    return world.answer_key()


@pytest.fixture(scope="session")
def schemas():
    if not SPEC.exists():
        pytest.skip(f"the API's specification is not there: {SPEC.name}")
    return json.loads(SPEC.read_text(encoding="utf-8"))["components"]["schemas"]
