"""A scanner that types: keys become text, and what cannot be text is no code."""

import os
from pathlib import Path

import pytest

from devices.code_scanner import Code
from devices.code_scanner.wedge_scanner import WedgeScanner, WedgeScannerSettings
from devices.emulators.wedge_scanner import WedgeScannerEmulator
from devices.errors import Garbled, Unreachable
from devices.rig import PtyRig
from devices.wire.input_events import DOWN, EV_KEY, UP, InputEvent, format_event
from devices.wire.key_text import format_typing
from ground.clock import RealClock
from tests.conformance.leaks import nothing_left_behind

RECEIPT = "TTS1:429006-20261121-000001-X"
ALT, CTRL, F1, A, ENTER = 56, 29, 59, 30, 28
PATIENCE_S = 60.0


def keys(*changes: tuple[int, int]) -> bytes:
    """Key changes as the kernel gives them."""
    return b"".join(format_event(InputEvent(EV_KEY, code, value)) for code, value in changes)


def test_a_code_is_given_once(typing_hatch) -> None:
    scanner = typing_hatch.wedge()
    scanner.arm()
    typing_hatch.emulator.code = RECEIPT
    assert typing_hatch.scanned(scanner) == [Code(RECEIPT, "", RECEIPT.encode())]
    typing_hatch.emulator.code = "another"
    assert typing_hatch.scanned(scanner) == []
    scanner.close()


@pytest.mark.parametrize(
    ("ends_with", "ending", "read"),
    [
        ("auto", "\t", 1),
        ("enter", "\r", 1),
        ("enter", "\t", 0),
        ("tab", "\t", 1),
        ("none", "", 1),
        ("auto", "", 0),
    ],
)
def test_ends(typing_hatch, ends_with: str, ending: str, read: int) -> None:
    scanner = typing_hatch.wedge(ends_with=ends_with)
    typing_hatch.emulator.ending = ending
    scanner.arm()
    typing_hatch.emulator.code = "abc"
    assert typing_hatch.texts(scanner) == ["abc"] * read
    scanner.close()


def test_faults_of_a_typing_scanner(typing_hatch) -> None:
    scanner = typing_hatch.wedge()
    emulator = typing_hatch.emulator
    emulator.doubled = emulator.stuck = True
    emulator.char_delay_s = 0.02
    scanner.arm()
    emulator.code = "Stuck"
    assert typing_hatch.texts(scanner) == ["Stuck"]
    typing_hatch.clock.turn(1)
    emulator.doubled = emulator.stuck = False
    scanner.arm()
    emulator.half = True
    emulator.code = "Half of it"
    assert typing_hatch.texts(scanner) == []
    assert scanner.status().readings["unfinished"] == 1
    emulator.noise = 1  # the kernel lost events
    emulator.code = "Lost"
    with pytest.raises(Garbled):
        typing_hatch.texts(scanner)
    emulator.code = "Well again"
    assert typing_hatch.texts(scanner) == ["Well again"]
    scanner.close()


def test_what_was_typed_before_belongs_to_nobody(typing_hatch) -> None:
    scanner = typing_hatch.wedge()
    typing_hatch.emulator.say(b"".join(format_typing("abc\rde"))[:-10])
    scanner.arm()
    typing_hatch.emulator.say(b"".join(format_typing("fg\r")))
    assert typing_hatch.texts(scanner) == [], "fg is the rest of what began before"
    typing_hatch.emulator.code = "mine"
    assert typing_hatch.texts(scanner) == ["mine"]
    scanner.close()


@pytest.mark.parametrize("chord", [ALT, CTRL])
def test_a_code_typed_by_alt_and_digits_is_garbled(typing_hatch, chord: int) -> None:
    scanner = typing_hatch.wedge()
    scanner.arm()
    typing_hatch.emulator.say(
        keys((chord, DOWN), (79, DOWN), (79, UP), (chord, UP), (A, DOWN), (A, UP), (ENTER, DOWN))
    )
    with pytest.raises(Garbled):
        typing_hatch.texts(scanner)
    scanner.close()


def test_keys_without_text_type_nothing(typing_hatch) -> None:
    scanner = typing_hatch.wedge()
    scanner.arm()
    typing_hatch.emulator.say(keys((F1, DOWN), (F1, UP), (A, DOWN), (A, UP), (250, DOWN), (ENTER, DOWN)))
    assert typing_hatch.texts(scanner) == ["a"]
    scanner.close()


def test_over_an_input_url(tmp_path: Path) -> None:
    """A pty knows no grab: it is read only where the URL does without."""
    clock = RealClock()
    with nothing_left_behind():
        emulator = WedgeScannerEmulator(clock)
        with PtyRig(emulator, tmp_path / "scanner") as rig:
            grabbing = WedgeScanner(WedgeScannerSettings(url=f"input://{rig.url}"), clock)
            with pytest.raises(Unreachable):
                grabbing.open()
            scanner = WedgeScanner(WedgeScannerSettings(url=f"input://{rig.url}?grab=0", repeat_s=0), clock)
            scanner.open()
            code, deadline = None, clock.after(PATIENCE_S)
            while code is None and not clock.due(deadline):
                scanner.arm()
                emulator.code = RECEIPT
                code = next((found for _ in range(40) if (found := scanner.scan())), None)
            assert code is not None
            assert code.text == RECEIPT
            rig.unplug()
            with pytest.raises(Unreachable):
                for _ in range(1000):
                    scanner.scan()
            scanner.close()
            scanner.close()


def test_a_keyboard_that_is_not_there(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "kbd")
    with pytest.raises(Unreachable):  # a FIFO cannot be grabbed
        WedgeScanner(WedgeScannerSettings(url=f"input://{tmp_path}/kbd"), RealClock()).open()
    with pytest.raises(Unreachable):
        WedgeScanner(
            WedgeScannerSettings(url="input:///dev/input/by-id/nobody-event-kbd"), RealClock()
        ).open()
