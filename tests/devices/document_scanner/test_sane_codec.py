"""What scanimage writes, from real output of scanimage 1.1.1 with the backends `test` and `net`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.document_scanner.sane_codec import (
    Found,
    SaneStatus,
    error_of,
    parse_devices,
    parse_pnm,
    real_resolution,
    status_in,
)
from devices.errors import Condition, DeviceError, Garbled, Refused, Unreachable

GREY = b"P5\n# SANE data follows\n3 2\n255\n" + bytes([0, 10, 20, 30, 40, 50])
COLOUR = b"P6\n# SANE data follows\n2 1\n255\n" + bytes([255, 0, 1, 9, 8, 7])

BATCH_END = """Scanning infinity pages, incrementing by 1, numbering from 1
Scanning page 1
Scanned page 1. (scanner status = 5)
Scanning page 2
scanimage: sane_start: Document feeder out of documents
Batch terminated, 1 page scanned""".splitlines()


def test_a_grey_picture_has_three_equal_channels() -> None:
    pixels = parse_pnm(GREY)
    assert pixels.shape == (2, 3, 3)
    assert pixels[1, 2].tolist() == [50, 50, 50]
    assert pixels[0, :, 1].tolist() == [0, 10, 20]


def test_a_colour_picture_becomes_bgr() -> None:
    assert parse_pnm(COLOUR).tolist() == [[[1, 0, 255], [7, 8, 9]]]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"P6\n",
        GREY[:-1],  # a page that broke off
        GREY + b"\0",
        b"P4\n8 1\n\xff",  # line art
        b"P5\n1 1\n65535\n\0\0",  # 16 bits
        b"P5\n0 0\n255\n",
        b"\xff\xd8\xff\xe0",
    ],
)
def test_anything_else_is_garbled(data: bytes) -> None:
    with pytest.raises(Garbled):
        parse_pnm(data)


@given(
    st.one_of(
        st.binary(max_size=80), st.binary(max_size=8).map(lambda cut: GREY[: len(GREY) - len(cut)] + cut)
    )
)
def test_no_bytes_do_worse_than_garbled(data: bytes) -> None:
    try:
        pixels = parse_pnm(data)
    except Garbled:
        return
    assert pixels.dtype == np.uint8 and pixels.ndim == 3


def test_devices_are_listed_by_name() -> None:
    listed = "test:0\tNoname\tfrontend-tester\tvirtual device\nnet:127.0.1.2:feeder\tKiosk\tFeeder\tsheetfed scanner\n"
    assert parse_devices(listed) == (
        Found("test:0", "Noname", "frontend-tester", "virtual device"),
        Found("net:127.0.1.2:feeder", "Kiosk", "Feeder", "sheetfed scanner"),
    )
    assert parse_devices("\nNo scanners were identified. If you were expecting something different,\n") == ()


@pytest.mark.parametrize(
    ("complaint", "code", "condition"),
    [
        ("scanimage: sane_read: Document feeder jammed", 6, Condition.PAPER_JAM),
        ("scanimage: sane_start: Document feeder out of documents", 0, Condition.FEEDER_EMPTY),
        ("scanimage: sane_read: Document feeder out of documents", 7, Condition.FEEDER_EMPTY),
        ("scanimage: sane_read: Scanner cover is open", 8, Condition.COVER_OPEN),
        ("scanimage: sane_read: Device busy", 3, Condition.BUSY),
        ("scanimage: open of device net:127.0.1.2:feeder failed: Device busy", 1, Condition.BUSY),
        ("scanimage: sane_read: Operation was canceled", 2, Condition.BUSY),
        ("scanimage: sane_read: Invalid argument", 4, Condition.BAD_COMMAND),
        ("scanimage: setting of option --source failed (Invalid argument)", 1, Condition.BAD_COMMAND),
        ("scanimage: unrecognized option '--nonsense'", 1, Condition.BAD_COMMAND),
        ("scanimage: sane_read: Operation not supported", 1, Condition.BAD_COMMAND),
        ("scanimage: sane_read: Out of memory", 10, Condition.OUT_OF_SERVICE),
    ],
)
def test_refusals_are_told_apart(complaint: str, code: int, condition: Condition) -> None:
    error = error_of(["Scanning page 1", complaint, "Batch terminated, 0 pages scanned"], code, "test:0")
    assert isinstance(error, Refused)
    assert error.condition is condition


@pytest.mark.parametrize(
    ("complaint", "code", "error"),
    [
        ("scanimage: open of device test:7 failed: Invalid argument", 1, Unreachable),
        ("scanimage: open of device net:127.0.1.2:feeder failed: Error during device I/O", 1, Unreachable),
        ("scanimage: no SANE devices found", 1, Unreachable),
        ("scanimage: sane_read: Error during device I/O", 9, Unreachable),
        ("scanimage: sane_read: Access to resource has been denied", 11, Unreachable),
        ("", -11, Unreachable),  # the backend crashed
        ("", 0, Garbled),  # ended well, and no page came
    ],
)
def test_failures_are_told_apart(complaint: str, code: int, error: type[DeviceError]) -> None:
    assert type(error_of([complaint], code, "test:0")) is error


def test_the_end_of_a_batch_is_known_by_its_words_not_by_its_exit_code() -> None:
    assert status_in(BATCH_END, 0) is SaneStatus.NO_DOCS
    assert status_in(["Batch terminated, 10 pages scanned"], 0) is SaneStatus.GOOD


def test_a_resolution_that_was_rounded_is_believed() -> None:
    assert real_resolution(["scanimage: rounded value of resolution from 300 to 240"], 300) == 240
    assert real_resolution(["Scanning page 1"], 300) == 300
