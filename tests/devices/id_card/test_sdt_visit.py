"""A card is laid down, read, left lying, lifted: on strict and on lenient firmware (id_card_reader.md §7)."""

import pytest

from devices.emulators.sample_cards import LI_FENG, SAMPLE_CARDS, WANG_XIAOMING
from devices.emulators.sdt import SAM_LABEL, State
from devices.errors import Condition, Refused, Unreachable
from devices.id_card import IdCard
from devices.id_card.sdt import SdtReader, SdtSettings
from devices.status import State as DeviceState
from devices.status import Status
from ground.clock import ManualClock
from tests.devices.id_card.conftest import Desk


def test_the_module_says_who_it_is(desk: Desk) -> None:
    assert desk.reader.identity() == SAM_LABEL


def test_no_card_is_a_value(desk: Desk) -> None:
    assert desk.reader.read_card() is None
    assert not desk.reader.card_present()


@pytest.mark.parametrize("card", SAMPLE_CARDS.values(), ids=SAMPLE_CARDS)
def test_every_sample_card_is_read(desk: Desk, card: IdCard) -> None:
    desk.emulator.card = card
    desk.emulator.card_on = True
    assert desk.reader.read_card() == card


def test_values_of_the_chip_that_are_usually_zero(desk: Desk) -> None:  # §9
    desk.emulator.iin, desk.emulator.serial_number = b"\x01\x02\x03\x04", b"\xaa\xaa\xaa\x96\x69\x00\x04\x41"
    desk.emulator.card_on = True
    assert desk.reader.read_card() == WANG_XIAOMING


def test_a_card_that_was_read_and_still_lies_there(desk: Desk) -> None:
    desk.emulator.card_on = True
    desk.reader.read_card()
    assert desk.reader.card_present()
    again = desk.reader.read_card()
    assert again is None if desk.emulator.strict_refind else again == WANG_XIAOMING
    assert desk.reader.card_present()


def test_a_card_with_a_new_address_still_lies_there(desk: Desk) -> None:
    desk.emulator.new_address = "湖北省天门市示例路2号"
    desk.emulator.card_on = True
    desk.reader.read_card()
    assert desk.reader.card_present()


def test_lifted(desk: Desk) -> None:
    desk.emulator.card_on = True
    desk.reader.read_card()
    desk.emulator.card_on = False
    assert not desk.reader.card_present()
    assert desk.reader.read_card() is None


def test_the_next_citizen(desk: Desk) -> None:
    desk.emulator.card_on = True
    desk.reader.read_card()
    desk.emulator.card = LI_FENG
    assert desk.reader.read_card() == LI_FENG


def test_asking_for_presence_first_does_not_use_the_card_up(desk: Desk) -> None:
    """On strict firmware the FIND of `card_present` is the only one that the card answers."""
    desk.emulator.card_on = True
    assert desk.reader.card_present()
    assert desk.reader.card_present()
    assert desk.reader.read_card() == WANG_XIAOMING


def test_presence_seen_then_lifted_before_reading(desk: Desk) -> None:
    desk.emulator.card_on = True
    assert desk.reader.card_present()
    desk.emulator.card_on = False
    assert desk.reader.read_card() is None
    assert not desk.reader.card_present()
    desk.emulator.card_on = True
    assert desk.reader.read_card() == WANG_XIAOMING


@pytest.mark.parametrize(("after_s", "state"), [(0.06, State.FOUND), (0.3, State.SELECTED)])
def test_lifted_while_it_is_read(desk: Desk, after_s: float, state: State) -> None:
    """The card leaves while the module selects it or reads it: 41, and the citizen is asked to lay it again."""

    class Impatient(ManualClock):
        lifted = False

        def wait(self, seconds: float) -> None:
            super().wait(seconds)
            if not self.lifted and self.instant() >= after_s and desk.emulator.state is state:
                self.lifted = True
                desk.emulator.card_on = False

    clock = Impatient()
    desk.emulator.clock = clock
    desk.emulator.connected()
    desk.emulator.card_on = True
    with pytest.raises(Refused) as caught:
        desk.reader.read_card()
    assert caught.value.condition is Condition.CARD_UNREADABLE
    desk.emulator.card_on = True
    assert desk.reader.read_card() == WANG_XIAOMING


def test_opened_twice_and_closed_twice(desk: Desk) -> None:
    desk.reader.open()
    desk.reader.close()
    desk.reader.close()
    with pytest.raises(Unreachable):
        desk.reader.read_card()
    desk.reader.open()
    assert desk.reader.identity() == SAM_LABEL


def test_the_port_belongs_to_one_reader(desk: Desk) -> None:
    with pytest.raises(Unreachable):
        SdtReader(desk.settings, desk.clock).open()


def test_settings_refuse_what_they_do_not_know() -> None:
    with pytest.raises(ValueError, match="baud"):
        SdtSettings(url="emu://reader", baud=1200)
    with pytest.raises(ValueError, match="bauds"):
        SdtSettings.model_validate({"url": "emu://reader", "bauds": 9600})
    with pytest.raises(ValueError, match="answer_timeout_s"):
        SdtSettings(url="emu://reader", answer_timeout_s=0)


def test_a_check_asks_for_the_status_and_touches_no_card(desk: Desk) -> None:
    assert desk.reader.status() == Status(DeviceState.ONLINE)
    desk.emulator.card_on = True
    assert desk.reader.status().ready
    assert desk.reader.read_card() is not None
    desk.emulator.self_test_failed = True
    assert desk.reader.status() == Status(DeviceState.HARDWARE_ERROR, Condition.OUT_OF_SERVICE)
