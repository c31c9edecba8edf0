"""A keypad without ears: what counts as a press is the driver's business."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from devices.emulators.raw_key_evaluator import RawKeyEvaluatorEmulator
from devices.errors import Unreachable
from devices.evaluator import Level, Press
from devices.evaluator.raw_key_evaluator import (
    PJQ_OCX,
    XJPJQ,
    LineKeys,
    RawKeyEvaluator,
    RawKeyEvaluatorSettings,
)
from devices.rig import InProcessRig, register_emulators
from devices.status import State
from ground.clock import ManualClock


class Bench:
    """A keypad on the table."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.emulator = RawKeyEvaluatorEmulator(self.clock)
        self.rig: InProcessRig = register_emulators({"keypad": self.emulator})["keypad"]

    def keypad(self, **settings: Any) -> RawKeyEvaluator:
        keypad = RawKeyEvaluator(RawKeyEvaluatorSettings(url=self.rig.url, **settings), self.clock)
        keypad.open()
        return keypad

    def pressed(self, keypad: RawKeyEvaluator, looks: int = 40) -> list[Press]:
        """All that is told in so many looks."""
        return [press for _ in range(looks) if (press := keypad.pressed()) is not None]


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture(params=["lines", "keyboard"])
def keypad(bench: Bench, request: pytest.FixtureRequest) -> Iterator[RawKeyEvaluator]:
    """The same keypad in both of its kinds."""
    bench.emulator.keyboard = request.param == "keyboard"
    keypad = bench.keypad(form=request.param)
    yield keypad
    keypad.close()


@pytest.mark.parametrize(("sent", "keys"), [(b"5\r", "5"), (b"5\r\n", "5"), (b"1\n2\r", "12"), (b"5", "")])
def test_a_key_is_a_character_and_its_end(sent: bytes, keys: str) -> None:
    assert LineKeys(lines=True).feed(sent) == keys  # evaluator.md §8: single ASCII '1'..'5' and CR


def test_lines_that_are_no_key_are_noise() -> None:
    reader = LineKeys(lines=True)
    assert reader.feed(b"\xff5\r51\r\x00\r \r4\r") == "4"
    assert reader.noise == 6
    assert reader.feed(b"x" * 1000) == ""
    assert reader.feed(b"\r3\r") == "3"


def test_the_first_press_of_a_window_counts_once(bench: Bench, keypad: RawKeyEvaluator) -> None:
    keypad.ask(20)
    bench.clock.turn(7.4)
    bench.emulator.press = 5
    bench.emulator.press = 1
    assert bench.pressed(keypad) == [Press(Level.VERY_SATISFIED, after_s=7)]


def test_presses_before_the_window_are_nobodys(bench: Bench, keypad: RawKeyEvaluator) -> None:
    bench.emulator.press = 1
    keypad.ask(10)
    assert bench.pressed(keypad) == []
    bench.emulator.press = 4
    assert [press.level for press in bench.pressed(keypad)] == [Level.SATISFIED]


def test_presses_after_the_window_are_nobodys(bench: Bench, keypad: RawKeyEvaluator) -> None:
    keypad.ask(10)
    bench.clock.turn(10.01)
    bench.emulator.press = 1
    assert bench.pressed(keypad) == []


def test_presses_after_cancelling_are_nobodys(bench: Bench, keypad: RawKeyEvaluator) -> None:
    keypad.ask(10)
    bench.emulator.press = 2
    keypad.cancel()
    assert bench.pressed(keypad) == []


def test_chatter_of_a_press_before_the_window_is_no_press(bench: Bench, keypad: RawKeyEvaluator) -> None:
    bench.emulator.chatter = 10
    bench.emulator.press = 3  # its last contact comes 80 ms later, in the window
    keypad.ask(10)
    assert bench.pressed(keypad) == []
    bench.emulator.press = 3
    assert len(bench.pressed(keypad)) == 1


def test_a_key_wedged_down_rates_nobody(bench: Bench, keypad: RawKeyEvaluator) -> None:
    bench.emulator.stuck = True
    bench.emulator.press = 5
    keypad.ask(10)
    assert bench.pressed(keypad, looks=60) == []


def test_a_key_wedged_down_is_reported(bench: Bench) -> None:
    keypad = bench.keypad()
    bench.emulator.stuck = True
    bench.emulator.press = 5
    for _ in range(30):
        bench.clock.turn(0.033)
        keypad.pressed()
    assert keypad.status().state is State.HARDWARE_ERROR
    bench.clock.turn(2)
    assert keypad.status().state is State.ONLINE
    keypad.close()


