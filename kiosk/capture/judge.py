"""Say what is wrong with a photographed sheet while the citizen can still mend it."""

import enum
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.find import Sheet
from kiosk.capture.fingerprint import Seen, fingerprint
from kiosk.capture.flatten import Pixels, SheetSize, px_per_mm
from kiosk.capture.outline import Quad

__all__ = ["Evidence", "Measures", "Seen", "Verdict", "fingerprint", "judged", "measure", "measure_page"]


class Verdict(enum.StrEnum):
    """What can be wrong with a page; `kiosk.words` holds the sentence for each."""

    BLURRED = "blurred"
    DARK = "dark"
    GLARE = "glare"
    CUT_OFF = "cut_off"
    COVERED = "covered"
    BLANK = "blank"
    DUPLICATE = "duplicate"
    NO_SHEET = "no_sheet"
    SEVERAL = "several"
    UPSIDE_DOWN = "upside_down"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a page that was just taken."""

    pixels: Pixels  #: the untouched picture, (height, width, 3) uint8, BGR
    sheets: tuple[Sheet, ...]  #: in `pixels`, the most convincing first; (): none was found, all is taken
    flat: Pixels  #: the flattened page before cleaning, 300 dpi, as it is kept (turned upright, if it was)
    size: SheetSize
    text_orientation: (
        int  #: 0, 90, 180, 270: degrees clockwise by which `flat` must still be turned to be read
    )
    px_per_mm: float  #: of `pixels`, on the paper


@dataclass(frozen=True, slots=True)
class Measures:
    """The numbers behind the verdicts."""

    blur_px: float  #: sigma of the print's edges in camera pixels; 0 when the sheet shows no print
    blur_mm: float  #: the same on the paper
    paper: float  #: grey level 0…255 of the brightest tenth of the sheet
    margin: float  #: smallest distance of a corner from the picture's edge, in parts of the picture's width
    sheets: int = 1  #: how many were found
    text_orientation: int = 0  #: degrees clockwise by which the page must be turned to be read
    known: bool = False  #: the page was taken before in this visit


# Print 4 mm high stays readable up to a defocus of about 0.18 mm. A coarse camera is not the citizen's doing, so
# what is sharp to the pixel is never called blurred, however few pixels there are.
_BLURRED_MM = 0.18
_BLURRED_PX = 1.45
_DARK = 88.0  # grey level of white paper; chosen: below it the camera's noise reaches thin strokes
_CUT_OFF = 0.0025  # of the picture's width: a corner nearer to the edge cannot be told from one outside

_TILE = 160  # pixels
_TILES = 6  # in each direction, evenly over the sheet
_WINDOW = 9  # pixels: an edge and its two levels fit in
_PRINT = 0.22  # of the paper's level: smaller differences are texture and watermark


def measure(pixels: Pixels, corners: Quad, size: SheetSize) -> Measures:
    """Look at the sheet with these corners in the untouched picture."""
    tiles = [cv2.cvtColor(tile, cv2.COLOR_BGR2GRAY) for tile in _tiles(pixels, corners)]
    if not tiles:
        return Measures(0.0, 0.0, 0.0, _margin(pixels, corners))
    paper = float(np.percentile(np.concatenate([tile[::4, ::4].ravel() for tile in tiles]), 90))
    blur_px = _edge_sigma(tiles, paper)
    scale = max(px_per_mm(corners, size), 1e-3)
    return Measures(blur_px, blur_px / scale, paper, _margin(pixels, corners))


def measure_page(evidence: Evidence, seen: Seen | None = None) -> Measures:
    """Look at a page that was just taken. `seen`: the pages kept in this visit."""
    sheets = evidence.sheets
    height, width = evidence.pixels.shape[:2]
    whole = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float32)
    found = measure(evidence.pixels, sheets[0].corners if sheets else whole, evidence.size)
    return replace(
        found,
        blur_mm=found.blur_px / max(evidence.px_per_mm, 1e-3),
        sheets=len(sheets),
        text_orientation=evidence.text_orientation,
        known=seen is not None and seen.knows(fingerprint(evidence.flat)),
    )


def judged(measures: Measures) -> tuple[Verdict, ...]:
    """The verdicts that follow from the numbers, the gravest first."""
    verdicts = []
    if measures.sheets == 0:
        verdicts.append(Verdict.NO_SHEET)
    if measures.sheets > 1:
        verdicts.append(Verdict.SEVERAL)
    if measures.sheets > 0 and measures.margin < _CUT_OFF:
        verdicts.append(Verdict.CUT_OFF)
    if measures.paper < _DARK:
        verdicts.append(Verdict.DARK)
    if measures.blur_px > _BLURRED_PX and measures.blur_mm > _BLURRED_MM:
        verdicts.append(Verdict.BLURRED)
    if measures.text_orientation == 180:
        verdicts.append(Verdict.UPSIDE_DOWN)
    if measures.known:
        verdicts.append(Verdict.DUPLICATE)
    return tuple(verdicts)


def _margin(pixels: Pixels, corners: Quad) -> float:
    height, width = pixels.shape[:2]
    nearest = min(
        float(corners.min()),
        float((width - 1 - corners[:, 0]).min()),
        float((height - 1 - corners[:, 1]).min()),
    )
    return float(nearest / width)


def _tiles(pixels: Pixels, corners: Quad) -> list[Pixels]:
    """Small squares spread over the sheet, away from its edges."""
    height, width = pixels.shape[:2]
    short = min(
        float(np.linalg.norm(corners[1] - corners[0])), float(np.linalg.norm(corners[3] - corners[0]))
    )
    half = min(_TILE, round(short * 0.15)) // 2
    if half < 4:
        return []
    tiles = []
    for down in np.linspace(0.14, 0.86, _TILES):
        for across in np.linspace(0.14, 0.86, _TILES):
            top = corners[0] + across * (corners[1] - corners[0])
            bottom = corners[3] + across * (corners[2] - corners[3])
            x, y = np.round(top + down * (bottom - top)).astype(int)
            if half <= x < width - half and half <= y < height - half:
                tiles.append(pixels[y - half : y + half, x - half : x + half])
    return tiles


def _edge_sigma(tiles: list[NDArray[np.uint8]], paper: float) -> float:
    """Width of the sharpest tenth of the printed edges, as the sigma of a Gaussian, in pixels; 0 without print.

    At the middle of an edge blurred by sigma the slope is its height / (sigma √2π); both are seen within a small
    window. Across and down are judged apart, so that motion in one direction cannot hide.
    """
    kernel = np.ones((_WINDOW, _WINDOW), np.uint8)
    across: list[NDArray[np.float32]] = []
    down: list[NDArray[np.float32]] = []
    for tile in tiles:
        height = cv2.subtract(cv2.dilate(tile, kernel), cv2.erode(tile, kernel)).astype(np.float32)
        printed = height > _PRINT * max(paper, 20.0)
        if np.count_nonzero(printed) < 20:
            continue
        for slopes, dx, dy in ((across, 1, 0), (down, 0, 1)):
            slope = np.abs(cv2.Sobel(tile, cv2.CV_32F, dx, dy, ksize=3)) / 8
            slopes.append((slope[printed] / height[printed])[:: max(1, tile.shape[0] // 80)])
    if not across:
        return 0.0
    sharpest = min(float(np.percentile(np.concatenate(slopes), 95)) for slopes in (across, down))
    return 1 / (max(sharpest, 0.02) * float(np.sqrt(2 * np.pi)))
