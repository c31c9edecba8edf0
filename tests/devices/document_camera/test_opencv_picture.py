"""The camera's own JPEG, cut out of the buffer it came in; and when a picture has come to rest."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.document_camera.opencv_picture import decoded, whole_jpeg
from devices.document_camera.opencv_settling import Exposure, Focus, sharpness

PIXELS = np.random.default_rng(7).integers(0, 256, (48, 64, 3), np.uint8)
JPEG = bytes(cv2.imencode(".jpg", PIXELS)[1])
THUMBNAIL = b"\xff\xe1\x00\x0aExif\xff\xd8\xff\xd9"  # an APP1 segment with an image of its own


@pytest.mark.parametrize(
    "behind",
    [b"", bytes(4096), b"\0\xff\xd9", JPEG],
    ids=["exact", "zeros", "an older end", "an older picture"],
)
def test_what_lies_behind_the_picture_is_cut_off(behind: bytes) -> None:
    assert whole_jpeg(JPEG + behind) == JPEG


def test_a_thumbnail_does_not_end_the_picture() -> None:
    with_thumbnail = JPEG[:2] + THUMBNAIL + JPEG[2:]
    assert whole_jpeg(with_thumbnail + bytes(9)) == with_thumbnail


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\xff\xd8",
        JPEG[:-2],
        JPEG[: len(JPEG) // 2],
        JPEG[1:],
        bytes(64) + JPEG,
        JPEG[:2] + b"\xff\xe0\0\0" + JPEG,
    ],
)
def test_a_broken_picture_is_none(broken: bytes) -> None:
    assert whole_jpeg(broken) is None


def test_every_cut_is_noticed() -> None:
    assert [cut for cut in range(len(JPEG)) if whole_jpeg(JPEG[:cut] + bytes(16)) is not None] == []


@given(st.one_of(st.binary(max_size=60), st.binary(max_size=60).map(lambda rest: b"\xff\xd8\xff" + rest)))
def test_any_bytes(data: bytes) -> None:
    cut = whole_jpeg(data)
    assert cut is None or (data.startswith(cut) and cut.endswith(b"\xff\xd9"))


def test_decoding_is_none_for_what_is_no_picture() -> None:
    assert decoded(b"") is None
    assert decoded(b"MZ" * 40) is None
    assert decoded(JPEG) is not None


def level(grey: int) -> np.ndarray:
    return np.full((64, 64, 3), grey, np.uint8)


def test_exposure_rests_after_two_like_frames_that_are_not_black() -> None:
    exposure = Exposure()
    assert [exposure.rests(level(grey)) for grey in (6, 6, 6, 60, 120, 121, 122, 122)] == [
        False, False, False, False, False, False, True, True,
    ]  # fmt: skip


def test_focus_rests_when_the_sharpness_does() -> None:
    sheet = np.zeros((256, 256, 3), np.uint8)
    cv2.putText(sheet, "MATTER", (8, 140), cv2.FONT_HERSHEY_SIMPLEX, 1.8, (255, 255, 255), 3)
    seen = [cv2.GaussianBlur(sheet, (0, 0), sigma) for sigma in (6.0, 4.0, 2.0, 1.0, 1.0, 1.0)]
    measured = [sharpness(pixels) for pixels in seen]
    assert measured == sorted(measured)
    focus = Focus()
    assert [focus.rests(pixels) for pixels in seen] == [False] * 5 + [True]
