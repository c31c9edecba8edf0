"""Sample scenes of simple mode: one question a screen. The citizen is invented."""

from dataclasses import replace

from kiosk.journey import views
from kiosk.journey.views import Scene
from screens.samples_a import chrome
from screens.samples_b import FORM_EMPTY


def _alone(number: int, place: int, value: str = "", problem: str = "") -> views.Form:
    entry = replace(FORM_EMPTY.asked[place], value=value, source="citizen" if value else "", problem=problem)
    known = FORM_EMPTY.known if number == 1 else ()
    return replace(FORM_EMPTY, known=known, asked=(entry,), number=number, of=9, show_problems=bool(problem))


def scenes() -> tuple[tuple[str, Scene], ...]:
    """(name, scene), in the order of a visit."""
    around = chrome(3, known=True, minutes=6)
    return (
        ("form-alone-first", Scene(0, _alone(1, 0), around)),
        ("form-alone-wrong", Scene(0, _alone(2, 1, "天门", "form.problem.address"), around)),
        ("form-alone-choice", Scene(0, _alone(4, 3), around)),
    )
