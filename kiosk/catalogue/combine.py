"""One form and one set of materials: what a matter asks of one citizen, computed from her answers.

Pure functions. Whatever any item that applies asks for is in the result, once; the result does not depend
on the order of the items, and answers to questions that are not asked (any more) count for nothing.
"""

import dataclasses
import re
from collections.abc import Iterable, Mapping

from kiosk.catalogue.model import CasePlan, Field, Material, Matter, Question, Section, When


def questions(matter: Matter, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions that this case asks, answered or not, in order."""
    return _asked(matter, answers)[0]


def next_question(matter: Matter, answers: Mapping[str, str]) -> Question | None:
    """The first question that is asked and has no (valid) answer; None when all are answered."""
    asked, given = _asked(matter, answers)
    return next((question for question in asked if question.name not in given), None)


def valid_answers(matter: Matter, answers: Mapping[str, str]) -> dict[str, str]:
    """`answers` without those to questions that are not asked and without choices that do not exist."""
    return _asked(matter, answers)[1]


def combine(matter: Matter, answers: Mapping[str, str]) -> CasePlan:
    """The items that apply, one form (each field once) and one set of materials (each slot once)."""
    given = valid_answers(matter, answers)
    applying = (item for item in matter.items if holds(item.when, given))
    items = tuple(sorted(applying, key=lambda item: natural_order(item.code)))
    wanted_fields = {name for item in items for name in item.fields}
    wanted_slots = {slot for item in items for slot, rules in item.materials if holds(rules, given)}
    fields = _merged_fields(f for f in matter.fields if f.name in wanted_fields and holds(f.when, given))
    materials = _merged_materials(m for m in matter.materials if m.slot in wanted_slots)
    return CasePlan(items=items, sections=_sections(fields), materials=materials)


def holds(rules: Iterable[When], answers: Mapping[str, str]) -> bool:
    """Whether all `rules` are true. A rule about a question without an answer is false."""
    return all(answers.get(rule.question) in rule.among for rule in rules)


def natural_order(code: str) -> tuple[tuple[int, str], ...]:
    """A sort key in which N02-10 follows N02-2."""
    parts = re.findall(r"[0-9]+|[^0-9]+", code)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def _asked(matter: Matter, answers: Mapping[str, str]) -> tuple[tuple[Question, ...], dict[str, str]]:
    asked: list[Question] = []
    given: dict[str, str] = {}
    for question in matter.questions:
        # Rules look back only (the checker sees to it), so one pass in order decides everything.
        if not holds(question.when, given):
            continue
        asked.append(question)
        answer = answers.get(question.name)
        if answer is not None and any(choice.value == answer for choice in question.choices):
            given[question.name] = answer
    return tuple(asked), given


def _merged_fields(fields: Iterable[Field]) -> tuple[Field, ...]:
    merged: dict[str, Field] = {}
    for field in fields:
        known = merged.get(field.name)
        if known is None:
            merged[field.name] = field
        else:
            merged[field.name] = dataclasses.replace(known, required=known.required or field.required)
    return tuple(merged.values())


def _merged_materials(materials: Iterable[Material]) -> tuple[Material, ...]:
    """Each slot once, with as many pages as the most demanding of its definitions asks for."""
    merged: dict[str, Material] = {}
    for material in materials:
        known = merged.get(material.slot)
        if known is not None:
            material = dataclasses.replace(
                known,
                min_pages=max(known.min_pages, material.min_pages),
                max_pages=max(known.max_pages, material.max_pages),
            )
        merged[material.slot] = material
    return tuple(merged.values())


def _sections(fields: Iterable[Field]) -> tuple[Section, ...]:
    sections: dict[str, list[Field]] = {}
    for field in fields:
        sections.setdefault(field.section, []).append(field)
    return tuple(Section(name=name, fields=tuple(group)) for name, group in sections.items())
