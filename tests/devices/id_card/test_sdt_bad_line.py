"""A bad line: changed, lost and added bytes, silence, and answers that come too late."""

import pytest

from devices.emulators.sample_cards import LI_FENG, WANG_XIAOMING
from devices.emulators.sdt import SAM_LABEL, SdtEmulator
from devices.errors import DeviceError, Garbled, TimedOut, Unreachable
from ground.clock import ManualClock
from tests.devices.id_card.conftest import Desk, desk_with


@pytest.mark.parametrize("at", [0, 4, 5, 6, 7, 9, 13, 14])
@pytest.mark.parametrize("fault", ["flip_at", "drop_at", "add_at"])
def test_one_bad_byte_in_the_first_answer(desk: Desk, fault: str, at: int) -> None:
    """Never a wrong card, and the next try is good, without the card being lifted."""
    desk.emulator.card_on = True
    setattr(desk.emulator, fault, at)
    try:
        first = desk.reader.read_card()
    except (Garbled, TimedOut):
        first = desk.reader.read_card()
    assert first == WANG_XIAOMING


@pytest.mark.parametrize("at", [16, 17, 18, 300, 1293, 1294])
@pytest.mark.parametrize("fault", ["flip_at", "drop_at", "add_at"])
def test_one_bad_byte_in_a_later_answer(desk: Desk, fault: str, at: int) -> None:
    """Offsets beyond the 15 bytes of FIND's answer hit SELECT's and the card's."""
    desk.emulator.card_on = True
    setattr(desk.emulator, fault, at)
    with pytest.raises((Garbled, TimedOut)):
        desk.reader.read_card()
    assert desk.reader.read_card() == WANG_XIAOMING


def test_an_added_preamble_byte_is_noise(desk: Desk) -> None:
    desk.emulator.card_on = True
    desk.emulator.add_at = 0
    assert desk.reader.read_card() == WANG_XIAOMING


def test_silence_ends_at_the_deadline(desk: Desk) -> None:
    desk.emulator.mute = True
    for verb in (desk.reader.read_card, desk.reader.card_present, desk.reader.open):
        before = desk.clock.instant()
        with pytest.raises(TimedOut):
            verb()
        passed = desk.clock.instant() - before
        assert desk.settings.answer_timeout_s <= passed <= desk.settings.answer_timeout_s * 1.1


@pytest.mark.parametrize("late", ["find_s", "select_s", "read_s"])
def test_a_late_answer_is_never_the_next_one(desk: Desk, late: str) -> None:
    """The module dawdles over one citizen's card; when it speaks at last, the next citizen's lies there."""
    usual = getattr(desk.emulator, late)
    setattr(desk.emulator, late, 8.0)
    desk.emulator.card_on = True
    with pytest.raises(TimedOut):
        desk.reader.read_card()
    setattr(desk.emulator, late, usual)
    desk.emulator.card = LI_FENG
    seen = []
    for _ in range(6):
        try:
            seen.append(desk.reader.read_card())
        except DeviceError:
            continue
    assert LI_FENG in seen
    assert WANG_XIAOMING not in seen


def test_a_late_find_does_not_conjure_a_card(desk: Desk) -> None:
    desk.emulator.find_s = 2.5
    desk.emulator.card_on = True
    with pytest.raises(TimedOut):
        desk.reader.read_card()
    desk.emulator.find_s = 0.05
    desk.clock.turn(10)
    desk.emulator.card_on = False
    assert desk.reader.read_card() is None


@pytest.mark.parametrize("slow", ["find_s", "select_s", "read_s"])
def test_a_reading_that_broke_off_goes_on(desk: Desk, slow: str) -> None:
    """Strict firmware does not find the card again: the citizen must not have to lift it for our time-out."""
    usual = getattr(desk.emulator, slow)
    setattr(desk.emulator, slow, 6.0)
    desk.emulator.card_on = True
    with pytest.raises(TimedOut):
        desk.reader.read_card()
    setattr(desk.emulator, slow, usual)
    desk.clock.turn(10)
    assert desk.reader.read_card() == WANG_XIAOMING


class Talkative(SdtEmulator):
    """Has something left to say to whoever opened the line before."""

    leftover = b""

    def receive(self, data: bytes) -> None:
        if self.leftover:
            self.say(self.leftover)
            self.leftover = b""
        super().receive(data)


@pytest.mark.parametrize(
    "leftover",
    [
        "AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97",
        "AA AA AA 96 69 00 04 00 00 80 84",
        "AA AA AA 96 69 00 04 00 00 90 94",
        "00 00 00 41 00 20 00 20 00 FF AA",
    ],
)
def test_answers_left_over_from_a_former_host(leftover: str) -> None:
    clock = ManualClock()
    emulator = Talkative(clock)
    with desk_with(emulator, clock) as desk:
        emulator.leftover = bytes.fromhex(leftover)
        desk.reader.open()
        assert desk.reader.identity() == SAM_LABEL
        assert desk.reader.read_card() is None


def test_unplugged_and_back(desk: Desk) -> None:
    desk.rig.unplug()
    with pytest.raises(Unreachable):
        desk.reader.read_card()
    with pytest.raises(Unreachable):
        desk.reader.open()
    desk.rig.replug()
    desk.emulator.card_on = True
    desk.reader.open()
    assert desk.reader.read_card() == WANG_XIAOMING


def test_no_card_content_in_what_an_error_says(desk: Desk) -> None:
    for at in (16, 200, 300, 1294):
        desk.emulator.card_on = False
        desk.emulator.card_on = True
        desk.emulator.flip_at = at
        with pytest.raises(DeviceError) as caught:
            desk.reader.read_card()
        said = str(caught.value) + repr(caught.value.facts)
        assert WANG_XIAOMING.name not in said
        assert WANG_XIAOMING.number not in said
