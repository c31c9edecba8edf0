"""Literal bytes from the protocol notes (id_card_reader.md), so that codec and emulator cannot share a misreading."""

import hashlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import Garbled
from devices.id_card import CardKind, IdCard
from devices.id_card.card_text import format_text, parse_text
from devices.id_card.sdt_frames import (
    FIND,
    PREAMBLE,
    READ_BASE,
    READ_BASE_FINGERS,
    READ_MANAGEMENT,
    READ_NEW_ADDRESS,
    RESET,
    SAM_ID,
    SELECT,
    SET_BAUD,
    STATUS,
    Answer,
    Request,
    Scanner,
    format_answer,
    format_base,
    format_request,
    format_sam_id,
    parse_answer,
    parse_base,
    parse_request,
    parse_sam_id,
    set_max_rf_bytes,
)

REQUESTS = [  # §3
    (RESET, "AA AA AA 96 69 00 03 10 FF EC"),
    (STATUS, "AA AA AA 96 69 00 03 11 FF ED"),
    (SAM_ID, "AA AA AA 96 69 00 03 12 FF EE"),
    (FIND, "AA AA AA 96 69 00 03 20 01 22"),
    (SELECT, "AA AA AA 96 69 00 03 20 02 21"),
    (READ_BASE, "AA AA AA 96 69 00 03 30 01 32"),
    (READ_NEW_ADDRESS, "AA AA AA 96 69 00 03 30 03 30"),
    (READ_MANAGEMENT, "AA AA AA 96 69 00 03 30 05 36"),
    (READ_BASE_FINGERS, "AA AA AA 96 69 00 03 30 10 23"),
    (SET_BAUD[115200], "AA AA AA 96 69 00 03 60 00 63"),
    (SET_BAUD[57600], "AA AA AA 96 69 00 03 60 01 62"),
    (SET_BAUD[38400], "AA AA AA 96 69 00 03 60 02 61"),
    (SET_BAUD[19200], "AA AA AA 96 69 00 03 60 03 60"),
    (SET_BAUD[9600], "AA AA AA 96 69 00 03 60 04 67"),
    (set_max_rf_bytes(0x50), "AA AA AA 96 69 00 04 61 FF 50 CA"),
    (set_max_rf_bytes(0x58), "AA AA AA 96 69 00 04 61 FF 58 C2"),
]

STATUSES = [  # §4: SW3 and the checksum of its 11-byte frame
    (0x90, 0x94),
    (0x10, 0x14),
    (0x11, 0x15),
    (0x21, 0x25),
    (0x23, 0x27),
    (0x24, 0x20),
    (0x31, 0x35),
    (0x32, 0x36),
    (0x33, 0x37),
    (0x40, 0x44),
    (0x41, 0x45),
    (0x47, 0x43),
    (0x60, 0x64),
    (0x66, 0x62),
    (0x80, 0x84),
    (0x81, 0x85),
    (0x91, 0x95),
]

SAM_FRAME = bytes.fromhex(  # §3.4
    "AA AA AA 96 69 00 14 00 00 90 05 00 03 00 05 25 35 01 4E 61 BC 00 B1 68 DE 3A 38"
)
SAM_TEXT = "05.03-20260101-0012345678-0987654321"  # §3.4

GOLDEN_CARD = IdCard(  # §8; sex and number disagree on purpose of nobody: the notes are for the codec only
    kind=CardKind.RESIDENT,
    name="张三",
    sex="男",
    ethnicity="汉",
    birth=date(1949, 12, 31),
    address="北京市朝阳区测试路1号",
    number="11010519491231002X",
    authority="北京市公安局朝阳分局",
    valid_from=date(2020, 1, 1),
    valid_to=None,
    long_term=True,
    photo=bytes(index % 256 for index in range(1024)),
)
GOLDEN_SHA256 = "06933abb798e02812057dde57eb694b9400eb26e41ceeac6ca65831da1d20bad"  # §8


@pytest.mark.parametrize(("request_", "frame"), REQUESTS, ids=lambda value: getattr(value, "name", None))
def test_every_command_of_section_3(request_: Request, frame: str) -> None:
    assert format_request(request_) == bytes.fromhex(frame)
    parsed = parse_request(bytes.fromhex(frame))
    assert (parsed.code, parsed.body) == (request_.code, request_.body)


@pytest.mark.parametrize(("sw3", "check"), STATUSES)
def test_every_status_of_section_4(sw3: int, check: int) -> None:
    frame = bytes.fromhex("AA AA AA 96 69 00 04 00 00") + bytes([sw3, check])
    assert format_answer(Answer(sw3)) == frame
    assert parse_answer(frame) == Answer(sw3)


def test_a_found_card_with_zero_iin_ends_in_97() -> None:  # §4
    frame = bytes.fromhex("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97")
    assert parse_answer(frame) == Answer(0x9F, bytes(4))
    assert format_answer(Answer(0x9F, bytes(4))) == frame


