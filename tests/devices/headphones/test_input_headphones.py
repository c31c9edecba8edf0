"""The jack, byte for byte as the kernel gives it."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devices.emulators.input_headphones import InputHeadphonesEmulator
from devices.errors import Garbled, Unreachable
from devices.headphones.input_headphones import InputHeadphones, InputHeadphonesSettings, parse_switch
from devices.rig import InProcessRig, register_emulators
from devices.wire.input_events import format_switches, open_url, parse_events
from ground.clock import ManualClock


@contextmanager
def jack(
    inverted: bool = False, plugged: bool = False
) -> Iterator[tuple[InputHeadphones, InputHeadphonesEmulator, InProcessRig]]:
    clock = ManualClock()
    emulator = InputHeadphonesEmulator(clock)
    emulator.headphones_in = plugged
    rig = register_emulators({"jack": emulator})["jack"]
    device = InputHeadphones(InputHeadphonesSettings(url=rig.url, inverted=inverted), clock)
    device.open()
    try:
        yield device, emulator, rig
    finally:
        device.close()


def event(kind: int, code: int, value: int) -> bytes:
    """linux/input.h: struct input_event with a 64-bit time."""
    return struct.pack("=qqHHi", 0, 0, kind, code, value)


def test_the_kernels_own_bytes_of_a_plug() -> None:
    plugged = bytes(16) + b"\x05\x00\x02\x00\x01\x00\x00\x00"  # EV_SW, SW_HEADPHONE_INSERT = 2, in
    assert plugged == event(5, 2, 1)
    events, rest = parse_events(plugged + event(0, 0, 0))
    assert (parse_switch(events, None), rest) == (True, b"")
    microphone, _ = parse_events(event(5, 4, 1))
    assert parse_switch(microphone, None) is None


def test_how_the_switches_stand_comes_as_events() -> None:
    there, on = (0b1010100).to_bytes(8, "little"), (0b0000100).to_bytes(8, "little")  # 2, 4, 6; 2 is closed
    assert format_switches(there, on) == event(5, 2, 1) + event(5, 4, 0) + event(5, 6, 0) + event(0, 0, 0)
    assert format_switches(bytes(8), bytes(8)) == b""


def test_what_is_plugged_in_already_is_known_at_once() -> None:
    with jack(plugged=True) as (device, _, _):
        assert device.plugged()
        assert device.status().readings == {"plugged": True, "changes": 1}


def test_in_and_out_and_a_contact_that_bounces() -> None:
    with jack() as (device, emulator, _):
        assert not device.plugged()
        emulator.bounces = 3
        emulator.headphones_in = True
        assert device.plugged()
        emulator.headphones_in = False
        assert not device.plugged()


def test_a_contact_the_other_way_round() -> None:
    with jack(inverted=True) as (device, emulator, _):
        assert device.plugged()
        emulator.headphones_in = True
        assert not device.plugged()


def test_lost_events_are_told_and_asked_for_anew() -> None:
    with jack() as (device, emulator, _):
        device.plugged()
        emulator.noise = 1
        emulator.headphones_in = True
        with pytest.raises(Garbled):
            device.plugged()
        device.close()
        device.open()
        assert device.plugged()


def test_nothing_is_taken_for_plugged_before_it_was_told() -> None:
    with jack() as (device, _, rig):
        rig.unplug()
        with pytest.raises(Unreachable):
            device.plugged()
        device.close()
        with pytest.raises(Unreachable):
            device.plugged()


def test_what_has_no_switches_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "file"
    plain.write_bytes(b"")
    for url in (f"input://{plain}?grab=0&switches=1", f"input://{plain}?grab=0&switches=2"):
        with pytest.raises(Unreachable):
            open_url(url, 0)
