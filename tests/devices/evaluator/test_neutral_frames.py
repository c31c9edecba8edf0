"""Frames: literal vectors from evaluator.md §8, and what must hold for any bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.evaluator.neutral_frames import (
    LONGEST_DATA,
    Command,
    Frame,
    FrameReader,
    format_ack,
    format_frame,
)

VECTORS = [
    pytest.param("A55A03010103", Frame(1, Command.PING), id="§8 ping addr1"),
    pytest.param("A55A050103140516", Frame(1, Command.REQUEST, b"\x14\x05"), id="§8 request 20 s, 5 levels"),
    pytest.param("A55A050183050785", Frame(1, Command.RESULT, b"\x05\x07"), id="§8 key 5 after 7 s"),
    pytest.param("A55A050183001493", Frame(1, Command.RESULT, b"\x00\x14"), id="§8 timeout"),
]

frames = st.builds(Frame, st.integers(0, 255), st.integers(0, 255), st.binary(max_size=LONGEST_DATA))


@pytest.mark.parametrize(("code", "frame"), VECTORS)
def test_vectors(code: str, frame: Frame) -> None:
    assert format_frame(frame) == bytes.fromhex(code)
    assert FrameReader().feed(bytes.fromhex(code)) == [frame]


def test_a_result_is_acknowledged_with_its_own_command() -> None:
    # XOR by hand: 05 ^ 01 ^ 81 ^ 83 ^ 00 = 06
    assert format_ack(1, Command.RESULT) == bytes.fromhex("A55A050181830006")


def test_data_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="252"):
        format_frame(Frame(1, Command.TEXT, bytes(LONGEST_DATA + 1)))


@given(frames)
def test_what_is_written_is_read(frame: Frame) -> None:
    assert FrameReader().feed(format_frame(frame)) == [frame]


@given(st.lists(frames, max_size=4), st.lists(st.integers(0, 300), max_size=8))
def test_cuts_do_not_matter(sent: list[Frame], cuts: list[int]) -> None:
    stream = b"".join(map(format_frame, sent))
    reader, read, start = FrameReader(), [], 0
    for cut in [*sorted(cuts), len(stream)]:
        read += reader.feed(stream[start:cut])
        start = max(start, min(cut, len(stream)))
    assert read == sent
    assert reader.noise == 0


@given(st.binary(max_size=400))
def test_any_bytes_are_frames_or_noise(noise: bytes) -> None:
    for frame in FrameReader().feed(noise):
        assert format_frame(frame) in noise


@given(st.binary(max_size=40).filter(lambda noise: b"\xa5" not in noise), frames)
def test_noise_before_a_frame_is_passed_over(noise: bytes, frame: Frame) -> None:
    reader = FrameReader()
    assert reader.feed(noise + format_frame(frame)) == [frame]
    assert reader.noise == len(noise)


def test_a_true_head_inside_a_broken_frame_is_found() -> None:
    ping = bytes.fromhex("A55A03010103")
    broken = bytes.fromhex("A55A0701") + ping + b"\x00"  # LEN 7 swallows the ping, and its XOR is wrong
    assert FrameReader().feed(broken) == [Frame(1, Command.PING)]
