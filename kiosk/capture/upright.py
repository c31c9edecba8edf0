"""Which way up a page must be held to be read, and how crooked its print lies.

Lines of print are found by their direction: the rows through them differ from the rows between. Which end is up is
asked of a small classifier that reads a few lines (PP-OCR's text direction model, 0.6 MB, which comes in the rapidocr
wheel; 1 ms a line); without it only lying pages are told from standing ones.
"""

import importlib.util
import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.capture.flatten import Pixels

Grey = NDArray[np.uint8]  #: (height, width) uint8

_WORK_SIDE = 1000  # pixels of the longer side: a line of print 3.5 mm high on A4 is then 11 rows high
_STRIP = 75  # pixels wide: columns of a form have lines at different heights
_LEAST_INK = 250  # pixels of the reduced picture: a few characters
_CLEAR = 1.8  # times the contrast of the other direction: pages have 2.5 and more; below, both are tried
_DARKER = 12  # grey levels below its surroundings
_RULE = 0.07  # of the longer side: ink longer than that is a table's rule, 20 mm on A4
_CELL_RULE = 0.035  # the same of a rule beside print, across its lines: 10 mm, where characters end
_THIRDS_FROM = 150  # rows: a card is too small to be looked at in parts
_LINES = 6  # at most, of print that the classifier sees
_FEWEST = 2  # lines that must agree before a page is turned
_DECIDED, _MOST_OF = 0.5, 0.6  # an answer that counts (0…1), and the share of lines that must give one
_SURE = 0.85  # difference of its two answers, 0…1, meant over the lines
_LIKELY = 0.5  # the same: enough to be told, not to be acted upon
_QUICKLY = 2  # lines that agree so clearly that no more are asked
_MODEL = "ch_ppocr_mobile_v2.0_cls_mobile.onnx"
_MODEL_HEIGHT, _MODEL_WIDTH = 48, 192  # pixels that the classifier was trained with

_MOST_SKEW = 2.5  # degrees; a found sheet is never that wrong, and print on it hardly
_COARSE, _FINE = 0.25, 0.05  # degrees
_PARTS = 3  # of a row
_REACH = 40  # rows at top and bottom that a strip may be moved by: 2.5° over 1,000 pixels are 22
_LINES_SHOW = 1.5  # times the usual contrast: print has 2 to 20, photographs and grain below 1.3
_LEVEL_ENOUGH = 1.02  # times the contrast as it lies: less is not worth turning the page for


@dataclass(frozen=True, slots=True)
class Lines:
    """How the print of a page lies."""

    turn: int  #: 0, 90, 180 or 270 degrees clockwise by which it must be turned to be read
    confidence: float  #: 0…1; 0 when there is no print
    skew_deg: float  #: by how much the lines are turned clockwise besides, -3…3; 0.0 without lines

    @property
    def sure(self) -> bool:
        """Whether the page may be turned without asking."""
        return self.confidence >= _SURE

    @property
    def told(self) -> int:
        """`turn` where there is some reason for it, else 0."""
        return self.turn if self.confidence >= _LIKELY else 0


def text_orientation(flat: Pixels) -> int:
    """Degrees clockwise (0, 90, 180, 270) by which the page must be turned to be read; 0 when nothing tells."""
    return lines_of(flat).told


def lines_of(flat: Pixels) -> Lines:
    """How the print lies on a flattened page, or on a reduced one: 150 dpi are enough."""
    grey = _grey(flat)
    ink = _ink(grey)
    if cv2.countNonZero(ink) < _LEAST_INK:
        return Lines(0, 0.0, 0.0)
    text = _without_rules(ink)
    level, upended = _contrast(text), _contrast(np.asarray(cv2.transpose(text)))
    clear = max(level, upended) > _CLEAR * min(level, upended)
    ways = [
        _looked_at((grey, ink, text), lying, clear)
        for lying in ((upended > level,) if clear else (False, True))
    ]
    return max(ways, key=lambda way: way[0])[1]


