"""What lies on the glass and in the feeder of the emulated scanner, and how it comes out as pixels."""

import functools
import threading
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.emulators.desk_sheets import drawn, sheet_kind

_PRINTED_PX_PER_MM = 12.0  # 305 dpi: as fine as the sheets are printed
_INCH_MM = 25.4


class Tray:
    """Sheets as "front" or "front/back", by the short names or titles of `desk_sheets.SHEETS`; "" is blank."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._feeder: list[tuple[str, str]] = []
        self._back: str | None = None  #: the other side of the sheet that is in the rollers
        self._glass = ""

    @property
    def feeder(self) -> list[str]:
        """What is left in the feeder, the next one first."""
        with self._guard:
            return ["/".join(sides) if sides[1] else sides[0] for sides in self._feeder]

    @feeder.setter
    def feeder(self, sheets: Sequence[str]) -> None:
        laid = [_sides(sheet) for sheet in sheets]
        with self._guard:
            self._feeder, self._back = laid, None

    @property
    def glass(self) -> str:
        """What lies on the glass."""
        return self._glass

    @glass.setter
    def glass(self, sheet: str) -> None:
        self._glass = _sides(sheet)[0]

    @property
    def empty(self) -> bool:
        """Whether nothing can be fed."""
        return not self._feeder and self._back is None

    def feed(self, *, duplex: bool) -> str | None:
        """The next side's name; None when nothing is left."""
        with self._guard:
            if self._back is not None:
                side, self._back = self._back, None
                return side
            if not self._feeder:
                return None
            front, back = self._feeder.pop(0)
            self._back = back if duplex else None
            return front

    def eject(self) -> None:
        """Let go of a sheet that is half through."""
        with self._guard:
            self._back = None


def _sides(sheet: str) -> tuple[str, str]:
    front, _, back = sheet.partition("/")
    return _named(front), _named(back)


def _named(side: str) -> str:
    return sheet_kind(side).name if side else ""


@functools.lru_cache(maxsize=6)
def scanned(
    sheet: str, resolution: int, area_mm: tuple[float, float], skew_deg: float, backdrop: int, grey: bool
) -> bytes:
    """The scanned area with the sheet at the top, centred, turned clockwise: rows of RGB or grey bytes."""
    width, height = size_px(resolution, area_mm)
    area = np.full((height, width, 3), backdrop, np.uint8)
    if sheet:
        printed = drawn(sheet, _PRINTED_PX_PER_MM)
        cv2.warpAffine(
            printed,
            _placed(printed, resolution, width, skew_deg),
            (width, height),
            dst=area,
            flags=cv2.INTER_AREA,
            borderMode=cv2.BORDER_TRANSPARENT,
        )
    kept = cv2.cvtColor(area, cv2.COLOR_BGR2GRAY if grey else cv2.COLOR_BGR2RGB)
    return np.asarray(kept, np.uint8).tobytes()


def _placed(printed: NDArray[np.uint8], resolution: int, width: int, skew_deg: float) -> NDArray[np.float64]:
    """From the printed sheet's pixels to the scanned area's."""
    scale = resolution / _INCH_MM / _PRINTED_PX_PER_MM
    move = cv2.getRotationMatrix2D((printed.shape[1] / 2, 0.0), -skew_deg, scale)
    move[0, 2] += width / 2 - printed.shape[1] / 2
    return np.asarray(move, np.float64)


def size_px(resolution: int, area_mm: tuple[float, float]) -> tuple[int, int]:
    """Width and height of the scanned area."""
    width, height = (max(1, round(side / _INCH_MM * resolution)) for side in area_mm)
    return width, height
