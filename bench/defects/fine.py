"""Good pages, each near the border of some defect: nothing may be said against them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from bench.defects.laid import Taken, laid, ordinary, sheet_of
from bench.desks.cards import id_back, id_front
from bench.desks.light import glare
from bench.desks.printing import BLUE, Paper, Sheet
from bench.desks.sheets import A4, certificate, form, letter


def plain(dice: Generator) -> Taken:
    return Taken(ordinary(dice, letter).pixels())


def table(dice: Generator) -> Taken:
    return Taken(ordinary(dice, form).pixels())


def licence(dice: Generator) -> Taken:
    """Coloured border, emblem, seal, tinted stock."""
    return Taken(ordinary(dice, certificate).pixels())


def few_lines(dice: Generator) -> Taken:
    """Two to four short lines, printed or by hand: near blank."""

    def draw(scale: float, dice: Generator) -> Paper:
        sheet = Sheet(A4, scale, dice)
        y = float(dice.uniform(30, 160))
        for _ in range(int(dice.integers(2, 5))):
            hand, ink = ("pen", BLUE) if dice.uniform() < 0.5 else ("serif", (35, 35, 35))
            sheet.text(float(dice.uniform(25, 60)), y, sheet.words(int(dice.integers(6, 16))), 5, hand, ink)  # type: ignore[arg-type]
            y += 13
        return sheet.paper()

    return Taken(laid(draw, int(dice.integers(0, 2**32)), A4, dice).pixels())


def pale_print(dice: Generator) -> Taken:
    """Toner at its end: print of 30 to 50 % of black's contrast."""
    strength = float(dice.uniform(0.30, 0.50))

    def draw(scale: float, dice: Generator) -> Paper:
        paper = letter(scale, dice)
        paper.bgr = (255 - (255 - paper.bgr.astype(np.float32)) * strength).astype(np.uint8)
        return paper

    return Taken(laid(draw, *sheet_of(draw, dice), dice).pixels())


def dark_photograph(dice: Generator) -> Taken:
    """A page most of which is a dark picture, a caption below: near dark, and its picture near glare and blur."""

    def draw(scale: float, dice: Generator) -> Paper:
        sheet = Sheet(A4, scale, dice)
        sheet.picture(15, 15, 180, 215)
        shade = float(dice.uniform(0.25, 0.55))
        part = np.asarray(sheet.image).copy()
        rows, columns = (
            slice(round(15 * scale), round(230 * scale)),
            slice(round(15 * scale), round(195 * scale)),
        )
        part[rows, columns] = (part[rows, columns] * shade).astype(np.uint8)
        paper = sheet.paper()
        caption = Sheet(A4, scale, dice)
        for row in range(4):
            caption.text(20, 240 + 10 * row, caption.words(24), 4.5)
        paper.bgr = np.minimum(part, np.asarray(caption.image))
        return paper

    return Taken(laid(draw, int(dice.integers(0, 2**32)), A4, dice).pixels())


def coloured_paper(dice: Generator) -> Taken:
    """Black print on pink, yellow, green or blue stock."""
    low = int(dice.integers(150, 205))
    high = float(dice.uniform(235, 250))
    stock = ((low, low, high), (low, high, high), (low, high, low), (high, high, low))[
        int(dice.integers(0, 4))
    ]
    draw = letter if dice.uniform() < 0.5 else form
    return Taken(laid(draw, *sheet_of(draw, dice), dice, paper=stock).pixels())


def identity_card(dice: Generator) -> Taken:
    """A card in a slot for cards: little print, a dark portrait, rounded corners."""
    draw = id_front if dice.uniform() < 0.6 else id_back
    turn = float(dice.normal(0, 5))
    page = laid(draw, int(dice.integers(0, 2**32)), (85.6, 54.0), dice, turn_deg=turn, share=(0.12, 0.4))
    return Taken(page.pixels(), sheet="card")


def highlight_beside_print(dice: Generator) -> Taken:
    """A small reflection, 3 to 7 mm, in the white margin: no print is lost."""
    page = ordinary(dice, letter)
    radius = float(dice.uniform(3, 7)) * page.camera.px_per_mm / page.camera.size[0]
    across = float(dice.choice([0.035, 0.965]))
    bright = glare(page.camera.size, dice, page.at(across, float(dice.uniform(0.1, 0.9))), radius / 2)
    page.shot.scene += (bright * page.shot.covers)[:, :, None]
    return Taken(page.pixels())


def yellow_light(dice: Generator) -> Taken:
    """An old bulb, and a camera that does not mind."""
    page = ordinary(dice)
    page.warmth = float(dice.uniform(0.14, 0.30))
    return Taken(page.pixels())


def next_of_same_form(dice: Generator) -> Taken:
    """Another person's copy of the form that was taken before: the same frame and labels, other answers."""
    layout = int(dice.integers(0, 2**32))

    def draw(scale: float, dice: Generator) -> Paper:
        return _filled(scale, np.random.default_rng(layout), dice)

    first = laid(draw, int(dice.integers(0, 2**32)), A4, dice, turn_deg=float(dice.normal(0, 4)))
    then = laid(draw, int(dice.integers(0, 2**32)), A4, dice, turn_deg=float(dice.normal(0, 4)))
    return Taken(then.pixels(), before=first.pixels())


def _filled(scale: float, layout: Generator, answers: Generator) -> Paper:
    """A form whose labels come from one die and whose handwriting comes from another."""
    sheet = Sheet(A4, scale, layout)
    edge, pitch, y = float(layout.uniform(12, 22)), float(layout.uniform(10, 14)), 40.0
    sheet.middle(edge, sheet.words(6) + "申请表", 7)
    written = Sheet(A4, scale, answers)
    while y < 270:
        middle = float(layout.uniform(60, 110))
        sheet.box(edge, y, 210 - 2 * edge, pitch, (30, 30, 30))
        sheet.line(middle, y, middle, y + pitch)
        sheet.text(edge + 2, y + 3, sheet.words(int(layout.integers(3, 8))), 3.8)
        room = int((210 - edge - middle) / 4.6)
        written.text(
            middle + 2, y + 2.5, written.words(int(answers.integers(room // 2, room))), 4.2, "pen", BLUE
        )
        y += pitch
    paper = sheet.paper()
    paper.bgr = np.minimum(paper.bgr, np.asarray(written.image))
    return paper


def near_the_edge(dice: Generator) -> Taken:
    """As large as it goes: the corners are 0.8 % of the picture's width from its edge, or a little more."""
    draw = letter if dice.uniform() < 0.5 else form
    turn = float(dice.choice([90, 270]) + dice.normal(0, 1.0))
    return Taken(laid(draw, *sheet_of(draw, dice), dice, turn_deg=turn, share=(0.86, 0.95)).pixels())


def dim(dice: Generator) -> Taken:
    """White paper at grey levels of about 125 to 160: not bright, but every stroke is there."""
    page = ordinary(dice)
    page.exposure = float(dice.uniform(0.54, 0.66))
    page.sensor = replace(page.sensor, contrast=0.0)
    return Taken(page.pixels())


GOOD: dict[str, Callable[[Generator], Taken]] = {
    "plain": plain,
    "table": table,
    "licence": licence,
    "few_lines": few_lines,
    "pale_print": pale_print,
    "dark_photograph": dark_photograph,
    "coloured_paper": coloured_paper,
    "identity_card": identity_card,
    "highlight_beside_print": highlight_beside_print,
    "yellow_light": yellow_light,
    "next_of_same_form": next_of_same_form,
    "near_the_edge": near_the_edge,
    "dim": dim,
}
