"""What enrolment gave is kept for this user alone, and fills only what the configuration leaves open."""

import argparse
import stat
from pathlib import Path

import pytest

from config.load import load_config
from config.schema import TerminalConfig
from tools.settings import Credentials, settings, with_credentials

MINE = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"  # age's own README
OTHER = "age1t7r9prsqc3w3x4auqq7y8zplrfsddmf8z97hct68gmhea2l34f9q63h2yp"  # age's manual page
GIVEN = Credentials("Tc0ffee", "the-token", (MINE,))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "terminal.toml"
    path.write_text(
        f"""[site]
name = "示例"
[terminal]
id = "T-1"
name = "示例"
[platform]
url = "http://127.0.0.1:9"
[storage]
data_folder = "{tmp_path / "data"}"
""",
        encoding="utf-8",
    )
    return path


def loaded(file: Path, **env: str) -> TerminalConfig:
    return with_credentials(load_config(file, None, env))


def test_only_this_user_can_read_them(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    GIVEN.save(folder)
    (path,) = folder.iterdir()
    assert path.name == "credentials.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_enrolled_anew_the_new_ones_count(file: Path, tmp_path: Path) -> None:
    GIVEN.save(tmp_path / "data")
    Credentials("Tbeef", "another", (OTHER,)).save(tmp_path / "data")
    config = loaded(file)
    assert config.terminal.id == "Tbeef"
    assert config.platform.token is not None
    assert config.platform.token.get_secret_value() == "another"
    assert config.platform.recipients == (OTHER,)
    assert len(list((tmp_path / "data").iterdir())) == 1


def test_a_terminal_that_was_never_enrolled(file: Path) -> None:
    config = loaded(file)
    assert (config.terminal.id, config.platform.token, config.platform.recipients) == ("T-1", None, ())


def test_they_fill_what_is_open(file: Path, tmp_path: Path) -> None:
    GIVEN.save(tmp_path / "data")
    config = loaded(file)
    assert config.terminal.id == "Tc0ffee"
    assert config.terminal.name == "示例"
    assert config.platform.token is not None
    assert config.platform.token.get_secret_value() == "the-token"
    assert config.platform.recipients == (MINE,)
    assert config.platform.url == "http://127.0.0.1:9"


def test_what_the_technician_wrote_counts_more(file: Path, tmp_path: Path) -> None:
    GIVEN.save(tmp_path / "data")
    text = file.read_text(encoding="utf-8").replace("[storage]", f'recipients = ["{OTHER}"]\n[storage]')
    file.write_text(text, encoding="utf-8")
    config = loaded(file, KIOSK__PLATFORM__TOKEN="from-the-environment")
    assert config.platform.token is not None
    assert config.platform.token.get_secret_value() == "from-the-environment"
    assert config.platform.recipients == (OTHER,)


def test_a_config_that_shows_itself_hides_the_token(file: Path, tmp_path: Path) -> None:
    GIVEN.save(tmp_path / "data")
    config = loaded(file)
    assert "the-token" not in repr(config) + config.model_dump_json()


def test_a_verb_gets_no_configuration_with_mistakes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(file.read_text(encoding="utf-8") + "colour = 1\n", encoding="utf-8")
    assert settings(argparse.Namespace(config=file, profile=None), {}) is None
    said = capsys.readouterr()
    assert said.out == ""
    assert "terminal.toml:10: C103" in said.err


def test_a_verb_gets_the_credentials_too(file: Path, tmp_path: Path) -> None:
    GIVEN.save(tmp_path / "data")
    config = settings(argparse.Namespace(config=file, profile=None), {})
    assert config is not None
    assert config.terminal.id == "Tc0ffee"


def test_credentials_that_may_not_be_looked_at_are_complained_about(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = load_config(file, None, {})
    storage = config.storage.model_copy(update={"data_folder": Path("x" * 300)})  # no system can look there
    assert with_credentials(config.model_copy(update={"storage": storage})).terminal == config.terminal
    assert "enrol again" in capsys.readouterr().err