def test_status_bytes_of_the_card_are_no_fault() -> None:  # §2: only SW3 counts
    frame = format_answer(Answer(0x31, sw1=0x69, sw2=0x88))
    assert parse_answer(frame) == Answer(0x31, b"", 0x69, 0x88)


def test_sam_id() -> None:
    assert parse_sam_id(parse_answer(SAM_FRAME).body) == SAM_TEXT
    assert format_answer(Answer(0x90, format_sam_id(SAM_TEXT))) == SAM_FRAME


def test_golden_frame() -> None:
    frame = format_answer(Answer(0x90, format_base(format_text(GOLDEN_CARD), GOLDEN_CARD.photo)))
    assert len(frame) == 1295
    assert frame[:14] == bytes.fromhex("AA AA AA 96 69 05 08 00 00 90 01 00 04 00")  # §3.1
    assert frame[-1] == 0x31
    assert hashlib.sha256(frame).hexdigest() == GOLDEN_SHA256
    assert parse_text(*parse_base(parse_answer(frame).body)) == GOLDEN_CARD


@pytest.mark.parametrize(
    ("fingers", "size", "length", "check"),  # §3.2, §8
    [(0, 1297, "05 0A", 0x33), (1, 1809, "07 0A", 0x33), (2, 2321, "09 0A", 0x3B)],
)
def test_text_photo_and_fingers(fingers: int, size: int, length: str, check: int) -> None:
    body = format_base(format_text(GOLDEN_CARD), GOLDEN_CARD.photo, bytes(512 * fingers))
    frame = format_answer(Answer(0x90, body))
    assert (len(frame), frame[5:7], frame[-1]) == (size, bytes.fromhex(length), check)


@pytest.mark.parametrize("noise", ["", "AA", "AA AA", "AA AA AA", "00 FF AA 96 69", "AA AA AA 96", "69"])
def test_a_frame_is_found_behind_noise(noise: str) -> None:  # §2: AA AA AA AA 96 69 matches at offset 1
    scanner = Scanner()
    for byte in bytes.fromhex(noise) + SAM_FRAME:
        assert scanner.wanted > 0
        scanner.feed(bytes([byte]))
    assert scanner.take() == SAM_FRAME
    assert scanner.take() is None


@given(
    st.binary(max_size=40).filter(lambda noise: PREAMBLE not in noise + PREAMBLE[:-1]), st.binary(max_size=80)
)
@settings(deadline=None)
def test_whatever_precedes_and_follows(noise: bytes, body: bytes) -> None:
    frame = format_answer(Answer(0x90, body))
    scanner = Scanner()
    scanner.feed(noise + frame + frame[:3])
    assert scanner.take() == frame


@given(st.binary(max_size=60), st.integers(1, 7))
@settings(deadline=None)
def test_reading_what_is_wanted_never_reads_too_far(noise: bytes, step: int) -> None:
    """The host asks the wire for `wanted` bytes: not one of the next frame may be among them."""
    stream = noise.replace(PREAMBLE, b"") + SAM_FRAME
    scanner, at = Scanner(), 0
    while (frame := scanner.take()) is None and at < len(stream):
        size = min(scanner.wanted, step)
        assert at + scanner.wanted <= len(stream)
        scanner.feed(stream[at : at + size])
        at += size
    if PREAMBLE not in stream[: -len(SAM_FRAME) + 4]:
        assert (frame, at) == (SAM_FRAME, len(stream))


@given(st.binary(max_size=2400))
@settings(deadline=None)
def test_arbitrary_bytes_are_an_answer_or_garbled(frame: bytes) -> None:
    try:
        parse_answer(frame)
    except Garbled:
        return


@given(st.integers(0, len(SAM_FRAME) - 1), st.integers(1, 255))
@settings(deadline=None)
def test_any_changed_byte_is_noticed(at: int, change: int) -> None:
    bad = bytearray(SAM_FRAME)
    bad[at] ^= change
    with pytest.raises(Garbled):
        parse_answer(bytes(bad))


@given(st.integers(0, 255), st.binary(max_size=2300), st.integers(0, 255), st.integers(0, 255))
@settings(deadline=None)
def test_answers_come_back_as_they_were(sw3: int, body: bytes, sw1: int, sw2: int) -> None:
    answer = Answer(sw3, body, sw1, sw2)
    assert parse_answer(format_answer(answer)) == answer


@given(st.binary(max_size=1400))
@settings(deadline=None)
def test_arbitrary_bodies_have_two_blocks_or_are_garbled(body: bytes) -> None:
    try:
        text, photo = parse_base(body)
    except Garbled:
        return
    assert len(text) == 256
    assert len(photo) <= 1024


def test_longer_blocks_are_clamped() -> None:  # §3.1
    text, photo = parse_base(format_base(bytes(300), bytes(1100)))
    assert (len(text), len(photo)) == (256, 1024)


def test_a_card_is_not_in_what_an_answer_says_of_itself() -> None:
    assert "张" not in repr(Answer(0x90, format_text(GOLDEN_CARD)))
    assert "5f20" not in repr(Answer(0x90, format_text(GOLDEN_CARD))).lower()
