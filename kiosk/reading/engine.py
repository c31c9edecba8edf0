"""Text lines of a page: where they are and what they say, by PP-OCRv6 (small) as the rapidocr wheel carries it.

The models are files of the wheel, named one by one, run by ONNX runtime. rapidocr's own code is not imported: it would
look for other models on the network, and it hides the probabilities by which a check digit can tell 0 from O.
"""

import importlib.util
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from kiosk.reading.boxes import Box, Turned, boxes_of, corners
from kiosk.reading.line import Line, Sign

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR, origin top left

_DETECTOR = "PP-OCRv6_det_small.onnx"
_RECOGNISER = "PP-OCRv6_rec_small.onnx"
# rapidocr 3.10 for PP-OCRv6 (config.yaml: mean, std, both 0.5 of white)
_MEAN, _SPREAD = 127.5, 127.5
_STEP = 32  # pixels; the detector takes sides that are multiples of it
_TALL = 48  # pixels; height of a line as the recogniser was trained (rec_img_shape)
_NARROWEST, _WIDEST = 48, 3200  # pixels of a line 48 high; a line across a whole A4 page is about 2400
_ROOM = 320  # pixels; shorter lines were padded to this width when the recogniser was trained (rec_img_shape)
_ALIKE = 0.001  # a sign below this has no part in a choice between signs
_OTHERS = 5


class NoModels(Exception):
    """The wheel that carries the models is not installed, or carries others."""


class Engine:
    """Finder and recogniser of text lines; takes 0.2 s to make and 60 MB to keep."""

    def __init__(self, threads: int = 1) -> None:
        """Raises `NoModels`."""
        folder = _models()
        self._finder = _session(folder / _DETECTOR, threads)
        self._reader = _session(folder / _RECOGNISER, threads)
        named = self._reader.get_modelmeta().custom_metadata_map["character"].splitlines()
        #: class → sign; class 0 is CTC's blank, the last one is the space
        self._signs = ("", *named, " ")

    def boxes(self, pixels: Pixels, side: int) -> list[Turned]:
        """Where text stands. The page is looked at with its longer side reduced to `side` pixels at most."""
        shrink = min(1.0, side / max(pixels.shape[:2]))
        height, width = (max(_STEP, round(n * shrink / _STEP) * _STEP) for n in pixels.shape[:2])
        small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
        (found,) = self._finder.run(None, {"x": _fed(small)})
        across, down = pixels.shape[1] / width, pixels.shape[0] / height
        scale = (across + down) / 2  # the two differ by rounding to whole steps only
        return [
            Turned(
                (box.middle[0] * across, box.middle[1] * down),
                box.along * scale,
                box.across * scale,
                box.angle,
            )
            for box in boxes_of(found[0, 0])
        ]

    def read(self, pixels: Pixels, box: Turned, *, tilt: float = 0.0, stretch: float = 1.0) -> Line | None:
        """What stands in a box; None when nothing does. The line's place is told as if the page lay straight.

        `tilt` is the page's own, in degrees. With `stretch` the line is shown wider or narrower, for another opinion.
        """
        corner = corners(box)
        shown = self._cut(pixels, corner, stretch)
        width = shown.shape[1]
        fed = np.zeros((1, 3, _TALL, max(width, _ROOM)), np.float32)
        fed[:, :, :, :width] = _fed(shown)
        (likely,) = self._reader.run(None, {"x": fed})
        start, end = (_straight((corner[a] + corner[b]) / 2, tilt) for a, b in ((0, 3), (1, 2)))
        signs = self._told(likely[0], start[0], start[0] + (end[0] - start[0]) * fed.shape[3] / width)
        if not any(sign.text.strip() for sign in signs):
            return None
        middle, half = (start[1] + end[1]) / 2, box.across / 2
        return Line(start[0], middle - half, end[0], middle + half, signs)

    @staticmethod
    def _cut(pixels: Pixels, place: Box, stretch: float) -> Pixels:
        along = float(np.linalg.norm(place[1] - place[0]))
        across = max(1.0, float(np.linalg.norm(place[3] - place[0])))
        width = int(np.clip(round(along / across * _TALL * stretch), _NARROWEST, _WIDEST))
        # A line that is much larger than 48 pixels is first cut at its own size, then reduced without aliasing.
        more = max(1, round(across / _TALL))
        target = np.array([[0, 0], [width, 0], [width, _TALL], [0, _TALL]], np.float32) * more
        move = cv2.getPerspectiveTransform(place, target)
        size = (width * more, _TALL * more)
        cut = cv2.warpPerspective(pixels, move, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(cut if more == 1 else cv2.resize(cut, (width, _TALL), interpolation=cv2.INTER_AREA))

    def _told(self, likely: NDArray[np.float32], left: float, right: float) -> tuple[Sign, ...]:
        """CTC: a sign is a run of one class; where it is surest says how sure, and what else it may be."""
        classes = likely.argmax(axis=1)
        edges = np.flatnonzero(np.diff(classes)) + 1
        signs = []
        for run in np.split(np.arange(len(classes)), edges):
            best = int(classes[run[0]])
            if best == 0:
                continue
            peak = int(run[likely[run, best].argmax()])
            x = left + (right - left) * (peak + 0.5) / len(classes)
            signs.append(
                Sign(self._signs[best], x, float(likely[peak, best]), self._others(likely[peak], best))
            )
        return tuple(signs)

    def _others(self, likely: NDArray[np.float32], best: int) -> tuple[tuple[str, float], ...]:
        order = np.flatnonzero(likely > _ALIKE)
        order = order[np.argsort(-likely[order])][: _OTHERS + 2]
        return tuple((self._signs[place], float(likely[place])) for place in order if place not in (0, best))


def _straight(point: NDArray[np.float32], tilt: float) -> tuple[float, float]:
    """A point of a page that lies turned by `tilt` degrees, turned back around the page's top left."""
    turn = np.deg2rad(tilt)
    x, y = float(point[0]), float(point[1])
    return float(x * np.cos(turn) + y * np.sin(turn)), float(y * np.cos(turn) - x * np.sin(turn))


def _fed(pixels: Pixels) -> NDArray[np.float32]:
    """A picture as the models take it: (1, 3, height, width), -1…1."""
    return np.asarray(cv2.dnn.blobFromImage(pixels, 1 / _SPREAD, mean=(_MEAN, _MEAN, _MEAN)), np.float32)


def _models() -> Path:
    found = importlib.util.find_spec("rapidocr")  # found, not imported
    for place in (found.submodule_search_locations or ()) if found is not None else ():
        folder = Path(place) / "models"
        if all((folder / name).is_file() for name in (_DETECTOR, _RECOGNISER)):
            return folder
    raise NoModels("rapidocr")


def _session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    asked = onnxruntime.SessionOptions()
    asked.intra_op_num_threads = threads
    asked.inter_op_num_threads = 1
    asked.enable_cpu_mem_arena = False  # an arena never gives back what the largest page took
    asked.log_severity_level = 4
    return onnxruntime.InferenceSession(str(model), asked, providers=["CPUExecutionProvider"])
