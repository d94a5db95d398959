import pytest

from psa_evidence.errors import ConfigurationError, VaultError
from psa_evidence.vault import Disk, Vault


class Stop(BaseException):
    pass


def test_a_new_vault_opens_with_its_id(tmp_path):
    Vault.create(tmp_path / "a" / "vault", vault_id="v-1")
    assert Vault.open(tmp_path / "a" / "vault").id == "v-1"


def test_a_folder_with_something_else_in_it_is_not_taken(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="not empty") as caught:
        Vault.create(tmp_path, vault_id="v")
    assert caught.value.next_step
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_a_vault_is_not_made_over_another(vault):
    with pytest.raises(ConfigurationError, match="already"):
        Vault.create(vault.path, vault_id="other")
    assert Vault.open(vault.path).id == "test-vault"


def test_no_vault_is_a_configuration_error(tmp_path):
    with pytest.raises(ConfigurationError, match="no vault") as caught:
        Vault.open(tmp_path / "nowhere")
    assert caught.value.exit_code == 2
    assert not (tmp_path / "nowhere").exists()


def test_a_newer_format_is_refused_with_the_next_step(vault):
    text = vault._layout.toml.read_text().replace("vault/3", "vault/4")
    vault._layout.toml.write_text(text)
    with pytest.raises(VaultError, match="does not know") as caught:
        Vault.open(vault.path)
    assert "or a newer one" in caught.value.next_step


def test_a_folder_that_is_no_capture_is_named(vault):
    (vault._layout.captures / "notes").mkdir()
    (vault._layout.captures / "notes" / "mine.txt").write_text("x")
    with pytest.raises(VaultError, match="captures/notes is no capture"):
        Vault.open(vault.path)


@pytest.mark.parametrize(
    "text", ["", "not toml [", 'format = "psa-evidence/vault/3"', 'format = "x"\nid = "y"', "\x00"]
)
def test_a_damaged_vault_toml_is_named(vault, text):
    vault._layout.toml.write_text(text)
    with pytest.raises(VaultError, match=r"vault\.toml"):
        Vault.open(vault.path)


def test_a_half_written_vault_says_so(vault):
    vault._layout.toml.unlink()
    with pytest.raises(VaultError, match="half-written"):
        Vault.open(vault.path)
    vault._layout.toml.write_text('format = "psa-evidence/vault/3"\nid = "v"\n')
    vault._layout.seals.rmdir()
    with pytest.raises(VaultError, match="seals is missing"):
        Vault.open(vault.path)


@pytest.mark.parametrize("bad", ["", "a b", 'x"y', "../x", "a" * 101])
def test_an_id_that_would_not_be_safe_in_a_file_is_refused(tmp_path, bad):
    with pytest.raises(ConfigurationError, match="id"):
        Vault.create(tmp_path / "v", vault_id=bad)


def test_creating_can_be_repeated_when_it_was_killed_at_any_step(tmp_path):
    for number in range(20):
        steps = iter(range(1000))

        def before(_step, _path, steps=steps, number=number):
            if next(steps) == number:
                raise Stop

        folder = tmp_path / str(number)
        try:
            Vault.create(folder, vault_id="v", disk=Disk(before))
        except Stop:
            if not (folder / "vault.toml").exists():
                Vault.create(folder, vault_id="v")
        else:
            break
        assert Vault.open(folder).id == "v"
    else:
        pytest.fail("more steps than were tried")
    assert number > 4
