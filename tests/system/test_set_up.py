"""A terminal is set up with emulated devices and a real backend: unattended, typed with a kill, and by real touches."""

import json
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import requests

from config.load import check
from ground.clock import RealClock
from tests.system.commands import ROOT, Said, kiosk
from tools.cli import main
from tools.demo.demo import Demo
from tools.demo.probe import Sight
from tools.demo.walk import Walker
from tools.demo.xserver import Pointer, VirtualScreen

CODE_KEYS = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

GLASS = (1080, 1920)
TRIES = 3  # of a device on a busy machine
AGAIN_S = 3.0  # whoever sees that nothing happened touches again


@dataclass(frozen=True)
class Cabinet:
    """Emulated devices, a backend, and folders for terminals that are not set up."""

    demo: Demo

    def one_time_code(self) -> str:
        made = requests.post(
            f"{self.demo.backend_url}/v1/operator/codes", headers=self.demo.operator, timeout=30
        )
        return str(made.json()["code"])

    def devices(self) -> dict[str, dict[str, Any]]:
        places, fonts = self.demo.places, self.demo.fonts
        return {
            "id_card": {"driver": "sdt", "url": places["id_card"]},
            "document_camera": {"driver": "opencv", "url": places["document_camera"]},
            "receipt_printer": {
                "driver": "escpos",
                "url": places["receipt_printer"],
                "font_file": str(fonts / "NotoSansSC-Regular.otf"),
                "fallback_font_file": str(fonts / "BabelStoneHan.ttf"),
            },
        }

    def answers(self, code: str, **more: dict[str, Any]) -> str:
        told: dict[str, dict[str, Any]] = {
            "site": {"township": "岳口镇", "name": "岳口镇便民服务中心（示例）"},
            "terminal": {"name": "一号", "letters": "YK"},
            "network": {
                "way": "static", "interface": "enp1s0", "address": "192.168.1.20/24", "gateway": "192.168.1.1",
                "dns": ["192.168.1.1"],
            },
            "platform": {"url": self.demo.places["platform"]},
            "time": {"servers": ["ntp.example.cn"]},
            "enrol": {"code": code},
            "touch": {"points": "0.11,0.12 0.91,0.12 0.91,0.92 0.11,0.92 0.51,0.52"},
            "sound": {"volume": 0},
            "saw": {"everything": True},
        }  # fmt: skip
        told |= {f"devices.{kind}": table for kind, table in self.devices().items()} | more
        return "\n".join(
            f"[{section}]\n"
            + "".join(f"{key} = {json.dumps(one, ensure_ascii=False)}\n" for key, one in table.items())
            for section, table in told.items()
        )


@dataclass(frozen=True)
class Terminal:
    """A folder in which nobody has set anything up."""

    folder: Path
    fonts: Path

    @property
    def config(self) -> Path:
        return self.folder / "etc" / "terminal.toml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def env(self) -> dict[str, str]:
        return {
            "KIOSK__STORAGE__DATA_FOLDER": str(self.data),
            "KIOSK__FACE__FONTS_FOLDER": str(self.fonts),
            "KIOSK__FACE__FULLSCREEN": "false",
            "KIOSK__FACE__RENEW_AFTER_S": "0",
        }

    def setup(self, *arguments: object) -> Said:
        return kiosk("setup", *arguments, "--config", self.config, env=self.env)


@pytest.fixture
def cabinet(tmp_path: Path) -> Iterator[Cabinet]:
    """One for each test: what a killed set-up leaves on a line does not meet the next."""
    demo = Demo(tmp_path / "cabinet", RealClock())
    demo.prepare()
    with demo.processes:
        demo.start_backend()
        demo.start_cabinet()
        demo.device("id_card", card_on=True)
        demo.device("camera", sheet="lease-1")
        yield Cabinet(demo)


@pytest.fixture
def terminal(cabinet: Cabinet, tmp_path: Path) -> Terminal:
    (tmp_path / "etc").mkdir()
    return Terminal(tmp_path, cabinet.demo.fonts)


