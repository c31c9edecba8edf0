"""Identity cards at 300 dpi (85.6 x 54 mm), front and back, laid out as the real ones are, with 样本 on them."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from bench.documents.ink import Face, Paper, Pixels, guilloche, portrait
from bench.documents.people import Person

WIDTH, HEIGHT = 1011, 638  # pixels: ISO/IEC 7810 ID-1 at 300 dpi
_MARK = (150, 150, 150)


@dataclass(frozen=True, slots=True)
class Type:
    """What a document is set in."""

    labels: Face
    values: Face
    numbers: Face


def front(person: Person, type_: Type, dice: Generator) -> Pixels:
    """The side with the portrait."""
    paper = Paper(_with_portrait(guilloche(WIDTH, HEIGHT, dice, strong=float(dice.uniform(0.4, 1.3))), dice))
    blue = (int(dice.integers(30, 90)), int(dice.integers(90, 150)), int(dice.integers(150, 215)))
    ink = [int(dice.integers(5, 55))] * 3
    size, left, values = (
        float(dice.uniform(33, 40)),
        float(dice.uniform(52, 74)),
        float(dice.uniform(168, 200)),
    )
    tops = np.array([88, 166, 240, 316]) + dice.uniform(-5, 5, 4)
    gap = float(dice.uniform(0.0, 16.0))

    def label(x: float, y: float, text: str) -> float:
        return paper.write(x, y, text, type_.labels, size * 0.85, blue, spread=gap if len(text) == 2 else 0)

    def value(x: float, y: float, text: str, grown: float = 1.0) -> float:
        return paper.write(x, y, text, type_.values, size * grown, ink)

    label(left, tops[0], "姓名")
    value(values, tops[0], _spaced(person.name, dice), 1.12)
    label(left, tops[1], "性别")
    value(values, tops[1], person.sex)
    label(left + 225, tops[1], "民族")
    value(values + 222, tops[1], person.ethnicity)
    label(left, tops[2], "出生")
    x = value(values, tops[2], f"{person.birth.year}") + 12
    for number, unit in ((person.birth.year, "年"), (person.birth.month, "月"), (person.birth.day, "日")):
        x = value(x, tops[2], str(number)) + 14 if unit != "年" else x
        x = label(x, tops[2], unit) + 14
    label(left, tops[3], "住址")
    paper.wrapped(values, tops[3], person.address, type_.values, size, 418, size * 1.32, ink)
    y = 556 + float(dice.uniform(-8, 8))
    end = paper.write(left, y, "公民身份号码", type_.labels, size * 0.85, blue)
    spread = float(dice.uniform(2, 9)) if dice.random() < 0.7 else 0.0
    width = type_.numbers.at(size * 1.25).getlength(person.number) + spread * 18
    at = min(size * 1.25, size * 1.25 * (WIDTH - 40 - end - 30) / width)
    paper.write(end + 30, y, person.number, type_.numbers, at, ink, spread=spread * at / (size * 1.25))
    paper.write(900, 606, "样本", type_.labels, 24, _MARK)
    return paper.pixels


def back(person: Person, type_: Type, dice: Generator) -> Pixels:
    """The side with the emblem; a plain disk stands for that."""
    paper = Paper(guilloche(WIDTH, HEIGHT, dice, strong=float(dice.uniform(0.4, 1.3))))
    red, ink = (200, 60, 50), [int(dice.integers(5, 55))] * 3
    paper.disk(150 + float(dice.uniform(-8, 8)), 150, 92, red)
    paper.ring(150, 150, 70, (235, 180, 60), 6)
    black = (25, 25, 25)
    paper.write(312, 105, "中华人民共和国", type_.labels, 62, black, spread=float(dice.uniform(8, 22)))
    paper.write(292, 215, "居民身份证", type_.labels, 92, black, spread=float(dice.uniform(14, 36)))
    size, x = float(dice.uniform(33, 40)), 398 + float(dice.uniform(-12, 12))
    for y, label, value in (
        (462, "签发机关", person.authority),
        (550, "有效期限", validity(person)),
    ):
        at = y + float(dice.uniform(-6, 6))
        paper.write(x - 180, at, label, type_.labels, size * 0.9, (40, 40, 40))
        paper.write(x + float(dice.uniform(0, 12)), at, value, type_.values, size, ink)
    paper.write(900, 606, "样本", type_.labels, 24, _MARK)
    return paper.pixels


def validity(person: Person) -> str:
    """As it is printed."""
    end = f"{person.valid_to:%Y.%m.%d}" if person.valid_to else "长期"
    return f"{person.valid_from:%Y.%m.%d}-{end}"


def _with_portrait(ground: Pixels, dice: Generator) -> Pixels:
    left, top = 640 + int(dice.integers(-8, 8)), 82 + int(dice.integers(-8, 8))
    ground[top : top + 390, left : left + 305] = portrait(305, 390, dice)
    return ground


def _spaced(name: str, dice: Generator) -> str:
    """Names of two characters are sometimes set apart."""
    return f"{name[0]} {name[1]}" if len(name) == 2 and dice.random() < 0.4 else name
