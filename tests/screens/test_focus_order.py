"""Over the live tree of every sample scene: keys reach whatever a finger reaches, in the order in which one reads."""

from itertools import pairwise
from typing import Any

import pytest

from kiosk.journey.look import Theme
from screens.theme import themes
from tests.screens.test_contrast import contrast

#: only a finger can draw; beside each stands another way: the pinyin keyboard, signing by confirmation
DRAWN = {"pad", "sign.pad"}
ROLES = {"button", "choice", "field", "key", "tab", "list"}
#: px; what stands higher by less is in the same row
SLACK = 3.0
#: of two bands so far apart, one has 3:1 to any ground whatsoever
APART = 9.0


@pytest.fixture(params=["rendered", "rendered_in_english", "rendered_large", "rendered_low"], scope="module")
def trees(request: pytest.FixtureRequest) -> dict[str, Any]:
    return dict(request.getfixturevalue(request.param).trees)


@pytest.fixture(scope="module")
def walks(rendered: Any) -> dict[str, Any]:
    return {name: tree["walk"] for name, tree in rendered.trees.items()}


def test_whatever_can_be_touched_can_be_reached_by_keys(trees: dict[str, Any]) -> None:
    for name, tree in trees.items():
        reached = [each["key"] for each in tree["reading"]]
        assert len(reached) == len(set(reached)), name
        assert set(reached) == {each["key"] for each in tree["touchables"]} - DRAWN, name


def test_the_order_is_that_of_reading(trees: dict[str, Any]) -> None:
    """Within what scrolls together: never up again, and in a row never to the left."""
    wrong = []
    for name, tree in trees.items():
        seen = {each["key"]: each["seen"] for each in tree["touchables"]}
        for before, after in pairwise(tree["reading"]):
            if seen[before["key"]] != seen[after["key"]]:
                continue
            (left, top, _, _), (x, y, _, high) = before["box"], after["box"]
            if y + high <= top + SLACK or (abs(y - top) <= SLACK and x < left):
                wrong.append((name, before["key"], after["key"]))
    assert wrong == []


def test_everything_says_what_it_is(trees: dict[str, Any]) -> None:
    for name, tree in trees.items():
        for each in tree["reading"]:
            assert each["said"].strip() not in ("", "按钮", "button"), (name, each["key"])
            assert each["role"] in ROLES, (name, each["key"])


def test_keys_lead_once_around_and_bring_into_sight_what_was_turned_away(
    walks: dict[str, Any], rendered: Any
) -> None:
    for name, walk in walks.items():
        assert walk["before"], name
        assert walk["hidden"] == [], name
        assert walk["ringless"] == [], name
        assert walk["away"], name
        reached = {each["key"] for each in rendered.trees[name]["reading"]}
        turned = {
            key for key in (*walk["steps"], *reached) if key.startswith("scroll.")
        }  # 上翻 comes, 下翻 goes
        assert walk["round"] or turned, name
        assert set(walk["steps"]) - turned == reached - turned, name


def test_one_begins_with_what_is_asked_and_never_with_the_way_back(walks: dict[str, Any]) -> None:
    for name, walk in walks.items():
        if walk["main"] and walk["main"][1] == "main":
            assert walk["first"] not in ("action.back", "action.leave"), name
    assert walks["form"]["first"] == "field.phone"
    assert walks["confirm-identity"]["first"] == "action.continue"
    assert walks["situation"]["first"] == "choice.rented"
    assert walks["leave-question"]["first"] == "action.stay"


def test_one_key_leads_to_the_main_action(walks: dict[str, Any]) -> None:
    for name in ("readiness", "consent", "form", "review", "evaluate-chosen"):
        assert walks[name]["main"] == ["action.continue", "main"], name


@pytest.mark.parametrize("theme", list(Theme))
def test_the_ring_is_seen_on_any_ground(theme: Theme) -> None:
    colours = themes.THEMES[theme]
    assert contrast(colours["FOCUS"], colours["FOCUS_INNER"]) >= APART
    for ground in ("PAPER", "CARD", "CITY_TINT"):
        assert contrast(colours["FOCUS"], colours[ground]) >= 3, ground
