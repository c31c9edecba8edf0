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
from kiosk.catalogue.sources import Sources


def assemble(sources: Sources, today: date) -> tuple[Matter, ...]:
    """All matters in the published order, each with its newest package in force `today`, if any.

    The sources must have passed `check`.
    """
    dictionary = dictionary_of(sources)
    synonyms = sources.synonyms.parsed.synonyms
    packages = _in_force([source.parsed for source in sources.packages], today)
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
    departments = tuple(dict.fromkeys(i.department for i in facts.items if i.department != facts.lead))
    known = Matter(
        code=facts.code,
        name=facts.name,
        short_name=_short(facts.name),
        aliases=facts.aliases,
        lead=facts.lead,
        partners=facts.partners or departments,
        open_ended=facts.open_ended,
        items=tuple(_item(item, needs.get(item.code)) for item in facts.items),
        origin=facts.origin,
        complete=False,
        sample=False,
        synonyms=synonyms,
    )
    return _completed(known, package, dictionary) if package else known


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
        notice=Notice(**package.notice.model_dump()),
        questions=tuple(
            Question(name=q.name, text=q.text, choices=_choices(q.choices), when=_when(q.when))
            for q in package.questions
        ),
        fields=_form(package, dictionary),
        materials=tuple(_material(entry, package.sample) for entry in package.materials),
    )


def _material(entry: MaterialEntry, sample: bool) -> Material:
    budget = MaterialBudget(**entry.budget.model_dump())
    kept = entry.model_dump(exclude={"budget", "reads", "reads_when"})
    reads = tuple(kind.value for kind in entry.reads)
    when = _when(entry.reads_when)
    return Material(**kept, reads=reads, reads_when=when, budget=budget, sample=sample)


def _in_force(packages: list[Package], today: date) -> dict[str, Package]:
    """Matter → the package that took effect last. One without a date has always been in force."""
    chosen: dict[str, Package] = {}
    for package in sorted(packages, key=lambda p: p.effective_from or date.min):
        if (package.effective_from or date.min) <= today:
            chosen[package.matter] = package
    return chosen


def _form(package: Package, dictionary: Mapping[str, Field]) -> tuple[Field, ...]:
    return tuple(
        dataclasses.replace(dictionary[place.name], section=section.section, when=_when(place.when))
        for section in package.form
        for place in section.fields
    )


def _item(facts: ItemFacts, needs: ItemNeeds | None) -> Item:
    return Item(
        code=facts.code,
        name=facts.name,
        department=facts.department,
        level=facts.level,
        note=facts.note,
        online=facts.online,
        fields=needs.fields if needs else (),
        materials=tuple((m.slot, _when(m.when)) for m in needs.materials) if needs else (),
        when=_when(needs.when) if needs else (),
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
