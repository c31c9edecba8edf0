"""电子证照免提交 and 告知承诺: the promises still to be read, and what the manifest says of papers not handed in."""

import hashlib
from typing import Any

from kiosk.catalogue.model import CasePlan, Item, Replaced
from kiosk.catalogue.terms import Promise
from kiosk.journey.arranged import Arranged


def open_promises(plan: CasePlan, arranged: Arranged) -> tuple[Promise, ...]:
    """The promises that she chose and has not confirmed yet, in order."""
    return tuple(promise for promise in plan.promises if promise.name not in arranged.promised)


def stands_for(plan: CasePlan, promise: Promise) -> tuple[Replaced, ...]:
    """The materials that `promise` takes the place of."""
    return tuple(one for one in plan.replaced if one.promise is not None and one.promise.name == promise.name)


def text_sha256(promise: Promise) -> str:
    """What her signature is bound to: title, text, and what a false promise means, a line each, in UTF-8."""
    return hashlib.sha256(f"{promise.title}\n{promise.text}\n{promise.false_means}".encode()).hexdigest()


def replaced_told(plan: CasePlan, arranged: Arranged) -> tuple[dict[str, Any], ...]:
    """The manifest's `replaced`, in the order of the slots."""
    return tuple(_told(one, arranged) for one in plan.replaced)


def _told(one: Replaced, arranged: Arranged) -> dict[str, Any]:
    told: dict[str, Any] = {"slot": one.material.slot, "name": one.material.name, "by": one.by}
    if one.promise is not None:
        promise = one.promise
        named = {"name": promise.name, "title": promise.title, "text_sha256": text_sha256(promise)}
        return told | {"promise": named}
    held = arranged.held(one.material)
    if held is None:
        raise LookupError("a licence that was not found stands for nothing")
    return told | {"licence": held.kind, "licence_number": held.number}


def plan_told(items: tuple[Item, ...]) -> tuple[dict[str, Any], ...]:
    """The manifest's `plan`: from it the platform makes a sub-case for each department."""
    codes = {item.code for item in items}
    return tuple(
        {
            "code": item.code,
            "name": item.name,
            "department": item.department,
            "after": [code for code in item.after if code in codes],
            "online": item.online,
            "promised_days": item.days.promised if item.days else None,
        }
        for item in items
    )
