"""The emulator keeps the contract of id_card_reader.md §8, byte by byte."""

import hashlib

import pytest

from devices.emulators.sample_cards import LI_FENG, WANG_XIAOMING
from devices.emulators.sdt import SAM_LABEL, SdtEmulator, State
from devices.id_card import CardKind
from devices.id_card.card_text import parse_addresses
from devices.id_card.sdt_frames import parse_answer
from ground.clock import ManualClock
from tests.devices.id_card.test_sdt import GOLDEN_CARD, GOLDEN_SHA256, SAM_FRAME

STATUS = "00 03 11 FF ED"
SAM_ID = "00 03 12 FF EE"
FIND = "00 03 20 01 22"
SELECT = "00 03 20 02 21"
READ = "00 03 30 01 32"
NEW_ADDRESS = "00 03 30 03 30"
MANAGEMENT = "00 03 30 05 36"
RESET = "00 03 10 FF EC"


class Bench:
    """An emulator, asked in hexadecimal."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.emulator = SdtEmulator(self.clock)

    def ask(self, request: str) -> bytes:
        """The whole answer to what follows the preamble."""
        self.emulator.receive(bytes.fromhex("AA AA AA 96 69" + request))
        return self.wait(3.0)

    def wait(self, seconds: float) -> bytes:
        self.clock.turn(seconds)
        return self.emulator.take()

    def sw3(self, request: str) -> int:
        return parse_answer(self.ask(request)).sw3


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_golden_frame(bench: Bench) -> None:
    bench.emulator.card = GOLDEN_CARD
    bench.emulator.card_on = True
    bench.ask(FIND)
    bench.ask(SELECT)
    assert hashlib.sha256(bench.ask(READ)).hexdigest() == GOLDEN_SHA256


def test_the_sam_id(bench: Bench) -> None:
    assert bench.ask(SAM_ID) == SAM_FRAME
    assert SAM_LABEL == "05.03-20260101-0012345678-0987654321"


def test_from_empty_to_read_and_back(bench: Bench) -> None:
    assert bench.ask(FIND) == bytes.fromhex("AA AA AA 96 69 00 04 00 00 80 84")
    bench.emulator.card_on = True
    assert bench.sw3(SELECT) == 0x81
    assert bench.sw3(READ) == 0x41
    assert bench.ask(FIND) == bytes.fromhex("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97")
    assert bench.sw3(READ) == 0x41
    assert len(bench.ask(SELECT)) == 19
    assert bench.sw3(SELECT) == 0x81
    assert len(bench.ask(READ)) == 1295
    assert len(bench.ask(READ)) == 1295
    assert len(bench.ask(MANAGEMENT)) == 39
    bench.emulator.card_on = False
    assert bench.sw3(FIND) == 0x80
    assert bench.sw3(MANAGEMENT) == 0x41


@pytest.mark.parametrize("strict", [True, False])
def test_find_after_find(bench: Bench, strict: bool) -> None:  # §7.4
    bench.emulator.strict_refind = strict
    bench.emulator.card_on = True
    assert bench.sw3(FIND) == 0x9F
    for request in (SELECT, READ):
        assert bench.sw3(FIND) == (0x80 if strict else 0x9F)
        assert bench.sw3(request) == (0x90 if request == SELECT or strict else 0x41)
    assert bench.sw3(FIND) == (0x80 if strict else 0x9F)


def test_reset_starts_over(bench: Bench) -> None:
    bench.emulator.card_on = True
    bench.sw3(FIND)
    assert bench.sw3(RESET) == 0x90
    assert bench.sw3(FIND) == 0x9F


def test_new_addresses(bench: Bench) -> None:  # §3.3
    bench.emulator.card_on = True
    bench.ask(FIND)
    bench.ask(SELECT)
    assert bench.sw3(NEW_ADDRESS) == 0x91
    bench.emulator.new_address = "湖北省天门市示例路2号"
    answer = bench.ask(NEW_ADDRESS)
    assert len(answer) == 11 + 70
    assert parse_addresses(parse_answer(answer).body) == ("湖北省天门市示例路2号",)


@pytest.mark.parametrize(("fingers", "size", "check"), [(0, 1297, 0x33), (1, 1809, 0x33), (2, 2321, 0x3B)])
def test_fingers(bench: Bench, fingers: int, size: int, check: int) -> None:  # §8
    bench.emulator.card = GOLDEN_CARD
    bench.emulator.fingers = fingers
    bench.emulator.card_on = True
    bench.ask(FIND)
    bench.ask(SELECT)
    answer = bench.ask("00 03 30 10 23")
    assert (len(answer), answer[-1]) == (size, check)


@pytest.mark.parametrize(
    ("request_", "sw3"),
    [
        ("00 03 11 FF EC", 0x10),  # checksum
        ("00 02 11 13", 0x11),  # shorter than any command
        ("00 00", 0x11),
        ("00 04 11 FF 00 EA", 0x11),  # not this command's length
        ("00 03 61 FF 9D", 0x11),
        ("00 05 11 FF 00 00 EB", 0x11),
        ("FF FF", 0x11),
        ("00 03 30 02 31", 0x21),  # §3: one list knows it, all others do not
        ("00 03 77 FF 8B", 0x21),
        ("00 03 60 05 66", 0x21),
        ("00 03 60 04 67", 0x90),
        ("00 04 61 FF 50 CA", 0x90),
    ],
)
def test_what_it_makes_of_a_request(bench: Bench, request_: str, sw3: int) -> None:
    assert bench.sw3(request_) == sw3


def test_a_new_speed_is_remembered(bench: Bench) -> None:
    bench.ask("00 03 60 04 67")
    assert bench.emulator.baud == 9600


@pytest.mark.parametrize(("knob", "sw3"), [("self_test_failed", 0x60), ("unauthorised", 0x66)])
@pytest.mark.parametrize("request_", [STATUS, FIND, "00 03 77 FF 8B", "00 03 11 FF EC"])
def test_a_dead_module_says_one_thing(bench: Bench, knob: str, sw3: int, request_: str) -> None:
    setattr(bench.emulator, knob, True)
    assert bench.sw3(request_) == sw3


def test_noise_before_a_request(bench: Bench) -> None:
    bench.emulator.receive(bytes.fromhex("00 FF AA AA 69 AA"))
    assert bench.sw3(STATUS) == 0x90


def test_a_gap_drops_what_was_heard(bench: Bench) -> None:
    request = bytes.fromhex("AA AA AA 96 69" + STATUS)
    bench.emulator.receive(request[:7])
    bench.clock.turn(0.9)
    bench.emulator.receive(request[7:])
    assert parse_answer(bench.wait(1)).sw3 == 0x90
    bench.emulator.receive(request[:7])
    bench.clock.turn(1.1)
    bench.emulator.receive(request[7:])
    assert bench.wait(5) == b""


def test_bytes_one_by_one(bench: Bench) -> None:
    for byte in bytes.fromhex("AA AA AA 96 69" + STATUS):
        bench.emulator.receive(bytes([byte]))
    assert parse_answer(bench.wait(1)).sw3 == 0x90


def test_answers_come_one_after_the_other(bench: Bench) -> None:
    """A module works on one thing at a time: a quick command waits behind a slow one."""
    bench.emulator.find_s = 1.0
    for request in (FIND, STATUS):
        bench.emulator.receive(bytes.fromhex("AA AA AA 96 69" + request))
    assert bench.wait(0.5) == b""
    assert bench.emulator.next_due() == pytest.approx(1.0)
    assert parse_answer(bench.wait(0.5)).sw3 == 0x80
    assert parse_answer(bench.wait(0.1)).sw3 == 0x90


@pytest.mark.parametrize("back", [True, False], ids=["put back", "gone"])
def test_lifted_in_the_middle_of_reading(bench: Bench, back: bool) -> None:
    bench.emulator.card_on = True
    bench.ask(FIND)
    bench.ask(SELECT)
    bench.emulator.receive(bytes.fromhex("AA AA AA 96 69" + READ))
    assert bench.wait(0.5) == b""
    bench.emulator.card_on = False
    bench.emulator.card_on = back
    assert parse_answer(bench.wait(0.5)).sw3 == 0x41
    assert bench.sw3(FIND) == (0x9F if back else 0x80)


def test_a_host_that_leaves_takes_its_questions_along(bench: Bench) -> None:
    bench.emulator.receive(bytes.fromhex("AA AA AA 96 69" + FIND))
    bench.emulator.connected()
    assert bench.wait(5) == b""
    assert bench.emulator.next_due() is None


def test_mute_is_deaf_too(bench: Bench) -> None:
    bench.emulator.mute = True
    bench.emulator.card_on = True
    bench.emulator.receive(bytes.fromhex("AA AA AA 96 69" + FIND))
    assert bench.wait(5) == b""
    bench.emulator.mute = False
    assert bench.emulator.state is State.PRESENT


def test_cards_by_name(bench: Bench) -> None:
    assert bench.emulator.card == WANG_XIAOMING
    bench.emulator.card_sample = "li_feng"
    assert (bench.emulator.card, bench.emulator.card_sample) == (LI_FENG, "li_feng")
    bench.emulator.card = GOLDEN_CARD
    assert bench.emulator.card_sample == ""
    with pytest.raises(ValueError, match="no sample card"):
        bench.emulator.card_sample = "nobody"
    assert {CardKind(card.kind) for card in (WANG_XIAOMING, LI_FENG)} == {CardKind.RESIDENT}


@pytest.mark.parametrize(
    ("knob", "at", "answer"),
    [
        ("flip_at", 9, "AA AA AA 96 69 00 04 00 00 6F 94"),
        ("drop_at", 0, "AA AA 96 69 00 04 00 00 90 94"),
        ("add_at", 11, "AA AA AA 96 69 00 04 00 00 90 94 AA"),
    ],
)
def test_one_bad_byte_once(bench: Bench, knob: str, at: int, answer: str) -> None:
    setattr(bench.emulator, knob, at)
    assert bench.ask(STATUS) == bytes.fromhex(answer)
    assert bench.sw3(STATUS) == 0x90
