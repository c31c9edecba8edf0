"""What is said when: over whole walks, on a worker's own thread, into an engine that notes it."""

import queue
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from devices.emulators.input_headphones import InputHeadphonesEmulator
from devices.headphones.input_headphones import InputHeadphones, InputHeadphonesSettings
from devices.rig import register_emulators
from ground.clock import ManualClock, RealClock
from ground.logbook import MemoryLogbook
from kiosk.focused import Focused
from kiosk.health import Health
from kiosk.journey.views import Scene
from kiosk.journey.voice import Voice
from kiosk.speech import SpeechFailed
from kiosk.speech.choosing import ChosenSpeaker
from kiosk.speech.desk import SpeechDesk
from kiosk.speech.ear import Ear
from kiosk.speech.hush import Hush
from kiosk.words import Spoken
from kiosk.workers import Worker
from screens import samples
from tools.assemble import WORDS, check_device

SCENES = dict(samples.scenes())
PATIENCE_S = 10.0


class Mouth:
    """Says one sentence until it is told that it was said; notes all."""

    def __init__(self, hush: Hush) -> None:
        self._hush = hush
        self.begun: queue.Queue[tuple[str, str, int, int]] = queue.Queue()
        self.cut: list[str] = []
        self.at_once = True  #: sentences end by themselves

    def check(self) -> None:
        raise SpeechFailed("T108")

    def say(
        self, text: str, language: str, volume: int, rate: int, interrupt: bool = True, key: str = ""
    ) -> None:
        self.begun.put((text, language, volume, rate))
        if not self.at_once and self._hush.waited(PATIENCE_S):
            self.cut.append(text)

    def stop(self) -> None:
        self._hush.press()

    def close(self) -> None:
        self.at_once = True


