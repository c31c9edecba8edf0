"""A world for the wizard that holds still: an in-memory workshop, and a person who says what they are told to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from config.schema import TerminalConfig
from kiosk.setup.draft import Premises
from kiosk.setup.touch import AS_IT_IS, Matrix
from kiosk.setup.wizard import Wizard
from kiosk.setup.workshop import Found, Outcome, Person, Reached, SetupFailed
from kiosk.words import Words

ROOT = Path(__file__).parents[3]
WORDS = ROOT / "config" / "words"
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
CARD = Found("id_card", "sdt", "/dev/serial/by-id/card", "certain", "IDR", 115200)


@dataclass
class MemoryShop:
    """What is there, and what was done with it."""

    ahead_s: float = 0.2
    matrix: Matrix = AS_IT_IS
    id_there: str = ""
    found: tuple[Found, ...] = (CARD,)
    root_listens: bool = False
    said: str = "AB12"  #: by a code that is held there
    done: list[str] = field(default_factory=list)
    tested: list[str] = field(default_factory=list)

    def find(self, person: Person) -> tuple[Found, ...]:
        return self.found

    def network_manager(self) -> Literal["networkmanager", "networkd"]:
        return "networkd"

    def settle(self) -> bool:
        self.done.append("settle")
        return self.root_listens

    def reach(self, config: TerminalConfig, patience_s: float = 0.0) -> Reached:
        self.done.append(f"reach {config.platform.url}")
        return Reached(12, self.ahead_s)

    def enrolled(self, config: TerminalConfig) -> str:
        return self.id_there

    def enrol(self, config: TerminalConfig, code: str) -> str:
        self.done.append(f"enrol {code}")
        self.id_there = "TM-0007"
        return self.id_there

    def scan_code(self, config: TerminalConfig, person: Person) -> str:
        if not self.said:
            raise SetupFailed("W208")
        return self.said

    def test(self, kind: str, config: TerminalConfig, person: Person) -> Outcome:
        self.tested.append(getattr(config.devices, kind).url)
        fine = person.saw(f"device.{kind}", "?")
        return Outcome(result="pass" if fine else "fail", at=NOW)

    def calibrate(self, config: TerminalConfig, person: Person) -> float:
        return 9.0

    def uncalibrate(self, config: TerminalConfig) -> None:
        self.done.append("uncalibrate")

    def installed_touch(self) -> Matrix:
        return self.matrix

    def print_page(self, config: TerminalConfig, pdf: bytes) -> None:
        self.done.append(pdf[:5].decode())

    def play(self, config: TerminalConfig, volume: int, text: str) -> None:
        self.done.append(f"play {volume}")

    def report(self, config: TerminalConfig, outcomes: Mapping[str, Outcome], path: Path) -> None:
        self.done.append(f"report {','.join(outcomes)}")


@dataclass
class Present:
    """Somebody who sees, or not."""

    fine: bool = True
    told: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        self.told.append(line)

    def saw(self, about: str, question: str) -> bool:
        return self.fine


def wizard(folder: Path, shop: MemoryShop, person: Person | None = None) -> Wizard:
    """In `folder`, with the shipped template."""
    env = {"KIOSK__FACE__FONTS_FOLDER": str(ROOT / "build" / "fonts")}
    premises = Premises(
        folder / "etc" / "terminal.toml",
        ROOT / "config" / "terminal.toml",
        folder / "setup",
        env,
        ("岳口镇",),
    )
    words = Words.load(WORDS, "zh-Hans")
    return Wizard(premises, shop, person or Present(), words, lambda: NOW, "kiosk")


#: what brings it to the devices
FIRST = {
    "site.name": "示例服务点", "terminal.name": "一号", "network.proxy": "http://10.0.0.8:3128",
    "platform.url": "https://platform.example.cn", "enrol.code": "AB12", "sound.volume": "4",
}  # fmt: skip


def walk_to(one: Wizard, key: str) -> None:
    """Answers as in `FIRST`, and does what is to be done, until it is at this step."""
    for _ in range(30):
        if one.step.key == key:
            return
        at = one.step.key
        for name, text in FIRST.items():
            one.fill(name, text)
        assert one.go_on() == {}
        if one.step.key == at and one.phase == "work":
            assert one.work().result == "pass", one.held.outcomes
    raise AssertionError(f"never came to {key}")
