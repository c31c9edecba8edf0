"""Does every part of a package ever come into play? All ways to answer its questions are walked."""

import itertools
from collections.abc import Iterator

from config.mistakes import Mistake
from kiosk.catalogue.assemble import dictionary_of, matter_of
from kiosk.catalogue.combine import combine, next_question
from kiosk.catalogue.model import Field, Matter
from kiosk.catalogue.parse import Package
from kiosk.catalogue.sources import Source, Sources

MOST_WAYS = 5000  # chosen: about a second; a matter with more ways to answer is checked on the first ones


def unreachable(sources: Sources) -> Iterator[Mistake]:
    """Questions never asked, items that never apply, materials and fields that nobody needs."""
    dictionary = dictionary_of(sources)
    facts = {matter.code: matter for matter in sources.topics.parsed.matters}
    for source in sources.packages:
        package = source.parsed
        yield from _unreachable_in(source, matter_of(facts[package.matter], package, dictionary))


def ways(matter: Matter) -> Iterator[dict[str, str]]:
    """Every way to answer the questions of `matter`."""
    open_ways: list[dict[str, str]] = [{}]
    while open_ways:
        answers = open_ways.pop()
        question = next_question(matter, answers)
        if question is None:
            yield answers
        else:
            open_ways.extend({**answers, question.name: choice.value} for choice in question.choices)


def _in_form(field: Field) -> str:
    """The name under which the form has it: `member_name_2` is `member_name`, repeated."""
    return field.name.rpartition("_")[0] if field.repeat else field.name


def _unreachable_in(source: Source[Package], matter: Matter) -> Iterator[Mistake]:
    questions: set[str] = set()
    items: set[str] = set()
    slots: set[str] = set()
    fields: set[str] = set()
    all_ways = ways(matter)
    for answers in itertools.islice(all_ways, MOST_WAYS):
        plan = combine(matter, answers)
        if not plan.items:
            yield source.mistake("K306", "items", name=", ".join(f"{q}={a}" for q, a in answers.items()))
        questions |= answers.keys()
        items |= {item.code for item in plan.items}
        slots |= {material.slot for material in plan.materials}
        fields |= {_in_form(field) for field in plan.fields}
    if next(all_ways, None) is not None:
        yield source.mistake("K310", "questions", name=str(MOST_WAYS))
        return
    package = source.parsed
    for position, question in enumerate(package.questions):
        if question.name not in questions:
            yield source.mistake("K304", "questions", position, name=question.name)
    for code in package.items:
        if code not in items:
            yield source.mistake("K305", "items", code, name=code)
    for position, material in enumerate(package.materials):
        if material.slot not in slots:
            yield source.mistake("K302", "materials", position, name=f"{material.slot} {material.name}")
    for part, section in enumerate(package.form):
        for position, place in enumerate(section.fields):
            if place.name not in fields:
                yield source.mistake("K303", "form", part, "fields", position, name=place.name)
