"""The emulated keypad itself, frame by frame."""

import pytest

from devices.emulators.neutral_evaluator import NeutralEvaluatorEmulator
from devices.evaluator.neutral_frames import AckCode, Command, Frame, format_ack, format_frame
from ground.clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def emulator(clock: ManualClock) -> NeutralEvaluatorEmulator:
    return NeutralEvaluatorEmulator(clock)


def said(emulator: NeutralEvaluatorEmulator, command: int, data: bytes = b"") -> bytes:
    emulator.receive(format_frame(Frame(1, command, data)))
    return emulator.take()


@pytest.mark.parametrize(
    ("command", "data", "status"),
    [
        (Command.PING, b"", AckCode.OK),
        (Command.PING, b"\x01", AckCode.BAD_ARGUMENT),
        (Command.WELCOME, b"", AckCode.OK),
        (Command.REQUEST, b"\x14\x05", AckCode.OK),
        (Command.REQUEST, b"\x00\x05", AckCode.BAD_ARGUMENT),
        (Command.REQUEST, b"\x14\x09", AckCode.BAD_ARGUMENT),
        (Command.REQUEST, b"\x14", AckCode.BAD_ARGUMENT),
        (Command.LED, b"\x1f\x01", AckCode.OK),
        (Command.VOICE, b"\x01\x08", AckCode.OK),
        (0x42, b"", AckCode.UNKNOWN),
    ],
)
def test_every_command_is_acknowledged(
    emulator: NeutralEvaluatorEmulator, command: int, data: bytes, status: AckCode
) -> None:
    assert said(emulator, command, data) == format_ack(1, command, status)


def test_welcome_is_spoken_and_text_is_shown(emulator: NeutralEvaluatorEmulator) -> None:
    said(emulator, Command.WELCOME)
    said(emulator, Command.TEXT, "请您评价".encode("gb18030"))
    assert emulator.welcome
    assert emulator.text == "请您评价"


def test_a_pause_refuses_questions(emulator: NeutralEvaluatorEmulator) -> None:
    said(emulator, Command.PAUSE, b"\x01")
    assert said(emulator, Command.REQUEST, b"\x14\x05") == format_ack(1, Command.REQUEST, AckCode.BUSY)
    said(emulator, Command.PAUSE, b"\x00")
    assert said(emulator, Command.REQUEST, b"\x14\x05") == format_ack(1, Command.REQUEST)


def test_the_window_ends_with_a_timeout(emulator: NeutralEvaluatorEmulator, clock: ManualClock) -> None:
    said(emulator, Command.REQUEST, b"\x14\x05")
    clock.turn(19.9)
    assert emulator.take() == b""
    clock.turn(0.2)
    assert emulator.take() == bytes.fromhex("A55A050183001493")  # §8


def test_a_result_is_repeated_until_it_is_acknowledged(
    emulator: NeutralEvaluatorEmulator, clock: ManualClock
) -> None:
    said(emulator, Command.REQUEST, b"\x14\x05")
    clock.turn(7)
    emulator.press = 5
    result = bytes.fromhex("A55A050183050785")  # §8
    assert emulator.take() == result
    assert emulator.take() == b""
    clock.turn(0.5)
    assert emulator.take() == result
    emulator.receive(format_ack(1, Command.RESULT))
    clock.turn(5)
    assert emulator.take() == b""


@pytest.mark.parametrize("key", [0, 6, -1, 255])
def test_there_are_five_keys(emulator: NeutralEvaluatorEmulator, key: int) -> None:
    said(emulator, Command.REQUEST, b"\x14\x05")
    emulator.press = key
    assert emulator.lit
    assert emulator.press == 0


def test_a_dead_keypad_takes_no_press(emulator: NeutralEvaluatorEmulator) -> None:
    said(emulator, Command.REQUEST, b"\x14\x05")
    emulator.mute = True
    emulator.press = 5
    emulator.mute = False
    assert emulator.take() == b""


def test_the_rig_is_told_when_to_look_again(emulator: NeutralEvaluatorEmulator, clock: ManualClock) -> None:
    assert emulator.next_due() is None
    said(emulator, Command.REQUEST, b"\x14\x05")
    assert emulator.next_due() == pytest.approx(clock.instant() + 20)
