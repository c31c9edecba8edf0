"""An error that nobody foresaw: the visit ends, the face comes back with an apology, and nothing of her is noted."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from config.schema import TerminalConfig
from tools.cli import ROOT
from tools.demo.xserver import VirtualScreen
from tools.fonts import prepare

CONFIG = """
[site]
name = "测试点"
[terminal]
id = "test"
name = "测试终端"
[platform]
url = "http://127.0.0.1:9"
[storage]
data_folder = "{data}"
[face]
fullscreen = false
renew_after_s = 1
fonts_folder = "{fonts}"
[devices.document_camera]
driver = "opencv"
url = "folder:{pictures}"
"""


def test_the_face_comes_back_and_says_sorry(tmp_path: Path) -> None:
    face, told = _lived("failing_face", tmp_path)
    log = "".join(
        path.read_text(encoding="utf-8") for path in sorted((tmp_path / "data" / "log").glob("*.jsonl"))
    )
    failed = [json.loads(line) for line in log.splitlines() if '"failsafe"' in line]
    assert told["view"] == "Sorry"
    assert [line["reference"] for line in failed] == [told["reference"]]
    assert failed[0]["error"] == "ZeroDivisionError"
    assert failed[0]["place"].startswith("failing_face.py:")
    for everything in (log, face.stdout, face.stderr):
        assert "王小明" not in everything and "429006199003070019" not in everything


def test_left_alone_after_a_visit_it_becomes_a_fresh_process(tmp_path: Path) -> None:
    _, told = _lived("renewing_face", tmp_path)
    assert (told["view"], told["lives"]) == ("Idle", 2)
    files = sorted((tmp_path / "data" / "log").glob("*.jsonl"))
    log = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    finished = [json.loads(line)["outcome"] for line in log if '"terminal_finished"' in line]
    assert finished == ["renewed", "closed"]


def _lived(which: str, tmp_path: Path) -> tuple["subprocess.CompletedProcess[str]", dict[str, Any]]:
    """A face of this folder that ran to its end, and what it told."""
    fonts = ROOT / "build" / "fonts"
    assert prepare(fonts) == []
    config, out = tmp_path / "terminal.toml", tmp_path / "told.json"
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    Image.new("RGB", (640, 480)).save(pictures / "desk.png")
    text = CONFIG.format(data=tmp_path / "data", fonts=fonts, pictures=pictures)
    config.write_text(text, encoding="utf-8")
    with VirtualScreen(*_size()) as screen:
        environment = {k: v for k, v in os.environ.items() if k not in ("KIOSK_FAILSAFE", "KIOSK_SORRY")}
        face = subprocess.run(
            [sys.executable, "-m", f"tests.system.{which}", str(config), str(out)],
            cwd=ROOT,
            env={**environment, "DISPLAY": screen.name, "LIBGL_ALWAYS_SOFTWARE": "1"},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    assert face.returncode == 0, face.stderr
    return face, json.loads(out.read_text(encoding="utf-8"))


def _size() -> tuple[int, int]:
    face = TerminalConfig.model_fields["face"].default
    return face.width_px, face.height_px
