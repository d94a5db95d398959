"""psa-evidence.toml: nothing in it is ignored in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from psa_evidence import configuration
from psa_evidence.errors import ConfigurationError


def write(folder: Path, text: str) -> Path:
    path = folder / configuration.FILE_NAME
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_file(tmp_path):
    loaded = configuration.load(write(tmp_path, '[vault]\npath = "v"\n[packs]\nfolder = "p"\n'))
    assert loaded.vault_path == tmp_path.resolve() / "v"
    assert loaded.packs_path == tmp_path.resolve() / "p"


def test_pages_are_kept_beside_the_file_unless_it_says_otherwise(tmp_path):
    assert configuration.load(write(tmp_path, "")).page_cache_path == tmp_path.resolve() / "page-cache"
    assert configuration.load(write(tmp_path, "[packs]\npage_cache = false\n")).page_cache_path is None


def test_an_unknown_key_is_refused_and_the_nearest_known_one_named(tmp_path):
    with pytest.raises(ConfigurationError) as raised:
        configuration.load(write(tmp_path, '[vault]\npaht = "v"\n'))
    assert "vault.paht" in raised.value.what
    assert "did you mean 'path'?" in raised.value.what


def test_a_wrong_value_is_not_repeated_in_the_error(tmp_path):
    with pytest.raises(ConfigurationError) as raised:
        configuration.load(write(tmp_path, 'time_zone = "hunter2-not-a-zone"\n'))
    assert "hunter2" not in f"{raised.value.what}{raised.value.why}{raised.value.next_step}"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = ", b'msp = "x'])
def test_broken_files_are_a_configuration_error(tmp_path, content):
    path = tmp_path / configuration.FILE_NAME
    path.write_bytes(content)
    with pytest.raises(ConfigurationError) as raised:
        configuration.load(path)
    assert raised.value.exit_code == 2
    assert raised.value.next_step


def test_the_nearest_file_upwards_is_found(tmp_path, monkeypatch):
    path = write(tmp_path, "")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    monkeypatch.delenv(configuration.ENVIRONMENT_VARIABLE, raising=False)
    assert configuration.find(None).resolve() == path.resolve()


def test_several_connections_must_be_chosen_from(tmp_path):
    loaded = configuration.load(
        write(tmp_path, '[connections.a]\nconnector = "x"\n[connections.b]\nconnector = "x"\nport = 8\n')
    )
    with pytest.raises(ConfigurationError, match="2 connections"):
        loaded.connection()
    assert loaded.connection("b") == ("b", "x", {"port": "8"})
    with pytest.raises(ConfigurationError, match="'c'"):
        loaded.connection("c")


def test_a_connection_without_connector_says_what_to_add(tmp_path):
    loaded = configuration.load(write(tmp_path, '[connections.a]\nsite = "x"\n'))
    with pytest.raises(ConfigurationError) as raised:
        loaded.connection()
    assert "connector =" in raised.value.next_step
