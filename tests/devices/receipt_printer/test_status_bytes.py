"""Status bytes: literal vectors from receipt_printer.md, and what must hold for any bytes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.receipt_printer import Sensors
from devices.receipt_printer.escpos_codec import (
    Answer,
    AutoStatus,
    Block,
    Buffered,
    Demultiplexer,
    Flow,
    RealTime,
    format_auto_status,
    format_paper_sensor,
    format_status,
    is_real_time,
    parse_status,
)
from devices.status import Supply

FINE = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
ALL_FINE = Sensors(True, Supply.FULL, False, False, False, False)

statuses = st.builds(
    Sensors,
    online=st.booleans(),
    paper=st.sampled_from([Supply.FULL, Supply.LOW, Supply.OUT, Supply.JAMMED]),
    cover_open=st.booleans(),
    cutter_error=st.booleans(),
    overheated=st.booleans(),
    unrecoverable=st.booleans(),
)


# §1, "Reference bytes": each with the rest of the printer in order.
@pytest.mark.parametrize(
    ("question", "byte", "field", "value"),
    [
        pytest.param(1, 0x12, "online", True, id="§1 all fine 12"),
        pytest.param(1, 0x16, "online", True, id="§1 drawer high adds 04"),
        pytest.param(1, 0x1A, "online", False, id="§1 offline 1A"),
        pytest.param(2, 0x16, "cover_open", True, id="§1 cover open (n=2) 16"),
        pytest.param(2, 0x32, "paper", Supply.OUT, id="§1 paper-end stop 32"),
        pytest.param(2, 0x52, "paper", Supply.FULL, id="§1 error 52 says nothing of paper"),
        pytest.param(3, 0x1A, "cutter_error", True, id="§1 cutter (n=3) 1A"),
        pytest.param(3, 0x32, "unrecoverable", True, id="§1 unrecoverable 32"),
        pytest.param(3, 0x52, "overheated", True, id="§1 recoverable 52"),
        pytest.param(3, 0x16, "paper", Supply.JAMMED, id="§1 mechanical error (n=3), bit 2"),
        pytest.param(4, 0x12, "paper", Supply.FULL, id="§1 all fine 12 (n=4)"),
        pytest.param(4, 0x1E, "paper", Supply.LOW, id="§1 near end (n=4) 1E"),
        pytest.param(4, 0x72, "paper", Supply.OUT, id="§1 paper out 72"),
        pytest.param(4, 0x7E, "paper", Supply.OUT, id="§1 7E with near-end too"),
        pytest.param(4, 0x52, "paper", Supply.UNKNOWN, id="§1 bit 6 alone is a question"),
        pytest.param(4, 0x32, "paper", Supply.UNKNOWN, id="§1 bit 5 alone is a question"),
    ],
)
def test_reference_bytes(question: int, byte: int, field: str, value: object) -> None:
    assert getattr(parse_status({**FINE, question: byte}), field) == value  # type: ignore[dict-item]


def test_a_kiosk_unit_whose_bit_6_is_the_presenter() -> None:
    assert parse_status({**FINE, 4: 0x52}, "bit5").paper is Supply.FULL  # §1, PPU-231
    assert parse_status({**FINE, 4: 0x32}, "bit5").paper is Supply.OUT


@pytest.mark.parametrize(
    ("status", "answers"),
    [
        (ALL_FINE, (0x12, 0x12, 0x12, 0x12)),
        (Sensors(False, Supply.FULL, cover_open=True), (0x1A, 0x16, 0x12, 0x12)),
        (Sensors(False, Supply.OUT), (0x1A, 0x32, 0x12, 0x7E)),
        (Sensors(False, Supply.FULL, cutter_error=True), (0x1A, 0x52, 0x1A, 0x12)),
        (Sensors(True, Supply.LOW), (0x12, 0x12, 0x12, 0x1E)),
    ],
)
def test_written_as_the_reference_bytes_say(status: Sensors, answers: tuple[int, ...]) -> None:
    assert tuple(format_status(status)[n] for n in (1, 2, 3, 4)) == answers  # type: ignore[index]


def test_auto_status_blocks() -> None:
    assert format_auto_status(ALL_FINE) == bytes.fromhex("10000000")  # §2 idle block
    assert format_auto_status(Sensors(False, Supply.OUT, cover_open=True)) == bytes.fromhex("38000F00")
    assert format_auto_status(Sensors(False, Supply.LOW, cutter_error=True)) == bytes.fromhex("18080300")


def test_paper_sensor_byte() -> None:
    assert [format_paper_sensor(Sensors(True, paper)) for paper in (Supply.FULL, Supply.LOW, Supply.OUT)] == [
        0x00,
        0x03,
        0x0F,
    ]  # §2, GS r 1


@given(statuses)
def test_what_is_written_is_read(status: Sensors) -> None:
    read = parse_status(format_status(status))
    assert read.online == status.online
    assert read.paper == status.paper
    assert read.cover_open == status.cover_open
    assert read.cutter_error == status.cutter_error
    assert read.unrecoverable == status.unrecoverable
    # with the cover open, the recoverable bit is the cover's
    assert read.overheated == (status.overheated and not status.cover_open)
    assert all(is_real_time(byte) for byte in format_status(status).values())


def test_silence_is_unknown_and_never_ready() -> None:
    silent = parse_status({})
    assert silent == Sensors(None, Supply.UNKNOWN)
    assert not silent.ready


@pytest.mark.parametrize(
    ("stream", "answers"),
    [
        pytest.param("12", [RealTime(0x12)], id="DLE EOT"),
        pytest.param("03", [Buffered(0x03)], id="GS r"),
        pytest.param("38000F00", [AutoStatus(bytes.fromhex("38000F00"))], id="ASB"),
        pytest.param("1400000F", [AutoStatus(bytes.fromhex("1400000F"))], id="ASB, Epson's idle"),
        pytest.param("1311", [Flow(True), Flow(False)], id="XOFF XON"),
        pytest.param("5F4550534F4E00", [Block(b"EPSON")], id="GS I 66"),
        pytest.param("372500", [Block(b"%")], id="DLE DC4 8"),
        pytest.param(
            "1400000F1213", [AutoStatus(bytes.fromhex("1400000F")), RealTime(0x12), Flow(True)], id="all"
        ),
        pytest.param("1400127E", [Buffered(0), RealTime(0x12), RealTime(0x7E)], id="a block that broke off"),
    ],
)
def test_answers_are_told_apart(stream: str, answers: list[Answer]) -> None:
    for cuts in ([bytes.fromhex(stream)], [bytes((byte,)) for byte in bytes.fromhex(stream)]):
        demultiplexer = Demultiplexer()
        assert list(itertools.chain.from_iterable(map(demultiplexer.feed, cuts))) == answers  # §2


@given(st.binary(max_size=300), st.integers(0, 300))
def test_any_bytes_are_answers_or_noise(noise: bytes, cut: int) -> None:
    whole, halves = Demultiplexer(), Demultiplexer()
    told = whole.feed(noise)
    assert told == halves.feed(noise[:cut]) + halves.feed(noise[cut:])
    for answer in told:
        if isinstance(answer, RealTime):
            assert is_real_time(answer.byte)
