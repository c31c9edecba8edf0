"""Pages of a household register (户口簿): the index page and a person's page, as tables, with 样本 on them."""

from collections.abc import Mapping

from numpy.random import Generator

from bench.documents.cards import Type
from bench.documents.ink import Paper, Pixels, paper_ground
from bench.documents.people import Person

WIDTH, HEIGHT = 1689, 1240  # pixels: 143 x 105 mm at 300 dpi, a page of the booklet, lying
_RULE = (90, 90, 90)
#: (label, its field, width of label and of value in parts of the row)
_Row = tuple[tuple[tuple[str, ...], str, float, float], ...]
_PERSON: tuple[_Row, ...] = (
    ((("姓名",), "name", 0.14, 0.36), (("户主或与", "户主关系"), "relation", 0.16, 0.34)),
    ((("曾用名",), "former", 0.14, 0.36), (("性别",), "sex", 0.16, 0.34)),
    ((("出生地",), "birthplace", 0.14, 0.36), (("民族",), "ethnicity", 0.16, 0.34)),
    ((("籍贯",), "origin", 0.14, 0.36), (("出生日期",), "birth", 0.16, 0.34)),
    ((("本市(县)", "其他住址"), "elsewhere", 0.14, 0.46), (("宗教信仰",), "faith", 0.14, 0.26)),
    (
        (("公民身份", "证件编号"), "number", 0.14, 0.36),
        (("身高",), "tall", 0.1, 0.15),
        (("血型",), "blood", 0.1, 0.15),
    ),
    (
        (("文化程度",), "schooling", 0.14, 0.22),
        (("婚姻状况",), "married", 0.14, 0.18),
        (("兵役状况",), "service", 0.14, 0.18),
    ),
    ((("服务处所",), "work", 0.14, 0.46), (("职业",), "trade", 0.1, 0.3)),
    ((("何时由何地迁", "来本市(县)"), "came", 0.18, 0.82),),
    ((("何时由何地", "迁来本址"), "moved", 0.18, 0.82),),
)
_INDEX: tuple[_Row, ...] = (
    ((("户别",), "household_kind", 0.14, 0.36), (("户主姓名",), "head", 0.16, 0.34)),
    ((("户号",), "household_number", 0.14, 0.36), (("住址",), "address", 0.1, 0.4)),
)


def person_page(person: Person, relation: str, type_: Type, dice: Generator) -> Pixels:
    """常住人口登记卡"""
    day = person.birth
    values = {
        "name": person.name,
        "relation": relation,
        "sex": person.sex,
        "birthplace": person.address[:6],
        "ethnicity": f"{person.ethnicity}族",
        "origin": person.address[:6],
        "birth": f"{day.year}年{day.month:02d}月{day.day:02d}日"
        if dice.random() < 0.6
        else f"{day:%Y-%m-%d}",
        "number": person.number,
        "schooling": "初中",
        "married": "已婚" if dice.random() < 0.5 else "",
        "service": "",
        "work": "",
        "trade": "",
        "moved": f"{day.year + 20}年由{person.address[:6]}迁来" if dice.random() < 0.4 else "",
    }
    return _page("常住人口登记卡", _PERSON, values, type_, dice, foot="登记日期：2019年 08月 12日")


def index_page(head: str, address: str, type_: Type, dice: Generator) -> Pixels:
    """首页"""
    number = "".join(str(int(part)) for part in dice.integers(0, 10, 9))
    values = {"household_kind": "家庭户", "head": head, "household_number": number, "address": address}
    return _page("", _INDEX, values, type_, dice, foot="户口登记机关        2019年 08月 12日 签发")


def _page(
    title: str, rows: tuple[_Row, ...], values: Mapping[str, str], type_: Type, dice: Generator, foot: str
) -> Pixels:
    paper = Paper(paper_ground(WIDTH, HEIGHT, dice))
    ink = [int(dice.integers(5, 70))] * 3
    left, right = 90.0, WIDTH - 90.0
    top = 170.0 if title else 200.0
    if title:
        paper.write(WIDTH / 2 - 330, 90, title, type_.labels, 62, (50, 50, 50), spread=32)
    step = min((HEIGHT - top - 130) / len(rows), 210.0)
    size = float(dice.uniform(31, 36))
    for place, row in enumerate(rows):
        x, y = left, top + place * step
        for label, name, narrow, wide in row:
            end = x + narrow * (right - left)
            last = end + wide * (right - left)
            paper.rule((x, y, end, y + step), _RULE)
            paper.rule((end, y, last, y + step), _RULE)
            for line, part in enumerate(label):
                at = y + step / 2 + (line - (len(label) - 1) / 2) * size * 1.15
                paper.write(x + 18, at, part, type_.labels, size * 0.95, (60, 60, 60))
            _fill(
                paper,
                end + 20 + float(dice.uniform(0, 16)),
                last,
                y + step / 2,
                values.get(name, ""),
                type_,
                size,
                ink,
            )
            x = last
    paper.write(WIDTH - 900, HEIGHT - 70, foot, type_.labels, 34, (70, 70, 70))
    paper.write(100, HEIGHT - 50, "样本", type_.labels, 34, (150, 150, 150))
    paper.ring(WIDTH - 420, HEIGHT - 130, 110, (205, 60, 60), 8)
    return paper.pixels


def _fill(
    paper: Paper, x: float, right: float, y: float, value: str, type_: Type, size: float, ink: list[int]
) -> None:
    width = right - x - 12
    face = type_.numbers if value[:6].isdigit() and len(value) == 18 else type_.values
    long = face.at(size).getlength(value) > width
    paper.wrapped(x, y - (size * 0.65 if long else 0), value, face, size, width, size * 1.3, ink)
