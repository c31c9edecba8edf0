"""One switch says when; of two, the first leads on and the second activates."""

import pytest

from devices.emulators.input_switch import InputSwitchEmulator
from devices.keypad import Key, KeyPress
from devices.keypad.input_switch import InputSwitch, InputSwitchSettings
from devices.rig import register_emulators
from ground.clock import ManualClock


@pytest.mark.parametrize(
    ("switches", "meant"), [(1, (Key.SWITCH, Key.SWITCH, Key.SWITCH)), (2, (Key.NEXT, Key.ENTER, Key.NEXT))]
)
def test_one_or_two(switches: int, meant: tuple[Key, ...]) -> None:
    clock = ManualClock()
    emulator = InputSwitchEmulator(clock)
    rig = register_emulators({"switch": emulator})["switch"]
    device = InputSwitch(InputSwitchSettings(url=rig.url, switches=1 if switches == 1 else 2), clock)
    device.open()
    heard: list[KeyPress] = []
    for name in ("1", "2", "1"):
        clock.wait(1)
        emulator.press = name
        heard += device.pressed()
    assert tuple(press.key for press in heard) == meant
    emulator.say(
        bytes(16) + b"\x01\x00\x10\x01\x01\x00\x00\x00"
    )  # EV_KEY, BTN_LEFT = 0x110: a mouse's button
    assert device.pressed()[0].key is meant[0]
    assert device.capabilities()["scans"] == (switches == 1)
    device.close()


def test_a_hand_that_trembles_presses_once() -> None:
    clock = ManualClock()
    emulator = InputSwitchEmulator(clock)
    rig = register_emulators({"switch": emulator})["switch"]
    device = InputSwitch(InputSwitchSettings(url=rig.url), clock)
    device.open()
    for _ in range(5):
        emulator.press = "1"
        clock.wait(0.1)
    assert device.pressed() == (KeyPress(Key.SWITCH),)
    device.close()
