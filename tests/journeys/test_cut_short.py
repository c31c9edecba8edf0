"""The power ends a visit: in every state she is led out, what lies sealed to her card stays, all else is wiped."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from kiosk.journey import events as ev
from kiosk.journey import views
from tests.journeys.walked_world import STATES

#: those that end by themselves within seconds are waited for (`kiosk.power`)
CUT = sorted(set(STATES) - {"idle", "goodbye", "sorry", "handing_in", "sending"})


@pytest.mark.parametrize("state", CUT)
def test_from_wherever_she_is(world: Any, state: str) -> None:
    world.around = replace(world.around, drafts_days=3)
    world.at(state)
    could_go_on = world.visit.can_save()
    world.journey.cut_short()
    view = world.view
    assert world.stage.kept_drafts
    assert isinstance(view, views.Goodbye | views.Idle)
    if isinstance(view, views.Goodbye):
        assert (view.draft, view.draft_days) == (("cut", 3) if could_go_on else ("", 0))
    assert not world.visit.personal


def test_the_next_visit_is_wiped_as_always(make_world: Callable[[], Any]) -> None:
    world = make_world()
    world.to_form()
    world.journey.cut_short()
    world.turn(60)
    world.to_form()
    world.do(ev.Leave())
    assert not world.stage.kept_drafts
