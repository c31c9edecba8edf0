"""Checks on what a package says beyond fields and materials: own items, order, promises, offices, repeats, dates."""

from collections.abc import Iterator
from datetime import date

from config.mistakes import Mistake, near
from kiosk.catalogue.assemble import dictionary_of, matter_of
from kiosk.catalogue.combine import fewest
from kiosk.catalogue.model import Matter
from kiosk.catalogue.parse import Package
from kiosk.catalogue.reductions import per_cent, reductions
from kiosk.catalogue.schedule import CircleError, in_order
from kiosk.catalogue.sources import Source, Sources


def package_mistakes(sources: Sources) -> Iterator[Mistake]:
    """Of every package whose matter is known: what refers to nothing, or contradicts what was published."""
    published: dict[str, set[str]] = {}
    for matter in sources.topics.parsed.matters:
        published.setdefault(matter.code, {item.code for item in matter.items})
    yield from _published_offices(sources)
    for source in sources.packages:
        if source.parsed.matter in published:
            yield from _own_items(source, published[source.parsed.matter])
            yield from _offices(source, sources)
            yield from _order(source)
            yield from _promises(source)
            yield from _repeats(source)
            yield from _acting_and_dates(source)


def package_warnings(sources: Sources, today: date | None) -> Iterator[Mistake]:
    """Promises that nobody gives, results that differ from the published ones, packages that have expired."""
    dictionary = dictionary_of(sources)
    facts = {matter.code: matter for matter in sources.topics.parsed.matters}
    for source in sources.packages:
        package = source.parsed
        used = {material.promise for material in package.materials}
        for position, promise in enumerate(package.promises):
            if promise.name not in used:
                yield source.mistake("K311", "promises", position, name=promise.title)
        yield from _same_paper(source)
        yield from _differs(sources, source, matter_of(facts[package.matter], package, dictionary))
        last = package.effective_until
        if today is not None and last is not None and last < today:
            yield source.mistake("K313", "effective_until", name=last.isoformat(), other=package.matter)


def _same_paper(source: Source[Package]) -> Iterator[Mistake]:
    """A paper that is asked for twice, under two slots."""
    first: dict[str, str] = {}
    for position, material in enumerate(source.parsed.materials):
        if first.setdefault(material.name, material.slot) != material.slot:
            facts = {"name": material.name, "other": first[material.name]}
            yield source.mistake("K316", "materials", position, "name", **facts)


def _own_items(source: Source[Package], published: set[str]) -> Iterator[Mistake]:
    for code, needs in source.parsed.items.items():
        if not published and (needs.name is None or needs.department is None):
            yield source.mistake("K219", "items", code, name=code)
        if code in published:
            for key in ("name", "department"):
                if getattr(needs, key) is not None:
                    yield source.mistake("K220", "items", code, key, name=code, key=key)


def _offices(source: Source[Package], sources: Sources) -> Iterator[Mistake]:
    if sources.departments is None:
        return
    known = sources.office_names()
    for code, needs in source.parsed.items.items():
        if needs.department is not None and needs.department not in known:
            guess = near(needs.department, known)
            yield source.mistake("K225", "items", code, "department", name=needs.department, near=guess)


def _published_offices(sources: Sources) -> Iterator[Mistake]:
    """Leads, partners and departments of the published lists that no list of offices knows."""
    if sources.departments is None:
        return
    known = sources.office_names()
    for m, matter in enumerate(sources.topics.parsed.matters):
        named: list[tuple[str, tuple[str | int, ...]]] = [(matter.lead, ("lead",))]
        named += [(name, ("partners", n)) for n, name in enumerate(matter.partners)]
        named += [(item.department, ("items", i, "department")) for i, item in enumerate(matter.items)]
        for name, place in named:
            if name not in known:
                at = ("matters", m, *place)
                yield sources.topics.mistake("K225", *at, name=name, near=near(name, known))


