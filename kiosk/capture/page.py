"""One photographed sheet becomes one page: found, flattened, set upright, judged, cleaned, encoded. All in memory."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from ground.clock import Clock, RealClock
from kiosk.capture.calibration import Calibration, TrueSize, size_of_whole, true_size
from kiosk.capture.clean import Mode, clean, halved
from kiosk.capture.find import Sheet, find_sheets
from kiosk.capture.flatten import DPI, Pixels, SheetSize, pixels_of
from kiosk.capture.judge import Evidence, Measures, Seen, Verdict, judged, measure_page
from kiosk.capture.origin import Origin
from kiosk.capture.outline import Quad
from kiosk.capture.planes import Planes, half_of, luma_of
from kiosk.capture.still import Still
from kiosk.capture.upright import Lines, lines_of

_QUALITY = 85  # JPEG; about 0.5 MB for a page of print at 300 dpi
_VIEW_SIDE = 1400  # pixels of the longer side; the screen shows a page about 1000 px wide
_THUMBNAIL_SIDE = 480  # pixels of the longer side; the largest thumbnail of a screen is 280 px wide
_PREVIEW_QUALITY = 80
_SMALLEST_SIDE = 64  # pixels; no camera delivers less
_LEVEL_FROM, _LEVEL_TO = (
    0.12,
    1.0,
)  # degrees: less is not seen, more is how the page was copied, not how it lies
_LEVEL_SIDE = 1500  # pixels of the longer side: a card has too little print to tell a tenth of a degree

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is kept, with what is known of its making."""

    jpeg: bytes = field(repr=False)
    view_jpeg: bytes = field(repr=False)  #: at most 1400 pixels long, to be looked at on the whole screen
    thumbnail_jpeg: bytes = field(repr=False)  #: at most 480 pixels long
    width: int  #: pixels
    height: int  #: pixels
    dpi: int
    size: SheetSize
    sha256: str  #: of `jpeg`
    source_sha256: str  #: of the camera's own file; of its untouched pixels where it gives none
    corners: Corners | None  #: in the untouched picture, clockwise from its top left; None: taken whole
    confidence: float  #: 0…1, of the corners
    verdicts: tuple[Verdict, ...]  #: what is wrong with it; the citizen may insist all the same
    measures: Measures
    origin: Origin | None = None  #: entered by whoever asked for the picture
    mode: Mode = Mode.COLOUR
    rotation: int = 0  #: degrees clockwise by which the sheet was turned upright: 0, 90, 180, 270
    text_orientation: int = 0  #: degrees clockwise by which the sheet, as it lay, must be turned to be read
    sheets_found: int = 1  #: in the picture; the page is the first of them
    px_per_mm: float = 0.0  #: of the camera, on the sheet
    calibrated: bool = False  #: the size was measured, not taken from the slot and the sheet's shape
    original: bytes | None = field(
        default=None, repr=False
    )  #: the untouched file; dropped once it is confirmed
    fingerprint: bytes = field(default=b"", repr=False)  #: to notice the same page twice
    ms: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)  #: stage → milliseconds

    @property
    def accepted(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.verdicts

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height on paper."""
        return self.width / self.dpi * 25.4, self.height / self.dpi * 25.4


@dataclass(frozen=True, slots=True)
class Refusal:
    """No page came of it."""

    verdicts: tuple[Verdict, ...]


class Stopwatch:
    """How long the stages took."""

    def __init__(self, clock: Clock | None, decode_ms: float = 0.0) -> None:
        self._clock = clock or RealClock()
        self._last = self._clock.instant()
        self._ms = {"decode": decode_ms}

    def lap(self, stage: str) -> None:
        """What was done since the last lap was this stage."""
        now = self._clock.instant()
        self._ms[stage] = self._ms.get(stage, 0.0) + (now - self._last) * 1e3
        self._last = now

    def times(self) -> Mapping[str, float]:
        """Stage → milliseconds, and their `total`."""
        return MappingProxyType({**self._ms, "total": sum(self._ms.values())})


@dataclass(frozen=True, slots=True)
class Found:
    """A sheet that is about to become a page."""

    still: Still
    sheets: tuple[Sheet, ...]  #: (): all of the picture is taken
    quad: Quad
    true: TrueSize


def take_page(
    taken: Pixels | Still,
    size: SheetSize,
    *,
    insist: bool = False,
    mode: Mode = Mode.COLOUR,
    calibration: Calibration | None = None,
    seen: Seen | None = None,
    clock: Clock | None = None,
) -> Page | Refusal:
    """Make a page of the sheet in a picture.

    A page with faults is still a page and carries its verdicts. Only when no sheet is found is there a `Refusal`;
    with `insist` the whole picture is then taken, marked `no_sheet`, so that nobody is ever stuck. `seen` are the
    pages of this visit, `clock` what `ms` is measured with.
    """
    still = taken if isinstance(taken, Still) else Still(taken)
    watch = Stopwatch(clock, still.decode_ms)
    pixels = still.pixels
    if pixels.ndim != 3 or pixels.shape[2] != 3 or min(pixels.shape[:2]) < _SMALLEST_SIDE:
        return Refusal((Verdict.NO_SHEET,))
    sheets = find_sheets(pixels)
    watch.lap("find")
    if not sheets and not insist:
        return Refusal((Verdict.NO_SHEET,))
    picture = (pixels.shape[1], pixels.shape[0])
    if sheets:
        quad = sheets[0].corners
        true = true_size(quad, picture, size, calibration)
    else:
        quad = whole(pixels)
        true = size_of_whole(picture, size)
    return developed(Found(still, sheets, quad, true), mode=mode, seen=seen, watch=watch)


def developed(found: Found, *, mode: Mode, seen: Seen | None, watch: Stopwatch) -> Page:
    """The page of a sheet whose corners are known."""
    flat, lines, rotation = _upright(found)
    watch.lap("flatten")
    evidence = Evidence(
        found.still.pixels,
        found.sheets,
        flat.half,
        found.true.size,
        (lines.turn - rotation) % 360 if lines.sure else 0,
        found.true.px_per_mm,
    )
    measures = measure_page(evidence, seen)
    verdicts = judged(measures)
    watch.lap("judge")
    cleaned = clean(flat, mode)
    watch.lap("clean")
    jpeg = encoded(cleaned)
    view, thumbnail = _previews(cleaned.half)
    sha256, source_sha256 = hashlib.sha256(jpeg).hexdigest(), found.still.sha256
    watch.lap("encode")
    return Page(
        jpeg=jpeg,
        view_jpeg=view,
        thumbnail_jpeg=thumbnail,
        width=cleaned.size[0],
        height=cleaned.size[1],
        dpi=DPI,
        size=found.true.size,
        sha256=sha256,
        source_sha256=source_sha256,
        corners=tuple((float(x), float(y)) for x, y in found.quad) if found.sheets else None,
        confidence=found.sheets[0].confidence if found.sheets else 0.0,
        verdicts=verdicts,
        measures=measures,
        mode=mode,
        rotation=rotation,
        text_orientation=lines.told,
        sheets_found=len(found.sheets),
        px_per_mm=found.true.px_per_mm,
        calibrated=found.true.measured,
        original=found.still.encoded,
        fingerprint=measures.fingerprint,
        ms=watch.times(),
    )


def _upright(found: Found) -> tuple[Planes, Lines, int]:
    """The flat page, turned so that it can be read; how its lines lay, and the turn that was made."""
    pixels, quad, true = found.still.pixels, found.quad, found.true
    half = half_of(pixels, quad, true)
    lines = lines_of(half)
    level = 0.0
    if _LEVEL_FROM <= abs(lines.skew_deg) <= _LEVEL_TO and max(pixels_of(true.mm)) >= _LEVEL_SIDE:
        level = lines.skew_deg
        half = half_of(pixels, quad, true, level)
    flat = Planes(luma_of(pixels, quad, true, level), half)
    rotation = lines.turn if lines.sure else 0
    return flat.turned(rotation), lines, rotation


def whole(pixels: Pixels) -> Quad:
    """The corners of the picture itself."""
    right, bottom = pixels.shape[1] - 1, pixels.shape[0] - 1
    return np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], np.float32)


def encoded(page: Planes) -> bytes:
    """JPEG, colour or grey, with the resolution written into its JFIF header, where encoders leave "unknown"."""
    if page.coloured:
        blue, red = page.chroma()
        jpeg = bytearray(simplejpeg.encode_jpeg_yuv_planes(page.luma, blue, red, _QUALITY, fastdct=True))
    else:
        jpeg = bytearray(_jpeg(page.luma, _QUALITY))
    if jpeg[6:11] == b"JFIF\x00":
        jpeg[13:18] = b"\x01" + 2 * DPI.to_bytes(2, "big")  # unit: dots per inch; x and y density
    return bytes(jpeg)


def _jpeg(page: NDArray[np.uint8], quality: int) -> bytes:
    whole_rows = np.ascontiguousarray(page)
    if page.ndim == 2:
        return bytes(simplejpeg.encode_jpeg(whole_rows[:, :, None], quality, "GRAY", "Gray", fastdct=True))
    return bytes(simplejpeg.encode_jpeg(whole_rows, quality, "BGR", "420", fastdct=True))


def _previews(half: NDArray[np.uint8]) -> tuple[bytes, bytes]:
    """View and thumbnail, each brought down by halves first: that is ten times as quick as in one go."""
    view = _smaller(half, _VIEW_SIDE)
    return _jpeg(view, _PREVIEW_QUALITY), _jpeg(_smaller(view, _THUMBNAIL_SIDE), _PREVIEW_QUALITY)


def _smaller(page: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    while max(page.shape[:2]) >= 2 * side:
        page = halved(page)
    shrink = side / max(page.shape[:2])
    if shrink >= 1:
        return page
    size = (max(1, round(page.shape[1] * shrink)), max(1, round(page.shape[0] * shrink)))
    return np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_LINEAR))
