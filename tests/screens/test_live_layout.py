"""Over the live widget tree of every sample scene: nothing cut, nothing overlapping, everything large enough."""

from typing import Any

import pytest

from kiosk.journey.look import Look, TextSize
from kiosk.speech.telling import for_the_ear
from kiosk.speech.what import what_to_say
from kiosk.words import Words
from screens import samples
from screens.checks import CHECKS, Check
from screens.manners import Manner
from tools.assemble import WORDS

MANNERS = (
    Manner(language="en"),
    Manner(look=Look(text=TextSize.ELDER)),
    Manner(look=Look(low_reach=True)),
)
Seen = list[tuple[Manner, str, dict[str, Any]]]


@pytest.fixture(scope="session")
def seen(painter: Any, rendered: Any) -> Seen:
    """(manner, scene's name, tree) of the usual look and of the others."""
    usual = [(Manner(), name, tree) for name, tree in rendered.trees.items()]
    shown = [(manner, name, tree) for manner in MANNERS for name, tree in painter.paint(manner).trees.items()]
    return usual + shown


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_on_every_screen(seen: Seen, check: Check) -> None:
    found = [f"{manner.name} {name}: {told}" for manner, name, tree in seen for told in check(tree, manner)]
    assert found == []


def test_a_visit_can_be_left_and_help_is_there_on_every_step(seen: Seen) -> None:
    steps = ("notice", "readiness", "consent", "place-card", "confirm-identity")
    for manner, name, tree in seen:
        if name in steps:
            keys = {target["key"] for target in tree["touchables"]}
            assert {"action.back", "action.leave", "action.help"} <= keys, (manner.name, name)


def test_lists_that_are_longer_than_their_place_turn_by_button(rendered: Any) -> None:
    keys = {target["key"] for target in rendered.trees["matters"]["touchables"]}
    assert "scroll.down" in keys


def test_what_is_said_first_stands_on_the_screen(rendered: Any) -> None:
    """The voice works out its sentence from the view, as the screen does: they must not part."""
    words = Words.load(WORDS, "zh-Hans")
    for name, scene in samples.scenes():
        shown = {for_the_ear(text["plain"], words) for text in rendered.trees[name]["texts"]}
        assert what_to_say(scene, words).parts[0].text in shown, name
