"""Over the live widget tree of every sample scene: nothing cut, nothing overlapping, everything large enough.

Each scene in each size of print once, and over all scenes each pair of size, language, orientation and reach. All of
the matrix: `run_kiosk.py screens check`.
"""

from itertools import combinations
from typing import Any

import pytest

from kiosk.speech.telling import for_the_ear
from kiosk.speech.what import what_to_say
from kiosk.words import Words
from screens import samples
from screens.checks import CHECKS, Check
from screens.manners import Manner, covering
from tools.assemble import WORDS

Seen = list[tuple[Manner, str, dict[str, Any]]]


@pytest.fixture(scope="session")
def seen(painter: Any, rendered: Any) -> Seen:
    """(manner, scene's name, tree) of the usual look and of the covering part of the matrix."""
    usual = [(Manner(), name, tree) for name, tree in rendered.trees.items()]
    shown = [
        (manner, name, tree)
        for manner, names in covering(name for name, _ in samples.scenes()).items()
        for name, tree in painter.paint(manner, names).trees.items()
    ]
    return usual + shown


#: cut or too close in the largest print, seen by eye and left: (scene, check); nothing may join them
_LEFT = {
    ("out-of-service", "no_text_is_cut_at_a_side"),
    ("readiness-things", "no_text_is_cut_at_a_side"),
    ("form-full", "no_text_is_cut_at_a_side"),
    ("home", "no_text_is_cut_at_a_side"),
    ("home-spoken", "no_text_is_cut_at_a_side"),
    ("handing-in-saved", "no_text_overlaps"),
    ("stick-many", "text_stays_on_its_card"),
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_on_every_screen(seen: Seen, check: Check) -> None:
    found = [
        f"{manner.name} {name}: {told}"
        for manner, name, tree in seen
        if manner.look.text != "largest" or (name, check.__name__) not in _LEFT
        for told in check(tree, manner)
    ]
    assert found == [], "\n".join(found)


def test_every_scene_is_seen_in_every_size(seen: Seen) -> None:
    told = {(name, manner.look.text) for manner, name, _ in seen}
    names = [name for name, _ in samples.scenes() if not name.startswith("idle")]
    assert told >= {(name, text) for name in names for text in ("usual", "larger", "elder", "largest")}


def test_every_pair_of_settings_is_met(seen: Seen) -> None:
    met = set()
    for manner, _, _ in seen:
        look = manner.look
        settings = {"size": look.text, "low": look.low_reach}
        settings |= {"language": manner.language, "landscape": manner.landscape}
        met |= set(combinations(sorted(settings.items()), 2))
    assert len(met) == 3 * 4 * 2 + 3 * 2 * 2  # size with each of the others; those with each other


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
