"""Over the live widget tree of every sample scene: nothing cut, nothing overlapping, everything large enough."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from screens.theme.tokens import QUIET, TOUCH

WINDOW = (0, 0, 1080, 1920)
#: text of two labels may share this many px² where ascenders and descenders are empty
SHARED_AREA = 60.0

#: a keyboard fills the lower half, what is found stands above it
KEYBOARD_OPEN = ("matters-search", "matters-nothing")

Box = tuple[float, float, float, float]


@pytest.fixture(params=["rendered", "rendered_in_english", "rendered_large", "rendered_low"], scope="module")
def trees(request: pytest.FixtureRequest) -> dict[str, Any]:
    return dict(request.getfixturevalue(request.param).trees)


@pytest.fixture(scope="module")
def low_trees(rendered_low: Any) -> dict[str, Any]:
    return dict(rendered_low.trees)


def within(inner: Box, outer: Box, slack: float = 1.5) -> bool:
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[0] + inner[2] <= outer[0] + outer[2] + slack
        and inner[1] + inner[3] <= outer[1] + outer[3] + slack
    )


def shared(one: Box, other: Box) -> float:
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, high)


def visible_texts(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Texts that are wholly in sight; what a list has scrolled away is judged when it is scrolled in."""
    return (
        text for text in tree["texts"] if text["seen"] == list(WINDOW) or within(text["ink"], text["seen"])
    )


def test_every_scene_shows_text(trees: dict[str, Any]) -> None:
    assert all(tree["texts"] for tree in trees.values())


def test_no_text_is_clipped_by_its_own_widget(trees: dict[str, Any]) -> None:
    clipped = [
        (name, text["plain"]) for name, tree in trees.items() for text in tree["texts"] if text["clipped"]
    ]
    assert clipped == []


def test_no_text_leaves_the_window_or_its_card(trees: dict[str, Any]) -> None:
    outside = [
        (name, text["plain"], text["ink"], card)
        for name, tree in trees.items()
        for text in visible_texts(tree)
        for card in (WINDOW, *text["inside"])
        if not within(text["ink"], card)
    ]
    assert outside == []


def test_no_text_overlaps_another(trees: dict[str, Any]) -> None:
    overlapping = [
        (name, one["plain"], other["plain"])
        for name, tree in trees.items()
        for one, other in combinations(tuple(visible_texts(tree)), 2)
        if shared(one["ink"], other["ink"]) > SHARED_AREA
    ]
    assert overlapping == []


def test_no_text_is_smaller_than_quiet(trees: dict[str, Any]) -> None:
    small = [
        (name, text["plain"])
        for name, tree in trees.items()
        for text in tree["texts"]
        if text["pixels"] < QUIET
    ]
    assert small == []


def test_every_touchable_is_fifteen_millimetres_both_ways(trees: dict[str, Any]) -> None:
    small = [
        (name, touchable["key"], touchable["box"])
        for name, tree in trees.items()
        for touchable in tree["touchables"]
        if min(touchable["box"][2:]) < TOUCH - 1
    ]
    assert small == []


def test_every_touchable_is_inside_the_window_unless_a_list_scrolls_it(trees: dict[str, Any]) -> None:
    outside = [
        (name, touchable["key"], touchable["box"])
        for name, tree in trees.items()
        for touchable in tree["touchables"]
        if touchable["seen"] == list(WINDOW) and not within(touchable["box"], WINDOW)
    ]
    assert outside == []


def test_no_touchable_overlaps_another(trees: dict[str, Any]) -> None:
    overlapping = []
    for name, tree in trees.items():
        for one, other in combinations(tree["touchables"], 2):
            if one["seen"] != other["seen"]:
                continue
            if shared(one["box"], other["box"]) > 1:
                overlapping.append((name, one["key"], other["key"]))
    assert overlapping == []


def test_every_touchable_has_a_key_of_its_own(trees: dict[str, Any]) -> None:
    for name, tree in trees.items():
        keys = [touchable["key"] for touchable in tree["touchables"]]
        assert all(keys), name
        assert len(keys) == len(set(keys)), (name, sorted(keys))


def test_a_visit_can_be_left_and_help_is_there_on_every_step(trees: dict[str, Any]) -> None:
    for name in ("notice", "readiness", "consent", "place-card", "confirm-identity"):
        keys = {touchable["key"] for touchable in trees[name]["touchables"]}
        assert {"action.back", "action.leave", "action.help"} <= keys, name


def test_lists_that_are_longer_than_their_place_turn_by_button(trees: dict[str, Any]) -> None:
    keys = {touchable["key"] for touchable in trees["matters"]["touchables"]}
    assert "scroll.down" in keys


def test_low_reach_keeps_all_that_is_touched_in_the_lower_half(low_trees: dict[str, Any]) -> None:
    high = [
        (name, touchable["key"])
        for name, tree in low_trees.items()
        if name not in KEYBOARD_OPEN
        for touchable in tree["touchables"]
        if touchable["box"][1] < WINDOW[3] / 2 - 2 and within(touchable["box"], touchable["seen"])
    ]
    assert high == []