def _pdf_text(path: Path) -> str:
    document = pypdfium2.PdfDocument(str(path))
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def main_in(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """A verb in this very process: starting another one costs more than all that it does."""
    for name, value in terminal.env.items():
        monkeypatch.setenv(name, value)
    return main(["setup", *map(str, arguments), "--config", str(terminal.config)])


def test_unattended_and_what_comes_of_it(
    cabinet: Cabinet, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cabinet.one_time_code()
    answers = terminal.folder / "answers.toml"
    answers.write_text(cabinet.answers(code), encoding="utf-8")
    said = terminal.setup("--answers", answers, "--json", "--no-network-search")
    told = said.json()
    assert (said.code, told["ok"], told["finished"]) == (0, True, True), said.stderr
    assert [one["step"] for one in told["steps"]] == [
        *("language", "site", "network", "time", "find", "devices", "enrol"),
        *("device.id_card", "device.document_camera", "device.receipt_printer"),
        *("camera", "touch", "sound", "finish"),
    ]
    assert told["seconds"] < 60, "the figure of the issue"
    assert check(terminal.config) == []
    first = terminal.config.read_text(encoding="utf-8")
    tree = tomllib.loads(first)
    assert tree["site"]["name"] == "岳口镇便民服务中心（示例）"
    terminal_id = next(one["figures"]["terminal"] for one in told["steps"] if one["step"] == "enrol")
    assert tree["terminal"]["id"] == terminal_id
    assert set(tree["devices"]) == set(cabinet.devices())
    assert "# 终端放在哪里" in first, "the comments of the shipped file"
    assert any("192.168.1.20/24" in text for text in _texts(terminal.data / "setup" / "system"))
    report = _pdf_text(terminal.data / "setup" / "acceptance.pdf")
    for expected in ("验收报告", "身份证阅读器", "不是官方表格", "像素", "日期", terminal_id):
        assert expected in report
    answers.unlink()
    assert not any(code in text for text in _texts(terminal.folder)), "a one-time code is on no disk"
    _cloned(cabinet, terminal, monkeypatch)
    _changed_and_rolled_back(cabinet, terminal, monkeypatch, capsys)


def _texts(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace")


def _cloned(cabinet: Cabinet, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes to the next cabinet names nobody."""
    held = json.loads((terminal.data / "credentials.json").read_text(encoding="utf-8"))
    out = terminal.folder / "clone.toml"
    assert main_in(terminal, monkeypatch, "export", out) == 0
    clone = out.read_text(encoding="utf-8")
    secrets = [held["terminal_id"], held["token"], *held["recipients"], *held["publishers"]]
    for secret in (*secrets, "192.168.1", "岳口", str(terminal.folder), cabinet.demo.places["id_card"]):
        assert secret not in clone
    assert cabinet.demo.places["platform"] in clone and "sdt" in clone
    other = Terminal(terminal.folder / "next", terminal.fonts)
    assert main_in(other, monkeypatch, "clone", out) == 0
    state = json.loads((other.data / "setup" / "state.json").read_text(encoding="utf-8"))
    assert state["answers"]["platform.url"] == cabinet.demo.places["platform"]


def _changed_and_rolled_back(
    cabinet: Cabinet, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A later wizard knows what was said, and every version comes back."""
    first = terminal.config.read_text(encoding="utf-8")
    terminal_id = tomllib.loads(first)["terminal"]["id"]
    quick = ["time", "find", "camera", "touch", "sound", *(f"device.{kind}" for kind in cabinet.devices())]
    answers = terminal.folder / "again.toml"
    answers.write_text(f'skip = {json.dumps(quick)}\n[site]\nname = "岳口镇服务站"\n', encoding="utf-8")
    assert main_in(terminal, monkeypatch, "--answers", answers) == 0
    changed = tomllib.loads(terminal.config.read_text(encoding="utf-8"))
    assert changed["terminal"]["id"] == terminal_id, "enrolled before, and left at that"
    assert changed["site"] == tomllib.loads(first)["site"] | {"name": "岳口镇服务站"}
    capsys.readouterr()
    assert main_in(terminal, monkeypatch, "versions", "--json") == 0
    assert [one["number"] for one in json.loads(capsys.readouterr().out)] == [1, 2]
    assert main_in(terminal, monkeypatch, "diff", 1, 2) == 0
    diff = capsys.readouterr().out
    assert '-name = "岳口镇便民服务中心' in diff and '+name = "岳口镇服务站' in diff
    assert main_in(terminal, monkeypatch, "rollback", 1) == 0
    assert terminal.config.read_text(encoding="utf-8") == first


def test_killed_while_typing_it_goes_on_where_it_was(
    cabinet: Cabinet, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        "",
        "岳口镇",
        "示例服务点",
        "",
        "",
        "",
        "一号",
        "ZZ",
        "",
        "",
        cabinet.demo.places["platform"],
        "",
    ]
    process = subprocess.Popen(
        [sys.executable, "run_kiosk.py", "setup", "--no-network-search", "--config", str(terminal.config)],
        cwd=ROOT, env=os.environ | terminal.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        encoding="utf-8",
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    with process:
        process.stdin.write("\n".join(lines) + "\n")
        process.stdin.flush()
        seen = ""
        while "一次性编码" not in seen and "第 4 步" not in seen:
            line = process.stdout.readline()
            assert line, seen
            seen += line
        process.send_signal(signal.SIGKILL)
    assert "连上平台了" in seen
    assert main_in(terminal, monkeypatch, "--status", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["begun"], told["finished"], told["step"]) == (True, False, "time")
    assert [one["result"] for one in told["steps"][:3]] == ["pass", "pass", "pass"]
    assert not terminal.config.exists(), "nothing is written before the end"
    rest = subprocess.run(
        [sys.executable, "run_kiosk.py", "setup", "--resume", "--no-network-search", "--config", str(terminal.config)],
        cwd=ROOT, env=os.environ | terminal.env, input="q\n", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "第 4 步" in rest.stdout and "北京时间" in rest.stdout
    assert rest.returncode == 1


class Toucher:
    """Somebody who sets up with a finger."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker

    def until(self, **facts: object) -> dict[str, Any]:
        return self._walker.until(
            lambda look: (
                look["settled"] and all(look["facts"].get(name) == one for name, one in facts.items())
            ),
            str(facts),
        )

    def tap(self, *keys: str) -> None:
        """Buttons that lead on are touched until they did: a touch just after a change is meant for what was before."""
        for key in keys:
            if key.startswith(("action.", "choice.0")):
                number = self._walker.look()["scene"]
                self._until(key, lambda look, number=number: look["scene"] != number)
            else:
                self._walker.tap(key)

    def type(self, field: str, keys: list[str]) -> None:
        self._until(f"field.{field}", lambda look: "key.done" in look["targets"])
        self.tap(*keys, "key.done")
        self._walker.until(lambda look: "key.done" not in look["targets"], "no keyboard")

    def until_asked(self) -> None:
        """A device that was too slow on a busy machine is tried again."""
        shown = ("asking", "failed")
        for _ in range(TRIES):
            look = self._walker.until(lambda look: look["facts"].get("state") in shown, "a device")
            if look["facts"]["state"] == "asking":
                return
            self.tap("action.try_again")
        raise AssertionError("the device was not read")

    def _until(self, key: str, met: Callable[[dict[str, Any]], bool]) -> None:
        clock = RealClock()
        again = clock.after(0)

        def is_met(look: dict[str, Any]) -> bool:
            nonlocal again
            if met(look):
                return True
            if look["settled"] and clock.due(again):
                again = clock.after(AGAIN_S)
                self._walker.tap(key)
            return False

        self._walker.until(is_met, key)


def _as_keys(code: str) -> list[str]:
    """Capitals need the key for them, once for each run of letters."""
    assert set(code) <= set(CODE_KEYS)
    return ["key.shift", *(f"key.{character}" for character in code)]


def test_by_real_touches_from_an_empty_disk_to_the_list_of_what_is_done(
    cabinet: Cabinet, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo, clock = cabinet.demo, RealClock()
    kinds = {"id_card": cabinet.devices()["id_card"]}
    answers = {"platform.url": demo.places["platform"], "language.first": "zh-Hans"}
    answers |= {f"devices.{kind}": json.dumps(table) for kind, table in kinds.items()}
    prepared = terminal.folder / "clone.toml"
    listed = "".join(
        f"{json.dumps(name)} = {json.dumps(one, ensure_ascii=False)}\n" for name, one in answers.items()
    )
    prepared.write_text(f"format = 1\n[answers]\n{listed}[settings]\n", encoding="utf-8")
    assert main_in(terminal, monkeypatch, "clone", prepared) == 0
    probe = Path(os.path.relpath(terminal.folder / "probe", ROOT))
    with ExitStack() as stack:
        screen = stack.enter_context(VirtualScreen(*GLASS))
        demo.processes.start(
            "setup-face",
            *("-m", "tools.demo.face", "--config", str(terminal.config), "--probe", str(probe)),
            **terminal.env, DISPLAY=screen.name, LIBGL_ALWAYS_SOFTWARE="1", KIOSK__FACE__MAX_FPS="20",
            KIOSK__VOICE__ENGINE="none",
        )  # fmt: skip
        stack.callback(demo.processes.end, "setup-face")
        demo.processes.until_there(ROOT / probe, "setup-face")
        sight = Sight(probe)
        stack.callback(sight.close)
        pointer = Pointer(screen.name, clock)
        stack.callback(pointer.close)
        (terminal.folder / "pictures").mkdir()
        walker = Walker(sight, pointer, clock, terminal.folder / "pictures")
        hand = Toucher(walker)
        walker.see("setup_list")
        hand.tap("action.continue", "choice.zh-Hans", "action.continue")
        walker.until(lambda look: "field.site.name" in look["targets"], "the site")
        hand.type("site.name", ["key.1"])
        hand.type("terminal.name", ["key.2"])
        hand.tap("action.continue")
        walker.until(lambda look: "choice.keep" in look["targets"], "the network")
        hand.tap("action.continue")
        walker.until(lambda look: "choice.Asia/Shanghai" in look["targets"], "the time")
        hand.tap("action.continue")
        hand.until(step="find", state="ready")
        hand.tap("action.skip")
        walker.until(lambda look: "choice.none" in look["targets"], "the devices")
        hand.tap("action.continue")
        walker.until(lambda look: "field.enrol.code" in look["targets"], "the enrolment")
        hand.type("enrol.code", _as_keys(cabinet.one_time_code()))
        hand.tap("action.continue")
        hand.until(step="device.id_card", state="ready")
        hand.tap("action.continue")
        hand.until_asked()
        hand.tap("action.saw_yes")
        for number, (x, y) in enumerate(
            ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9), (0.5, 0.5)), start=1
        ):
            hand.until(number=number, of=5)
            pointer.tap(x * GLASS[0] + 8, y * GLASS[1] + 12)
        walker.until(lambda look: "choice.0" in look["targets"], "the sound")
        hand.tap("choice.0", "action.continue")
        hand.until(step="finish", state="ready")
        hand.tap("action.continue")
        walker.until(lambda look: look["facts"].get("state") == "finished", "the end")
    assert check(terminal.config) == []
    tree = tomllib.loads(terminal.config.read_text(encoding="utf-8"))
    assert (tree["site"]["name"], tree["terminal"]["name"]) == ("1", "2")
    assert (tree["face"]["width_px"], tree["face"]["height_px"]) == GLASS
    touched = terminal.data / "setup/system/etc/X11/xorg.conf.d/90-tiantianshun-touch.conf"
    assert "CalibrationMatrix" in touched.read_text(encoding="utf-8")
    assert (terminal.data / "setup" / "acceptance.pdf").stat().st_size > 10_000
