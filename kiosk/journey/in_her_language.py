"""A view with the catalogue's texts in the language that she chose. Pure; what is hers is never translated.

The journey draws its views from the Chinese catalogue. Here every text in one that the translation knows is put into
her language, wherever in the view it stands: so no view, and nobody who draws one, has to think of languages.
"""

import enum
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from kiosk.journey import views

Translate = Callable[[str], str]

#: what she wrote, what her card or a file of hers says; and what places are called by their own signs
_AS_IT_IS: dict[type, frozenset[str]] = {
    views.Chrome: frozenset({"who", "look", "languages", "steps"}),
    views.ConfirmIdentity: frozenset({"name", "number"}),
    views.FileCard: frozenset({"name"}),
    views.FormEntry: frozenset({"value"}),
    views.Idle: frozenset({"place", "hours", "phone"}),
    views.Matters: frozenset({"query"}),
    views.Review: frozenset({"acts_for"}),
    views.SignView: frozenset({"acts_for"}),
}
#: pairs of a label and what she said to it: only the label is the catalogue's
_LABELLED = {(views.Review, "fields"), (views.Review, "delivery")}


def in_her_language(seen: Any, translate: Translate) -> Any:
    """`seen`, a view or anything in one, with all texts of the catalogue translated; itself where there is none."""
    match seen:
        case str():
            return seen if isinstance(seen, enum.Enum) or seen.isascii() else translate(seen)
        case tuple():
            told = tuple(in_her_language(one, translate) for one in seen)
            changed = any(one is not other for one, other in zip(told, seen, strict=True))
            return told if changed else seen
        case _ if is_dataclass(seen) and not isinstance(seen, type):
            return _parts(seen, translate)
        case _:
            return seen


def _parts(seen: Any, translate: Translate) -> Any:
    changes: dict[str, Any] = {}
    for one in fields(seen):
        if not one.init or one.name in _AS_IT_IS.get(type(seen), ()):
            continue
        before = getattr(seen, one.name)
        if (type(seen), one.name) in _LABELLED:
            after: Any = tuple((in_her_language(label, translate), said) for label, said in before)
        else:
            after = in_her_language(before, translate)
        if after is not before:
            changes[one.name] = after
    return replace(seen, **changes) if changes else seen