class Room:
    """A desk with its worker."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.hush = Hush()
        self.mouth = Mouth(self.hush)
        self.worker: Worker[ChosenSpeaker] = Worker(
            "voice",
            start=lambda: ChosenSpeaker(RealClock(), self.hush, None, [self.mouth]),
            stop=lambda speaker: speaker.close(),
            errors=(SpeechFailed,),
            refusals=(SpeechFailed,),
            clock=RealClock(),
            health=Health(RealClock()),
            logbook=MemoryLogbook(),
        )
        self.words = Spoken.load(WORDS, "zh-Hans")
        self.desk = SpeechDesk(self.worker, self.words.of, self.clock)
        self.worker.begin()

    def see(self, scene: Scene, **voice: Any) -> Scene:
        look = replace(scene.chrome.look, voice=Voice(**{"on": True, **voice}))
        return self.desk.see(replace(scene, chrome=replace(scene.chrome, look=look)))

    def heard(self, count: int) -> list[str]:
        return [self.mouth.begun.get(timeout=PATIENCE_S)[0] for _ in range(count)]


@pytest.fixture
def room() -> Iterator[Room]:
    room = Room()
    yield room
    room.worker.end()


def capture(**changes: Any) -> Scene:
    scene = SCENES["capture-none"]
    return replace(scene, view=replace(scene.view, **changes))


def test_a_screen_is_said_once_at_her_volume_and_rate(room: Room) -> None:
    for _ in range(3):
        room.see(SCENES["place-card"], volume=8, rate=-2)
    assert room.mouth.begun.get(timeout=PATIENCE_S) == ("请把身份证平放在亮灯的地方", "zh-Hans", 8, -2)
    assert room.heard(2)[0].startswith("放好不要动")
    assert room.mouth.begun.empty()


def test_a_new_screen_ends_what_is_being_said(room: Room) -> None:
    room.mouth.at_once = False
    room.see(SCENES["consent"])
    (first,) = room.heard(1)
    room.see(SCENES["place-card"])
    assert room.heard(1) == ["请把身份证平放在亮灯的地方"]
    assert room.mouth.cut == [first]


def test_the_caption_is_what_is_being_said(room: Room) -> None:
    room.mouth.at_once = False
    room.see(SCENES["place-card"])
    room.heard(1)
    assert room.see(SCENES["place-card"]).chrome.caption == "请把身份证平放在亮灯的地方"
    assert room.see(SCENES["place-card"], captions=False).chrome.caption == ""
    assert room.desk.see(SCENES["place-card"]).chrome.caption == "", "the voice is off"


def test_turned_off_it_is_silent_at_once_and_forgets(room: Room) -> None:
    room.mouth.at_once = False
    room.see(SCENES["consent"])
    room.heard(1)
    room.desk.see(SCENES["consent"])
    room.see(SCENES["idle"])
    assert room.heard(1) == ["轻触屏幕开始"]
    assert len(room.mouth.cut) == 1


def test_only_what_changed_is_said_and_only_when_it_stays(room: Room) -> None:
    room.see(capture())
    room.heard(4)
    for sheet in ("moving", "none", "moving", "steady"):
        room.see(capture(sheet=sheet))
    room.clock.turn(0.5)
    room.see(capture(sheet="steady"))
    assert room.heard(1) == ["看清了，别动，马上拍下"]
    assert room.mouth.begun.empty()


def test_asked_again_it_is_said_again(room: Room) -> None:
    room.see(SCENES["cases-asking"])
    room.heard(2)
    room.see(SCENES["cases-asking"], asked=1)
    assert room.heard(1) == ["请稍等，正在问平台"]


def test_names_on_an_english_screen_are_said_in_chinese(room: Room) -> None:
    scene = SCENES["matters-search"]
    look = replace(scene.chrome.look, voice=Voice(on=True), language="en")
    room.desk.see(replace(scene, chrome=replace(scene.chrome, look=look)))
    said = [room.mouth.begun.get(timeout=PATIENCE_S)[:2] for _ in range(4)]
    assert ("居住证办理", "zh-Hans") in [(text.rstrip("."), language) for text, language in said]
    assert {language for _, language in said} == {"zh-Hans", "en"}


# --- focus ---


def test_where_the_focus_moves_is_said_label_value_role_hint(room: Room) -> None:
    scene = SCENES["hardship-contact"]
    room.see(replace(scene, chrome=replace(scene.chrome, headphones=True)))
    room.heard(1)
    room.clock.turn(1.0)
    room.desk.told(Focused("手机号码", "field", "19900000001", "按确认改"))
    said = ""
    while "填写栏" not in said:
        (said,) = room.heard(1)
    assert said == "手机号码，19900000001，填写栏，按确认改"


def test_aloud_the_focus_says_nothing_of_hers(room: Room) -> None:
    room.see(SCENES["hardship-contact"])
    room.heard(1)
    room.clock.turn(1.0)
    room.desk.told(Focused("1", "key"))
    room.desk.told(Focused("手机号码 19900000001", "field", "19900000001"))
    said = ""
    while "填写栏" not in said:
        said = room.mouth.begun.get(timeout=PATIENCE_S)[0]
        assert "199" not in said
        assert said != "1"
    assert said == "手机号码，填写栏"


def test_a_focus_that_comes_with_the_screen_waits_for_it(room: Room) -> None:
    room.see(SCENES["cases-asking"])
    room.desk.told(Focused("返回", "button"))
    assert room.heard(3) == ["请稍等，正在问平台", "一般几秒钟就好", "返回，按钮"]


def test_with_the_voice_off_no_focus_is_said(room: Room) -> None:
    room.desk.see(SCENES["idle"])
    room.desk.told(Focused("返回", "button"))
    assert room.mouth.begun.empty()


# --- headphones ---


def test_the_ear_knows_of_headphones_and_of_a_jack_that_is_gone() -> None:
    clock = RealClock()
    emulator = InputHeadphonesEmulator(clock)
    rig = register_emulators({"ear": emulator})["ear"]

    def start() -> InputHeadphones:
        device = InputHeadphones(InputHeadphonesSettings(url=rig.url), clock)
        device.open()
        return device

    worker: Worker[Any] = Worker(
        "headphones",
        start=start,
        stop=lambda device: device.close(),
        check=check_device,
        errors=(Exception,),
        clock=clock,
        health=Health(clock),
        logbook=MemoryLogbook(),
    )
    ear = Ear(worker)
    worker.begin()
    ear.begin()
    try:
        emulator.headphones_in = True
        assert _soon(lambda: ear.plugged)
        rig.unplug()
        assert _soon(lambda: not ear.plugged)
    finally:
        worker.end()


def _soon(true: Any) -> bool:
    clock = RealClock()
    ends = clock.after(PATIENCE_S)
    while not true() and not clock.due(ends):
        clock.wait(0.01)
    return bool(true())
