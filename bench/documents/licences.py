"""Business licences on A4 (the duplicate, 副本, lying or upright), laid out as those since 2019, with 样本 on them."""

import numpy as np
from numpy.random import Generator

from bench.documents.cards import Type
from bench.documents.ink import Paper, Pixels, guilloche
from bench.documents.people import Firm

_LONG, _SHORT = 3508, 2480  # pixels of A4 at 300 dpi


def licence(firm: Firm, type_: Type, dice: Generator) -> Pixels:
    """A duplicate."""
    lying = dice.random() < 0.7
    width, height = (_LONG, _SHORT) if lying else (_SHORT, _LONG)
    paper = Paper(_framed(guilloche(width, height, dice, strong=float(dice.uniform(0.3, 1.0))), dice))
    ink = [int(dice.integers(5, 60))] * 3
    paper.disk(width / 2, 330, 150, (200, 60, 50))
    title = 230 if lying else 200
    paper.write(
        width / 2 - title * 2.6, 640, "营业执照", type_.labels, title, (30, 30, 30), spread=title * 0.4
    )
    paper.write(width / 2 - 120, 800, "(副 本)", type_.labels, 70, (40, 40, 40))
    code = 520 if lying else 330
    paper.write(240, code, "统一社会信用代码", type_.labels, 56, (50, 50, 50))
    paper.write(240, code + 90, firm.uscc, type_.numbers, 66, ink)
    _facts(paper, firm, type_, ink, dice, lying=lying)
    paper.write(width - 700, height - 480, "登记机关", type_.labels, 70, (50, 50, 50))
    paper.ring(width - 560, height - 460, 200, (205, 50, 50), 14)
    paper.write(width - 740, height - 330, "2024年 05月 06日", type_.values, 62, ink)
    paper.write(width - 330, height - 150, "样本", type_.labels, 60, (150, 150, 150))
    return paper.pixels


def _facts(paper: Paper, firm: Firm, type_: Type, ink: list[int], dice: Generator, *, lying: bool) -> None:
    company = firm.type != "个体工商户"
    day = firm.established
    established = f"{day.year}年{day.month:02d}月{day.day:02d}日"
    place = "住所" if company else "经营场所"
    who = "法定代表人" if company else "经营者"
    head = "名称", firm.name
    left = [head, ("类型", firm.type), (who, firm.legal_person)]
    right = [("注册资本", firm.capital)] if company else []
    right += [("成立日期" if company else "注册日期", established), (place, firm.address)]
    size = float(dice.uniform(56, 68))
    if lying:
        end = _column(paper, 300, 980, 1180, left, type_, size, ink)
        _column(paper, 300, end, 1180, [("经营范围", firm.scope)], type_, size, ink)
        _column(paper, 1950, 980, 1000, right, type_, size, ink)
    else:
        rows = [*left, *right, ("经营范围", firm.scope)]
        _column(paper, 300, 1020, 1400, rows, type_, size, ink)


def _column(
    paper: Paper,
    x: float,
    y: float,
    width: float,
    rows: list[tuple[str, str]],
    type_: Type,
    size: float,
    ink: list[int],
) -> float:
    """Labels spread to the width of five signs, values beside them; gives where the next row stands."""
    for label, value in rows:
        spread = (size * 5 - size * len(label)) / (len(label) - 1) if len(label) > 1 else 0.0
        paper.write(x, y, label, type_.labels, size, (70, 60, 50), spread=max(0.0, spread))
        y = paper.wrapped(x + size * 5.7, y, value, type_.values, size, width, size * 1.35, ink) + size * 2.1
    return y


def _framed(ground: Pixels, dice: Generator) -> Pixels:
    gold = np.array([int(dice.integers(60, 150)), 160, 200], np.uint8)
    thick, inset = 34, int(dice.integers(60, 110))
    ground[inset : inset + thick, inset:-inset] = gold
    ground[-inset - thick : -inset, inset:-inset] = gold
    ground[inset:-inset, inset : inset + thick] = gold
    ground[inset:-inset, -inset - thick : -inset] = gold
    return ground
