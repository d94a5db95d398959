"""Plug-ins as packages on the path, each with its own metadata: good, broken and lying ones."""

import sys

import pytest

from psa_evidence import plugin_trial, plugins
from psa_evidence.errors import ConfigurationError

GOOD = """
from psa_evidence.spi import ConnectorInfo
class C:
    info = ConnectorInfo(name="good", title="A good one", version="1", settings=())
    def open(self, settings, secrets): ...
    def interpret(self, raw): ...
connector = C()
"""
EXPORTER = """
from psa_evidence.spi import ExporterInfo
class E:
    info = ExporterInfo(name="paper", title="On paper", version="1")
    def export(self, content, folder, *, pagination, manifest, progress, material=None): ...
exporter = E()
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a one-module distribution; returns its module's name."""
    plugin_trial.tried.cache_clear()
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(name, code, *, group=plugins.CONNECTORS, point=None, attribute="connector", version="1.0"):
        module = f"fixture_{name.replace('-', '_')}"
        (tmp_path / f"{module}.py").write_text(code)
        info = tmp_path / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: dist-{name}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{point or name} = {module}:{attribute}\n")
        monkeypatch.delitem(sys.modules, module, raising=False)
        return module

    return install


def test_a_connector_is_found_and_loaded_by_its_name(install):
    install("good", GOOD)
    assert plugins.load_connector("good").info.title == "A good one"


def test_an_exporter_is_found_and_loaded_by_its_name(install):
    install("paper", EXPORTER, group=plugins.EXPORTERS, attribute="exporter")
    assert plugins.load_exporter("paper").info.title == "On paper"


def test_listing_imports_nothing(install):
    module = install("bomb", "raise SystemExit('imported')")
    [found] = [p for p in plugins.listed() if p.name == "bomb"]
    assert (found.group, found.distribution, found.version) == (plugins.CONNECTORS, "dist-bomb", "1.0")
    assert found.target == f"{module}:connector"
    assert module not in sys.modules


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise RuntimeError('with a secret in it')", "RuntimeError"),
        ("raise SystemExit(1)", "SystemExit"),
        ("import a_library_that_is_not_there", "ModuleNotFoundError"),
        ("syntax error(", "SyntaxError"),
        ("something_else = 1", "AttributeError"),
        ("connector = object()", "is not a connector"),
        ("connector = None", "is not a connector"),
        (GOOD.replace("ConnectorInfo(name=", "dict(name="), "is not a connector"),
        (GOOD.replace("    def interpret(self, raw): ...\n", ""), "is not a connector"),
        (
            "class C:\n    @property\n    def info(self): raise OSError\n    open = interpret = print\nconnector = C()",
            "is not",
        ),
    ],
)
def test_a_broken_one_is_reported_with_its_reason_and_harms_no_other(install, code, reason):
    install("broken", code)
    install("good", GOOD)
    with pytest.raises(ConfigurationError, match="'broken'") as caught:
        plugins.load_connector("broken")
    assert reason in caught.value.why
    assert "dist-broken 1.0" in caught.value.what
    assert "secret" not in f"{caught.value.what}{caught.value.why}{caught.value.next_step}"
    trials = {t.plugin.name: t for t in plugins.trial() if t.plugin.distribution.startswith("dist-")}
    assert reason in trials["broken"].problem
    assert (trials["good"].title, trials["good"].problem) == ("A good one", "")


def test_an_exporter_is_not_taken_for_a_connector(install):
    install("mixed", EXPORTER, attribute="exporter")
    with pytest.raises(ConfigurationError, match="'mixed'"):
        plugins.load_connector("mixed")


def test_an_unknown_name_says_what_there_is(install):
    install("good", GOOD)
    with pytest.raises(ConfigurationError, match="'goood'") as caught:
        plugins.load_connector("goood")
    assert "good" in caught.value.why


def test_two_packages_with_one_name_are_refused(install):
    install("one", GOOD, point="twin")
    install("two", GOOD, point="twin")
    with pytest.raises(ConfigurationError, match="Several") as caught:
        plugins.load_connector("twin")
    assert "dist-one" in caught.value.why
    assert "dist-two" in caught.value.why
