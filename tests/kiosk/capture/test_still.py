"""Whatever file comes in: a picture as it looks on paper, or a reason; never more memory than its picture needs."""

import io
import resource
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from ground.clock import ManualClock
from kiosk.capture.buffers import Buffers
from kiosk.capture.still import MOST_PIXELS, Still, is_pdf, opened, stills
from kiosk.capture.unreadable import Reason, Unreadable

_SHADES = np.linspace(0, 255, 64 * 48 * 3).reshape(48, 64, 3).astype(np.uint8)
PICTURE = Image.fromarray(_SHADES)


def coded(kind: str, picture: Image.Image = PICTURE, **how: object) -> bytes:
    held = io.BytesIO()
    picture.save(held, kind, **how)
    return held.getvalue()


def reason(data: bytes) -> Reason | None:
    try:
        opened(data)
    except Unreadable as error:
        return error.reason
    return None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP"])
def test_formats_that_citizens_have(kind: str) -> None:
    data = coded(kind, **({"quality": 95} if kind in ("JPEG", "WEBP") else {}))
    still = opened(data, source="a photo")
    assert still.pixels.shape == (48, 64, 3)
    assert np.abs(still.pixels[:, :, ::-1].astype(int) - _SHADES).mean() < 6
    assert still.encoded == data
    assert still.source == "a photo"
    assert len(still.sha256) == 64


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("CMYK", "TIFF"),
        ("P", "PNG"),
        ("1", "PNG"),
        ("LA", "PNG"),
        ("YCbCr", "TIFF"),
    ],
)
def test_other_colours_come_out_as_bgr(mode: str, kind: str) -> None:
    white = Image.new("RGB", (40, 30), (255, 255, 255)).convert(mode)
    still = opened(coded(kind, white))
    assert still.pixels.shape == (30, 40, 3)
    assert still.pixels.min() > 250


