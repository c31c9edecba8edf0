"""Is the catalogue whole? Every name must refer to something, and what the city's lists get wrong is pointed out.

Mistakes stop the terminal (exit code 2); warnings are for the clerk (exit code 0).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.mistakes import Mistake, Severity, near
from kiosk.catalogue.check_around import around_mistakes, around_warnings
from kiosk.catalogue.check_facts import fact_mistakes, fact_warnings
from kiosk.catalogue.check_package import package_mistakes, package_warnings
from kiosk.catalogue.check_reach import unreachable
from kiosk.catalogue.errors import CatalogueError
from kiosk.catalogue.parse import FieldEntry, Package, Rules
from kiosk.catalogue.sources import Source, Sources, read_sources
from kiosk.domain.case import CARD_VALUES
from kiosk.reading.values import FIELDS

_READABLE = {kind.value: names for kind, names in FIELDS.items()}


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found."""

    mistakes: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...]


def check_catalogue(folder: Path, today: date | None = None) -> Report:
    """Everything that is wrong with the catalogue in `folder`; never raises for what a clerk can write.

    Without `today` nobody is told of packages that have expired.
    """
    try:
        return check_sources(read_sources(folder), today)
    except CatalogueError as error:
        return Report(error.mistakes, ())


def check_sources(sources: Sources, today: date | None = None) -> Report:
    """Everything that is wrong with files that could be read. Warnings are looked for in a sound catalogue only."""
    mistakes = tuple(_mistakes(sources))
    if mistakes:
        return Report(mistakes, ())
    warnings = (
        *fact_warnings(sources),
        *unreachable(sources),
        *package_warnings(sources, today),
        *around_warnings(sources),
    )
    return Report((), tuple(_as_warning(warning) for warning in warnings))


def _as_warning(mistake: Mistake) -> Mistake:
    return Mistake(
        code=mistake.code,
        file=mistake.file,
        line=mistake.line,
        facts=mistake.facts,
        severity=Severity.WARNING,
    )


def _mistakes(sources: Sources) -> Iterator[Mistake]:
    yield from fact_mistakes(sources)
    items: dict[str, set[str]] = {}
    for matter in sources.topics.parsed.matters:
        items.setdefault(matter.code, {item.code for item in matter.items})
    dictionary = {field.name for field in sources.dictionary.parsed.fields}
    for source in sources.packages:
        package = source.parsed
        if package.matter not in items:
            guess = near(package.matter, items)
            yield source.mistake("K202", "matter", name=package.matter, near=guess)
            continue
        yield from _item_mistakes(source, items[package.matter] or set(package.items))
        yield from _form_mistakes(source, dictionary)
        yield from _prefill_mistakes(source, sources)
        yield from _slot_mistakes(source)
        yield from _question_mistakes(source)
        yield from _rule_mistakes(source)
    yield from _twice_in_force(sources.packages)
    yield from package_mistakes(sources)
    yield from around_mistakes(sources)


def _item_mistakes(source: Source[Package], items: set[str]) -> Iterator[Mistake]:
    package = source.parsed
    asked = {place.name for section in package.form for place in section.fields}
    slots = {material.slot for material in package.materials}
    for code in sorted(items - package.items.keys()):
        yield source.mistake("K218", "items", name=code)
    for code, needs in package.items.items():
        if code not in items:
            yield source.mistake("K203", "items", code, name=code, near=near(code, items))
        for position, name in enumerate(needs.fields):
            if name not in asked:
                place = ("items", code, "fields", position)
                yield source.mistake("K206", *place, name=name, near=near(name, asked))
        for position, material in enumerate(needs.materials):
            if material.slot not in slots:
                yield source.mistake("K207", "items", code, "materials", position, name=material.slot)


