"""Generated pictures of hard QR codes: twelve kinds of hardship, each symbol's true text known.

A symbol is printed on a sheet with lines of writing, laid on a desk, seen through a lens and a sensor. Only one
hardship of a picture is severe; the others (a little turn, blur, grain, JPEG) are those of any photograph. Severities
were set so that pyzbar alone reads about half of the set and zxing-cpp alone about three quarters (`python -m bench
codes` says so), and were then left alone. The same `each` always gives the same pixels.
"""

import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from qrcode import constants
from qrcode.main import QRCode

Pixels = NDArray[np.uint8]  #: (height, width, 3) uint8, BGR, origin top left
Plane = NDArray[np.float32]  #: the same, 0…255, before the sensor rounds and clips

WIDTH, HEIGHT = 800, 600
EACH = 40
_QUIET = 4  # modules, ISO/IEC 18004 section 6.3.8
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


@dataclass(frozen=True, slots=True)
class _Shot:
    """How one picture is taken. Lengths in modules are lengths on the printed symbol."""

    module_px: float
    turn_deg: float
    tilt_deg: float = 0.0
    tilt_towards_deg: float = 0.0
    defocus_px: float = 0.5  #: radius of the disk that a point becomes
    smear_px: float = 0.0  #: how far the picture moves while the shutter is open
    smear_deg: float = 0.0
    light: float = 1.0
    grain: float = 2.0  #: sigma, in steps of the sensor
    quality: int = 92  #: JPEG
    inverted: bool = False


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


def _usual(dice: Generator) -> _Shot:
    return _Shot(module_px=float(dice.uniform(3.5, 6.0)), turn_deg=float(dice.uniform(-10, 10)))


def _taken(
    modules: NDArray[np.bool_],
    shot: _Shot,
    dice: Generator,
    lit: Callable[[Plane, Plane], Plane] | None = None,
) -> Pixels:
    """The photograph. `lit(scene, where)` may change the light on it before the sensor; `where` is 1 on the symbol."""
    scene, where = _laid(modules, shot, dice)
    if lit is not None:
        scene = lit(scene, where)
    scene = _smeared(_defocused(scene, shot.defocus_px), shot.smear_px, shot.smear_deg)
    scene = scene * np.float32(shot.light)
    spread = np.sqrt(shot.grain**2 + np.maximum(scene, 0) * 0.02)  # read-out grain and a little shot noise
    scene = scene + _grain(dice).reshape(scene.shape) * spread
    pixels = np.clip(np.rint(scene), 0, 255).astype(np.uint8)
    kept = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, shot.quality])[1]
    return np.asarray(cv2.imdecode(kept, cv2.IMREAD_COLOR), np.uint8)


def _grain(dice: Generator) -> Plane:
    """Normal numbers for every pixel and colour: a stretch of a pool, for drawing them anew takes longest of all."""
    count = HEIGHT * WIDTH * 3
    begin = int(dice.integers(0, count))
    return _pool(2 * count)[begin : begin + count]


@functools.cache
def _pool(count: int) -> Plane:
    return np.random.default_rng(18004).standard_normal(count, np.float32)


def _laid(modules: NDArray[np.bool_], shot: _Shot, dice: Generator) -> tuple[Plane, Plane]:
    """The sheet with the symbol on the desk, projected; and where the symbol is."""
    sheet, mask, per_module = _sheet(modules, shot.inverted, dice)
    side = sheet.shape[0]
    across = _projection(shot, side, per_module, dice)
    finest = max(1.0, per_module / shot.module_px)
    if finest > 1.2:  # what a lens and a pixel's own width do before sampling
        sheet = cv2.GaussianBlur(sheet, (0, 0), 0.35 * finest)
    desk = np.array(dice.uniform(60, 130, 3), np.float32)
    scene = np.empty((HEIGHT, WIDTH, 3), np.float32)
    scene[:] = desk
    tint = np.array([1.0, 1.0, 1.0] - dice.uniform(0, 0.06, 3), np.float32)
    size = (WIDTH, HEIGHT)
    paper = cv2.warpPerspective(sheet, across, size, flags=cv2.INTER_LINEAR, borderValue=-1.0)
    inside = cv2.warpPerspective(np.ones_like(sheet), across, size, flags=cv2.INTER_LINEAR)[:, :, None]
    seen = cv2.warpPerspective(mask, across, size, flags=cv2.INTER_LINEAR)
    scene = scene * (1 - inside) + np.maximum(paper, 0)[:, :, None] * tint * inside
    return scene.astype(np.float32), seen


