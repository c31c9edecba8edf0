"""Cards of all generations, other cards, mute cards, and cards that leave too early."""

import pytest

from devices.chip_card import SocialCard
from devices.chip_card.sse_card import SseCardReader
from devices.chip_card.sse_records import GATE, RECORDS
from devices.emulators.sse_card import SOCIAL_CARDS
from devices.errors import Condition, Garbled, Refused, TimedOut, Unreachable
from devices.status import State
from tests.devices.chip_card.conftest import Slot

WANG, LI = SOCIAL_CARDS["wang_xiaoming"], SOCIAL_CARDS["li_feng"]


def test_a_card_comes_and_goes(slot: Slot, reader: SseCardReader) -> None:
    assert reader.read_card() is None and not reader.card_present()
    slot.emulator.card_on = True
    assert reader.card_present()
    assert reader.read_card() == WANG
    assert reader.read_card() == WANG, "a card that stays can be read again"
    slot.emulator.card_sample = "li_feng"
    assert reader.read_card() == LI
    slot.emulator.card_on = False
    assert reader.read_card() is None and not reader.card_present()


def test_status(slot: Slot, reader: SseCardReader) -> None:
    assert reader.status().readings == {"card_present": False}
    slot.emulator.card_on = True
    status = reader.status()
    assert status.ready and status.readings == {"card_present": True}
    assert reader.identity() == slot.rig.url
    assert reader.capabilities()["pin"] is False


@pytest.mark.parametrize("announces", [False, True])
@pytest.mark.parametrize("short_name", [False, True])
def test_every_way_to_tell(slot: Slot, reader: SseCardReader, announces: bool, short_name: bool) -> None:
    """61xx and GET RESPONSE, 6Cxx and the right length, both, none."""
    slot.emulator.card_on = True
    slot.emulator.announces, slot.emulator.short_name = announces, short_name
    assert reader.read_card() == WANG
    sent = {command[1] for command in slot.emulator.chip.commands}
    assert (0xC0 in sent) is announces
    assert (bytes.fromhex("00 B2 09 00 08") in slot.emulator.chip.commands) is short_name


def test_nothing_but_the_gate_is_sent(slot: Slot, reader: SseCardReader) -> None:
    slot.emulator.card_on = True
    reader.read_card()
    assert set(slot.emulator.chip.commands) == GATE
    assert len(slot.emulator.chip.commands) == 2 + len(RECORDS)


def test_a_card_of_the_third_generation_tells_part(slot: Slot, reader: SseCardReader) -> None:
    slot.emulator.card_on = slot.emulator.third_generation = True
    assert reader.read_card() == SocialCard(
        card_number=WANG.card_number,
        identification_code=WANG.identification_code,
        issued=WANG.issued,
        valid_to=WANG.valid_to,
    )


def test_a_bank_card(slot: Slot, reader: SseCardReader) -> None:
    slot.emulator.card_on, slot.emulator.social = True, False
    with pytest.raises(Refused) as caught:
        reader.read_card()
    assert caught.value.condition is Condition.WRONG_CARD
    assert len(slot.emulator.chip.commands) == 1, "nothing else is asked of a card that is none of ours"


@pytest.mark.parametrize("status", [0x6F00, 0x6985, 0x6E00])
def test_an_application_that_does_not_open(slot: Slot, reader: SseCardReader, status: int) -> None:
    slot.emulator.card_on, slot.emulator.forced_status = True, status
    with pytest.raises(Refused) as caught:
        reader.read_card()
    assert caught.value.condition is Condition.CARD_UNREADABLE
    assert reader.read_card() == WANG


def test_a_mute_card(slot: Slot, reader: SseCardReader) -> None:
    slot.emulator.card_on = slot.emulator.card_mute = True
    with pytest.raises(Refused) as caught:
        reader.read_card()
    assert caught.value.condition is Condition.CARD_MUTE
    assert reader.status().ready, "the reader itself is well"


@pytest.mark.parametrize("after", range(1, 12))
def test_taken_out_in_the_middle(slot: Slot, reader: SseCardReader, after: int) -> None:
    slot.emulator.card_on = True
    chip, answer = slot.emulator.chip, slot.emulator.chip.answer

    def answer_and_leave(command: bytes) -> bytes:
        told = answer(command)
        if len(chip.commands) == after:
            slot.emulator.card_on = False
        return told

    chip.answer = answer_and_leave  # type: ignore[method-assign]
    assert reader.read_card() is None
    slot.emulator.card_on = True
    assert reader.read_card() == WANG


def test_a_card_that_tells_nothing(slot: Slot, reader: SseCardReader) -> None:
    slot.emulator.card_on = True
    answer = slot.emulator.chip.answer
    slot.emulator.chip.answer = (  # type: ignore[method-assign]
        lambda command: b"\x69\x82" if command[1] == 0xB2 else answer(command)
    )
    with pytest.raises(Refused) as caught:
        reader.read_card()
    assert caught.value.condition is Condition.CARD_UNREADABLE


def test_a_card_that_announces_for_ever(slot: Slot, reader: SseCardReader) -> None:
    slot.emulator.card_on = True
    sent: list[bytes] = []

    def announce(command: bytes) -> bytes:
        sent.append(command)
        return b"\x61\x10"

    slot.emulator.chip.answer = announce  # type: ignore[method-assign]
    with pytest.raises(Refused):
        reader.read_card()
    assert len(sent) == 5


@pytest.mark.parametrize("told", [b"", b"\x09", b"\x0d\x04\x90\x00", b"\x01\x7f\x00\x90\x00"])
def test_nonsense_names_no_citizen(slot: Slot, reader: SseCardReader, told: bytes) -> None:
    slot.emulator.card_on = True
    answer = slot.emulator.chip.answer
    slot.emulator.chip.answer = (  # type: ignore[method-assign]
        lambda command: told if command[1] == 0xB2 else answer(command)
    )
    with pytest.raises((Garbled, Refused)) as caught:
        reader.read_card()
    assert not any(word in str(caught.value) for word in (WANG.name, WANG.number, WANG.card_number))


def test_a_late_answer_is_let_go_by(slot: Slot, reader: SseCardReader) -> None:
    """What the card of the citizen before says too late is not read as the next one's."""
    slot.emulator.card_on = True
    slot.emulator.answer_s = 1.5
    assert reader.read_card() == WANG
    slot.emulator.answer_s = 2.5  # longer than the driver waits
    with pytest.raises(TimedOut):
        reader.read_card()
    slot.emulator.answer_s = 0.01
    slot.emulator.card_sample = "li_feng"
    assert all(reader.read_card() == LI for _ in range(3))


def test_silent_and_gone(slot: Slot, reader: SseCardReader) -> None:
    slot.emulator.mute = True
    for ask in (reader.read_card, reader.card_present, reader.status):
        with pytest.raises(TimedOut):
            ask()
    slot.rig.unplug()
    with pytest.raises(Unreachable):
        reader.status()
    reader.close()
    for ask in (reader.read_card, reader.card_present, reader.status):
        with pytest.raises(Unreachable, match="not open"):
            ask()


def test_refusals_have_a_state() -> None:
    from devices.status import state_of

    assert state_of(Condition.WRONG_CARD) is State.USER_ERROR
    assert state_of(Condition.CARD_MUTE) is State.USER_ERROR
