"""What scanimage writes: device lists, complaints, pages. Pure functions.

Source: output of scanimage 1.1.1 (Debian 12), recorded in the tests; SANE standard 1.06, table 4 (status codes).
"""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.errors import Condition, DeviceError, Garbled, Refused, Unreachable

#: for `scanimage --formatted-device-list`; a tab stands in no device name
LIST_FORMAT = "%d\t%v\t%m\t%t%n"

_HEADER = re.compile(rb"P([56])\s(?:#[^\n]*\n|\s)*(\d{1,6})\s+(?:#[^\n]*\n|\s)*(\d{1,6})\s+(\d{1,5})\s")
_ROUNDED = re.compile(r"rounded value of resolution from \S+ to (\d+)")


class SaneStatus(enum.IntEnum):
    """SANE_Status; scanimage ends with the number as its exit code, in most cases."""

    GOOD = 0
    UNSUPPORTED = 1
    CANCELLED = 2
    DEVICE_BUSY = 3
    INVAL = 4
    EOF = 5
    JAMMED = 6
    NO_DOCS = 7
    COVER_OPEN = 8
    IO_ERROR = 9
    NO_MEM = 10
    ACCESS_DENIED = 11


#: sane_strstatus in the C locale
STATUS_TEXTS: dict[str, SaneStatus] = {
    "Operation not supported": SaneStatus.UNSUPPORTED,
    "Operation was canceled": SaneStatus.CANCELLED,
    "Device busy": SaneStatus.DEVICE_BUSY,
    "Invalid argument": SaneStatus.INVAL,
    "End of file reached": SaneStatus.EOF,
    "Document feeder jammed": SaneStatus.JAMMED,
    "Document feeder out of documents": SaneStatus.NO_DOCS,
    "Scanner cover is open": SaneStatus.COVER_OPEN,
    "Error during device I/O": SaneStatus.IO_ERROR,
    "Out of memory": SaneStatus.NO_MEM,
    "Access to resource has been denied": SaneStatus.ACCESS_DENIED,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A scanner of the list."""

    device: str  #: SANE's name, e.g. "fujitsu:fi-7160:12345"
    vendor: str
    model: str
    sort: str  #: "sheetfed scanner", "flatbed scanner", "virtual device" …


def parse_devices(listed: str) -> tuple[Found, ...]:
    """The scanners of a list in `LIST_FORMAT`; lines that are something else are left out."""
    rows = (line.split("\t") for line in listed.splitlines())
    return tuple(Found(*row) for row in rows if len(row) == 4 and row[0])


def parse_pnm(data: bytes) -> NDArray[np.uint8]:
    """A PGM or PPM picture of 8 bits as (height, width, 3) uint8, BGR. Raises Garbled."""
    header = _HEADER.match(data[:400])
    if header is None:
        raise Garbled(reason="not a picture")
    width, height, most = (int(header[place]) for place in (2, 3, 4))
    planes = 3 if header[1] == b"6" else 1
    pixels = np.frombuffer(data, np.uint8, offset=header.end())
    if most != 255 or not width or not height or pixels.size != width * height * planes:
        raise Garbled(reason="not a whole picture of 8 bits", width=width, height=height, bytes=pixels.size)
    picture = pixels.reshape(height, width, planes)
    return np.ascontiguousarray(np.broadcast_to(picture[:, :, ::-1], (height, width, 3)))


def real_resolution(complaints: Sequence[str], asked: int) -> int:
    """What the scanner made of the resolution that was asked for, dpi."""
    rounded = [match[1] for line in complaints if (match := _ROUNDED.search(line))]
    return int(rounded[-1]) if rounded else asked


def status_in(complaints: Sequence[str], exit_code: int) -> SaneStatus:
    """The last status that scanimage complained of, else what its exit code says.

    The text goes first: an empty feeder ends a batch with exit code 0, and every failure before the first page
    (unknown device, unknown option) with 1.
    """
    for line in reversed(complaints):
        for text, status in STATUS_TEXTS.items():
            if text in line:
                return status
    if exit_code == 0:
        return SaneStatus.GOOD
    return SaneStatus(exit_code) if exit_code in SaneStatus._value2member_map_ else SaneStatus.IO_ERROR


def error_of(complaints: Sequence[str], exit_code: int, device: str) -> DeviceError:
    """The error that a failed scanimage amounts to."""
    status = status_in(complaints, exit_code)
    if any("open of device" in line or "no SANE devices found" in line for line in complaints):
        if status is SaneStatus.DEVICE_BUSY:
            return Refused(Condition.BUSY, device=device)
        return Unreachable(device=device, reason=status.name.lower())
    match status:
        case SaneStatus.JAMMED:
            return Refused(Condition.PAPER_JAM, device=device)
        case SaneStatus.NO_DOCS:
            return Refused(Condition.FEEDER_EMPTY, device=device)
        case SaneStatus.COVER_OPEN:
            return Refused(Condition.COVER_OPEN, device=device)
        case SaneStatus.DEVICE_BUSY | SaneStatus.CANCELLED:  # cancelled by a key of the scanner, not by us
            return Refused(Condition.BUSY, device=device, reason=status.name.lower())
        case SaneStatus.INVAL | SaneStatus.UNSUPPORTED:
            return Refused(Condition.BAD_COMMAND, device=device)
        case SaneStatus.NO_MEM:
            return Refused(Condition.OUT_OF_SERVICE, device=device, reason=status.name.lower())
        case SaneStatus.IO_ERROR | SaneStatus.ACCESS_DENIED:
            return Unreachable(device=device, reason=status.name.lower())
        case _:
            return Garbled(device=device, reason="no page and no complaint")
