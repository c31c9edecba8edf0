"""Where a code ends, on a clock that the test reads out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.code_scanner.framing import STALE_S, CodeReader, Ending


def reader(ending: Ending = "auto", longest: int = 16) -> CodeReader:
    return CodeReader(ending, gap_s=0.1, longest=longest)


@pytest.mark.parametrize(
    ("ending", "said", "codes"),
    [
        ("auto", b"one\rtwo\nthree\tfour\r\n", [b"one", b"two", b"three", b"four"]),
        ("auto", b"\r\n\r\n\t", []),
        ("cr", b"one\r\ntwo\r", [b"one", b"two"]),
        ("cr", b"one\n", []),
        ("lf", b"one\ntwo\n", [b"one", b"two"]),
        ("crlf", b"o\rne\r\n", [b"o\rne"]),
        ("tab", b"one\ttwo\r", [b"one"]),
        ("auto", b"\x06one\r\x06\x15two\r", [b"one", b"two"]),  # ACK and NAK to commands
    ],
)
def test_terminators(ending: Ending, said: bytes, codes: list[bytes]) -> None:
    assert reader(ending).feed(said, 0.0) == codes
    in_single_bytes = reader(ending)
    assert [code for byte in said for code in in_single_bytes.feed(bytes((byte,)), 0.0)] == codes


def test_a_pause_ends_a_code_where_nothing_else_does() -> None:
    pausing = reader("none")
    assert pausing.feed(b"on", 0.0) == []
    assert pausing.feed(b"e", 0.05) == []
    assert pausing.feed(b"", 0.10) == []
    assert pausing.feed(b"", 0.16) == [b"one"]
    assert pausing.feed(b"two", 1.0) == []
    assert pausing.feed(b"three", 2.0) == [b"two"]
    assert pausing.unfinished == 0


def test_a_pause_ends_nothing_where_there_is_a_terminator() -> None:
    patient = reader()
    assert patient.feed(b"on", 0.0) == []
    assert patient.feed(b"e\r", 0.9) == [b"one"]


def test_a_code_that_broke_off_is_not_glued_to_the_next() -> None:
    patient = reader()
    assert patient.feed(b"on", 0.0) == []
    assert patient.feed(b"two\r", STALE_S) == [b"two"]
    assert patient.unfinished == 1


@pytest.mark.parametrize("ending", ["auto", "none"])
def test_too_long_is_dropped_up_to_the_next_end(ending: Ending) -> None:
    short = reader(ending)
    codes = [code for _ in range(10) for code in short.feed(b"x" * 7, 0.0)]
    assert codes == []
    assert short.feed(b"yyy\r", 0.01) == []
    assert short.oversize == 1
    assert short.feed(b"one\r", 0.5) + short.feed(b"", 5.0) in ([b"one"], [b"one\r"])


def test_too_long_in_one_go() -> None:
    short = reader()
    assert short.feed(b"x" * 17 + b"\rone\r" + b"y" * 16 + b"\r", 0.0) == [b"one", b"y" * 16]
    assert short.oversize == 1


def test_too_long_and_never_ending() -> None:
    short = reader()
    short.feed(b"x" * 100, 0.0)
    assert short.feed(b"one\r", STALE_S) == [b"one"]


def test_what_is_half_there_can_be_abandoned() -> None:
    one = reader()
    one.feed(b"half of", 0.0)
    one.abandon(0.05)
    assert one.feed(b" one\rtwo\r", 0.06) == [b"two"]
    one.feed(b"half of", 1.0)
    one.abandon(1.5)  # nothing came for long: there is no other half
    assert one.feed(b"two\r", 1.6) == [b"two"]
    one.feed(b"half of", 3.0)
    one.abandon(3.0)
    assert one.feed(b"two\r", 3.2) == [b"two"], "the other half did not come"


@given(
    st.lists(st.tuples(st.binary(max_size=30), st.floats(0, 2)), max_size=12),
    st.sampled_from(["auto", "none"]),
)
def test_codes_are_never_empty_nor_too_long(said: list[tuple[bytes, float]], ending: Ending) -> None:
    any_reader, now = reader(ending), 0.0
    for data, pause in said:
        now += pause
        for code in any_reader.feed(data, now):
            assert 0 < len(code) <= 16