def test_noise_costs_a_press_and_makes_none(bench: Bench) -> None:
    keypad = bench.keypad()
    keypad.ask(10)
    bench.emulator.noise = 6
    bench.emulator.press = 5
    assert bench.pressed(keypad) == []
    bench.emulator.press = 5
    assert [press.level for press in bench.pressed(keypad)] == [Level.VERY_SATISFIED]
    keypad.close()


def test_a_key_without_its_end_counts_only_where_it_has_none(bench: Bench) -> None:
    bench.emulator.terminator = False
    for form, presses in (("lines", 0), ("characters", 1)):
        keypad = bench.keypad(form=form)
        keypad.ask(10)
        bench.emulator.press = 5
        assert len(bench.pressed(keypad)) == presses, form
        keypad.close()


def test_an_end_that_comes_late_is_waited_for(bench: Bench, keypad: RawKeyEvaluator) -> None:
    bench.emulator.char_delay_s = 0.4
    keypad.ask(10)
    bench.emulator.press = 2
    assert [press.level for press in bench.pressed(keypad)] == [Level.DISSATISFIED]


def test_two_slow_presses_of_one_key_are_one_rating(bench: Bench, keypad: RawKeyEvaluator) -> None:
    keypad.ask(20)
    bench.emulator.press = 4
    assert len(bench.pressed(keypad)) == 1
    bench.clock.turn(1)
    bench.emulator.press = 4
    assert bench.pressed(keypad) == []


@pytest.mark.parametrize(
    ("table", "key", "level"),
    [(PJQ_OCX, 4, 5), (PJQ_OCX, 1, 4), (PJQ_OCX, 3, 2), (XJPJQ, 1, 5), (XJPJQ, 5, 1)],  # §2
)
def test_keys_mean_what_the_settings_say(bench: Bench, table: dict[str, int], key: int, level: int) -> None:
    keypad = bench.keypad(key_levels=table)
    keypad.ask(10)
    bench.emulator.press = key
    assert [press.level for press in bench.pressed(keypad)] == [level]
    keypad.close()


def test_a_key_without_a_level_is_counted_and_ignored(bench: Bench) -> None:
    keypad = bench.keypad(key_levels=PJQ_OCX)
    keypad.ask(10)
    bench.emulator.press = 5
    assert bench.pressed(keypad) == []
    assert keypad.status().readings["unknown_keys"] == 1
    bench.emulator.press = 4
    assert len(bench.pressed(keypad)) == 1
    assert keypad.capabilities()["levels"] == [2, 3, 4, 5]
    keypad.close()


def test_asking_how_it_fares_loses_no_press(bench: Bench, keypad: RawKeyEvaluator) -> None:
    assert keypad.status().readings["silent_s"] is None
    keypad.ask(10)
    bench.emulator.press = 5
    bench.clock.turn(1)
    assert keypad.status().state is State.ONLINE
    assert len(bench.pressed(keypad)) == 1


def test_unplugged_in_the_window_and_back(bench: Bench, keypad: RawKeyEvaluator) -> None:
    keypad.ask(20)
    bench.rig.unplug()
    with pytest.raises(Unreachable):
        keypad.pressed()
    keypad.close()
    bench.rig.replug()
    bench.emulator.press = 1  # said before anybody listens
    keypad.open()
    assert bench.pressed(keypad) == [], "the window died with the plug"
    keypad.ask(20)
    bench.emulator.press = 5
    assert len(bench.pressed(keypad)) == 1


@pytest.mark.parametrize("key_levels", [{"1": 6, "2": 1}, {"12": 1, "2": 2}, {"": 1, "2": 2}, {"1": 1}])
def test_impossible_key_tables_are_refused(key_levels: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        RawKeyEvaluatorSettings(url="x", key_levels=key_levels)


@pytest.mark.parametrize("window_s", [0, 256, -1])
def test_an_impossible_window(bench: Bench, keypad: RawKeyEvaluator, window_s: int) -> None:
    with pytest.raises(ValueError, match="1 to 255"):
        keypad.ask(window_s)


def test_a_keyboard_is_known_by_its_url() -> None:
    settings = RawKeyEvaluatorSettings(url="input:///dev/input/by-id/nothing-event-kbd")
    with pytest.raises(Unreachable):
        RawKeyEvaluator(settings, ManualClock()).open()
