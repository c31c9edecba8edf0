"""Every combination of answers against the items, fields and materials that it leads to: a package at one glance.

Above `MOST_ROWS` ways to answer, rows are chosen so that every pair of answers that can go together is in one of them.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from kiosk.catalogue.check_reach import ways
from kiosk.catalogue.combine import combine
from kiosk.catalogue.model import CasePlan, Matter
from kiosk.catalogue.pairs import pairwise

MOST_ROWS = 500  # issue 6: pairwise above


@dataclass(frozen=True, slots=True)
class Row:
    """One way to answer, and what it asks for."""

    answers: tuple[tuple[str, str], ...]
    plan: CasePlan


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rows of a matter, in the order of its answers."""

    matter: Matter
    rows: tuple[Row, ...]
    pairwise: bool  #: not every way is a row


def matrix(matter: Matter) -> Matrix:
    """The matrix of `matter`: every way to answer, or every pair of answers."""
    found = list(itertools.islice(ways(matter), MOST_ROWS + 1))
    many = len(found) > MOST_ROWS
    found.reverse()  # `ways` walks from the last choice
    chosen = pairwise(matter) if many else found
    rows = tuple(Row(tuple(answers.items()), combine(matter, answers)) for answers in chosen)
    return Matrix(matter, rows, pairwise=many)


def as_table(shown: Matrix) -> str:
    """Tab-separated: a column a question, then items, fields and materials, ● where it is asked for."""
    heads, lines = as_cells(shown)
    return "".join("\t".join(line) + "\n" for line in (heads, *lines))


def as_page(shown: Matrix, title: str) -> str:
    """The same as an HTML page that needs nothing else."""
    heads, lines = as_cells(shown)
    names = column_names(shown.matter)
    top = "".join(f'<th title="{escape(names.get(head, head))}">{escape(head)}</th>' for head in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in line)}</tr>\n" for line in lines)
    legend = "".join(f"<li><b>{escape(code)}</b> {escape(name)}</li>\n" for code, name in names.items())
    return (
        f'<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>{escape(title)}</title>\n'
        "<style>body{font-family:sans-serif}table{border-collapse:collapse}"
        "td,th{border:1px solid #bbb;padding:2px 6px}th{position:sticky;top:0;background:#eee}</style>\n"
        f"<h1>{escape(title)}</h1>\n<table><thead><tr>{top}</tr></thead>\n<tbody>{body}</tbody></table>\n"
        f"<ul>{legend}</ul></html>\n"
    )


def as_cells(shown: Matrix) -> tuple[list[str], list[list[str]]]:
    """Headings and rows: a column a question, then items, fields and materials, ● where it is asked for."""
    matter, union = shown.matter, combine(shown.matter, None)
    asked = [question.name for question in matter.questions]
    items = [item.code for item in union.items]
    fields = [field.name for field in union.fields]
    slots = [slot for slot, _ in union.feeds]
    lines = []
    for row in shown.rows:
        given = dict(row.answers)
        has = (
            *_marks(items, (item.code for item in row.plan.items)),
            *_marks(fields, (field.name for field in row.plan.fields)),
            *_marks(slots, (slot for slot, _ in row.plan.feeds)),
        )
        lines.append([*(given.get(name, "–") for name in asked), *has])
    return [*asked, *items, *fields, *slots], lines


def _marks(columns: Iterable[str], there: Iterable[str]) -> list[str]:
    known = set(there)
    return ["●" if column in known else "" for column in columns]


def column_names(matter: Matter) -> dict[str, str]:
    """What each heading stands for."""
    names = {question.name: question.text for question in matter.questions}
    names |= {item.code: item.name for item in matter.items}
    union = combine(matter, None)
    names |= {field.name: f"{field.section} · {field.label}" for field in union.fields}
    return names | {material.slot: material.name for material in matter.materials}
