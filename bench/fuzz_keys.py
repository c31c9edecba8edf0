"""Fuzzed frames for evaluators and code scanners; see `bench.fuzz`, which takes `FUZZ` and `SEEDS` from here."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from devices.code_scanner.content import LONGEST, checked, split_symbology
from devices.code_scanner.framing import CodeReader, Ending
from devices.errors import Garbled
from devices.evaluator.neutral_frames import Command, Frame, FrameReader, format_ack, format_frame
from devices.evaluator.raw_key_evaluator import LineKeys
from devices.evaluator.s_commands import MessageReader, Rated, format_about, format_done, format_rated
from devices.wire.key_text import KeyReader, format_held, format_loss, format_typing


def _neutral_evaluator(stream: bytes) -> object:
    return FrameReader().feed(stream)


def _raw_key_evaluator(stream: bytes) -> object:
    return [LineKeys(lines=lines).feed(stream) for lines in (True, False)], KeyReader().feed(stream)


def _s_command_evaluator(stream: bytes) -> object:
    """What a tablet says, cut in the middle, in either encoding."""
    half = len(stream) // 2
    readers = [MessageReader(encoding) for encoding in ("utf-8", "gb18030")]
    return [reader.feed(part) for reader in readers for part in (stream[:half], stream[half:])]


def _serial_scanner(stream: bytes) -> object:
    """Codes that end in every way, and what they say; a true one is one that its usual terminator ends."""
    others: tuple[Ending, ...] = ("crlf", "tab", "none")
    for ending in others:
        with suppress(Garbled):
            _texts(stream, ending)
    return _texts(stream, "auto")


def _texts(stream: bytes, ending: Ending) -> list[str]:
    reader = CodeReader(ending, gap_s=0.1, longest=LONGEST)
    codes = (*reader.feed(stream, 0.0), *reader.feed(b"", 9.0))
    return [checked(split_symbology(code)[1], "auto") for code in codes]


def _wedge_scanner(stream: bytes) -> object:
    """What key events type, read as codes."""
    return _serial_scanner(KeyReader().feed(stream).encode())


_CODE = "]Q1TTS1:429006-20261121-000001-X\r"
_TABLET = (format_rated(Rated("5", "2026-11-21 09:41", "2026-11-21 09:41"), card="王"), format_about("1.0"))

FUZZ: Mapping[str, Callable[[bytes], object]] = {
    "neutral_evaluator": _neutral_evaluator,
    "raw_key_evaluator": _raw_key_evaluator,
    "s_command_evaluator": _s_command_evaluator,
    "serial_scanner": _serial_scanner,
    "wedge_scanner": _wedge_scanner,
}

SEEDS: Mapping[str, Sequence[bytes]] = {
    "neutral_evaluator": (format_frame(Frame(1, Command.RESULT, b"\x05\x07")), format_ack(1, Command.PING)),
    "raw_key_evaluator": (b"5\r", b"1\r\n", b"".join(format_typing("4\r"))),
    "s_command_evaluator": (format_done(95, "network"), format_done(2, "usb"), *_TABLET, b"DisConnect"),
    "serial_scanner": (_CODE.encode(), "天门\r\n".encode(), "天门\t".encode("gb18030")),
    "wedge_scanner": (b"".join(format_typing(_CODE)), format_held("7", 9), format_loss()),
}
