"""Frames of Modbus RTU and LCUS against literal ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.signals.lcus_board import format_relay, parse_relay
from devices.signals.modbus_frames import (
    Answer,
    Function,
    crc16,
    find_answer,
    format_exception,
    format_request,
    is_whole,
    missing_bytes,
    pack_bits,
    read_bits,
    silent_interval_s,
    unpack_bits,
    write_bit,
    write_bits,
)

# the examples that every description of Modbus RTU prints, for slave 11h (others.md §8 names the functions)
READ_COILS, COILS = "11 01 00 13 00 25 0E 84", "11 01 05 CD 6B B2 0E 1B 45 E6"
READ_INPUTS, INPUTS = "11 02 00 C4 00 16 BA A9", "11 02 03 AC DB 35 20 18"
WRITE_COIL = "11 05 00 AC FF 00 4E 8B"  # its own echo
WRITE_COILS, COILS_WRITTEN = "11 0F 00 13 00 0A 02 CD 01 BF 0B", "11 0F 00 13 00 0A 26 99"
REFUSED = "0A 81 02 B0 53"


def frame(digits: str) -> bytes:
    return bytes.fromhex(digits)


@pytest.mark.parametrize(
    ("request_", "asked", "answered", "data"),
    [
        (read_bits(0x11, Function.READ_COILS, 0x13, 0x25), READ_COILS, COILS, "CD 6B B2 0E 1B"),
        (read_bits(0x11, Function.READ_INPUTS, 0xC4, 0x16), READ_INPUTS, INPUTS, "AC DB 35"),
        (write_bit(0x11, 0xAC, True), WRITE_COIL, WRITE_COIL, ""),
        (
            write_bits(0x11, 0x13, [level == "1" for level in "1011001110"]),
            WRITE_COILS,
            COILS_WRITTEN,
            "",
        ),
    ],
)
def test_literal_conversations(request_: object, asked: str, answered: str, data: str) -> None:
    assert format_request(request_) == frame(asked)  # type: ignore[arg-type]
    assert find_answer(frame(answered), request_) == Answer(frame(data))  # type: ignore[arg-type]


def test_a_literal_refusal() -> None:
    request = read_bits(0x0A, Function.READ_COILS, 0x4A1, 1)
    assert find_answer(frame(REFUSED), request) == Answer(exception=2)
    assert format_exception(0x0A, 1, 2) == frame(REFUSED)


def test_the_crc() -> None:
    assert (
        crc16(b"\x02\x07") == 0x1241
    )  # MODBUS over Serial Line V1.02, appendix B: "02 07" gives 41 12 on the line
    assert is_whole(frame("02 07 41 12"))
    assert not is_whole(frame("02 07 12 41"))


def test_a_closing_coil() -> None:
    assert format_request(write_bit(0x11, 0xAC, False))[4:6] == b"\x00\x00"


@pytest.mark.parametrize(
    "heard",
    [
        COILS,  # another function: an answer to an older question
        "12" + INPUTS[2:],  # another slave, and so another CRC
        INPUTS[:-2] + "19",
        INPUTS[:-3],
        "11 02 02 AC DB" + " 00 00",
        "",
    ],
)
def test_no_answer_to_this(heard: str) -> None:
    assert find_answer(frame(heard), read_bits(0x11, Function.READ_INPUTS, 0xC4, 0x16)) is None


def test_an_echo_of_another_switch_is_no_answer() -> None:
    assert find_answer(frame(WRITE_COIL), write_bit(0x11, 0xAC, False)) is None
    assert find_answer(frame(WRITE_COIL), write_bit(0x11, 0xAD, True)) is None


def test_noise_around_an_answer() -> None:
    request = read_bits(0x11, Function.READ_INPUTS, 0xC4, 0x16)
    assert find_answer(b"\x00\x11\x02" + frame(INPUTS) + b"\xff", request) == Answer(frame("AC DB 35"))


@given(st.binary(max_size=40))
def test_what_is_missing_is_never_nothing(heard: bytes) -> None:
    request = read_bits(0x11, Function.READ_INPUTS, 0, 16)
    assert 1 <= missing_bytes(heard, request) <= request.answer_bytes
    find_answer(heard, request)


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_bits_survive_packing(levels: list[bool]) -> None:
    assert unpack_bits(pack_bits(levels), len(levels)) == tuple(levels)


@pytest.mark.parametrize("count", [0, 1969])
def test_too_many_lines(count: int) -> None:
    with pytest.raises(ValueError, match="1968"):
        read_bits(1, Function.READ_INPUTS, 0, count)
    with pytest.raises(ValueError, match="1968"):
        write_bits(1, 0, [True] * count)


def test_the_silent_interval() -> None:
    assert silent_interval_s(9600) == pytest.approx(0.00401, abs=1e-5)
    assert silent_interval_s(115200) == 0.00175


def test_literal_relays() -> None:
    assert format_relay(0, True) == frame("A0 01 01 A2")  # §8
    assert format_relay(0, False) == frame("A0 01 00 A1")  # §8
    assert parse_relay(frame("A0 01 01 A2")) == (0, True)
    for wrong in ("A0 01 01 A3", "A0 01 02 A3", "A0 00 01 A1", "A1 01 01 A3", "A0 01 01"):
        assert parse_relay(frame(wrong)) is None
    with pytest.raises(ValueError, match="relays"):
        format_relay(16, True)
