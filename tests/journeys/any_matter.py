"""A visit at any full package, answered by itself: what every screen asks gets something right."""

from collections.abc import Mapping

from kiosk.journey import events as ev
from kiosk.journey import views
from tests.journeys.walked_world import FILLED, PERSON, STROKES, World, page

#: the matters that have a full package
FULL = ("N02", "N03", "N04", "C02", "C08", "C12", "C25", "C28", "C29", "C32", "C52", "H01")
_MOST_STEPS = 400


def sealed(
    world: World,
    code: str,
    answers: Mapping[str, str],
    *,
    proof: str = "best",
    way: str = "",
    agree: bool = True,
) -> dict[str, object]:
    """Walk `code` from the home screen to the sealed case; its manifest. Unanswered questions get the first answer."""
    world.do(ev.Start(), ev.ShowAll(), ev.ChooseMatter(code), *[ev.Continue()] * 3)
    world.answer(ev.CardRead(world.stage.ticket, PERSON))
    for _ in range(_MOST_STEPS):
        view = world.view
        if isinstance(view, views.HandingIn):
            break
        step(world, view, answers, proof=proof, way=way, agree=agree)
    assert world.stage.case is not None, world.view
    return world.stage.case.manifest


def step(
    world: World, view: views.View, answers: Mapping[str, str], *, proof: str, way: str, agree: bool
) -> None:
    match view:
        case views.Situation():
            question = view.question
            world.do(ev.Answer(question.name, answers.get(question.name, question.choices[0].value)))
        case views.EarlierCases() if agree and not view.asking:
            world.do(ev.Continue())
            licences = world.held(view.licences)
            world.answer(ev.EarlierFound(world.stage.ticket, (), licences))
        case views.EarlierCases():
            world.do(ev.Refuse())
        case views.Overview():
            for choice in view.choices if proof == "best" else ():
                world.do(ev.ChooseProof(choice.slot, choice.ways[1]))
            world.do(ev.Continue())
        case views.PromiseText():
            world.do(ev.TickPromise(), ev.Continue())
        case views.Form():
            fill(world, view, way)
            world.do(ev.Continue())
        case views.Capture() if not view.enough:
            world.take(page(shade=250 - len(view.taken)))
        case views.SignView():
            world.do(ev.Sign(STROKES))
        case _:
            world.do(ev.Continue())


def fill(world: World, view: views.Form, way: str) -> None:
    """Something right into every field that is empty or wrong."""
    for entry in view.asked:
        asked = entry.field
        offered = [choice.value for choice in asked.choices]
        if asked.name == "way":
            world.do(ev.Fill("way", way if way in offered else offered[0]))
        elif not entry.value or entry.problem:
            world.do(ev.Fill(asked.name, offered[0] if offered else FILLED[asked.check]))
