"""What keys mean, byte for byte as the kernel gives them, and what a hand that trembles does not do."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from devices.emulators.input_keypad import KEYS, InputKeypadEmulator
from devices.errors import Unreachable
from devices.keypad import Key, KeyPress
from devices.keypad.input_keypad import InputKeypad, InputKeypadSettings
from devices.keypad.taps import Taps
from devices.rig import InProcessRig, register_emulators
from devices.status import State
from ground.clock import ManualClock


@contextmanager
def keypad(
    clock: ManualClock, **settings: object
) -> Iterator[tuple[InputKeypad, InputKeypadEmulator, InProcessRig]]:
    emulator = InputKeypadEmulator(clock)
    rig = register_emulators({"keypad": emulator})["keypad"]
    device = InputKeypad(InputKeypadSettings.model_validate({"url": rig.url, **settings}), clock)
    device.open()
    try:
        yield device, emulator, rig
    finally:
        device.close()


def event(kind: int, code: int, value: int) -> bytes:
    """linux/input.h: struct input_event with a 64-bit time."""
    return struct.pack("=qqHHi", 0, 0, kind, code, value)


def test_the_kernels_own_bytes_of_an_enter() -> None:
    taps = Taps(0.15, 0.0)
    down = bytes(16) + b"\x01\x00\x1c\x00\x01\x00\x00\x00"  # EV_KEY, KEY_ENTER = 28, down
    assert down == event(1, 28, 1)
    assert taps.feed(down + event(0, 0, 0) + event(1, 28, 2) * 30 + event(1, 28, 0), 0.0) == [28]


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        (103, KeyPress(Key.UP)), (108, KeyPress(Key.DOWN)), (105, KeyPress(Key.LEFT)), (106, KeyPress(Key.RIGHT)),
        (15, KeyPress(Key.NEXT)), (96, KeyPress(Key.ENTER)), (223, KeyPress(Key.BACK)), (14, KeyPress(Key.CORRECT)),
        (102, KeyPress(Key.HOME)), (138, KeyPress(Key.HELP)), (115, KeyPress(Key.LOUDER)),
        (114, KeyPress(Key.SOFTER)), (523, KeyPress(Key.MAIN)), (79, KeyPress(Key.CHARACTER, "1")),
        (11, KeyPress(Key.CHARACTER, "0")), (45, KeyPress(Key.CHARACTER, "X")), (520, KeyPress(Key.CHARACTER, "8")),
    ],
)  # fmt: skip
def test_what_a_code_means(code: int, meant: KeyPress) -> None:
    clock = ManualClock()
    with keypad(clock) as (device, emulator, _):
        emulator.say(event(1, code, 1) + event(0, 0, 0) + event(1, code, 0) + event(0, 0, 0))
        assert device.pressed() == (meant,)


def test_everything_that_can_be_pressed_is_understood() -> None:
    clock = ManualClock()
    with keypad(clock, debounce_s=0) as (device, emulator, _):
        for name in KEYS:
            emulator.press = name
            (press,) = device.pressed()
            assert name in (press.key.value, press.text)


def test_a_maker_who_means_something_else_and_a_pad_without_arrows() -> None:
    clock = ManualClock()
    settings = {"keys": {"183": "help", "2": "enter"}, "digits_move": True, "debounce_s": 0}
    with keypad(clock, **settings) as (device, emulator, _):
        emulator.say(event(1, 183, 1) + event(1, 2, 1) + event(1, 5, 1) + event(1, 4, 1))
        assert device.pressed() == (
            KeyPress(Key.HELP),
            KeyPress(Key.ENTER),
            KeyPress(Key.CHARACTER, "4", Key.LEFT),
            KeyPress(Key.CHARACTER, "3", None),
        )


def test_a_worn_key_and_a_trembling_hand_press_once() -> None:
    clock = ManualClock()
    with keypad(clock, debounce_s=0.3) as (device, emulator, _):
        emulator.chatter = 4
        emulator.press = "enter"
        clock.wait(0.1)
        assert device.pressed() == (KeyPress(Key.ENTER),)
        emulator.chatter = 0
        clock.wait(0.1)
        emulator.press = "enter"
        assert device.pressed() == ()
        clock.wait(0.4)
        emulator.press = "enter"
        assert device.pressed() == (KeyPress(Key.ENTER),)


def test_a_key_that_is_only_brushed_does_not_count() -> None:
    taps = Taps(0.0, 0.5)
    assert taps.feed(event(1, 103, 1), 0.0) == []
    assert taps.feed(event(1, 103, 0), 0.2) == []
    assert taps.feed(event(1, 28, 1), 1.0) == []
    assert taps.due(1.4) == []
    assert taps.due(1.5) == [28]
    assert taps.due(9.0) == [], "however long it is held"


def test_what_the_kernel_dropped_is_passed_over() -> None:
    clock = ManualClock()
    with keypad(clock) as (device, emulator, _):
        emulator.say(event(0, 3, 0) + event(1, 28, 1) + event(0, 0, 0) + event(1, 103, 1))
        assert device.pressed() == (KeyPress(Key.UP),)


def test_a_bag_on_the_keypad_is_told_and_the_plug_too() -> None:
    clock = ManualClock()
    with keypad(clock) as (device, emulator, rig):
        emulator.stuck = True
        emulator.press = "down"
        assert device.pressed() == (KeyPress(Key.DOWN),)
        assert device.status().state is State.ONLINE
        clock.wait(61)
        assert device.status().state is State.HARDWARE_ERROR
        rig.unplug()
        with pytest.raises(Unreachable):
            device.pressed()
        rig.replug()
        device.close()
        device.open()
        emulator.stuck = False
        emulator.press = "up"
        assert device.pressed() == (KeyPress(Key.UP),)
        assert device.status().state is State.ONLINE