def _order(source: Source[Package]) -> Iterator[Mistake]:
    items = source.parsed.items
    for code, needs in items.items():
        for position, other in enumerate(needs.after):
            if other not in items:
                at = ("items", code, "after", position)
                yield source.mistake("K221", *at, name=code, other=other, near=near(other, items))
    try:
        in_order({code: needs.after for code, needs in items.items()})
    except CircleError as circle:
        yield source.mistake("K222", "items", circle.codes[0], "after", name="、".join(circle.codes))


def _promises(source: Source[Package]) -> Iterator[Mistake]:
    package = source.parsed
    seen: set[str] = set()
    for position, promise in enumerate(package.promises):
        if promise.name in seen:
            yield source.mistake("K224", "promises", position, name=promise.name)
        seen.add(promise.name)
    for position, material in enumerate(package.materials):
        if material.promise and material.promise not in seen:
            at = ("materials", position, "promise")
            yield source.mistake("K223", *at, name=material.promise, near=near(material.promise, seen))


def _repeats(source: Source[Package]) -> Iterator[Mistake]:
    package = source.parsed
    choices = {q.name: {choice.value for choice in q.choices} for q in package.questions}
    names = {place.name for section in package.form for place in section.fields}
    for part, section in enumerate(package.form):
        repeat = section.repeat
        if repeat is None:
            continue
        at = ("form", part, "repeat")
        if repeat.question not in choices:
            yield source.mistake("K226", *at, name=repeat.question, near=near(repeat.question, choices))
            continue
        for value in repeat.times:
            if value not in choices[repeat.question]:
                guess = near(value, choices[repeat.question])
                yield source.mistake(
                    "K211", *at, "times", value, question=repeat.question, name=value, near=guess
                )
        most = max(repeat.times.values())
        for position, place in enumerate(section.fields):
            if any(f"{place.name}_{number}" in names for number in range(1, most + 1)):
                yield source.mistake("K229", "form", part, "fields", position, name=place.name)


def _acting_and_dates(source: Source[Package]) -> Iterator[Mistake]:
    package = source.parsed
    choices = {q.name: {choice.value for choice in q.choices} for q in package.questions}
    acting = package.acting
    if acting is not None and acting.question not in choices:
        guess = near(acting.question, choices)
        yield source.mistake("K227", "acting", "question", name=acting.question, near=guess)
    elif acting is not None:
        asked = {place.name for section in package.form for place in section.fields}
        for key, values in (("agent", acting.agent), ("guardian", acting.guardian)):
            for position, value in enumerate(values):
                if value not in choices[acting.question]:
                    guess = near(value, choices[acting.question])
                    at = ("acting", key, position)
                    yield source.mistake("K211", *at, question=acting.question, name=value, near=guess)
        for key, names in (("fields", acting.fields), ("applicant", acting.applicant)):
            for position, name in enumerate(names):
                if name not in asked:
                    at = ("acting", key, position)
                    yield source.mistake("K204", *at, name=name, near=near(name, asked))
    first, last = package.effective_from, package.effective_until
    if first is not None and last is not None and last < first:
        days = {"name": first.isoformat(), "other": last.isoformat()}
        yield source.mistake("K228", "effective_until", **days)


def _differs(sources: Sources, source: Source[Package], matter: Matter) -> Iterator[Mistake]:
    said = matter.published
    if said is None:
        return
    saved = reductions(matter, fewest(matter, None))
    offices = {sources.office(item.department) for item in matter.items}
    pairs = (
        ("items", said.items, len(matter.items)),
        ("departments", said.departments, len(offices)),
        ("steps", said.steps, per_cent(saved.steps)),
        ("materials", said.materials, per_cent(saved.materials)),
        ("visits", said.visits, per_cent(saved.visits)),
        ("materials_counts", said.materials_counts, saved.materials),
        ("forms_counts", said.forms_counts, saved.forms),
    )
    for name, told, counted in pairs:
        if told is not None and told != counted:
            yield source.mistake("K312", "items", name=name, other=str(told), counted=str(counted))
