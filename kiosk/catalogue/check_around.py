"""Checks on recommend.yaml and offices.yaml: do they speak of matters, questions, departments and places that exist?"""

from collections.abc import Iterator

from config.mistakes import Mistake, near
from kiosk.catalogue.sources import Sources


def around_mistakes(sources: Sources) -> Iterator[Mistake]:
    """What refers to nothing."""
    codes = {matter.code for matter in sources.topics.parsed.matters}
    yield from _recommend_mistakes(sources, codes)
    source = sources.offices
    if source is None:
        return
    offices = sources.office_names()
    for position, contact in enumerate(source.parsed.contacts):
        if sources.departments is not None and contact.department not in offices:
            at = ("contacts", position, "department")
            guess = near(contact.department, offices)
            yield source.mistake("K225", *at, name=contact.department, near=guess)
    for position, point in enumerate(source.parsed.points):
        for number, code in enumerate(point.matters):
            if code not in codes:
                place = ("points", position, "matters", number)
                yield source.mistake("K202", *place, name=code, near=near(code, codes))


def _recommend_mistakes(sources: Sources, codes: set[str]) -> Iterator[Mistake]:
    source = sources.recommend
    if source is None:
        return
    values: dict[str, set[str]] = {}
    for package in sources.packages:
        for question in package.parsed.questions:
            values.setdefault(question.name, set()).update(choice.value for choice in question.choices)
    for position, entry in enumerate(source.parsed.recommendations):
        at = ("recommendations", position)
        if entry.matter not in codes:
            guess = near(entry.matter, codes)
            yield source.mistake("K202", *at, "matter", name=entry.matter, near=guess)
        for number, code in enumerate(entry.earlier):
            if code not in codes:
                yield source.mistake("K202", *at, "earlier", number, name=code, near=near(code, codes))
        for name, among in entry.answers.items():
            if name not in values:
                yield source.mistake("K209", *at, "answers", name, name=name, near=near(name, values))
                continue
            for number, value in enumerate(among):
                if value not in values[name]:
                    guess = near(value, values[name])
                    place = (*at, "answers", name, number)
                    yield source.mistake("K211", *place, question=name, name=value, near=guess)


def around_warnings(sources: Sources) -> Iterator[Mistake]:
    """A place that no item sends anybody to, and an address that nobody knows how to place."""
    if sources.offices is not None:
        wanted = {
            needs.in_person.where
            for package in sources.packages
            for needs in package.parsed.items.values()
            if needs.in_person is not None
        }
        for position, point in enumerate(sources.offices.parsed.points):
            for number, where in enumerate(point.serves):
                if where not in wanted:
                    at = ("points", position, "serves", number)
                    yield sources.offices.mistake("K314", *at, name=where, near=near(where, wanted))
    if sources.recommend is not None and not sources.recommend.parsed.city:
        for position, entry in enumerate(sources.recommend.parsed.recommendations):
            if entry.home is not None:
                yield sources.recommend.mistake(
                    "K315", "recommendations", position, "home", name=entry.matter
                )