def _form_mistakes(source: Source[Package], dictionary: set[str]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for part, section in enumerate(source.parsed.form):
        for position, field in enumerate(section.fields):
            place = ("form", part, "fields", position)
            if field.name not in dictionary:
                yield source.mistake("K204", *place, name=field.name, near=near(field.name, dictionary))
            if field.name in seen:
                yield source.mistake("K205", *place, name=field.name)
            seen.add(field.name)


def _prefill_mistakes(source: Source[Package], sources: Sources) -> Iterator[Mistake]:
    """A field that takes its value from an answer needs a package that asks that question."""
    entries = {field.name: field for field in sources.dictionary.parsed.fields}
    questions = {question.name for question in source.parsed.questions}
    for part, section in enumerate(source.parsed.form):
        for position, place in enumerate(section.fields):
            entry = entries.get(place.name)
            origin, _, name = entry.prefill.partition(".") if entry else ("", "", "")
            if origin == "answer" and name not in questions:
                at = ("form", part, "fields", position)
                yield source.mistake("K215", *at, name=name, near=near(name, questions))
            for kind, value in _from_papers(entry):
                known = _READABLE.get(kind, ())
                if value not in known:
                    at = ("form", part, "fields", position)
                    yield source.mistake("K215", *at, name=f"ocr.{kind}.{value}", near=near(value, known))
            if origin == "delivery" and name not in ("way", "address"):
                at = ("form", part, "fields", position)
                yield source.mistake("K215", *at, name=name, near=near(name, ("way", "address")))
            if origin == "card" and name not in CARD_VALUES:
                at = ("form", part, "fields", position)
                yield source.mistake("K215", *at, name=name, near=near(name, CARD_VALUES))


def _from_papers(entry: FieldEntry | None) -> Iterator[tuple[str, str]]:
    """The kind and field of each `ocr.…` source."""
    for source in (entry.prefill, entry.otherwise) if entry else ():
        origin, _, place = source.partition(".")
        if origin == "ocr":
            kind, _, name = place.partition(".")
            yield kind, name


def _slot_mistakes(source: Source[Package]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for position, material in enumerate(source.parsed.materials):
        if material.slot in seen:
            yield source.mistake("K208", "materials", position, name=material.slot)
        seen.add(material.slot)


def _question_mistakes(source: Source[Package]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for position, question in enumerate(source.parsed.questions):
        if question.name in seen:
            yield source.mistake("K212", "questions", position, name=question.name)
        seen.add(question.name)
        values = [choice.value for choice in question.choices]
        for number, value in enumerate(values):
            if value in values[:number]:
                yield source.mistake("K212", "questions", position, "choices", number, name=value)


def _rule_mistakes(source: Source[Package]) -> Iterator[Mistake]:
    package = source.parsed
    choices = {q.name: {choice.value for choice in q.choices} for q in package.questions}
    earlier: set[str] = set()
    for position, question in enumerate(package.questions):
        for name in question.when:
            if name in choices and name not in earlier:
                yield source.mistake("K210", "questions", position, "when", name, name=name)
        earlier.add(question.name)
    for place, rules in _rules(package):
        for name, among in rules.items():
            if name not in choices:
                yield source.mistake("K209", *place, name, name=name, near=near(name, choices))
                continue
            for number, value in enumerate(among):
                if value not in choices[name]:
                    guess = near(value, choices[name])
                    at = (*place, name, number)
                    yield source.mistake("K211", *at, question=name, name=value, near=guess)


def _rules(package: Package) -> Iterator[tuple[tuple[str | int, ...], Rules]]:
    for number, question in enumerate(package.questions):
        yield ("questions", number, "when"), question.when
    for part, section in enumerate(package.form):
        for position, place in enumerate(section.fields):
            yield ("form", part, "fields", position, "when"), place.when
    for code, needs in package.items.items():
        yield ("items", code, "when"), needs.when
        for position, material in enumerate(needs.materials):
            yield ("items", code, "materials", position, "when"), material.when
    for position, entry in enumerate(package.materials):
        yield ("materials", position, "reads_when"), entry.reads_when


def _twice_in_force(packages: Iterable[Source[Package]]) -> Iterator[Mistake]:
    seen: dict[tuple[str, str], str] = {}
    for source in packages:
        key = (source.parsed.matter, str(source.parsed.effective_from))
        if key in seen:
            yield source.mistake("K217", "matter", name=source.parsed.matter, other=seen[key])
        seen[key] = source.document.file
