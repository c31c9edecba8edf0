"""What differs between two matters, such as two versions of a package: what was added, dropped and changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from kiosk.catalogue.model import Matter

_PARTS = {  # parts with a name of their own: how they are told apart
    "items": "code",
    "fields": "name",
    "materials": "slot",
    "questions": "name",
    "promises": "name",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: "" for before means that it was added, "" for after that it was dropped."""

    place: str  #: "materials.03.max_pages"
    before: str
    after: str


def differences(old: Matter, new: Matter) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the model."""
    found: list[Difference] = []
    for part in fields(Matter):
        before, after = getattr(old, part.name), getattr(new, part.name)
        if part.name in _PARTS:
            key = _PARTS[part.name]
            found.extend(_named(part.name, _by(before, key), _by(after, key)))
        elif before != after:
            found.extend(_inside(part.name, before, after))
    return tuple(found)


def _by(parts: Iterable[Any], key: str) -> dict[str, Any]:
    return {getattr(part, key): part for part in parts}


def _named(place: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Difference]:
    for name in dict.fromkeys((*old, *new)):
        at = f"{place}.{name}"
        if name not in new:
            yield Difference(at, _said(old[name]), "")
        elif name not in old:
            yield Difference(at, "", _said(new[name]))
        elif old[name] != new[name]:
            yield from _inside(at, old[name], new[name])


def _inside(place: str, before: Any, after: Any) -> Iterable[Difference]:
    if type(before) is type(after) and is_dataclass(before):
        for part in fields(before):
            one, other = getattr(before, part.name), getattr(after, part.name)
            if one != other:
                yield from _inside(f"{place}.{part.name}", one, other)
    else:
        yield Difference(place, _said(before), _said(after))


def _said(value: Any) -> str:
    """In one line; of a part its label, title, text or name is enough."""
    for name in ("label", "title", "text", "name"):
        if is_dataclass(value) and hasattr(value, name):
            return str(getattr(value, name))
    return "、".join(_said(one) for one in value) if isinstance(value, tuple) else str(value)
