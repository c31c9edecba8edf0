"""What must hold on every screen in every manner, over its tree as `screens.tree.describe` wrote it. No Kivy here."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

from screens.manners import Manner
from screens.theme.tokens import QUIET, TOUCH

Tree = Mapping[str, Any]
Box = tuple[float, float, float, float]  #: left, top, width, height in pixels
Check = Callable[[Tree, Manner], Iterator[str]]

#: text of two labels may share this many px² where ascenders and descenders are empty
SHARED_AREA = 60.0
#: what citizens never see
STAFF = {"training.end"}
#: a word that nobody translated is shown by its key
KEY = re.compile(r"[a-z_0-9]+(\.[a-z_0-9]+)+")


def within(inner: Box, outer: Box, slack: float = 1.5) -> bool:
    """Whether `inner` lies wholly inside `outer`."""
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[0] + inner[2] <= outer[0] + outer[2] + slack
        and inner[1] + inner[3] <= outer[1] + outer[3] + slack
    )


def shared(one: Box, other: Box) -> float:
    """The area in px² that both cover."""
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, high)


def visible_texts(tree: Tree) -> Iterator[Mapping[str, Any]]:
    """Texts that are wholly in sight; what a list has scrolled away is judged when it is scrolled in."""
    for text in tree["texts"]:
        if text["seen"] == tree["window"] or within(text["ink"], text["seen"]):
            yield text


def text_is_there(tree: Tree, manner: Manner) -> Iterator[str]:
    """A screen without words says nothing."""
    if not tree["texts"]:
        yield "no text at all"


def no_text_is_clipped(tree: Tree, manner: Manner) -> Iterator[str]:
    """By its own widget."""
    for text in tree["texts"]:
        if text["clipped"]:
            yield text["plain"]


def text_stays_on_its_card(tree: Tree, manner: Manner) -> Iterator[str]:
    """And in the window."""
    for text in visible_texts(tree):
        for card in (tree["window"], *text["inside"]):
            if not within(text["ink"], card):
                yield f"{text['plain']}: {_round(text['ink'])} is not inside {_round(card)}"


def no_text_is_cut_at_a_side(tree: Tree, manner: Manner) -> Iterator[str]:
    """Lists turn up and down only, so what a list's edge cuts off at a side is never seen."""
    for text in tree["texts"]:
        ink, seen = text["ink"], text["seen"]
        if ink[0] < seen[0] - 1.5 or ink[0] + ink[2] > seen[0] + seen[2] + 1.5:
            yield f"{text['plain']}: {_round(ink)} is not inside {_round(seen)}"


def no_text_overlaps(tree: Tree, manner: Manner) -> Iterator[str]:
    """Another text."""
    for one, other in combinations(tuple(visible_texts(tree)), 2):
        if shared(one["ink"], other["ink"]) > SHARED_AREA:
            yield f"{one['plain']} | {other['plain']}"


def text_is_large(tree: Tree, manner: Manner) -> Iterator[str]:
    """Never smaller than the quiet size of the print that she chose."""
    for text in tree["texts"]:
        if text["pixels"] < QUIET:
            yield f"{text['plain']}: {text['pixels']} px"


def every_word_is_there(tree: Tree, manner: Manner) -> Iterator[str]:
    """No key stands where a sentence should."""
    for text in tree["texts"]:
        if KEY.fullmatch(text["plain"]):
            yield text["plain"]


def targets_are_large(tree: Tree, manner: Manner) -> Iterator[str]:
    """15 mm both ways."""
    for target in tree["touchables"]:
        if min(target["box"][2:]) < TOUCH - 1:
            yield f"{target['key']}: {_round(target['box'])}"


def targets_are_on_the_glass(tree: Tree, manner: Manner) -> Iterator[str]:
    """Unless a list scrolls them."""
    for target in tree["touchables"]:
        if target["seen"] == tree["window"] and not within(target["box"], tree["window"]):
            yield f"{target['key']}: {_round(target['box'])}"


def no_target_overlaps(tree: Tree, manner: Manner) -> Iterator[str]:
    """Another target, unless it stands upon it: a button on a card that is touched everywhere else."""
    for one, other in combinations(tree["touchables"], 2):
        if one["seen"] != other["seen"] or shared(one["box"], other["box"]) <= 1:
            continue
        if not (within(one["box"], other["box"]) or within(other["box"], one["box"])):
            yield f"{one['key']} | {other['key']}"


def targets_have_keys(tree: Tree, manner: Manner) -> Iterator[str]:
    """Of their own."""
    keys = [target["key"] for target in tree["touchables"]]
    if not all(keys):
        yield "a target without a key"
    yield from (key for key in set(keys) if keys.count(key) > 1)


def low_means_low(tree: Tree, manner: Manner) -> Iterator[str]:
    """Of all that is touched so much lies within reach as a finger needs.

    What a list has scrolled away is not touched. A keyboard may rise.
    """
    if not manner.look.low_reach or any(_is_key(target) for target in tree["touchables"]):
        return
    highest = manner.size[1] * (1 - manner.reach) - 2
    for target in tree["touchables"]:
        above, below = highest - target["box"][1], target["box"][1] + target["box"][3] - highest
        short = above > 0 and below < TOUCH
        if short and target["key"] not in STAFF and within(target["box"], target["seen"]):
            yield f"{target['key']}: {_round(target['box'])}"


CHECKS: tuple[Check, ...] = (
    text_is_there,
    no_text_is_clipped,
    text_stays_on_its_card,
    no_text_is_cut_at_a_side,
    no_text_overlaps,
    text_is_large,
    every_word_is_there,
    targets_are_large,
    targets_are_on_the_glass,
    no_target_overlaps,
    targets_have_keys,
    low_means_low,
)


def faults(tree: Tree, manner: Manner) -> dict[str, list[str]]:
    """What is wrong with a screen: the check's name → what it found; empty when all is well."""
    found = {check.__name__: list(check(tree, manner)) for check in CHECKS}
    return {name: told for name, told in found.items() if told}


def _is_key(target: Mapping[str, Any]) -> bool:
    return str(target["key"]) == "key.done"


def _round(box: Box) -> tuple[int, ...]:
    return tuple(round(part) for part in box)
