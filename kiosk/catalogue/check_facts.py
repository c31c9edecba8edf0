"""Checks on what was published (topics.yaml) and on the data dictionary."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from config.mistakes import Mistake, near
from kiosk.catalogue.model import Check
from kiosk.catalogue.parse import ChoiceEntry, MatterFacts
from kiosk.catalogue.sources import Sources

# Words that every published name may or may not have; what remains tells two matters apart.
_DECORATION = re.compile(r"（[^）]*）|[“”\"\s、，]|我要|一件事|开办|办理|开|办|申请|企业|公司|店$")
_FORMERLY = re.compile(r"（原(?P<name>[^）]+)）")


def fact_mistakes(sources: Sources) -> Iterator[Mistake]:
    """What stands twice, or refers to nothing."""
    topics = sources.topics
    codes = [matter.code for matter in topics.parsed.matters]
    for position in _repeated(codes):
        yield topics.mistake("K201", "matters", position, "code", name=codes[position])
    places = [(m, i) for m, matter in enumerate(topics.parsed.matters) for i, _ in enumerate(matter.items)]
    items = [topics.parsed.matters[m].items[i].code for m, i in places]
    for position in _repeated(items):
        m, i = places[position]
        yield topics.mistake("K216", "matters", m, "items", i, "code", name=items[position])
    for code in sources.synonyms.parsed.synonyms:
        if code not in codes:
            yield sources.synonyms.mistake("K202", "synonyms", code, name=code, near=near(code, codes))
    yield from _dictionary_mistakes(sources)
    yield from _office_mistakes(sources)


def _office_mistakes(sources: Sources) -> Iterator[Mistake]:
    """A name that two offices claim: nobody could tell which is meant."""
    source = sources.departments
    owner: dict[str, str] = {}
    for position, entry in enumerate(source.parsed.departments if source else ()):
        for name in dict.fromkeys((entry.name, *entry.aliases, *entry.formerly)):
            if name in owner and source is not None:
                yield source.mistake("K230", "departments", position, name=name, other=owner[name])
            owner.setdefault(name, entry.name)


def _dictionary_mistakes(sources: Sources) -> Iterator[Mistake]:
    dictionary = sources.dictionary
    fields = dictionary.parsed.fields
    for position in _repeated([field.name for field in fields]):
        yield dictionary.mistake("K213", "fields", position, name=fields[position].name)
    for position, field in enumerate(fields):
        if (field.check is Check.CHOICE) != (len(field.choices) >= 2) or _same_value(field.choices):
            yield dictionary.mistake("K214", "fields", position, name=field.name)


def fact_warnings(sources: Sources) -> Iterator[Mistake]:
    """What the city's own lists get wrong: a matter under two names, an item unknown online, a renamed office."""
    topics = sources.topics
    matters = topics.parsed.matters
    for position, other in _alike(matters):
        names = {"name": matters[position].name, "other": f"{matters[other].code} {matters[other].name}"}
        yield topics.mistake("K301", "matters", position, "name", **names)
    for m, matter in enumerate(matters):
        for i, item in enumerate(matter.items):
            at = ("matters", m, "items", i)
            if formerly := _FORMERLY.search(item.department):
                now = _FORMERLY.sub("", item.department)
                yield topics.mistake("K307", *at, "department", name=now, other=formerly["name"])
            if not item.online:
                yield topics.mistake("K308", *at, "online", name=item.name)
    yield from _same_words(sources)
    for position, field in enumerate(sources.dictionary.parsed.fields):
        if field.locked and not field.prefill.startswith("card."):
            yield sources.dictionary.mistake("K309", "fields", position, "locked", name=field.name)


def _same_words(sources: Sources) -> Iterator[Mistake]:
    """One thing under two names: what people call two matters alike, and two fields with one label."""
    first: dict[str, str] = {}
    for code, names in sources.synonyms.parsed.synonyms.items():
        for position, name in enumerate(names):
            if first.setdefault(name, code) != code:
                at = ("synonyms", code, position)
                yield sources.synonyms.mistake("K317", *at, name=name, other=first[name])
    labels: dict[str, str] = {}
    for position, field in enumerate(sources.dictionary.parsed.fields):
        if labels.setdefault(field.label, field.name) != field.name:
            facts = {"name": field.label, "other": labels[field.label]}
            yield sources.dictionary.mistake("K318", "fields", position, "label", **facts)


def _alike(matters: tuple[MatterFacts, ...]) -> Iterator[tuple[int, int]]:
    """Pairs of matters (the later one first) whose names, or aliases, say the same."""
    first_with: dict[str, int] = {}
    for position, matter in enumerate(matters):
        cores = {_core(name) for name in (matter.name, *matter.aliases)}
        for other in sorted({first_with[core] for core in cores if core in first_with}):
            yield position, other
        for core in cores:
            first_with.setdefault(core, position)


def _core(name: str) -> str:
    return _DECORATION.sub("", name) or name


def _same_value(choices: tuple[ChoiceEntry, ...]) -> bool:
    return len({choice.value for choice in choices}) < len(choices)


def _repeated(names: Iterable[str]) -> list[int]:
    """Positions of every name but the first of its kind."""
    places: dict[str, list[int]] = defaultdict(list)
    for position, name in enumerate(names):
        places[name].append(position)
    return sorted(position for same in places.values() for position in same[1:])