def _sheet(modules: NDArray[np.bool_], inverted: bool, dice: Generator) -> tuple[Plane, Plane, int]:
    """A square sheet, its symbol's mask, and pixels a module: the symbol in the middle, writing around it."""
    per_module, count = 8, len(modules)
    ink, paper = float(dice.uniform(15, 50)), float(dice.uniform(190, 235))
    dark, light = (paper, ink) if inverted else (ink, paper)
    side = (count + 2 * _QUIET) * per_module * 3
    sheet = np.full((side, side), paper, np.float32)
    for top in range(per_module * 4, side - per_module * 6, per_module * 5):
        left = per_module * 5
        while left < side - per_module * 8:
            wide = int(dice.integers(per_module // 2, per_module * 3))
            high = int(dice.integers(per_module, per_module * 3))
            sheet[top : top + high, left : left + wide] = ink
            left += wide + int(dice.integers(per_module // 2, per_module * 2))
    whole = (count + 2 * _QUIET) * per_module
    begin = (side - whole) // 2
    sheet[begin : begin + whole, begin : begin + whole] = light
    inner = begin + _QUIET * per_module
    square = np.kron(modules, np.ones((per_module, per_module), bool))
    end = inner + count * per_module
    sheet[inner:end, inner:end] = np.where(square, np.float32(dark), np.float32(light))
    mask = np.zeros_like(sheet)
    mask[inner:end, inner:end] = 1
    return sheet, mask, per_module


def _projection(shot: _Shot, side: int, per_module: int, dice: Generator) -> NDArray[np.float64]:
    """Sheet pixels to picture pixels: turned, tilted away, its centre somewhere near the picture's."""
    turn, tilt, towards = (math.radians(a) for a in (shot.turn_deg, shot.tilt_deg, shot.tilt_towards_deg))
    scale = shot.module_px / per_module
    flat = np.array([[scale, 0, -side / 2 * scale], [0, scale, -side / 2 * scale], [0, 0, 1]])
    away = 900.0  # pixels from lens to sheet: a picture 48° wide
    fade = np.array([[1, 0, 0], [0, 1, 0], [0, math.sin(tilt) / away, 1]])
    lean = _turned(towards) @ fade @ np.diag([1, math.cos(tilt), 1.0]) @ _turned(turn - towards)
    aside, down = dice.uniform(-40, 40, 2)
    place = np.array([[1, 0, WIDTH / 2 + aside], [0, 1, HEIGHT / 2 + down], [0, 0, 1]])
    return np.asarray(place @ lean @ flat)


def _turned(radians: float) -> NDArray[np.float64]:
    cos, sin = math.cos(radians), math.sin(radians)
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])


def _defocused(scene: Plane, radius: float) -> Plane:
    if radius <= 0:
        return scene
    reach = math.ceil(radius) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disk = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    return np.asarray(cv2.filter2D(scene, -1, disk / disk.sum(), borderType=cv2.BORDER_REPLICATE), np.float32)


def _smeared(scene: Plane, length: float, angle_deg: float) -> Plane:
    if length <= 0:
        return scene
    reach = math.ceil(length / 2) + 1
    path = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    steps = np.linspace(-length / 2, length / 2, 8 * reach + 1)
    for step in steps:
        x = reach + step * math.cos(math.radians(angle_deg))
        y = reach + step * math.sin(math.radians(angle_deg))
        left, top = int(x), int(y)
        right, low = x - left, y - top
        path[top : top + 2, left : left + 2] += np.outer([1 - low, low], [1 - right, right])
    return np.asarray(cv2.filter2D(scene, -1, path / path.sum(), borderType=cv2.BORDER_REPLICATE), np.float32)


def _between(low: float, high: float, severity: float) -> float:
    return low + (high - low) * severity


def _rotated(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = _Shot(module_px=_between(4.2, 1.6, severity), turn_deg=float(dice.uniform(0, 360)))
    return _taken(modules, replace(shot, defocus_px=0.8, grain=5.0), dice)


def _tilted(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = replace(
        _usual(dice),
        tilt_deg=_between(30, 64, severity),
        tilt_towards_deg=float(dice.uniform(0, 360)),
        turn_deg=float(dice.uniform(0, 360)),
    )
    return _taken(modules, shot, dice)


def _out_of_focus(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = _usual(dice)
    return _taken(modules, replace(shot, defocus_px=shot.module_px * _between(0.55, 1.45, severity)), dice)


def _moved(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = _usual(dice)
    smear = shot.module_px * _between(1.2, 3.6, severity)
    return _taken(modules, replace(shot, smear_px=smear, smear_deg=float(dice.uniform(0, 180))), dice)


def _small(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = replace(_usual(dice), module_px=_between(2.0, 1.15, severity), defocus_px=0.4)
    return _taken(modules, shot, dice)


def _dim(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    return _taken(modules, replace(_usual(dice), light=_between(0.18, 0.055, severity), grain=1.2), dice)


def _noisy(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    return _taken(modules, replace(_usual(dice), grain=_between(22, 66, severity)), dice)


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

    return _taken(modules, replace(_usual(dice), grain=1.5), dice, lit)


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

    return _taken(modules, _usual(dice), dice, lit)


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

    return _taken(modules, _usual(dice), dice, lit)


def _compressed(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = replace(_usual(dice), module_px=float(dice.uniform(2.5, 4.0)))
    return _taken(modules, replace(shot, quality=round(_between(18, 1, severity))), dice)


def _inverted(modules: NDArray[np.bool_], severity: float, dice: Generator) -> Pixels:
    shot = replace(_usual(dice), inverted=True, module_px=_between(6, 2.0, severity), grain=4.0)
    return _taken(modules, replace(shot, defocus_px=0.8), dice)


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
    symbol = QRCode(error_correction=constants.ERROR_CORRECT_M, border=_QUIET)
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
