"""Whatever the screen of a state can post, the visit takes it: no button ends the face."""

import re
from typing import Any, get_args

import pytest

from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.chart import VisitChart
from tests.journeys.posts import OWN, WHOLE_WINDOW, postable
from tests.journeys.walked_world import STATES, page
from tools.cli import ROOT

SCREENS = ROOT / "screens"
_ENDS = ("idle", "handing_in", "sending", "goodbye", "sorry")


def screen_sources() -> dict[str, str]:
    """View → the text of its screen, read and not imported: no window is needed."""
    registry = (SCREENS / "registry.py").read_text(encoding="utf-8")
    files = dict(re.findall(r'views\.(\w+): "(\w+):', registry))
    return {
        view: "".join(path.read_text(encoding="utf-8") for path in sorted(SCREENS.glob(f"{name}.[pk][yv]")))
        for view, name in files.items()
    }


def test_the_table_says_what_the_screens_post() -> None:
    names = [kind.__name__ for kind in get_args(ev.CitizenEvent)]
    sources = screen_sources()
    assert set(sources) == {view.__name__ for view in OWN} == {view.__name__ for view in get_args(views.View)}
    for view, kinds in OWN.items():
        source = sources[view.__name__]
        made = {name for name in names if re.search(rf"(?<!class )\b{name}\(", source)}
        assert made == {kind.__name__ for kind in kinds}, view
        assert ("StepScreen" in source) == (view not in WHOLE_WINDOW), view


def reach(world: Any, state: str) -> None:
    match state:
        case "idle":
            assert isinstance(world.view, views.Idle)
        case "handing_in":
            world.to_handing_in()
        case "sending":
            world.to_mended()
        case "goodbye":
            world.at("evaluate")
            world.do(ev.Skip())
        case "sorry":
            world.journey.apologise("ABC123")
        case _:
            world.at(state)


def test_every_state_is_walked_to() -> None:
    assert {*STATES, *_ENDS} == {state.id for state in VisitChart.states}


@pytest.mark.parametrize("state", [*STATES, *_ENDS])
@pytest.mark.parametrize("cover", ["", "leave", "help", "still_there"])
def test_nothing_that_can_be_touched_is_impossible(make_world: Any, state: str, cover: str) -> None:
    start = make_world()
    reach(start, state)
    for number in range(len(postable(covered(start, cover)))):
        world = make_world()
        reach(world, state)
        events = postable(covered(world, cover))
        world.do(events[number])
        assert world.scene.number >= 0


def covered(world: Any, cover: str) -> views.Scene:
    """The scene under this question, where it can be asked."""
    scene: views.Scene = world.scene
    asked = {"leave": ev.AskLeave(), "help": ev.AskHelp()}.get(cover)
    if asked in postable(scene):
        world.do(asked)
    elif cover == "still_there" and scene.chrome.patience_left_s:
        world.turn(scene.chrome.patience_left_s - 5)
    return world.scene  # type: ignore[no-any-return]


@pytest.mark.parametrize("state", STATES)
def test_a_touch_on_an_older_scene_changes_nothing(world: Any, state: str) -> None:
    world.at(state)
    scene = world.scene
    for event in postable(scene):
        if not isinstance(event, ev.Touched):
            world.conductor.touch(event, scene.number - 1)
    assert world.scene == scene


@pytest.mark.parametrize("state", STATES)
def test_a_double_tap_goes_one_step_only(world: Any, state: str) -> None:
    """Both taps are made on the same scene; the second is stale as soon as the first one led on."""
    world.at(state)
    for event in (ev.Continue(), ev.Back()):
        scene = world.scene
        if event in postable(scene):
            world.conductor.touch(event, scene.number)
            world.conductor.pump()
            after = world.scene
            world.conductor.touch(event, scene.number)
            assert world.scene == after


def test_a_double_tap_deletes_one_page(world: Any) -> None:
    world.to_capture()
    world.take(page())
    world.take(page())
    scene = world.scene
    assert len(scene.view.taken) < 2 or scene.view.material.slot == "00"
    world.do(ev.Back()) if scene.view.material.slot != "00" else None
    assert len(world.view.taken) == 2
    number = world.scene.number
    for _ in range(2):
        world.conductor.touch(ev.DeletePage("00", 0), number)
    assert len(world.view.taken) == 1
