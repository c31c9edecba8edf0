"""What every status means to whoever stands there (id_card_reader.md §4)."""

from collections.abc import Iterator

import pytest

from devices.emulators.sample_cards import WANG_XIAOMING
from devices.emulators.sdt import SdtEmulator
from devices.errors import Condition, Garbled, Refused
from devices.id_card.sdt import SdtReader
from devices.id_card.sdt_frames import FIND, READ_BASE, RESET, SELECT, Answer, format_answer, parse_request
from ground.clock import ManualClock
from tests.devices.id_card.conftest import Desk, desk_with


class Stubborn(SdtEmulator):
    """Answers `code` by `sw3`, the next `times` times, and notes what it was asked."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.asked: list[tuple[int, int]] = []
        self._code, self._sw3, self._times = (0, 0), 0, 0

    def insist(self, code: tuple[int, int], sw3: int, times: int = 1000) -> None:
        self._code, self._sw3, self._times = code, sw3, times
        self.asked.clear()
        self.card_on = False
        self.card_on = True

    def receive(self, data: bytes) -> None:
        request = parse_request(data)
        self.asked.append(request.code)
        if request.code == self._code and self._times:
            self._times -= 1
            self.say(format_answer(Answer(self._sw3)))
        else:
            super().receive(data)


@pytest.fixture(params=["strict", "lenient"])
def stubborn(request: pytest.FixtureRequest) -> Iterator[tuple[Stubborn, SdtReader]]:
    """A stubborn emulator and the open reader that talks to it."""
    clock = ManualClock()
    emulator = Stubborn(clock)
    emulator.strict_refind = request.param == "strict"
    with desk_with(emulator, clock) as desk:
        yield emulator, desk.reader


Stage = tuple[Stubborn, SdtReader]


@pytest.mark.parametrize(
    ("sw3", "condition"),
    [
        (0x21, Condition.BAD_COMMAND),
        (0x23, Condition.BAD_COMMAND),
        (0x24, Condition.OUT_OF_SERVICE),
        (0x31, Condition.CARD_UNREADABLE),
        (0x32, Condition.SUSPECT_CARD),
        (0x33, Condition.CARD_UNREADABLE),
        (0x40, Condition.NOT_AN_ID_CARD),
        (0x41, Condition.CARD_UNREADABLE),
        (0x47, Condition.CARD_UNREADABLE),
        (0x60, Condition.OUT_OF_SERVICE),
        (0x66, Condition.OUT_OF_SERVICE),
        (0x81, Condition.CARD_UNREADABLE),
    ],
)
@pytest.mark.parametrize("code", [FIND.code, SELECT.code, READ_BASE.code], ids=["find", "select", "read"])
def test_a_refusal_is_a_condition(
    stubborn: Stage, code: tuple[int, int], sw3: int, condition: Condition
) -> None:
    emulator, reader = stubborn
    emulator.insist(code, sw3)
    with pytest.raises(Refused) as caught:
        reader.read_card()
    assert caught.value.condition is condition
    assert caught.value.facts["sw3"] == sw3


@pytest.mark.parametrize("sw3", [0x81, 0x21, 0x23, 0x24, 0x33])
@pytest.mark.parametrize("code", [SELECT.code, READ_BASE.code], ids=["select", "read"])
def test_what_the_notes_call_worth_another_try(stubborn: Stage, code: tuple[int, int], sw3: int) -> None:
    emulator, reader = stubborn
    emulator.insist(code, sw3, times=1)
    assert reader.read_card() == WANG_XIAOMING
    assert (RESET.code in emulator.asked) == (sw3 == 0x24)
    assert emulator.asked.count(FIND.code) == 2


@pytest.mark.parametrize("sw3", [0x31, 0x32, 0x40, 0x41, 0x47])
def test_what_needs_the_citizen_is_not_tried_again(stubborn: Stage, sw3: int) -> None:
    emulator, reader = stubborn
    emulator.insist(READ_BASE.code, sw3, times=1)
    with pytest.raises(Refused):
        reader.read_card()
    assert emulator.asked.count(READ_BASE.code) == 1


@pytest.mark.parametrize("sw3", [0x10, 0x11])
def test_a_misheard_question_is_asked_three_times_at_most(stubborn: Stage, sw3: int) -> None:
    emulator, reader = stubborn
    emulator.insist(FIND.code, sw3, times=2)
    assert reader.read_card() == WANG_XIAOMING
    assert emulator.asked.count(FIND.code) == 3

    emulator.insist(SELECT.code, sw3)
    with pytest.raises(Garbled):
        reader.read_card()
    assert emulator.asked.count(SELECT.code) == 3


def test_a_status_that_the_notes_do_not_know(stubborn: Stage) -> None:
    emulator, reader = stubborn
    emulator.insist(FIND.code, 0x77)
    with pytest.raises(Garbled):
        reader.read_card()


def test_success_of_another_command_is_no_success(stubborn: Stage) -> None:
    emulator, reader = stubborn
    emulator.insist(FIND.code, 0x90)
    with pytest.raises(Garbled):
        reader.read_card()


@pytest.mark.parametrize("knob", ["self_test_failed", "unauthorised"])
def test_a_dead_module_is_out_of_service_at_once(desk: Desk, knob: str) -> None:
    setattr(desk.emulator, knob, True)
    for verb in (desk.reader.read_card, desk.reader.card_present, desk.reader.open):
        before = desk.clock.instant()
        with pytest.raises(Refused) as caught:
            verb()
        assert caught.value.condition is Condition.OUT_OF_SERVICE
        assert desk.clock.instant() - before < 0.1
    setattr(desk.emulator, knob, False)
    desk.reader.open()
    assert desk.reader.read_card() is None


def test_something_that_is_no_id_card_lies_there(stubborn: Stage) -> None:
    emulator, reader = stubborn
    emulator.insist((0x30, 0x05), 0x40)
    assert reader.card_present()


def test_old_modules_without_management_number(stubborn: Stage) -> None:
    emulator, reader = stubborn
    emulator.insist((0x30, 0x05), 0x21)
    assert reader.read_card() == WANG_XIAOMING
    assert reader.card_present()
    emulator.card_on = False
    assert not reader.card_present()
