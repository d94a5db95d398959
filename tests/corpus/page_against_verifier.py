"""VERIFY.html and the command judge every case of the corpus: whatever both check, they must find alike.

Run by hand, because a browser opens each pack (some minutes); the suite compares smaller packs of its own
(tests/pack/page/test_against_verifier.py):

    pytest -p no:xdist tests/corpus/page_against_verifier.py

Cases with a link are left out: a browser shows none. The last result stands in tests/corpus/verify/README.md.
"""

import importlib.util
import sys
import tomllib
from pathlib import Path

import pytest

from psa_evidence.verify import verify_pack

HERE = Path(__file__).parent


def module_of(path):
    name = "psa_evidence_corpus_page_" + path.stem
    spec = importlib.util.spec_from_file_location(name, path)
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


page = module_of(HERE.parent / "pack" / "page" / "conftest.py")
driver, page_file, browser, outcome = page.driver, page.page_file, page.browser, page.outcome
CASES = sorted(path.parent for path in (HERE / "verify").glob("*/case.toml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_page_and_command_find_the_same(case, attacker, authority, forger, tmp_path, browser, outcome):
    said = tomllib.loads((case / "case.toml").read_text("utf-8"))
    attack = attacker(said["base"])
    attack.run(said)
    if attack.links:
        pytest.skip("a browser shows no links")
    anchors = {"authority": [authority.root_pem], "forger": [forger.root_pem], "none": []}[
        said.get("trust", "authority")
    ]
    path = attack.write_zip(tmp_path / "pack.zip") if said.get("zip") else attack.write(tmp_path / "pack")
    browser.give("zip" if said.get("zip") else "folder", path)
    files = []
    for number, data in enumerate(anchors):
        files.append(tmp_path / f"root{number}.pem")
        files[-1].write_bytes(data)
    found = browser.trust(*files) if files else browser.driver.execute_script("return lastReport")
    assert outcome(found) == outcome(verify_pack(path, anchors))
