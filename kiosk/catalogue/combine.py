"""One form and one set of materials: what a matter asks of one citizen, computed from her answers.

Pure functions. Whatever any item that applies asks for is in the result, once; the result does not depend
on the order of the items, and answers to questions that are not asked (any more) count for nothing.
Where answers are None every rule holds: the union of all that the matter may ever ask.
"""

import dataclasses
import re
from collections.abc import Iterable, Mapping

from kiosk.catalogue.model import CasePlan, Field, Item, Material, Matter, Question, Replaced, Section, When
from kiosk.catalogue.terms import Instead

Answers = Mapping[str, str] | None  #: question → value; None: whatever may be answered


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


def combine(matter: Matter, answers: Answers, instead: Mapping[str, Instead] | None = None) -> CasePlan:
    """The items that apply, one form (each field once) and one set of materials (each slot once).

    `instead`: slot → what she wants to stand for the paper. Counts only where material and items allow it.
    """
    given = None if answers is None else valid_answers(matter, answers)
    applying = (item for item in matter.items if holds(item.when, given))
    items = tuple(sorted(applying, key=lambda item: natural_order(item.code)))
    wanted = {name for item in items for name in item.fields}
    fields = _merged_fields(f for f in matter.fields if f.name in wanted and holds(f.when, given))
    needed = _feeds(items, given)
    materials = _merged_materials(m for m in matter.materials if m.slot in needed)
    replaced = _replaced(matter, items, materials, instead or {})
    gone = {one.material.slot for one in replaced}
    return CasePlan(
        items=items,
        sections=_sections(_for_another(matter, given, fields), given),
        materials=tuple(material for material in materials if material.slot not in gone),
        replaced=replaced,
        feeds=tuple((material.slot, tuple(needed[material.slot])) for material in materials),
    )


def replaceable(matter: Matter, plan: CasePlan) -> dict[str, tuple[Instead, ...]]:
    """Slot → what may stand for the paper in this case, the less troublesome first. Others are left out."""
    known = (*plan.materials, *(one.material for one in plan.replaced))
    return {m.slot: ways for m in known if (ways := _ways(matter, plan.items, m))}


def fewest(matter: Matter, answers: Answers) -> CasePlan:
    """The case with every paper replaced that may be: what it comes to at best."""
    ways = replaceable(matter, combine(matter, answers))
    return combine(matter, answers, {slot: allowed[0] for slot, allowed in ways.items()})


def holds(rules: Iterable[When], answers: Answers) -> bool:
    """Whether all `rules` are true. A rule about a question without an answer is false."""
    return answers is None or all(answers.get(rule.question) in rule.among for rule in rules)


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


def _feeds(items: Iterable[Item], given: Answers) -> dict[str, list[str]]:
    """Slot → codes of the items that need it, each once."""
    feeds: dict[str, list[str]] = {}
    for item in items:
        for slot, rules in item.materials:
            codes = feeds.setdefault(slot, []) if holds(rules, given) else None
            if codes is not None and item.code not in codes:
                codes.append(item.code)
    return feeds


def _ways(matter: Matter, items: Iterable[Item], material: Material) -> tuple[Instead, ...]:
    if any(material.slot in item.insists for item in items):
        return ()
    signed = {promise.name for promise in matter.promises}
    return tuple(way for way in material.instead if way != "promise" or material.promise in signed)


def _replaced(
    matter: Matter,
    items: tuple[Item, ...],
    materials: Iterable[Material],
    instead: Mapping[str, Instead],
) -> tuple[Replaced, ...]:
    promises = {promise.name: promise for promise in matter.promises}
    found = []
    for material in materials:
        way = instead.get(material.slot)
        if way is not None and way in _ways(matter, items, material):
            promise = promises[material.promise] if way == "promise" else None
            found.append(Replaced(material=material, by=way, promise=promise))
    return tuple(found)


def _for_another(matter: Matter, given: Answers, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """When somebody acts for another, the card on the reader tells nothing of the applicant."""
    acting = matter.acting
    if acting is None or given is None or not acting.for_another(given.get(acting.question)):
        return fields
    return tuple(
        dataclasses.replace(field, prefill="", locked=False)
        if field.prefill.startswith("card.") and field.name not in acting.fields
        else field
        for field in fields
    )


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


def _sections(fields: Iterable[Field], given: Answers) -> tuple[Section, ...]:
    sections: dict[str, list[Field]] = {}
    for field in fields:
        sections.setdefault(field.section, []).append(field)
    made = []
    for name, group in sections.items():
        once = tuple(field for field in group if field.repeat is None)
        if once:
            made.append(Section(name=name, fields=once))
        made.extend(_repeated([field for field in group if field.repeat is not None], given))
    return tuple(made)


def _repeated(fields: list[Field], given: Answers) -> Iterable[Section]:
    """A section for each of several: `member_name` of the second becomes `member_name_2`."""
    repeat = fields[0].repeat if fields else None
    if repeat is None:
        return
    times = repeat.most if given is None else repeat.count(given.get(repeat.question))
    for number in range(1, times + 1):
        title = repeat.label.format(n=number)
        yield Section(
            name=title,
            fields=tuple(
                dataclasses.replace(field, name=f"{field.name}_{number}", section=title) for field in fields
            ),
        )
