"""The demo's panel offers every knob that the cabinet's emulators declare, by the same control as `devices emulate`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from config.sentences import LANGUAGES, SHIPPED
from devices.emulators import EMULATORS, SERVICES
from devices.emulators.escpos import EscposEmulator
from devices.emulators.lamp_desk import LampDesk
from devices.emulators.neutral_evaluator import NeutralEvaluatorEmulator
from devices.emulators.opencv import CameraEmulator
from devices.emulators.sdt import SdtEmulator
from devices.rig.control import ControlClient, ControlServer, Steered
from ground.clock import ManualClock
from kiosk.words import Words
from tools.demo import panel
from tools.demo.link import Link
from tools.demo.steering import kind_of, stepped, text_of, value_of

CABINET: tuple[type[Any], ...] = (
    SdtEmulator,
    EscposEmulator,
    NeutralEvaluatorEmulator,
    CameraEmulator,
    Link,
)


class Board:
    """The board's values without its window."""

    @dataclass(frozen=True)
    class Button:
        text: str
        turn: Any

    @dataclass(frozen=True)
    class Group:
        title: str
        buttons: tuple[Any, ...]

    @dataclass(frozen=True)
    class Dial:
        name: str
        text: str
        kind: str

    @dataclass(frozen=True)
    class Tab:
        title: str
        groups: tuple[Any, ...]
        dials: Any = None


class Cable:
    """A plug that remembers."""

    def __init__(self) -> None:
        self.turns: list[str] = []

    def unplug(self) -> None:
        self.turns.append("unplug")

    def replug(self) -> None:
        self.turns.append("replug")


class Cabinet:
    """A reader, a printer and a desk under control."""

    def __init__(self) -> None:
        clock = ManualClock()
        self.reader, self.printer, self.desk = (
            SdtEmulator(clock),
            EscposEmulator(clock),
            CameraEmulator(clock),
        )
        self.cable = Cable()
        self.devices: dict[str, Steered] = {
            "id_card": self.reader,
            "printer": self.printer,
            "camera": self.desk,
        }
        self.server = ControlServer(self.devices, {"id_card": self.cable})
        self.client = ControlClient(self.server.port)

    def tabs(self, language: str = "zh-Hans") -> dict[str, Any]:
        made = panel.tabs(Board, self.client, Words.load(SHIPPED, language))
        return dict(zip(["usual", *self.devices], made, strict=True))


@pytest.fixture
def cabinet() -> Iterator[Cabinet]:
    cabinet = Cabinet()
    yield cabinet
    cabinet.client.close()
    cabinet.server.close()


def press(tab: Any, text: str) -> str:
    """What the button with that text tells."""
    (button,) = (b for group in tab.groups for b in group.buttons if b.text == text)
    told: str = button.turn()
    return told


def test_every_declared_knob_has_its_dial_and_its_present_value(cabinet: Cabinet) -> None:
    tabs = cabinet.tabs()
    for name, device in cabinet.devices.items():
        dials = tabs[name].dials
        assert tuple(dial.name for dial in dials.dials) == device.knobs
        assert dials.look() == {knob: text_of(_plain(getattr(device, knob))) for knob in device.knobs}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def test_kinds_follow_the_values(cabinet: Cabinet) -> None:
    kinds = {dial.name: dial.kind for dial in cabinet.tabs()["id_card"].dials.dials}
    assert (kinds["mute"], kinds["flip_at"], kinds["read_s"]) == ("switch", "number", "number")
    assert kinds["card_sample"] == "text"


def test_switches_numbers_and_texts_are_put(cabinet: Cabinet) -> None:
    tabs = cabinet.tabs()
    assert tabs["id_card"].dials.put("mute", "on") == "" and cabinet.reader.mute
    assert tabs["id_card"].dials.put("read_s", "1.2") == "" and cabinet.reader.read_s == 1.2
    assert tabs["id_card"].dials.step("flip_at", 1) == "" and cabinet.reader.flip_at == 0
    assert tabs["camera"].dials.put("offset", "[1, -2]") == "" and cabinet.desk.offset == (1.0, -2.0)
    assert tabs["printer"].dials.put("presenter", "none") == ""


@pytest.mark.parametrize(
    ("knob", "text"), [("read_s", "soon"), ("card_sample", "nobody"), ("flip_at", "0.5")]
)
def test_what_is_refused_is_told_in_words_and_changes_nothing(cabinet: Cabinet, knob: str, text: str) -> None:
    dials = cabinet.tabs()["id_card"].dials
    before = dials.look()
    assert dials.put(knob, text).startswith("没有成功：")
    assert dials.look() == before


def test_plugs(cabinet: Cabinet) -> None:
    tabs = cabinet.tabs()
    assert press(tabs["id_card"], "拔掉") == ""
    assert cabinet.cable.turns == ["unplug"]
    assert press(tabs["id_card"], "插回") == ""
    assert cabinet.cable.turns == ["unplug", "replug"]
    assert tabs["printer"].groups == (), "no plug, no buttons for one"


def test_the_usual_buttons(cabinet: Cabinet) -> None:
    usual = cabinet.tabs()["usual"]
    assert press(usual, "放上身份证") == "" and cabinet.reader.card_on
    assert press(usual, "没有纸了") == "" and cabinet.printer.paper_mm == 0.0
    assert press(usual, "房产证") == "" and cabinet.desk.sheet
    assert press(usual, "拿走纸张") == "" and not cabinet.desk.sheet


def test_a_cabinet_that_has_gone_is_told_not_raised(cabinet: Cabinet) -> None:
    tabs = cabinet.tabs()
    cabinet.server.close()
    assert press(tabs["usual"], "放上身份证").startswith("没有成功：")
    assert tabs["id_card"].dials.look() == {}


def test_a_single_emulated_device_has_its_page(cabinet: Cabinet) -> None:
    with ControlServer({"nut": EMULATORS["nut"](ManualClock())}) as server, ControlClient(server.port) as one:
        (tab,) = panel.tabs(Board, one, Words.load(SHIPPED, "zh-Hans"))
    assert tab.title == "nut"
    texts = {dial.name: dial.text for dial in tab.dials.dials}
    assert texts["mute"] == "没有应答"
    assert texts["tells_charge"] == "tells_charge", "without words it shows its own name"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_knob_of_the_cabinet_has_words_and_no_words_are_left_over(language: str) -> None:
    named = set(Words.load(SHIPPED, language).under("knob"))
    needed = {knob for device in CABINET for knob in device.knobs}
    known = {
        knob
        for build in (*EMULATORS.values(), *SERVICES.values(), Link, LampDesk)
        for knob in getattr(build, "knobs", ())
    }
    assert needed <= named
    assert named <= known


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (True, "switch", "on"),
        (False, "switch", "off"),
        (-1, "number", "-1"),
        (0.045, "number", "0.045"),
        (50000.0, "number", "50000"),
        ("wood", "text", "wood"),
        ([0.0, 1.5], "text", "[0.0, 1.5]"),
        ([], "text", "[]"),
        (None, "text", "null"),
    ],
)
def test_values_as_text_and_back(value: object, kind: str, text: str) -> None:
    assert (kind_of(value), text_of(value)) == (kind, text)
    assert value_of(text, value) == value


@pytest.mark.parametrize(
    ("now", "up"), [(5, 6), (-1, 0), (0.0, 0.1), (0.9, 1.0), (3.0, 3.1), (50_000.0, 51_000.0)]
)
def test_steps_fit_the_size_of_a_number(now: float, up: float) -> None:
    assert stepped(now, 1) == pytest.approx(up)
    assert stepped(stepped(now, 1), -1) == pytest.approx(now)
