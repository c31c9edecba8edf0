"""Input devices as wires: events as bytes, keys as text."""

import os
import string
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import Unreachable
from devices.wire import open_wire
from devices.wire.input_events import (
    DOWN,
    EV_KEY,
    EV_MSC,
    EV_SYN,
    EVENT_SIZE,
    REPEAT,
    SYN_DROPPED,
    UP,
    InputEvent,
    format_event,
    parse_events,
)
from devices.wire.key_text import SPOILT, KeyReader, format_held, format_loss, format_typing
from tests.conformance.leaks import nothing_left_behind

PATIENCE_S = 60.0  # for what surely comes; nothing here waits for it
TYPED = string.printable.replace("\n", "").replace("\x0b", "").replace("\x0c", "")
SHIFT, CAPS, A, ONE, KP1 = 42, 58, 30, 2, 79


def keys(*changes: tuple[int, int]) -> bytes:
    return b"".join(format_event(InputEvent(EV_KEY, code, value)) for code, value in changes)


def test_an_event_is_the_kernels_struct() -> None:
    # linux/input.h: two longs of time, type, code, value. KEY_A down at 1.5 s
    assert format_event(InputEvent(EV_KEY, 30, 1), 1.5) == struct.pack("@llHHi", 1, 500000, 1, 30, 1)
    if struct.calcsize("l") == 8 and struct.pack("@H", 1) == b"\x01\x00":
        event = bytes.fromhex("0100000000000000 20A1070000000000 0100 1E00 01000000")
        assert parse_events(event) == ([InputEvent(EV_KEY, 30, 1)], b"")
        assert EVENT_SIZE == 24


def test_events_cut_anywhere() -> None:
    whole = format_event(InputEvent(EV_KEY, A, DOWN)) + format_event(InputEvent(EV_MSC, 4, 458756))
    for cut in range(len(whole) + 1):
        first, rest = parse_events(whole[:cut])
        second, left = parse_events(rest + whole[cut:])
        assert first + second == [InputEvent(EV_KEY, A, DOWN), InputEvent(EV_MSC, 4, 458756)]
        assert left == b""


@given(st.text(TYPED, max_size=60))
def test_what_is_typed_is_read(text: str) -> None:
    assert KeyReader().feed(b"".join(format_typing(text))) == text


@given(st.lists(st.binary(max_size=100), max_size=8))
def test_any_bytes_type_something_or_nothing(parts: list[bytes]) -> None:
    reader = KeyReader()
    typed = "".join(reader.feed(part) for part in parts)
    assert all(key in TYPED or key == SPOILT for key in typed)


@pytest.mark.parametrize(
    ("changes", "typed"),
    [
        (((A, DOWN), (A, UP)), "a"),
        (((SHIFT, DOWN), (A, DOWN), (A, UP), (SHIFT, UP), (A, DOWN)), "Aa"),
        (((SHIFT, DOWN), (ONE, DOWN), (KP1, DOWN)), "!1"),
        (((CAPS, DOWN), (CAPS, UP), (A, DOWN), (ONE, DOWN), (SHIFT, DOWN), (A, UP), (A, DOWN)), "A1a"),
        (((A, DOWN), (A, REPEAT), (A, REPEAT), (A, UP)), "a"),
        (((54, DOWN), (86, DOWN), (86, UP), (111, DOWN)), ""),  # keys that are not on a US keyboard, Delete
        (((29, DOWN), (46, DOWN)), SPOILT),  # Ctrl+C
        (((28, DOWN), (96, DOWN), (15, DOWN)), "\r\r\t"),
    ],
)
def test_keys(changes: tuple[tuple[int, int], ...], typed: str) -> None:
    assert KeyReader().feed(keys(*changes)) == typed


def test_what_the_kernel_dropped_spoils_the_text() -> None:
    reader = KeyReader()
    dropped = format_event(InputEvent(EV_SYN, SYN_DROPPED, 0))
    assert reader.feed(keys((SHIFT, DOWN), (A, DOWN)) + dropped + keys((ONE, DOWN))) == "A" + SPOILT
    assert reader.feed(format_event(InputEvent(EV_SYN, 0, 0)) + keys((A, DOWN))) == "a", (
        "who held shift is unknown"
    )
    assert reader.feed(format_loss() + b"".join(format_typing("b"))) == SPOILT + "b"


def test_a_held_key_is_pressed_once() -> None:
    assert KeyReader().feed(format_held("7", 100)) == "7"


class Fifo:
    """A FIFO that plays the input device."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.wire = open_wire(f"input://{path}?grab=0")
        self.far = os.open(path, os.O_WRONLY)


@pytest.fixture
def fifo(tmp_path: Path) -> Iterator[Fifo]:
    with nothing_left_behind():
        fifo = Fifo(tmp_path / "event kbd")
        yield fifo
        fifo.wire.close()
        fifo.wire.close()
        if fifo.far >= 0:
            os.close(fifo.far)


def test_reads_give_what_is_there(fifo: Fifo) -> None:
    assert fifo.wire.read(1, 0.0) == b""
    os.write(fifo.far, keys((A, DOWN), (A, UP)))
    assert fifo.wire.read(1, PATIENCE_S) + fifo.wire.read(4096, 0.0) == keys((A, DOWN), (A, UP))
    assert fifo.wire.read(1, 0.0) == b""


def test_discard_takes_all_that_has_come(fifo: Fifo) -> None:
    os.write(fifo.far, keys(*[(A, DOWN), (A, UP)] * 200))
    assert len(fifo.wire.read(5, PATIENCE_S)) == 5
    fifo.wire.discard()
    assert fifo.wire.read(1, 0.0) == b""


def test_gone_is_unreachable(fifo: Fifo) -> None:
    os.close(fifo.far)
    fifo.far = -1
    with pytest.raises(Unreachable):
        fifo.wire.read(1, PATIENCE_S)
    with pytest.raises(Unreachable):
        fifo.wire.discard()


def test_it_is_not_written_to(fifo: Fifo) -> None:
    with pytest.raises(Unreachable):
        fifo.wire.write(b"\x1b1")


def test_closed_is_unreachable(fifo: Fifo) -> None:
    fifo.wire.close()
    for use in (lambda: fifo.wire.read(1, 0.0), fifo.wire.discard):
        with pytest.raises(Unreachable):
            use()


def test_what_cannot_be_grabbed_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "kbd")
    host_end, device_end = os.openpty()
    with nothing_left_behind():
        for path in (tmp_path / "kbd", os.ttyname(device_end)):
            with pytest.raises(Unreachable):
                open_wire(f"input://{path}")
    wire = open_wire(f"input://{os.ttyname(device_end)}?grab=0")
    wire.close()
    os.close(host_end)
    os.close(device_end)


@pytest.mark.parametrize(
    "url",
    [
        "input://",
        "input://host/dev/input/event0",
        "input:///dev/input/nobody",
        "input:///dev/null?grab=2",
        "input:///dev/null?other=1",
        "input:///dev/null?grab",
        "input:///dev%00null",
    ],
)
def test_urls_that_mean_nothing(url: str) -> None:
    with pytest.raises(Unreachable):
        open_wire(url)
