"""The defects, each grave enough that a clerk would send the page back; how grave stands at each."""

from collections.abc import Callable
from dataclasses import replace

from numpy.random import Generator

from bench.defects.laid import Laid, Taken, laid, ordinary, picture_size, pushed, sheet_of
from bench.desks.camera import Camera
from bench.desks.crowds import empty_desk, several_sheets
from bench.desks.laying import Place
from bench.desks.light import glare
from bench.desks.printing import Ink, Paper, Sheet
from bench.desks.scene import held
from bench.desks.sheets import A4, Draw, form, letter


def out_of_focus(dice: Generator) -> Taken:
    """Print 3 to 5 mm high spread by 0.30 to 0.80 mm (sigma), and by 2.2 pixels at least."""
    page = ordinary(dice)
    sigma = max(float(dice.uniform(0.30, 0.80)) * page.camera.px_per_mm, 2.2)
    page.sensor = replace(page.sensor, defocus_px=sigma / (page.camera.size[0] / 1280))
    return Taken(page.pixels())


def _smeared(dice: Generator, across_the_lines: bool) -> Taken:
    """Moved by 1.1 to 2.6 mm while the shutter was open, and by 7 pixels at least."""
    page = ordinary(dice)
    length = max(float(dice.uniform(1.1, 2.6)) * page.camera.px_per_mm, 7.0)
    turn = page.place.turn_deg + (90 if across_the_lines else 0) + float(dice.normal(0, 6))
    page.sensor = replace(page.sensor, smear_px=length, smear_deg=turn)
    return Taken(page.pixels())


def moved_along(dice: Generator) -> Taken:
    return _smeared(dice, False)


def moved_across(dice: Generator) -> Taken:
    return _smeared(dice, True)


def dark(dice: Generator) -> Taken:
    """White paper at grey levels of about 25 to 80."""
    page = ordinary(dice)
    page.exposure = float(dice.uniform(0.11, 0.33))
    page.sensor = replace(page.sensor, contrast=0.0)
    return Taken(page.pixels())


def glare_on_print(dice: Generator) -> Taken:
    """A lamp or window mirrored in the sheet, burnt out over 12 to 35 mm of a full page."""
    page = ordinary(dice, letter if dice.uniform() < 0.5 else form)
    radius = float(dice.uniform(12, 35)) * page.camera.px_per_mm / page.camera.size[0]
    spot = page.at(float(dice.uniform(0.3, 0.7)), float(dice.uniform(0.22, 0.38)))
    bright = glare(page.camera.size, dice, spot, radius, core=1.2)
    page.shot.scene += (bright * page.shot.covers)[:, :, None]
    return Taken(page.pixels())


def _cut(dice: Generator, turn: float, way: float, outside_mm: tuple[float, float]) -> Taken:
    draw: Draw = letter if dice.uniform() < 0.5 else form
    seed, size_mm = sheet_of(draw, dice)

    def out(camera: Camera, place: Place, dice: Generator) -> Place:
        return pushed(camera, place, size_mm, way, float(dice.uniform(*outside_mm)))

    return Taken(laid(draw, seed, size_mm, dice, turn_deg=turn, share=(0.4, 0.65), moved=out).pixels())


def cut_side(dice: Generator) -> Taken:
    """A whole side lies 10 to 70 mm outside the picture."""
    turn = float(dice.choice([0, 90, 270]) + dice.normal(0, 1.5))
    return _cut(dice, turn, float(dice.choice([0, 90, 180, 270])), (10, 70))


def cut_corner(dice: Generator) -> Taken:
    """The sheet lies aslant and one corner is 12 to 50 mm outside."""
    turn = float(dice.choice([0, 90, 270]) + dice.choice([-1, 1]) * dice.uniform(15, 40))
    return _cut(dice, turn, float(dice.choice([0, 90, 180, 270])), (12, 50))


def _held(dice: Generator, deep: tuple[float, float]) -> Taken:
    page = ordinary(dice)
    short = min(page.size_mm)
    held(page.shot, page.place, page.size_mm, float(dice.uniform(*deep)) * short)
    return Taken(page.pixels())


def finger_on_edge(dice: Generator) -> Taken:
    """Fingers reach 17 to 36 mm over an edge."""
    return _held(dice, (0.08, 0.17))


def hand_over_print(dice: Generator) -> Taken:
    """A hand reaches 63 to 125 mm into the page."""
    return _held(dice, (0.30, 0.60))


def _backs(shine: tuple[float, float], watermark: bool) -> Callable[[Generator], Taken]:
    def blank(dice: Generator) -> Taken:
        pale = round(255 - float(dice.uniform(*shine)))

        def draw(scale: float, dice: Generator) -> Paper:
            return _back(scale, dice, (pale, pale, pale), watermark)

        return Taken(laid(draw, int(dice.integers(0, 2**32)), A4, dice).pixels())

    return blank


def _back(scale: float, dice: Generator, ink: Ink, watermark: bool) -> Paper:
    """A back with something pale on it: the front's mirror image, or the stock's own mark."""
    sheet = Sheet(A4, scale, dice)
    if watermark:
        for row in range(4):
            sheet.text(30, 40 + 60 * row, "样张专用纸", 18, "bold", ink)
        return sheet.paper()
    sheet.paragraph(25, 30, 160, 250, float(dice.uniform(3.5, 5)), "serif", ink)
    paper = sheet.paper()
    paper.bgr = paper.bgr[:, ::-1].copy()
    return paper


def same_page_again(dice: Generator) -> Taken:
    """The same page was taken before: elsewhere on the desk, in other light, perhaps through another lens."""
    draw: Draw = letter if dice.uniform() < 0.5 else form
    seed, size_mm = sheet_of(draw, dice)
    first = laid(draw, seed, size_mm, dice, turn_deg=float(dice.normal(0, 4)))
    again = laid(draw, seed, size_mm, dice, turn_deg=float(dice.normal(0, 4)))
    again.exposure = float(dice.uniform(0.65, 1.05))
    return Taken(again.pixels(), before=first.pixels())


def head_down(dice: Generator) -> Taken:
    """The lines stand on their heads."""
    page: Laid = ordinary(
        dice, letter if dice.uniform() < 0.6 else form, turn_deg=180 + float(dice.normal(0, 4))
    )
    return Taken(page.pixels())


def nothing(dice: Generator) -> Taken:
    """A desk, perhaps with pens and cups."""
    return Taken(empty_desk(int(dice.integers(0, 64)), picture_size(dice), dice))


def several(dice: Generator) -> Taken:
    """Two to four sheets beside each other."""
    return Taken(several_sheets(picture_size(dice), dice)[0])


#: kind of defect → the verdict's name and how the picture is made
DEFECTS: dict[str, tuple[str, Callable[[Generator], Taken]]] = {
    "out_of_focus": ("blurred", out_of_focus),
    "moved_along": ("blurred", moved_along),
    "moved_across": ("blurred", moved_across),
    "dark": ("dark", dark),
    "glare_on_print": ("glare", glare_on_print),
    "cut_side": ("cut_off", cut_side),
    "cut_corner": ("cut_off", cut_corner),
    "finger_on_edge": ("covered", finger_on_edge),
    "hand_over_print": ("covered", hand_over_print),
    "blank_back": ("blank", _backs((0.0, 0.0), False)),
    "shine_through": ("blank", _backs((2.0, 9.0), False)),
    "watermark_only": ("blank", _backs((3.0, 12.0), True)),
    "same_page_again": ("duplicate", same_page_again),
    "head_down": ("upside_down", head_down),
    "nothing": ("no_sheet", nothing),
    "several": ("several", several),
}
