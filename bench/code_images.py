"""Generated pictures of hard QR codes: twelve kinds of hardship, each symbol's true text known.

A symbol is printed on a sheet with lines of writing, laid on a desk, seen through a lens and a sensor. Only one
hardship of a picture is severe; the others (a little turn, blur, grain, JPEG) are those of any photograph. Severities
were set so that pyzbar alone reads about half of the set and zxing-cpp alone about three quarters (`python -m bench
codes` says so), and were then left alone. The same `each` always gives the same pixels.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from qrcode import constants
from qrcode.main import QRCode

from bench.code_scenes import HEIGHT, QUIET, WIDTH, Pixels, Plane, Shot, taken, usual

EACH = 40
_LEVELS = (
    constants.ERROR_CORRECT_L,
    constants.ERROR_CORRECT_M,
    constants.ERROR_CORRECT_M,
    constants.ERROR_CORRECT_Q,
)
_WORDS = "天门市政务服务中心一件事联办受理编号材料清单营业执照食品经营许可证申请表"


@dataclass(frozen=True, slots=True)
class HardImage:
    """A picture and what stands in it."""

    kind: str
    number: int  #: 0 … each - 1 within its kind; severity grows with it
    text: str
    pixels: Pixels


def hard_images(each: int = EACH) -> Iterator[HardImage]:
    """`each` pictures of every kind, severities spread evenly from just hard to hopeless."""
    for place, (kind, take) in enumerate(KINDS.items()):
        for number in range(each):
            dice = np.random.default_rng((18004, place, number, each))
            severity = (number + float(dice.uniform())) / each
            text, modules = _symbol(dice)
            yield HardImage(kind, number, text, take(modules, severity, dice))


def _symbol(dice: Generator) -> tuple[str, NDArray[np.bool_]]:
    """A text such as stands on forms and slips, and its symbol: square, True is dark, without quiet zone."""
    number = "".join(str(digit) for digit in dice.integers(0, 10, 12))
    words = "".join(dice.choice(list(_WORDS), 6))
    text = (
        f"https://zwfw.example.cn/q?no={number}",
        f"TM{number}",
        f"{words}{number}",
        f"https://zwfw.example.cn/case/{number}/material/{int(dice.integers(1, 40))}?v=1&t={number[::-1]}",
    )[int(dice.integers(0, 4))]
    encoded = text.encode("gb18030" if dice.uniform() < 0.5 else "utf-8")
    symbol = QRCode(error_correction=_LEVELS[int(dice.integers(0, 4))], border=0)
    symbol.add_data(encoded)
    symbol.make(fit=True)
    return text, np.array(symbol.get_matrix(), bool)


def _between(low: float, high: float, severity: float) -> float:
    return low + (high - low) * severity


def _rotated(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = Shot(module_px=_between(4.2, 1.6, severity), turn_deg=float(dice.uniform(0, 360)))
    return taken(modules, replace(shot, defocus_px=0.8, grain=5.0), dice)


def _tilted(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = replace(
        usual(dice),
        tilt_deg=_between(30, 64, severity),
        tilt_towards_deg=float(dice.uniform(0, 360)),
        turn_deg=float(dice.uniform(0, 360)),
    )
    return taken(modules, shot, dice)


def _out_of_focus(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = usual(dice)
    return taken(modules, replace(shot, defocus_px=shot.module_px * _between(0.55, 1.45, severity)), dice)


def _moved(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = usual(dice)
    smear = shot.module_px * _between(1.2, 3.6, severity)
    return taken(modules, replace(shot, smear_px=smear, smear_deg=float(dice.uniform(0, 180))), dice)


def _small(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = replace(usual(dice), module_px=_between(2.0, 1.15, severity), defocus_px=0.4)
    return taken(modules, shot, dice)


def _dim(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    return taken(modules, replace(usual(dice), light=_between(0.18, 0.055, severity), grain=1.2), dice)


def _noisy(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    return taken(modules, replace(usual(dice), grain=_between(22, 66, severity)), dice)


def _shadowed(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    """The edges of one or two things between lamp and sheet run across the symbol."""

    def lit(scene: Plane, where: Plane) -> Plane:
        for _ in range(2):
            deep = _between(0.7, 0.3, severity)
            x, y = _somewhere(where, dice)
            angle = float(dice.uniform(0, 2 * math.pi))
            row, column = np.mgrid[0:HEIGHT, 0:WIDTH]
            beyond = (column - x) * math.cos(angle) + (row - y) * math.sin(angle)
            soft = float(dice.uniform(1.5, 12))
            share = 1 / (1 + np.exp(-np.clip(beyond / soft, -30, 30)))
            scene = scene * (1 - (1 - deep) * share[:, :, None]).astype(np.float32)
        return scene

    return taken(modules, replace(usual(dice), grain=1.5), dice, lit)


def _glared(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    """A lamp mirrored in a laminated sheet: burnt out in the middle, a veil around."""

    def lit(scene: Plane, where: Plane) -> Plane:
        x, y = _somewhere(where, dice)
        size = math.sqrt(float(where.sum()))
        radius = size * _between(0.1, 0.34, severity)
        longer, angle = float(dice.uniform(1.0, 2.0)), float(dice.uniform(0, math.pi))
        row, column = np.mgrid[0:HEIGHT, 0:WIDTH]
        along = (column - x) * math.cos(angle) + (row - y) * math.sin(angle)
        aside = -(column - x) * math.sin(angle) + (row - y) * math.cos(angle)
        away = np.hypot(along / math.sqrt(longer), aside * math.sqrt(longer)) / radius
        veil = 420 * np.exp(-(away**2))
        return np.asarray(np.clip(scene + veil[:, :, None], 0, 400), np.float32)

    return taken(modules, usual(dice), dice, lit)


def _occluded(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    """A finger, a stamp or a pen lies on the symbol."""

    def lit(scene: Plane, where: Plane) -> Plane:
        x, y = _somewhere(where, dice)
        size = math.sqrt(float(where.sum()))
        colour = np.array([dice.uniform(20, 230), dice.uniform(20, 200), dice.uniform(20, 230)], np.float32)
        long = size * _between(0.05, 0.165, severity)
        wide = long * float(dice.uniform(0.4, 1.0))
        cover = np.zeros((HEIGHT, WIDTH), np.float32)
        axes = (max(1, round(long)), max(1, round(wide)))
        centre = (round(x), round(y))
        cv2.ellipse(cover, centre, axes, float(dice.uniform(0, 180)), 0, 360, 1.0, -1, cv2.LINE_AA)
        return np.asarray(scene * (1 - cover[:, :, None]) + colour * cover[:, :, None], np.float32)

    return taken(modules, usual(dice), dice, lit)


def _compressed(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = replace(usual(dice), module_px=float(dice.uniform(2.5, 4.0)))
    return taken(modules, replace(shot, quality=round(_between(18, 1, severity))), dice)


def _inverted(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = replace(usual(dice), inverted=True, module_px=_between(6, 2.0, severity), grain=4.0)
    return taken(modules, replace(shot, defocus_px=0.8), dice)


def _somewhere(where: Plane, dice: Generator) -> tuple[float, float]:
    """A point on the symbol, x and y."""
    rows, columns = np.nonzero(where > 0.5)
    chosen = int(dice.integers(0, len(rows)))
    return float(columns[chosen]), float(rows[chosen])


KINDS: dict[str, Callable[[NDArray[np.bool_], float, Generator], Pixels]] = {
    "rotated": _rotated,
    "tilted": _tilted,
    "defocused": _out_of_focus,
    "motion": _moved,
    "small": _small,
    "dim": _dim,
    "noisy": _noisy,
    "shadowed": _shadowed,
    "glare": _glared,
    "occluded": _occluded,
    "jpeg": _compressed,
    "inverted": _inverted,
}


def page_with_code() -> HardImage:
    """A sharp 13 MP still of a sheet full of writing with one symbol on it, 12 pixels a module."""
    dice = np.random.default_rng(13)
    text = "https://zwfw.example.cn/q?no=420000123456"
    symbol = QRCode(error_correction=constants.ERROR_CORRECT_M, border=QUIET)
    symbol.add_data(text)
    symbol.make(fit=True)
    page = np.full((3120, 4208), 225, np.float32)
    for top in range(200, 2900, 48):
        for left in range(200, 4000, 34):
            if dice.uniform() < 0.85:
                wide, high = int(dice.integers(8, 28)), int(dice.integers(10, 30))
                page[top : top + high, left : left + wide] = 40
    square = np.where(np.array(symbol.get_matrix(), bool), np.float32(35), np.float32(228))
    large = np.kron(square, np.ones((12, 12), np.float32))
    page[700 : 700 + len(large), 2600 : 2600 + len(large)] = large
    page = cv2.GaussianBlur(page, (0, 0), 1.2)
    pixels = np.clip(np.repeat(page[:, :, None], 3, 2), 0, 255).astype(np.uint8)
    return HardImage("page", 0, text, pixels)
