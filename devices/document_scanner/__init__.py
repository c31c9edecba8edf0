"""Document scanners (扫描仪): sheet-fed or flatbed, many pages in one go."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from devices.status import Capabilities, Status

_RESOLUTIONS = range(200, 301)  # what archives take: 200 dpi at least, 300 preferred
_MOST_PAGES = 200  # a feeder holds 50 to 100 sheets; both sides


class PaperSource(enum.StrEnum):
    """Where the paper lies."""

    FLATBED = "flatbed"
    FEEDER = "feeder"
    FEEDER_DUPLEX = "feeder_duplex"  #: both sides of each sheet


class ColourMode(enum.StrEnum):
    """What is kept of the colours."""

    COLOUR = "colour"
    GREY = "grey"


class Side(enum.StrEnum):
    """Which side of the sheet a page is."""

    FRONT = "front"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class ScanJob:
    """What is to be scanned. Raises ValueError when it makes no sense."""

    source: PaperSource = PaperSource.FEEDER
    resolution_dpi: int = 300  #: 200…300
    mode: ColourMode = ColourMode.COLOUR
    area_mm: tuple[float, float] = (210.0, 297.0)  #: width and height of the largest sheet expected
    most_pages: int = (
        100  #: 1…200; what lies in the feeder after so many stays there. Duplex counts each side
    )

    def __post_init__(self) -> None:
        if self.resolution_dpi not in _RESOLUTIONS:
            raise ValueError("resolution_dpi must lie between 200 and 300")
        if not 1 <= self.most_pages <= _MOST_PAGES:
            raise ValueError(f"most_pages must lie between 1 and {_MOST_PAGES}")
        if not all(10 <= side <= 1000 for side in self.area_mm):
            raise ValueError("area_mm must lie between 10 and 1000 millimetres")


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One side of a sheet, as the scanner saw it: untrimmed, perhaps slightly turned."""

    pixels: NDArray[np.uint8] = field(repr=False)  #: (height, width, 3) uint8, BGR, origin top left
    resolution_dpi: int  #: what the scanner really used; it may differ from what the job asked for
    side: Side
    number: int  #: from 1, in the order of scanning; with duplex front and back count each

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the scanned area."""
        height, width = self.pixels.shape[:2]
        return width / self.resolution_dpi * 25.4, height / self.resolution_dpi * 25.4


class DocumentScanner(Protocol):
    """A scanner that is asked for its pages one by one."""

    def open(self) -> None:
        """Find the scanner and learn what it offers. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Let go of the scanner, ending a job that is under way. May be called twice and from any thread."""
        ...

    def identity(self) -> str:
        """What tells this scanner from another of its make."""
        ...

    def status(self) -> Status:
        """How it fares, asked now. Raises `DeviceError` only when it says nothing of use."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can do, as far as is known; asks nothing."""
        ...

    def scan(self, job: ScanJob) -> Iterator[ScannedPage]:
        """The pages, each as soon as it is there; every `next` keeps a deadline of its own.

        Ends when the feeder is empty after at least one page, after `most_pages`, or by `cancel`. Pages given
        before an error stay good. Dropping or closing the iterator ends the job. Raises `DeviceError`, among
        them Refused with `paper_jam`, `feeder_empty` (nothing lay there at all), `cover_open` and `busy`.
        """
        ...

    def cancel(self) -> None:
        """End the job that is under way; its iterator ends without an error. Called from any thread."""
        ...
