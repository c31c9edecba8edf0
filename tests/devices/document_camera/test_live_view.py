"""One slot for the newest picture, streams taken apart, and stills held against the preview."""

import base64

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.document_camera.live_view import LiveView, decoded, from_base64, settled, shows_another
from devices.document_camera.mjpeg import MjpegParts
from devices.emulators.desk import Scene, render
from devices.emulators.lamp_desk import stamped
from devices.errors import Garbled, TimedOut, Unreachable
from ground.clock import ManualClock

JPEG = bytes(cv2.imencode(".jpg", np.full((48, 64, 3), 200, np.uint8))[1])
DARK = bytes(cv2.imencode(".jpg", np.full((48, 64, 3), 5, np.uint8))[1])


def view() -> LiveView:
    return LiveView(ManualClock(), "camera")


def test_only_the_newest_is_kept() -> None:
    slot = view()
    for number in range(3):
        slot.offer(stamped(JPEG, number))
    assert slot.newest(0, 0.0).jpeg == stamped(JPEG, 2)
    assert slot.count == 3
    with pytest.raises(TimedOut):
        slot.newest(3, 0.0)


def test_one_broken_picture_is_a_bad_moment_and_three_are_not() -> None:
    slot = view()
    slot.offer(b"")
    slot.offer(b"nonsense")
    slot.offer(JPEG)
    assert slot.picture(0, 0.0)[1].shape == (48, 64, 3)
    for _ in range(3):
        slot.offer(b"nonsense")
    with pytest.raises(Garbled):
        slot.newest(1, 0.0)
    assert slot.newest(0, 0.0).jpeg == JPEG  # what came before is still there


def test_the_first_end_counts() -> None:
    slot = view()
    slot.end(Unreachable(reason="cut"))
    slot.end(Garbled())
    with pytest.raises(Unreachable):
        slot.newest(0, 0.0)


def test_dark_pictures_are_passed_over() -> None:
    slot = view()
    slot.offer(DARK)
    with pytest.raises(TimedOut):
        settled(slot, 5, 0.0)


@pytest.mark.parametrize("text", ["", "data:image/jpeg;base64,", "王小明", "/9j/4AA", "a===="])
def test_what_is_no_base64(text: str) -> None:
    assert from_base64(text) == b""


def test_base64_as_it_comes() -> None:
    plain = base64.b64encode(JPEG).decode()
    broken = "\r\n".join(plain[at : at + 76] for at in range(0, len(plain), 76))
    assert from_base64(plain) == from_base64(f"data:image/jpeg;base64,{plain}") == from_base64(broken) == JPEG


def test_wide_pictures_are_decoded_at_a_fraction() -> None:
    wide = bytes(cv2.imencode(".jpg", np.zeros((30, 4160, 3), np.uint8))[1])
    assert decoded(wide).shape[1] == 4160
    assert decoded(wide, 1920).shape[1] == 1040
    assert decoded(stamped(wide, 7), 4160).shape[1] == 4160


@given(data=st.binary(max_size=200))
def test_whatever_is_decoded(data: bytes) -> None:
    for jpeg in (data, JPEG[:20] + data, JPEG[:-20] + data):
        try:
            assert decoded(jpeg, 32).ndim == 3
        except Garbled:
            continue


def test_the_same_sheet_in_another_light_is_the_same() -> None:
    still = render(Scene(sheet="lease-1", angle_deg=3), 2048, 1536)
    for scene in (
        Scene(sheet="lease-1", angle_deg=3),
        Scene(sheet="lease-1", angle_deg=3, light=0.5),
        Scene(sheet="lease-1", angle_deg=3, blur_mm=0.6),
    ):
        assert not shows_another(still, render(scene, 1280, 960))


@pytest.mark.parametrize("sheet", ["lease-2", "deed", "labour-contract", ""])
def test_another_sheet_is_another(sheet: str) -> None:
    still = render(Scene(sheet="lease-1", angle_deg=3), 2048, 1536)
    assert shows_another(still, render(Scene(sheet=sheet, angle_deg=3), 1280, 960))


def part(jpeg: bytes, length: bool = True) -> bytes:
    """One part of a stream, as cameras send it."""
    head = b"--frame\r\nContent-Type: image/jpeg\r\n" + (
        b"CONTENT-LENGTH: %d\r\n" % len(jpeg) if length else b""
    )
    return head + b"\r\n" + jpeg + b"\r\n"


@given(cuts=st.lists(st.integers(1, 400), max_size=20), length=st.booleans())
def test_a_stream_cut_anywhere(cuts: list[int], length: bool) -> None:
    stream = b"".join(part(stamped(JPEG, number), length) for number in range(4)) + b"--frame--"
    parts, bodies, at = MjpegParts(), [], 0
    for size in [*cuts, len(stream)]:
        bodies += parts.feed(stream[at : at + size])
        at += size
    assert bodies == [stamped(JPEG, number) for number in range(4)]


def test_a_thumbnail_inside_a_picture_does_not_end_it() -> None:
    exif = b"\xff\xe1" + (len(DARK) + 2).to_bytes(2) + DARK
    picture = JPEG[:2] + exif + JPEG[2:]
    assert MjpegParts().feed(part(picture, length=False) + b"--frame\r\n") == [picture]


def test_streams_without_an_end_are_garbled() -> None:
    with pytest.raises(Garbled):
        MjpegParts().feed(b"x" * 5000)
    endless = MjpegParts()
    endless.feed(b"--frame\r\nContent-Length: 999999999\r\n\r\n")
    with pytest.raises(Garbled):
        for _ in range(40):
            endless.feed(bytes(1 << 20))
