"""A tablet that rates: what is said to it, what it says, and what is made of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from devices.emulators.s_command_evaluator import SCommandEvaluatorEmulator
from devices.errors import Condition, Garbled, Refused, TimedOut, Unreachable
from devices.evaluator import Level, Press
from devices.evaluator.s_command_evaluator import SCommandEvaluator, SCommandEvaluatorSettings
from devices.evaluator.s_commands import (
    Closing,
    Done,
    Info,
    MessageReader,
    Rated,
    format_alive,
    format_ask,
    format_command,
    format_info,
    format_pause,
    format_rated,
    format_welcome,
)
from devices.rig import InProcessRig, register_emulators
from devices.status import State
from ground.clock import ManualClock

RECORD = b"S02||0001||5||0||2026-11-21 09:41:00||2026-11-21 09:41:07||a.jpg||a.mp4||1"


class Overheard(SCommandEvaluatorEmulator):
    """A tablet that keeps what it was told."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.heard: list[bytes] = []

    def receive(self, data: bytes) -> None:
        self.heard.append(data)
        super().receive(data)


class Counter:
    """A counter with one tablet on it."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.emulator = Overheard(self.clock)
        self.rig: InProcessRig = register_emulators({"tablet": self.emulator})["tablet"]

    def tablet(self, **settings: Any) -> SCommandEvaluator:
        return SCommandEvaluator(SCommandEvaluatorSettings(url=self.rig.url, **settings), self.clock)

    def pressed(self, tablet: SCommandEvaluator, looks: int = 150) -> list[Press]:
        """All that is told within `looks` looks (of 30 ms, so 4.5 s)."""
        return [press for _ in range(looks) if (press := tablet.pressed()) is not None]


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def tablet(counter: Counter) -> Iterator[SCommandEvaluator]:
    tablet = counter.tablet()
    tablet.open()
    yield tablet
    tablet.close()


def test_commands_are_the_notes_own() -> None:  # evaluator.md §3
    assert format_welcome("network") == b"S01E"
    assert format_ask("network") == b"S02E"
    assert format_pause("network", paused=True) == format_pause("usb", paused=True) == b"S03E"
    assert format_pause("network", paused=False) == b"S06E"
    assert format_pause("usb", paused=False) == b"S25E"
    assert format_alive("network") == b"S95E"
    assert format_info("usb") == format_alive("usb") == b"S99||0||E"
    assert format_command(9, "abc", form="network") == b"S09abcE"


@pytest.mark.parametrize(
    ("said", "heard"),
    [  # §3
        (b"S95OK", [Done(95)]),
        (b"RecvCmdOK", [Done(None)]),
        (b"DisConnect", [Closing()]),
        (RECORD, [Rated("5", "2026-11-21 09:41:00", "2026-11-21 09:41:07")]),
        (b"S02||card||3||", [Rated("3")]),
        (b"S02||card||3", []),
        (b"S99||0||Version=1.2.3||MAC||x||newVer||y||", [Info("1.2.3")]),
        (b"S24||a||b||", []),
        (b"RecvCmdOKS95OK" + RECORD, [Done(None), Done(95), Rated("5", *(2 * [""]))]),
    ],
)
def test_what_a_tablet_says(said: bytes, heard: list[object]) -> None:
    found = MessageReader("utf-8").feed(said)
    assert [type(message) for message in found] == [type(message) for message in heard]
    if len(heard) == 1:
        assert found == heard


def test_a_bar_inside_a_chinese_character_is_no_bar() -> None:
    name = "髚"  # its second byte in GB 18030 is 7Ch, the bar's
    assert b"|" in name.encode("gb18030")
    said = format_rated(Rated("4"), card=name, encoding="gb18030")
    assert [m.key for m in MessageReader("gb18030").feed(said) if isinstance(m, Rated)] == ["4"]


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_any_bytes_can_be_read(parts: list[bytes]) -> None:
    reader = MessageReader("gb18030")
    for part in parts:
        reader.feed(part)
    reader.reset()
    assert reader.feed(b"S95OK") == [Done(95)]


def test_noise_does_not_pile_up() -> None:
    reader = MessageReader("utf-8")
    for _ in range(100):
        reader.feed(b"S02||" * 1000)
    assert len(reader._held) <= 4096


def test_a_rating(counter: Counter, tablet: SCommandEvaluator) -> None:
    tablet.ask(20)
    assert counter.emulator.page == "rating"
    counter.clock.turn(7.4)
    counter.emulator.press = 5
    assert counter.pressed(tablet) == [Press(Level.VERY_SATISFIED, after_s=7)]
    assert counter.emulator.page == "thanks"


def test_it_looks_every_two_seconds_and_says_nothing_else(
    counter: Counter, tablet: SCommandEvaluator
) -> None:
    counter.emulator.heard.clear()
    tablet.ask(20)
    started = counter.clock.instant()
    while counter.clock.instant() < started + 9:
        tablet.pressed()
    assert counter.emulator.heard == [b"S95E", b"S02E", *[b"SE"] * 4]


def test_a_tablet_that_tells_at_once(counter: Counter, tablet: SCommandEvaluator) -> None:
    counter.emulator.pushes = True
    tablet.ask(20)
    counter.emulator.press = 2
    assert counter.pressed(tablet, looks=1) == [Press(Level.DISSATISFIED, after_s=0)]


def test_nobody_rates_and_the_page_goes_back(counter: Counter, tablet: SCommandEvaluator) -> None:
    tablet.ask(3)
    assert counter.pressed(tablet) == []
    assert counter.emulator.page == "welcome"
    assert counter.emulator.welcomes == 1


def test_cancelling_leaves_the_page_unless_told_not_to(counter: Counter, tablet: SCommandEvaluator) -> None:
    tablet.ask(20)
    tablet.cancel()
    tablet.cancel()
    assert (counter.emulator.page, counter.emulator.welcomes) == ("welcome", 1)
    tablet.close()
    quiet = counter.tablet(welcome_after=False)
    quiet.open()
    quiet.ask(20)
    quiet.cancel()
    assert counter.emulator.welcomes == 1
    quiet.close()


def test_a_result_that_comes_twice_is_one_rating(counter: Counter, tablet: SCommandEvaluator) -> None:
    counter.emulator.doubled = True
    tablet.ask(20)
    counter.emulator.press = 4
    assert len(counter.pressed(tablet)) == 1
    tablet.ask(20)
    assert counter.pressed(tablet) == []


def test_the_last_citizens_result_is_not_the_next_ones(counter: Counter, tablet: SCommandEvaluator) -> None:
    """Not even when its copy arrives after the next question."""
    counter.emulator.pushes = True
    tablet.ask(20)
    counter.emulator.press = 1
    record = counter.emulator.take() or counter.emulator.take()
    while b"||" not in record:
        record = counter.emulator.take()
    counter.emulator.say(record)
    assert len(counter.pressed(tablet)) == 1
    tablet.ask(20)
    counter.emulator.say(record)
    assert counter.pressed(tablet) == []
    counter.clock.turn(1)
    counter.emulator.press = 5
    assert [press.level for press in counter.pressed(tablet)] == [Level.VERY_SATISFIED]


def test_a_result_under_way_when_the_next_question_is_asked(
    counter: Counter, tablet: SCommandEvaluator
) -> None:
    tablet.ask(20)
    counter.emulator.press = 1
    tablet.cancel()
    counter.emulator.say(RECORD)
    tablet.ask(20)
    assert counter.pressed(tablet) == []


def test_a_late_result_is_waited_for(counter: Counter, tablet: SCommandEvaluator) -> None:
    counter.emulator.late_s = 5.0
    tablet.ask(20)
    counter.emulator.press = 3
    assert [press.level for press in counter.pressed(tablet, looks=300)] == [Level.FAIR]


def test_a_lost_look_costs_a_look(counter: Counter, tablet: SCommandEvaluator) -> None:
    tablet.ask(20)
    counter.emulator.press = 3
    counter.emulator.lose_heard = 1
    assert [press.level for press in counter.pressed(tablet, looks=200)] == [Level.FAIR]


def test_a_lost_result_is_no_rating(counter: Counter, tablet: SCommandEvaluator) -> None:
    tablet.ask(20)
    assert counter.pressed(tablet, looks=10) == []  # what it had to say about the question has come
    counter.emulator.press = 3
    counter.emulator.lose_said = 1
    assert counter.pressed(tablet) == []


def test_a_tablet_that_restarts_rates_nothing(counter: Counter, tablet: SCommandEvaluator) -> None:
    tablet.ask(20)
    counter.emulator.restarted = True
    counter.emulator.press = 5
    assert counter.pressed(tablet) == []
    tablet.ask(20)
    counter.emulator.press = 5
    assert len(counter.pressed(tablet)) == 1


def test_a_tablet_that_closes_says_so(counter: Counter, tablet: SCommandEvaluator) -> None:
    tablet.ask(20)
    counter.emulator.closing = True
    with pytest.raises(Unreachable):
        counter.pressed(tablet)
    assert tablet.status().state is State.ONLINE, "it is asked anew, and answers"


def test_pause_and_resume(counter: Counter, tablet: SCommandEvaluator) -> None:
    tablet.pause()
    assert counter.emulator.page == "paused"
    assert tablet.status().state is State.OFFLINE
    with pytest.raises(Refused) as caught:
        tablet.ask(20)
    assert caught.value.condition is Condition.BUSY
    tablet.resume()
    assert tablet.status().state is State.ONLINE
    tablet.ask(20)
    assert counter.emulator.page == "rating"


def test_identity_is_the_version_or_the_place(counter: Counter, tablet: SCommandEvaluator) -> None:
    assert tablet.identity() == f"TIANMEN-TABLET-1.00 {counter.rig.url}"
    tablet.close()
    tablet.open()
    counter.emulator.mute = True
    assert tablet.identity() == counter.rig.url


def test_asking_how_it_fares_loses_no_press(counter: Counter, tablet: SCommandEvaluator) -> None:
    counter.emulator.pushes = True
    tablet.ask(20)
    counter.emulator.press = 5
    assert tablet.status().state is State.ONLINE
    assert counter.pressed(tablet) == [Press(Level.VERY_SATISFIED, after_s=0)]


def test_silence_and_nonsense_are_told_apart(counter: Counter) -> None:
    counter.emulator.lose_heard = 1
    with pytest.raises(TimedOut):
        counter.tablet().open()
    counter.emulator.lose_heard = 1
    tablet = counter.tablet()
    counter.emulator.connected = lambda: counter.emulator.say(b"\x00S9", 0.5)  # type: ignore[method-assign]
    with pytest.raises(Garbled):
        tablet.open()


@pytest.mark.parametrize("key", [b"9", b"", b"x", b"9" * 5000])
def test_a_key_without_a_level_is_garbled(counter: Counter, tablet: SCommandEvaluator, key: bytes) -> None:
    tablet.ask(20)
    counter.emulator.say(b"S02||card||" + key + b"||")
    with pytest.raises(Garbled):
        counter.pressed(tablet)


def test_keys_mean_what_the_settings_say(counter: Counter) -> None:
    tablet = counter.tablet(key_levels={0: 5, 1: 4, 2: 3, 3: 2, 4: 1})  # §2: the GWQ 人社 variant
    tablet.open()
    tablet.ask(20)
    counter.emulator.press = 4
    assert [press.level for press in counter.pressed(tablet)] == [Level.VERY_DISSATISFIED]
    tablet.close()


@pytest.mark.parametrize("wrong", [{"key_levels": {1: 1}}, {"key_levels": {-1: 1, 1: 2}}, {"form": "bus"}])
def test_impossible_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SCommandEvaluatorSettings.model_validate({"url": "x", **wrong})


def test_an_impossible_window(tablet: SCommandEvaluator) -> None:
    with pytest.raises(ValueError, match="1 to 255"):
        tablet.ask(0)
