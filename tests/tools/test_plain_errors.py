"""What goes wrong on a command line is one plain sentence and an exit code, no traceback, and leaves nothing behind."""

import socket
from pathlib import Path

import pytest

from tests.tools.small_terminal import write_settings
from tools.cli import ROOT, main


@pytest.mark.parametrize("option", ["--control", "--tcp", "--udp"])
@pytest.mark.parametrize("port", ["99999", "-1", "usb"])
def test_a_port_that_cannot_be(option: str, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["devices", "emulate", "sdt", f"{option}={port}"])
    assert ended.value.code == 2
    assert "from 0 (any that is free) to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--control", "--tcp"])
def test_a_port_that_somebody_has(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["devices", "emulate", "sdt", option, str(taken.getsockname()[1])]) == 1
    assert "Address already in use" in capsys.readouterr().err


def test_a_link_in_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "emulate", "sdt", "--pty", str(tmp_path / "nowhere" / "reader")]) == 2
    assert capsys.readouterr().err.strip() == f"there is no folder {tmp_path / 'nowhere'}"
    assert not any(tmp_path.iterdir())


def test_no_virtual_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["demo", "--headless", "--out", str(tmp_path / "out")]) == 2
    assert "apt-get install xvfb" in capsys.readouterr().err
    assert not any(tmp_path.iterdir())


def test_the_report_finds_its_typeface_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = write_settings(tmp_path / "terminal.toml", tmp_path / "data")
    assert (ROOT / "build" / "fonts").is_dir()
    monkeypatch.chdir(tmp_path)
    assert main(["devices", "report", "report.pdf", "--config", str(config)]) == 0
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
