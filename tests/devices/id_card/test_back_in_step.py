"""Whatever happens to one byte of one answer, the command after the spoilt one gives the true answer.

Every byte of the answers to FIND and SELECT, and of a reading every byte that has a meaning of its own (preamble,
length, status, length words, the borders of text, photo and checksum) with others drawn between them: each lost,
doubled or replaced by another. Strict firmware in the worst case: it would not find the card again.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.emulators.sample_cards import LI_FENG, WANG_XIAOMING
from devices.emulators.sdt import SdtEmulator
from devices.errors import Garbled, TimedOut
from devices.id_card import IdCard
from devices.id_card.sdt_frames import FIND, READ_BASE, SELECT, Request, format_answer
from ground.clock import ManualClock
from tests.devices.id_card.conftest import Desk, desk_with

_READ_BORDERS = {*range(24), 268, 269, 270, 271, 1290, 1291, 1292, 1293, 1294}  # §3.1
_PLACES = [
    *((FIND, at) for at in range(FIND.answer_bytes)),
    *((SELECT, at) for at in range(SELECT.answer_bytes)),
    *((READ_BASE, at) for at in sorted(_READ_BORDERS | set(range(24, 1290, 97)))),
]


class Spoilt(SdtEmulator):
    """Spoils the byte at `at` of the next answer to `request`, once: `new` stands in its place."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.request: Request | None = None
        self.at = 0
        self.new = b""

    def spoil(self, request: Request, at: int, new: bytes) -> None:
        self.request, self.at, self.new = request, at, new

    def _finish(self, request: Request) -> None:
        if self.request is None or request.code != self.request.code:
            super()._finish(request)
            return
        self.request = None
        frame = format_answer(self.answer(request))
        self._lifted = False
        self.say(frame[: self.at] + self.new + frame[self.at + 1 :])


def byte_at(request: Request, at: int) -> int:
    """The true byte there, of a card with the sample's text."""
    emulator = SdtEmulator(ManualClock())
    emulator.card_on = True
    frames = {
        each: format_answer(emulator.answer(Request("", *each.code))) for each in (FIND, SELECT, READ_BASE)
    }
    return frames[request][at]


def read_until_told(desk: Desk) -> tuple[list[object], IdCard | None]:
    """The errors on the way to the first value, and that value."""
    errors: list[object] = []
    for _ in range(3):
        try:
            return errors, desk.reader.read_card()
        except (Garbled, TimedOut) as error:
            errors.append(error)
    return errors, None


def check(emulator: Spoilt, clock: ManualClock, request: Request, at: int, new: bytes) -> None:
    """Spoil one byte; at most one command is lost by it."""
    with desk_with(emulator, clock) as desk:
        emulator.card_on = True
        emulator.spoil(request, at, new)
        errors, card = read_until_told(desk)
        assert len(errors) <= 1, errors
        assert card == WANG_XIAOMING, "the true card, without its being lifted"
        emulator.card = LI_FENG
        assert desk.reader.read_card() == LI_FENG, "and nothing of it is left over"
        emulator.card_on = False
        assert desk.reader.read_card() is None


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "lenient"])
@pytest.mark.parametrize("how", ["lost", "added", "flipped"])
@pytest.mark.parametrize("request_", [FIND, SELECT, READ_BASE], ids=lambda request: request.name)
def test_every_place(request_: Request, how: str, strict: bool) -> None:
    for at in [at for asked, at in _PLACES if asked is request_]:
        clock = ManualClock()
        emulator = Spoilt(clock)
        emulator.strict_refind = strict
        true = byte_at(request_, at)
        new = {"lost": b"", "added": bytes([true, true]), "flipped": bytes([true ^ 0xFF])}[how]
        check(emulator, clock, request_, at, new)


@given(
    place=st.sampled_from([FIND, SELECT, READ_BASE]).flatmap(
        lambda request: st.tuples(st.just(request), st.integers(0, request.answer_bytes - 1))
    ),
    new=st.binary(max_size=3),
    strict=st.booleans(),
)
@settings(deadline=None, max_examples=200)
def test_any_bytes_in_the_place_of_one(place: tuple[Request, int], new: bytes, strict: bool) -> None:
    clock = ManualClock()
    emulator = Spoilt(clock)
    emulator.strict_refind = strict
    check(emulator, clock, *place, new)
