"""Which words of a scene are hers: never said aloud in the hall."""

from collections.abc import Iterator

from kiosk.catalogue.model import Check
from kiosk.journey import views
from kiosk.journey.views import Scene

#: shorter ones stand in every other sentence: a sex, a yes
_LEAST = 2


def personal(scene: Scene) -> frozenset[str]:
    """Names, numbers, addresses, telephones, values of fields, names of files, what she has at the platform."""
    found = {*scene.chrome.who.split(" · "), *_of(scene.view)}
    return frozenset(text for text in found if len(text) >= _LEAST)


def without(text: str, scene: Scene) -> str:
    """`text` without what is hers."""
    for word in sorted(personal(scene), key=len, reverse=True):
        text = text.replace(word, " ")
    return " ".join(text.split())


def _of(view: views.View) -> Iterator[str]:
    match view:
        case views.ConfirmIdentity():
            yield from (view.name, view.number)
        case views.Form():
            entries = (*view.known, *view.asked)
            yield from (entry.value for entry in entries if entry.field.check is not Check.CHOICE)
        case views.Review():
            yield from (value for _, value in (*view.situations, *view.fields, *view.delivery))
            yield view.acts_for
        case views.SignView():
            yield view.acts_for
        case views.Stick():
            yield from (file.name for file in view.files)
        case views.Overview():
            yield from (part for choice in view.choices for part in (choice.licence, choice.issuer))
        case views.Cases():
            yield from (part for case in view.cases for part in (case.matter, case.number))
        case views.CaseStanding():
            yield from (view.matter, view.number)
            if view.asked_again is not None:
                yield view.asked_again.reason
        case views.Withdraw():
            yield from (view.matter, view.number)
        case _:
            return
