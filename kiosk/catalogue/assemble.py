"""Puts a matter together: what the city published, and the package that is in force."""

import dataclasses
import re
from collections.abc import Mapping
from datetime import date

from kiosk.catalogue.model import (
    Choice,
    Field,
    Item,
    Material,
    MaterialBudget,
    Matter,
    Notice,
    Question,
    When,
)
from kiosk.catalogue.parse import (
    ChoiceEntry,
    FieldEntry,
    ItemFacts,
    ItemNeeds,
    MaterialEntry,
    MatterFacts,
    Package,
)
from kiosk.catalogue.parse_terms import RepeatEntry
from kiosk.catalogue.sources import Sources
from kiosk.catalogue.terms import Acting, Days, InPerson, Promise, Published, Repeat


def assemble(sources: Sources, today: date) -> tuple[Matter, ...]:
    """All matters in the published order, each with its newest package in force `today`, if any.

    The sources must have passed `check`.
    """
    dictionary = dictionary_of(sources)
    synonyms = sources.synonyms.parsed.synonyms
    packages = in_force([source.parsed for source in sources.packages], today)
    return tuple(
        matter_of(facts, packages.get(facts.code), dictionary, synonyms.get(facts.code, ()))
        for facts in sources.topics.parsed.matters
    )


def dictionary_of(sources: Sources) -> dict[str, Field]:
    """The data dictionary: name → field, not yet placed in a section."""
    return {entry.name: _field(entry) for entry in sources.dictionary.parsed.fields}


def matter_of(
    facts: MatterFacts,
    package: Package | None,
    dictionary: Mapping[str, Field],
    synonyms: tuple[str, ...] = (),
) -> Matter:
    """One matter; without a package it is only known, not complete."""
    needs = package.items if package else {}
    items = items_of(facts, package)
    departments = tuple(dict.fromkeys(i.department for i in items if i.department != facts.lead))
    known = Matter(
        code=facts.code,
        name=facts.name,
        short_name=_short(facts.name),
        aliases=facts.aliases,
        lead=facts.lead,
        partners=facts.partners or departments,
        open_ended=facts.open_ended,
        items=tuple(_item(item, needs.get(item.code), sample=not facts.items) for item in items),
        origin=facts.origin,
        complete=False,
        sample=False,
        synonyms=synonyms,
        published=Published(**facts.published.model_dump()) if facts.published else None,
    )
    return _completed(known, package, dictionary) if package else known


def items_of(facts: MatterFacts, package: Package | None) -> tuple[ItemFacts, ...]:
    """The published items; where none were published, those that the package names itself."""
    if facts.items or package is None:
        return facts.items
    return tuple(
        ItemFacts(
            code=code,
            name=needs.name,
            department=needs.department,
            level=needs.level,
            note=needs.note,
            online=needs.online,
            aliases=needs.aliases,
        )
        for code, needs in package.items.items()
        if needs.name is not None and needs.department is not None
    )


def _completed(known: Matter, package: Package, dictionary: Mapping[str, Field]) -> Matter:
    return dataclasses.replace(
        known,
        short_name=package.short_name or known.short_name,
        complete=True,
        sample=package.sample,
        version=package.version,
        effective_from=package.effective_from,
        minutes=package.minutes,
        by_hand=package.by_hand,
        staff=package.staff,
        notice=Notice(**package.notice.model_dump()),
        questions=tuple(
            Question(name=q.name, text=q.text, choices=_choices(q.choices), when=_when(q.when))
            for q in package.questions
        ),
        fields=_form(package, dictionary),
        materials=tuple(_material(entry, package.sample) for entry in package.materials),
        effective_until=package.effective_until,
        applicants=package.applicants,
        promises=tuple(Promise(**promise.model_dump()) for promise in package.promises),
        acting=Acting(**package.acting.model_dump()) if package.acting else None,
        joint_steps=package.joint_steps,
        delivery=package.delivery,
    )


def _material(entry: MaterialEntry, sample: bool) -> Material:
    budget = MaterialBudget(**entry.budget.model_dump())
    kept = entry.model_dump(exclude={"budget", "reads", "reads_when"})
    reads = tuple(kind.value for kind in entry.reads)
    when = _when(entry.reads_when)
    return Material(**kept, reads=reads, reads_when=when, budget=budget, sample=sample)


def in_force(packages: list[Package], today: date) -> dict[str, Package]:
    """Matter → the package that took effect last and has not expired. One without a date has always been in force."""
    chosen: dict[str, Package] = {}
    for package in sorted(packages, key=lambda p: p.effective_from or date.min):
        if (package.effective_from or date.min) <= today <= (package.effective_until or date.max):
            chosen[package.matter] = package
    return chosen


def _form(package: Package, dictionary: Mapping[str, Field]) -> tuple[Field, ...]:
    return tuple(
        dataclasses.replace(
            dictionary[place.name],
            section=section.section,
            when=_when(place.when),
            repeat=_repeat(section.repeat) if section.repeat else None,
        )
        for section in package.form
        for place in section.fields
    )


def _repeat(entry: RepeatEntry) -> Repeat:
    return Repeat(question=entry.question, times=tuple(entry.times.items()), label=entry.label)


_PUBLISHED = {"name", "department", "level", "online", "note", "aliases"}  # of an item: from its facts
_SHAPED = {"when", "materials", "days", "in_person"}  # need a value of their own


def _item(facts: ItemFacts, needs: ItemNeeds | None, *, sample: bool) -> Item:
    known = Item(**facts.model_dump(), sample=sample and needs is not None)
    if needs is None:
        return known
    return dataclasses.replace(
        known,
        **needs.model_dump(exclude=_PUBLISHED | _SHAPED),
        materials=tuple((m.slot, _when(m.when)) for m in needs.materials),
        insists=tuple(dict.fromkeys(m.slot for m in needs.materials if m.insists)),
        when=_when(needs.when),
        days=Days(**needs.days.model_dump()) if needs.days else None,
        in_person=InPerson(**needs.in_person.model_dump()) if needs.in_person else None,
        aliases=(*facts.aliases, *(name for name in needs.aliases if name not in facts.aliases)),
    )


def _field(entry: FieldEntry) -> Field:
    return Field(
        name=entry.name,
        label=entry.label,
        check=entry.check,
        section="",
        hint=entry.hint,
        required=entry.required,
        choices=_choices(entry.choices),
        prefill=entry.prefill,
        otherwise=entry.otherwise,
        secret=entry.secret,
        locked=entry.locked,
        longest=entry.longest,
    )


def _choices(entries: tuple[ChoiceEntry, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(entry.value, entry.label, entry.explanation) for entry in entries)


def _when(rules: Mapping[str, tuple[str, ...]]) -> tuple[When, ...]:
    return tuple(When(question=question, among=among) for question, among in rules.items())


def _short(name: str) -> str:
    """The published name without what every name has: 居住证办理一件事 → 居住证办理."""
    without_brackets = re.sub(r"（[^）]*）", "", name)
    return without_brackets.removesuffix("一件事") or name
