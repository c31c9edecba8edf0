"""How the result reaches her: which ways this case offers, what each needs, and what the manifest says of it. Pure.

The package says the ways of each item. What leaves no choice is not asked: a subsidy that only goes to a bank account
is no question, and neither is a result for which nobody named a way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from kiosk.catalogue.checks import Prefilled, problem
from kiosk.catalogue.model import CasePlan, Check, Choice, Field, Matter
from kiosk.catalogue.terms import Delivery

WAY = "way"
#: a field of the form whose `prefill` begins so is answered by this question, and not asked again
ANSWERED = "delivery."

_WAY = Field(name=WAY, label="", check=Check.CHOICE, section="")
_ADDRESS = Field(name="address", label="", check=Check.ADDRESS, section="")
_PHONE = Field(name="phone", label="", check=Check.PHONE, section="", longest=11)
_NAME = Field(name="name", label="", check=Check.NAME, section="", locked=True, prefill="card.name")
_BANK = Field(name="bank_name", label="", check=Check.TEXT, section="")
_ACCOUNT = Field(name="bank_account", label="", check=Check.BANK_CARD, section="", longest=21)
#: what a way needs to know; labels are words `delivery.field.<name>`
_NEEDS: dict[Delivery, tuple[Field, ...]] = {
    Delivery.POST: (_NAME, _PHONE, _ADDRESS),
    Delivery.BANK: (_BANK, _ACCOUNT),
}


def ways(matter: Matter, plan: CasePlan, *, prints: bool) -> tuple[Delivery, ...]:
    """Between which ways she may choose, as the package orders them. `prints`: an A4 printer is here.

    Items that offer one way alone decide it themselves; they count only when no other item offers anything.
    """
    if not plan.items:  # a correction: what was sent back is asked as it is
        return ()
    told = [_offered(item.delivery, prints) for item in plan.items if item.delivery]
    if not told and not any(item.delivery for item in matter.items):
        told = [_offered(matter.delivery, prints)]
    open_ = [some for some in told if len(some) > 1] or told
    return tuple(dict.fromkeys(way for some in open_ for way in some))


def _offered(said: Iterable[Delivery], prints: bool) -> tuple[Delivery, ...]:
    return tuple(way for way in said if prints or way is not Delivery.PRINT)


def asked(offered: tuple[Delivery, ...], plan: CasePlan, chosen: str) -> tuple[Field, ...]:
    """What is to be asked: the way when there is a choice, and what the chosen way needs beside the form."""
    if not offered:
        return ()
    way = replace(_WAY, choices=tuple(Choice(one.value, "") for one in offered)) if len(offered) > 1 else None
    needs = _NEEDS.get(Delivery(chosen), ()) if chosen else ()
    in_form = {field.name for field in plan.fields}
    left = (f for f in needs if (f.check is not Check.BANK_CARD and f is not _BANK) or f.name not in in_form)
    return (*((way,) if way else ()), *left)


def way_of(offered: tuple[Delivery, ...], told: Mapping[str, str]) -> str:
    """The way that holds now: hers while it is offered, else the only one; "" while she has not chosen."""
    if told.get(WAY) in tuple(way.value for way in offered):
        return told[WAY]
    return offered[0].value if len(offered) == 1 else ""


def known(
    fields: Iterable[Field],
    told: Mapping[str, str],
    form: Mapping[str, Prefilled],
    asked_in_form: Iterable[Field],
) -> dict[str, Prefilled]:
    """Values of `fields`: what she told here, else what the form knows: same name, else the same kind of field."""
    in_form = tuple(asked_in_form)
    found: dict[str, Prefilled] = {}
    for field in fields:
        if field.name in told and not field.locked:
            found[field.name] = Prefilled(told[field.name], "citizen")
            continue
        value = _from_form(field, form, in_form)
        if value:
            found[field.name] = Prefilled(value, "answer")
    return found


def _from_form(field: Field, form: Mapping[str, Prefilled], in_form: tuple[Field, ...]) -> str:
    same = [f for f in in_form if f.name == field.name]
    if field.check in (Check.PHONE, Check.ADDRESS) and not same:
        same = [f for f in in_form if f.check is field.check and not f.locked]
        same += [f for f in in_form if f.check is field.check and f.locked]
    return next((form[f.name].value for f in same if f.name in form and form[f.name].source != "ocr"), "")


def problems(fields: Iterable[Field], values: Mapping[str, Prefilled], today: date) -> dict[str, str]:
    """Field → words key of what is missing or wrong."""
    found = {f.name: problem(f, values[f.name].value if f.name in values else "", today) for f in fields}
    return {name: key for name, key in found.items() if key is not None}


def told_to_platform(
    offered: tuple[Delivery, ...], way: str, values: Mapping[str, Prefilled]
) -> dict[str, str]:
    """The manifest's `delivery`; empty when nothing was to be chosen and nothing is known."""
    if not offered or not way:
        return {}
    return {"way": way, **{name: one.value for name, one in values.items() if name != WAY and one.value}}
