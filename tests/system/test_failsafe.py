"""An error that nobody foresaw: the visit ends, the face comes back with an apology, and nothing of her is noted."""

import json
import os
import subprocess
import sys
from pathlib import Path

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
fonts_folder = "{fonts}"
"""


def test_the_face_comes_back_and_says_sorry(tmp_path: Path) -> None:
    fonts = ROOT / "build" / "fonts"
    assert prepare(fonts) == []
    config, out = tmp_path / "terminal.toml", tmp_path / "told.json"
    config.write_text(CONFIG.format(data=tmp_path / "data", fonts=fonts), encoding="utf-8")
    with VirtualScreen(*_size()) as screen:
        environment = {k: v for k, v in os.environ.items() if k not in ("KIOSK_FAILSAFE", "KIOSK_SORRY")}
        face = subprocess.run(
            [sys.executable, "-m", "tests.system.failing_face", str(config), str(out)],
            cwd=ROOT,
            env={**environment, "DISPLAY": screen.name, "LIBGL_ALWAYS_SOFTWARE": "1"},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    assert face.returncode == 0, face.stderr
    told = json.loads(out.read_text(encoding="utf-8"))
    log = (tmp_path / "data" / "log" / "face.jsonl").read_text(encoding="utf-8")
    failed = [json.loads(line) for line in log.splitlines() if '"failsafe"' in line]
    assert told["view"] == "Sorry"
    assert [line["reference"] for line in failed] == [told["reference"]]
    assert failed[0]["error"] == "ZeroDivisionError"
    assert failed[0]["place"].startswith("failing_face.py:")
    for everything in (log, face.stdout, face.stderr):
        assert "王小明" not in everything and "429006199003070019" not in everything


def _size() -> tuple[int, int]:
    face = TerminalConfig.model_fields["face"].default
    return face.width_px, face.height_px