def _looked_at(print_: tuple[Grey, Grey, Grey], lying: bool, clear: bool) -> tuple[float, Lines]:
    """What speaks for the lines running this way, and how they then lie. `clear`: the other way is out of question."""
    if lying:
        print_ = tuple(np.asarray(cv2.rotate(part, cv2.ROTATE_90_CLOCKWISE)) for part in print_)  # type: ignore[assignment]
    grey, ink, text = print_
    model = _CLASSIFIER.session()
    turn = 90 if lying else 0
    if model is None:
        return float(not lying), Lines(turn, 0.5 if lying and clear else 0.0, _skew(ink) if clear else 0.0)
    answers = _answers(model, grey, text, 1 if clear else _LINES)
    decided = [answer for answer in answers if abs(answer) >= _DECIDED]
    total = sum(decided)
    sure = abs(total) / len(decided) if len(decided) >= max(_FEWEST, _MOST_OF * len(answers)) else 0.0
    return abs(total), Lines(
        (turn + 180) if total < 0 else turn, sure, _skew(ink) if sure >= _LIKELY else 0.0
    )


# --- print ---


def _grey(flat: Pixels) -> Grey:
    """At most 2 × the size at which lines are looked for; the classifier sees this."""
    shrink = 2 * _WORK_SIDE / max(flat.shape[:2])
    if shrink <= 0.6:
        flat = np.asarray(cv2.resize(flat, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    return np.asarray(flat if flat.ndim == 2 else cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY))


def _ink(grey: Grey) -> Grey:
    """255 where print is, at most `_WORK_SIDE` long."""
    if max(grey.shape) > _WORK_SIDE:
        grey = np.asarray(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    return np.asarray(
        cv2.adaptiveThreshold(
            grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, blockSize=31, C=_DARKER
        )
    )


def _without_rules(ink: Grey) -> Grey:
    length = max(9, round(_RULE * max(ink.shape)))
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return np.asarray(cv2.subtract(ink, cv2.dilate(cv2.max(across, down), np.ones((3, 3), np.uint8))))


def _contrast(ink: Grey) -> float:
    """How much neighbouring rows differ in ink, strip by strip: large when lines of print lie level."""
    return float(np.square(np.diff(_profiles(ink), axis=0)).mean())


def _profiles(ink: Grey) -> NDArray[np.float32]:
    """Share of ink in each row of each strip: (rows, strips). A few columns at the right belong to no strip."""
    strips, wide = _strips(ink.shape[1])
    shares = cv2.resize(ink[:, : strips * wide], (strips, ink.shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(shares / np.float32(255), np.float32)


def _strips(width: int) -> tuple[int, int]:
    """How many there are, and how many columns each has: whole ones, which are added up ten times as fast."""
    strips = max(3, round(width / _STRIP))
    return strips, max(1, width // strips)


# --- level ---


def _skew(ink: Grey) -> float:
    """The angle at which the rows differ the most, when that is clearly better than none."""
    profiles = _profiles(ink)
    rows, strips = profiles.shape
    # Rows are moved by whole parts only: interpolating in between would make some angles look better than others.
    fine_rows = cv2.resize(profiles, (strips, rows * _PARTS), interpolation=cv2.INTER_LINEAR)
    profiles = np.ascontiguousarray(cv2.GaussianBlur(fine_rows, (1, 4 * _PARTS + 1), 1, sigmaY=_PARTS).T)
    places = (np.arange(strips) + 0.5 - strips / 2) * _strips(ink.shape[1])[1]

    def worth(angle_deg: float) -> float:
        return _turned_contrast(profiles, places, angle_deg)

    coarse = np.arange(-_MOST_SKEW, _MOST_SKEW + _COARSE / 2, _COARSE)
    rough = [worth(float(angle)) for angle in coarse]
    near = float(coarse[int(np.argmax(rough))])
    if max(rough) < _LINES_SHOW * float(np.median(rough)) or abs(near) > _MOST_SKEW - _COARSE / 2:
        return 0.0  # noise has its best angle anywhere
    fine = near + np.arange(-_COARSE, _COARSE + _FINE / 2, _FINE)
    close = [worth(float(angle)) for angle in fine]
    best = int(np.clip(np.argmax(close), 1, len(close) - 2))
    before, at, after = close[best - 1 : best + 2]
    peak = float(
        fine[best] + _FINE * np.clip((before - after) / (2 * (before - 2 * at + after) - 1e-9), -1, 1)
    )
    return peak if worth(peak) > _LEVEL_ENOUGH * worth(0.0) else 0.0


def _turned_contrast(profiles: NDArray[np.float32], places: NDArray[np.float64], angle_deg: float) -> float:
    """Contrast of the rows once every strip is moved up as far as the lines have sunk there.

    `profiles` is (strips, parts of rows), `places` the strips' middles in rows.
    """
    reach = _REACH * _PARTS
    length = profiles.shape[1] - 2 * reach
    total = np.zeros(length, np.float32)
    for profile, sunk in zip(profiles, places * np.tan(np.deg2rad(angle_deg)), strict=True):
        first = reach + round(sunk * _PARTS)
        total += profile[first : first + length]
    change = total[_PARTS:] - total[:-_PARTS]
    return float(np.dot(change, change))


# --- which end is up ---


def _answers(model: Any, grey: Grey, ink: Grey, least: int) -> list[float]:
    """For each of some level lines 1 when it stands upright, -1 upside down, between when that is not clear."""
    answers: list[float] = []
    for line in itertools.islice(_pieces_of_lines(grey, ink), _LINES):
        upright, turned = model.run(None, {"x": _fed(line)})[0][0]
        answers.append(float(upright - turned))
        if len(answers) >= max(least, _QUICKLY) and abs(sum(answers)) > 0.99 * len(answers):
            break
    return answers


def _pieces_of_lines(grey: Grey, text: Grey) -> Iterator[Grey]:
    """A few stretches of print, four times as long as high: first from the third of the page that has most of it."""
    third = len(text) // 3
    if third > _THIRDS_FROM:
        rows = cv2.reduce(text, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
        amounts = [float(rows[top : top + third].sum()) for top in (0, third, 2 * third)]
        tops = sorted((0, third, 2 * third), key=lambda top: -amounts[top // third])
    else:
        third, tops = len(text), [0]
    scale = grey.shape[0] / text.shape[0]
    for top in tops:
        yield from _pieces_within(grey, text[top : top + third], top, scale)


def _pieces_within(grey: Grey, text: Grey, down: int, scale: float) -> Iterator[Grey]:
    """The same of one part of the page, which begins `down` rows from its top; the longest lines first."""
    high = max(9, round(_CELL_RULE * max(grey.shape) / scale))
    rules = cv2.morphologyEx(text, cv2.MORPH_OPEN, np.ones((high, 1), np.uint8))
    text = np.asarray(cv2.subtract(text, cv2.dilate(rules, np.ones((3, 3), np.uint8))))
    reach = max(5, round(0.014 * grey.shape[0] / scale))  # 4 mm on A4: characters of a line grow together
    joined = cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    _, _, found, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    boxes = [(x, y + down, w, h) for x, y, w, h, _ in found[1:].tolist() if 6 <= h <= 60 and w >= 2.5 * h]
    usual = float(np.median([h for *_, h in boxes])) if boxes else 0.0
    boxes = [box for box in boxes if 0.6 * usual <= box[3] <= 2.5 * usual]
    for x, y, w, h in sorted(boxes, key=lambda box: -box[2] * box[3])[:_LINES]:
        rim = 0.12 * h
        wide = min(w, 4 * h)
        left = x + (w - wide) / 2
        edges = (y - rim, y + h + rim, left - rim, left + wide + rim)
        top, bottom, first, last = (max(0, round(edge * scale)) for edge in edges)
        yield grey[top:bottom, first:last]


def _fed(line: Grey) -> NDArray[np.float32]:
    """The line as the classifier wants it: (1, 3, 48, 192), -1…1, the rest of the width grey."""
    height, width = line.shape
    wide = min(_MODEL_WIDTH, max(1, round(_MODEL_HEIGHT * width / height)))
    fed = np.zeros((1, 3, _MODEL_HEIGHT, _MODEL_WIDTH), np.float32)
    fed[0, :, :, :wide] = cv2.resize(line, (wide, _MODEL_HEIGHT)).astype(np.float32) / 127.5 - 1
    return fed


class _Classifier:
    """Loads the model when it is first needed (40 ms), once for the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked = False
        self._session: Any = None

    def session(self) -> Any:
        with self._lock:
            if not self._looked:
                self._looked = True
                self._session = self._loaded()
            return self._session

    def _loaded(self) -> Any:
        package = importlib.util.find_spec("rapidocr")
        if package is None or package.origin is None:
            return None
        path = Path(package.origin).parent / "models" / _MODEL
        if not path.is_file() or importlib.util.find_spec("onnxruntime") is None:
            return None
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


_CLASSIFIER = _Classifier()
