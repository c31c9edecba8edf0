"""An error that nobody foresaw: the visit ends, the face comes back with an apology, and nothing of her is noted."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from config.schema import TerminalConfig
from kiosk.care.growth import History
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
zoom = 0.25
[failsafe]
plain_page_s = 1
[devices.evaluator]
driver = "neutral_evaluator"
url = "/dev/no-such-keypad"
[devices.document_camera]
driver = "opencv"
url = "folder:{pictures}"
"""

#: what each life of `failing_face` fails with, as it is noted; the last is killed and cannot note anything
IN_ORDER = (
    "ZeroDivisionError",
    "ZeroDivisionError",
    "ZeroDivisionError",
    "TransitionNotAllowed",
    "ZeroDivisionError",
)
LADDER = ("safe_mode_entered", "safe_mode_left", "face_cut", "plain_page_shown")


def test_wherever_it_fails_the_next_life_apologises_and_asks_less(tmp_path: Path) -> None:
    """Three failures: safe mode; three more: the plain page; then a face in safe mode again."""
    lives, face = _lives(tmp_path)
    log = _log(tmp_path)
    views = [life["view"] for life in lives]
    assert views == ["Idle", *["Sorry"] * len(IN_ORDER), "Idle"]
    failed = [line for line in log if line["event"] == "failsafe"]
    assert [line["reference"] for line in failed] == [life["reference"] for life in lives[1:-1]]
    assert [line["error"] for line in failed] == list(IN_ORDER)
    assert failed[2]["device"] == "pages"
    assert all(line["place"].startswith("failing_face.py:") for line in failed if "Zero" in line["error"])
    assert [("safe" in life["limits"], "evaluator" in life["devices"]) for life in lives] == [
        *[(False, True)] * 3,
        *[(True, False)] * 4,
    ]
    assert all("voice" not in life["devices"] and "outbox" in life["devices"] for life in lives[3:])
    told = [line["event"] for line in log if line["event"] in LADDER]
    assert told == ["safe_mode_entered"] * 3 + ["face_cut", "plain_page_shown", "safe_mode_entered"]
    assert [line["served"] for line in log if line["event"] == "face_cut"] == [True]
    for everything in (json.dumps(log, ensure_ascii=False), face.stdout, face.stderr):
        assert "王小明" not in everything and "429006199003070019" not in everything


def _lives(tmp_path: Path) -> tuple[list[dict[str, Any]], "subprocess.CompletedProcess[str]"]:
    """What each life of the failing face told, and its last process. Killed, it is started again, as systemd does."""
    config, out = _terminal(tmp_path), tmp_path / "told.jsonl"
    with VirtualScreen(*_size()) as screen:
        killed = _run("failing_face", config, out, screen.name)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        face = _run("failing_face", config, out, screen.name)
    assert face.returncode == 0, face.stderr
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()], face


def _log(tmp_path: Path) -> list[dict[str, Any]]:
    files = sorted((tmp_path / "data" / "log").glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


def test_left_alone_after_a_visit_it_becomes_a_fresh_process(tmp_path: Path) -> None:
    _, told = _lived("renewing_face", tmp_path)
    assert (told["view"], told["lives"]) == ("Idle", 2)
    finished = [line for line in _log(tmp_path) if line["event"] == "terminal_finished"]
    assert [(line["outcome"], line.get("reason"), line["visits"]) for line in finished] == [
        ("renewed", "visit", 1),
        ("closed", None, 0),
    ]
    counted = History(tmp_path / "data" / "care" / "face.jsonl").read()
    assert len({each.life for each in counted}) == 2, "one process to the kernel, two lives to the guard"


def _lived(which: str, tmp_path: Path) -> tuple["subprocess.CompletedProcess[str]", dict[str, Any]]:
    """A face of this folder that ran to its end, and what it told."""
    config, out = _terminal(tmp_path), tmp_path / "told.json"
    with VirtualScreen(*_size()) as screen:
        face = _run(which, config, out, screen.name)
    assert face.returncode == 0, face.stderr
    return face, json.loads(out.read_text(encoding="utf-8"))


def _terminal(tmp_path: Path) -> Path:
    fonts = ROOT / "build" / "fonts"
    assert prepare(fonts) == []
    config, pictures = tmp_path / "terminal.toml", tmp_path / "pictures"
    pictures.mkdir()
    Image.new("RGB", (640, 480)).save(pictures / "desk.png")
    text = CONFIG.format(data=tmp_path / "data", fonts=fonts, pictures=pictures)
    config.write_text(text, encoding="utf-8")
    return config


def _run(which: str, config: Path, out: Path, screen: str) -> "subprocess.CompletedProcess[str]":
    environment = {k: v for k, v in os.environ.items() if k not in ("KIOSK_FAILSAFE", "KIOSK_SORRY")}
    return subprocess.run(
        [sys.executable, "-m", f"tests.system.{which}", str(config), str(out)],
        cwd=ROOT,
        env={**environment, "DISPLAY": screen, "LIBGL_ALWAYS_SOFTWARE": "1"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def _size() -> tuple[int, int]:
    face = TerminalConfig.model_fields["face"].default
    return face.width_px, face.height_px
