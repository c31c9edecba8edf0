"""How many pixels of a camera are one millimetre on the desk: measured once with an A4 sheet, kept per device.

With it a sheet comes out in its own millimetres; without it, only its shape is known.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from ground.durable import write_whole
from kiosk.capture.flatten import SheetSize, Size, sides_of, true_aspect
from kiosk.capture.outline import Quad

_FILE = "calibration.json"
_SCALES = (
    0.5,
    60.0,
)  # px/mm: a 0.3 MP camera that sees A2, a 50 MP one that sees a card. Beyond is a mistake
_A4_SHAPE = (
    0.04  # how far the outline's shape may be from A4's: else it is another sheet, or the camera leans
)
_SAME = (
    0.02,
    1.0,
)  # of a side, and millimetres: standard sizes are cut to 1 %, the outline is as exact again
_SHAPE = 0.055  # of the aspect: half of what lies between A4 (1.414) and a card (1.585)
_SIDES_MM = (12.0, 450.0)  # of a sheet under a document camera: half a stamp to A3
_STANDARD = (
    SheetSize.A4,
    SheetSize.A5,
    SheetSize.B5,
    SheetSize.CARD,
    SheetSize.PHOTO_2_INCH,
    SheetSize.PHOTO_1_INCH,
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The scale of one camera at one resolution, in the plane of the desk."""

    px_per_mm: float
    resolution: tuple[int, int] | None = None  #: width and height in pixels; None: holds for any picture
    device: str = ""  #: the camera's stable name

    def __post_init__(self) -> None:
        if not _SCALES[0] <= self.px_per_mm <= _SCALES[1]:
            raise ValueError(f"{self.px_per_mm} px/mm is no document camera's scale")

    def fits(self, resolution: tuple[int, int], device: str = "") -> bool:
        """Whether it was measured with this camera at this resolution."""
        return self.resolution in (None, resolution) and device in ("", self.device)


@dataclass(frozen=True, slots=True)
class TrueSize:
    """What a sheet measures, as it lies in the picture."""

    size: SheetSize
    mm: Size  #: width and height
    px_per_mm: float  #: of the camera, on this sheet
    measured: bool  #: by calibration; else taken from the slot and the sheet's shape


def calibrated(corners: Quad, resolution: tuple[int, int], device: str = "") -> Calibration:
    """The scale that an A4 sheet with these corners shows. Raises ValueError when it cannot be an A4 sheet."""
    across, down = sides_of(corners)
    aspect = true_aspect(corners, resolution)
    shorter, longer = SheetSize.A4.mm
    if abs(max(aspect, 1 / aspect) * shorter / longer - 1) > _A4_SHAPE:
        raise ValueError("not the shape of an A4 sheet")
    return Calibration(round((across + down) / (shorter + longer), 4), resolution, device)


def true_size(
    corners: Quad, picture: tuple[int, int], asked: SheetSize, calibration: Calibration | None
) -> TrueSize:
    """The size of the sheet with these corners in a picture of so many pixels; the slot asked for `asked`.

    Calibrated: the standard size that it has, or else its own millimetres. Otherwise its shape decides: the asked
    size where that fits, a card or A4 where that fits, and else as large as the asked size allows without stretching.
    """
    across, down = sides_of(corners)
    if calibration is not None and calibration.fits(picture, calibration.device):
        longer, shorter = max(across, down), min(across, down)
        if _SIDES_MM[0] <= shorter / calibration.px_per_mm and longer / calibration.px_per_mm <= _SIDES_MM[1]:
            return standard_size(corners, calibration.px_per_mm)
    aspect = true_aspect(corners, picture)
    for size in (asked, SheetSize.A4, SheetSize.CARD):
        if _has_shape(aspect, size):
            return TrueSize(
                size, _lying(size, aspect > 1), _scale(across, down, _lying(size, aspect > 1)), False
            )
    mm = _within(asked, aspect)
    return TrueSize(SheetSize.FREE, mm, _scale(across, down, mm), False)


def standard_size(corners: Quad, px_per_mm: float) -> TrueSize:
    """The standard size of an outline at a known scale, or else its own millimetres."""
    across, down = sides_of(corners)
    mm = (across / px_per_mm, down / px_per_mm)
    size = _nearest(mm)
    return TrueSize(size, mm if size is SheetSize.FREE else _lying(size, across > down), px_per_mm, True)


def size_of_whole(picture: tuple[int, int], asked: SheetSize) -> TrueSize:
    """The size of a picture that is taken whole: as large as the asked size allows without stretching."""
    mm = _within(asked, picture[0] / picture[1])
    return TrueSize(SheetSize.FREE, mm, _scale(float(picture[0]), float(picture[1]), mm), False)


def kept(folder: Path, device: str, resolution: tuple[int, int]) -> Calibration | None:
    """What was measured for this camera at this resolution; None when nothing was, or it cannot be read."""
    for entry in _entries(folder):
        if entry.device == device and entry.resolution == resolution:
            return entry
    return None


def keep(folder: Path, calibration: Calibration) -> None:
    """Write it into the terminal's data folder, in place of an older one of the same camera and resolution."""
    others = [
        entry
        for entry in _entries(folder)
        if (entry.device, entry.resolution) != (calibration.device, calibration.resolution)
    ]
    _write(folder, (*others, calibration))


def forget(folder: Path, device: str) -> None:
    """What was measured for this camera, at whatever resolution."""
    entries = _entries(folder)
    others = [entry for entry in entries if entry.device != device]
    if len(others) < len(entries):
        _write(folder, others)


def _write(folder: Path, entries: Iterable[Calibration]) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    told = [asdict(entry) for entry in entries]
    write_whole(folder / _FILE, json.dumps(told, ensure_ascii=False, indent=1), 0o644)


def _entries(folder: Path) -> list[Calibration]:
    try:
        told = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return [
            Calibration(
                float(entry["px_per_mm"]),
                None
                if entry["resolution"] is None
                else (int(entry["resolution"][0]), int(entry["resolution"][1])),
                str(entry["device"]),
            )
            for entry in told
        ]
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return []  # never measured, or spoilt: pages are then as large as the slot says


def _nearest(mm: Size) -> SheetSize:
    shorter, longer = sorted(mm)
    for size in _STANDARD:
        wanted = size.mm
        if all(
            abs(side - want) <= max(_SAME[0] * want, _SAME[1])
            for side, want in zip((shorter, longer), wanted, strict=True)
        ):
            return size
    return SheetSize.FREE


def _has_shape(aspect: float, size: SheetSize) -> bool:
    shorter, longer = size.mm
    return size is not SheetSize.FREE and abs(max(aspect, 1 / aspect) * shorter / longer - 1) <= _SHAPE


def _lying(size: SheetSize, landscape: bool) -> Size:
    shorter, longer = size.mm
    return (longer, shorter) if landscape else (shorter, longer)


def _within(asked: SheetSize, aspect: float) -> Size:
    """The largest sheet of this aspect within the asked size, laid the way it lies."""
    width, height = _lying(asked, aspect > 1)
    return (width, width / aspect) if width / height < aspect else (height * aspect, height)


def _scale(across: float, down: float, mm: Size) -> float:
    return (across + down) / (mm[0] + mm[1])
