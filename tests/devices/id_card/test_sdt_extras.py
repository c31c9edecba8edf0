"""What is read beside the text: new addresses, fingerprints; the radio block (id_card_reader.md §3)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.emulators.sample_cards import WANG_XIAOMING
from devices.emulators.sdt import SdtEmulator
from devices.errors import Condition, Garbled, Refused, Unreachable
from devices.id_card.card_text import format_text
from devices.id_card.sdt import SdtReader, SdtSettings
from devices.id_card.sdt_frames import (
    READ_BASE_FINGERS,
    READ_NEW_ADDRESS,
    Answer,
    Management,
    Sw3,
    format_answer,
    format_base,
    format_management,
    parse_answer,
    parse_base_fingers,
    parse_management,
    parse_request,
)
from devices.id_card.sdt_verdict import CONDITIONS, MISHEARD
from devices.rig import register_emulators
from ground.clock import ManualClock

ADDRESS = "湖北省天门市示例路2号"
OTHER = "湖北省天门市示例路3号"
FINGERS = (bytes(range(256)) * 2, bytes(reversed(range(256))) * 2)


def opened(emulator: SdtEmulator, clock: ManualClock, **settings: object) -> SdtReader:
    url = register_emulators({"reader": emulator})["reader"].url
    reader = SdtReader(SdtSettings.model_validate({"url": url, **settings}), clock)
    reader.open()
    emulator.card_on = True
    return reader


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(params=["strict", "lenient"])
def emulator(request: pytest.FixtureRequest, clock: ManualClock) -> SdtEmulator:
    emulator = SdtEmulator(clock)
    emulator.strict_refind = request.param == "strict"
    return emulator


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("", ()),  # 91
        (ADDRESS, (ADDRESS,)),  # 70 bytes
        (f"{ADDRESS}\n\n\n", (ADDRESS,)),  # 280 bytes, three of four blocks blank (§3.3, §9)
        (f"\n{ADDRESS}\n\n{OTHER}", (ADDRESS, OTHER)),
    ],
)
def test_new_addresses(emulator: SdtEmulator, clock: ManualClock, stored: str, told: tuple[str, ...]) -> None:
    emulator.new_address = stored
    reader = opened(emulator, clock, read_new_address=True)
    assert reader.read_card() == replace(WANG_XIAOMING, new_addresses=told)


def test_nothing_is_asked_that_is_not_wanted(clock: ManualClock) -> None:
    class Listener(SdtEmulator):
        asked: set[tuple[int, int]] = set()

        def receive(self, data: bytes) -> None:
            self.asked.add(parse_request(data).code)
            super().receive(data)

    emulator = Listener(clock)
    emulator.new_address, emulator.fingers = ADDRESS, 2
    assert opened(emulator, clock).read_card() == WANG_XIAOMING
    assert emulator.asked == {(0x11, 0xFF), (0x12, 0xFF), (0x20, 1), (0x20, 2), (0x30, 1)}


class Bad(SdtEmulator):
    """Answers `code` by `reply`; None: not at all."""

    code = (0, 0)
    reply: bytes | None = None

    def receive(self, data: bytes) -> None:
        if parse_request(data).code != self.code:
            super().receive(data)
        elif self.reply is not None:
            self.say(self.reply)


@pytest.mark.parametrize(
    "reply",
    [
        None,
        b"",
        b"\x00" * 30,
        format_answer(Answer(Sw3.BAD_COMMAND)),
        format_answer(Answer(Sw3.READ_FAILED)),
        format_answer(Answer(Sw3.SELF_TEST_FAILED)),
        format_answer(Answer(Sw3.OK, bytes(69))),
        format_answer(Answer(Sw3.OK, bytes(350))),
        format_answer(Answer(0x77)),
    ],
)
def test_a_failing_new_address_never_spoils_the_reading(clock: ManualClock, reply: bytes | None) -> None:
    emulator = Bad(clock)
    reader = opened(emulator, clock, read_new_address=True)
    emulator.code, emulator.reply = READ_NEW_ADDRESS.code, reply
    assert reader.read_card() == WANG_XIAOMING
    emulator.code = (0, 0)
    emulator.card_on = False
    assert reader.read_card() is None
    emulator.card_on = True
    assert reader.read_card() == WANG_XIAOMING


def test_unplugged_while_the_new_address_is_asked_for(clock: ManualClock) -> None:
    class Loose(SdtEmulator):
        def receive(self, data: bytes) -> None:
            if parse_request(data).code == READ_NEW_ADDRESS.code:
                rig.unplug()
            super().receive(data)

    emulator = Loose(clock)
    rig = register_emulators({"reader": emulator})["reader"]
    reader = SdtReader(SdtSettings(url=rig.url, read_new_address=True), clock)
    reader.open()
    emulator.card_on = True
    assert reader.read_card() == WANG_XIAOMING
    with pytest.raises(Unreachable):
        reader.read_card()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fingerprints(emulator: SdtEmulator, clock: ManualClock, count: int) -> None:
    emulator.card = replace(WANG_XIAOMING, fingerprints=FINGERS[:count])
    reader = opened(emulator, clock, read_fingerprints=True)
    assert reader.read_card() == emulator.card
    assert reader.capabilities()["fingerprints"] is True


def test_both_at_once(emulator: SdtEmulator, clock: ManualClock) -> None:
    emulator.card, emulator.new_address = replace(WANG_XIAOMING, fingerprints=FINGERS), ADDRESS
    reader = opened(emulator, clock, read_fingerprints=True, read_new_address=True)
    assert reader.read_card() == replace(WANG_XIAOMING, fingerprints=FINGERS, new_addresses=(ADDRESS,))


def test_a_module_too_old_for_fingerprints(emulator: SdtEmulator, clock: ManualClock) -> None:
    emulator.knows_fingers = False
    reader = opened(emulator, clock, read_fingerprints=True)
    assert reader.read_card() == WANG_XIAOMING
    assert reader.capabilities()["fingerprints"] is False


def test_no_template_in_what_a_card_says_of_itself() -> None:
    said = repr(replace(WANG_XIAOMING, fingerprints=FINGERS))
    assert "fingerprints" not in said
    assert "photo" not in said


@pytest.mark.parametrize("fingers", [0, 512, 1024])
def test_the_three_lengths_of_fingerprints(fingers: int) -> None:  # §3.2
    text, photo, templates = parse_base_fingers(format_base(bytes(256), bytes(1024), bytes(fingers)))
    assert (len(text), len(photo), [len(each) for each in templates]) == (256, 1024, [512] * (fingers // 512))


@pytest.mark.parametrize("fingers", [1, 511, 513, 1536])
def test_other_lengths_are_garbled(fingers: int) -> None:
    with pytest.raises(Garbled):
        parse_base_fingers(format_base(bytes(256), bytes(1024), bytes(fingers)))


@given(st.binary(max_size=2400))
@settings(deadline=None)
def test_arbitrary_bodies_with_fingers(body: bytes) -> None:
    try:
        text, photo, fingers = parse_base_fingers(body)
    except Garbled:
        return
    assert (len(text), len(photo) <= 1024, {len(each) for each in fingers} <= {512}) == (256, True, True)


def test_a_reading_with_fingers_is_2321_bytes() -> None:  # §3
    frame = format_answer(
        Answer(0x90, format_base(format_text(WANG_XIAOMING), bytes(1024), b"".join(FINGERS)))
    )
    assert len(frame) == READ_BASE_FINGERS.answer_bytes == 2321
    assert parse_base_fingers(parse_answer(frame).body)[2] == FINGERS


def test_the_management_number() -> None:  # §3: 28 = IIN 4 + SN 8 + DN 16
    body = bytes(range(28))
    management = parse_management(body)
    assert management == Management(body[:4], body[4:12], body[12:])
    assert format_management(management) == body
    assert repr(management) == "Management()", "it tells one citizen from another"
    for size in (0, 27, 29):
        with pytest.raises(Garbled):
            parse_management(bytes(size))


@pytest.mark.parametrize("knows", [True, False])
@pytest.mark.parametrize("count", [0x50, 0x58])  # §3
def test_the_radio_block(emulator: SdtEmulator, clock: ManualClock, count: int, knows: bool) -> None:
    emulator.knows_max_rf = knows
    reader = opened(emulator, clock, max_rf_bytes=count)
    assert emulator.max_rf_bytes == (count if knows else 0)
    assert reader.read_card() == WANG_XIAOMING


def test_a_module_that_is_silent_about_the_radio_block(clock: ManualClock) -> None:
    emulator = Bad(clock)
    emulator.code = (0x61, 0xFF)
    assert opened(emulator, clock, max_rf_bytes=0x50).read_card() == WANG_XIAOMING


@pytest.mark.parametrize("sw3", list(Sw3))
def test_every_status_is_a_value_or_an_error(clock: ManualClock, sw3: Sw3) -> None:
    """§4 whole: success, "I misheard you", or a condition that has words."""
    assert sw3 in (Sw3.OK, Sw3.CARD_FOUND, *MISHEARD) or isinstance(CONDITIONS[sw3], Condition)
    emulator = Bad(clock)
    reader = opened(emulator, clock)
    emulator.code, emulator.reply = (0x30, 1), format_answer(Answer(sw3))
    with pytest.raises(Refused if sw3 in CONDITIONS else Garbled):
        reader.read_card()
