"""Verbs that write are careful with what is there already, and say in plain words what is wrong."""

from pathlib import Path

import pytest

from ground.clock import RealClock
from tools.cli import main
from tools.demo.demo import Demo, NotOurs, zoom_for

CONFIG = """
[site]
name = "示例服务点"
[terminal]
id = "test"
name = "示例终端"
[platform]
url = "http://127.0.0.1:9"
[storage]
data_folder = "{data}"
"""


def test_a_demo_empties_no_folder_that_it_did_not_make(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("precious", encoding="utf-8")
    with pytest.raises(NotOurs):
        Demo(tmp_path, RealClock()).prepare()
    assert letter.read_text(encoding="utf-8") == "precious"


def test_a_demo_empties_its_own_folder(tmp_path: Path) -> None:
    demo = Demo(tmp_path / "out", RealClock())
    demo.prepare()
    (demo.out / "old").touch()
    demo.prepare()
    assert not (demo.out / "old").exists()


def test_enrolment_spends_no_code_on_a_folder_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").write_text("a file, not a folder", encoding="utf-8")
    config = tmp_path / "terminal.toml"
    config.write_text(CONFIG.format(data=tmp_path / "data"), encoding="utf-8")
    assert main(["enrol", "--config", str(config), "--code", "once"]) == 1
    assert "storage.data_folder" in capsys.readouterr().err


def test_broken_credentials_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "credentials.json").write_text('{"terminal_id": ', encoding="utf-8")
    config = tmp_path / "terminal.toml"
    config.write_text(CONFIG.format(data=tmp_path), encoding="utf-8")
    assert main(["config", "show", "--config", str(config)]) == 0
    said = capsys.readouterr()
    assert "enrol again" in said.err
    assert '"token": null' in said.out


@pytest.mark.parametrize(("height", "zoom"), [(0, 1.0), (1920, 1.0), (2160, 1.0), (1080, 0.52), (300, 0.25)])
def test_the_kiosk_fits_the_screen(height: int, zoom: float) -> None:
    assert zoom_for(height) == zoom