def test_sixteen_bits_keep_their_tones() -> None:
    grey = np.linspace(0, 65535, 40 * 30).reshape(30, 40).astype(np.uint16)
    pixels = opened(coded("PNG", Image.fromarray(grey))).pixels
    assert np.abs(pixels[:, :, 0].astype(int) - grey // 257).max() <= 1


def test_what_is_transparent_lies_on_white() -> None:
    clear = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    clear.paste((200, 0, 0, 255), (0, 0, 20, 30))
    pixels = opened(coded("PNG", clear)).pixels
    assert tuple(pixels[5, 5]) == (0, 0, 200)
    assert tuple(pixels[5, 35]) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_camera_s_pose_is_respected(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    corner = np.zeros((48, 64), np.uint8)
    corner[:24, :32] = 255  # tells all eight apart, together with the shape
    corner[:12, :32] = 128
    data = coded(kind, Image.fromarray(corner), exif=exif)
    with Image.open(io.BytesIO(data)) as stored:
        expected = np.asarray(ImageOps.exif_transpose(stored).convert("L"))
    seen = opened(data).pixels[:, :, 0]
    assert seen.shape == expected.shape
    assert np.abs(seen.astype(int) - expected).mean() < 4


def test_a_jpeg_whose_header_claims_60000_by_60000_is_not_decoded() -> None:
    jpeg = bytearray(coded("JPEG"))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = struct.pack(">HH", 60000, 60000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert reason(bytes(jpeg)) is Reason.TOO_LARGE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


def png_of(width: int, height: int) -> bytes:
    """A PNG of zeros: 1 kB for a megabyte."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(min(height * (width * 3 + 1), 1 << 22)), 9)
    chunks = [(b"IHDR", head), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part))
        for name, part in chunks
    )


@pytest.mark.parametrize("size", [(60_000, 60_000), (9_000, 9_000), (40_000, 10), (2**31 - 1, 2**31 - 1)])
def test_a_few_bytes_that_claim_gigabytes_are_refused(size: tuple[int, int]) -> None:
    assert reason(png_of(*size)) is Reason.TOO_LARGE


def test_a_png_that_holds_more_than_it_says_or_less() -> None:
    assert opened(png_of(600, 400)).pixels.shape == (400, 600, 3)
    more = png_of(2000, 2000).replace(struct.pack(">II", 2000, 2000), struct.pack(">II", 20, 20))
    assert reason(more) is Reason.BROKEN  # its check sum does not fit any more
    assert reason(png_of(3000, 3000)) is Reason.TRUNCATED  # 4 of its 27 MB are there


def test_metadata_that_unpacks_to_gigabytes_stays_packed() -> None:
    text = b"comment\0\0" + zlib.compress(bytes(1 << 26), 9)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    data = coded("PNG")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        opened(data[:33] + chunk + data[33:])
    except Unreadable as error:
        assert error.reason is Reason.BROKEN
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 80_000  # kB


def test_a_tiff_tile_larger_than_any_memory_is_refused() -> None:
    packed = zlib.compress(bytes(1000))
    tags = [(256, 64), (257, 48), (258, 8), (259, 8), (262, 1), (277, 1), (322, 60_000), (323, 60_000)]
    tags += [(324, 8 + 2 + 10 * 12 + 4), (325, len(packed))]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    data = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + packed
    assert reason(data) is Reason.TOO_LARGE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_half_a_file_is_no_picture(kind: str, share: float) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (90, 120, 3), np.uint8))
    data = coded(kind, noise)
    assert reason(data[: int(len(data) * share)]) in (Reason.TRUNCATED, Reason.BROKEN, Reason.NOT_A_PICTURE)


def test_what_is_no_picture_at_all() -> None:
    assert reason(b"") is Reason.EMPTY
    assert reason(Path("/bin/sh").read_bytes()) is Reason.NOT_A_PICTURE
    assert reason(b"MZ" + bytes(4000)) is Reason.NOT_A_PICTURE
    assert reason(coded("GIF", PICTURE.convert("P"))) is Reason.NOT_A_PICTURE
    assert reason(b"\0\0\0\x1cftypheic" + bytes(400)) is Reason.HEIC


def test_a_jpeg_of_a_thousand_scans_is_not_worked_through() -> None:
    jpeg = coded("JPEG", progressive=True)
    scan = jpeg.index(b"\xff\xda")
    assert reason(jpeg[:scan] + jpeg[scan:-2] * 40 + jpeg[-2:]) is Reason.TOO_COSTLY


def test_a_tiff_of_several_pages_is_one_still_a_page() -> None:
    data = coded("TIFF", save_all=True, append_images=[PICTURE, PICTURE])
    assert reason(data) is Reason.SEVERAL_PICTURES
    assert len(list(stills(data))) == 3
    with pytest.raises(Unreadable) as refused:
        list(stills(data, most_pages=2))
    assert refused.value.reason is Reason.TOO_MANY_PAGES


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP", "TIFF", "BMP"]),
    spoilt=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_spoilt_bytes_give_a_picture_or_a_reason(kind: str, spoilt: list[tuple[float, int]]) -> None:
    data = bytearray(coded(kind))
    for place, value in spoilt:
        data[int(place * (len(data) - 1))] = value
    try:
        assert opened(bytes(data)).pixels.dtype == np.uint8
    except Unreadable as error:
        assert error.code == error.reason.value


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"BM"])
)
def test_arbitrary_bytes_give_a_reason(data: bytes, magic: bytes) -> None:
    if not is_pdf(magic + data):
        assert isinstance(reason(magic + data), Reason)


def test_no_picture_changes_while_somebody_looks_at_it() -> None:
    picture = Image.fromarray(np.full((700, 800, 3), 10, np.uint8))
    first = opened(coded("JPEG", picture))
    other = opened(coded("JPEG", Image.fromarray(np.full((700, 800, 3), 200, np.uint8))))
    assert (int(first.pixels.mean()), int(other.pixels.mean())) == (10, 200)


def test_memory_is_used_again_once_nobody_holds_it() -> None:
    kept = Buffers()
    first = kept.array(800, 700, 3)
    place, part = first.ctypes.data, first[10:20]
    del first
    assert kept.array(800, 700, 3).ctypes.data != place  # a part of it is still held
    del part
    assert place in {kept.array(800, 700, 3).ctypes.data for _ in range(2)}


def test_what_was_in_memory_is_blackened_when_the_visit_ends() -> None:
    kept = Buffers()
    picture = kept.array(800, 700, 3)
    picture[:] = 77
    held = kept.array(900, 700, 3)
    held[:] = 55
    del picture
    kept.forget()
    assert held.min() == 55
    assert MOST_PIXELS == 64_000_000


def test_a_still_without_a_file_is_known_by_its_pixels() -> None:
    one, other = Still(np.zeros((9, 9, 3), np.uint8)), Still(np.ones((9, 9, 3), np.uint8))
    assert one.encoded is None
    assert one.sha256 != other.sha256


def test_decoding_is_timed_by_the_clock_that_is_handed_in() -> None:
    assert opened(coded("PNG"), clock=ManualClock()).decode_ms == 0.0
    assert cv2.countNonZero(opened(coded("PNG")).pixels[:, :, 0]) > 0
