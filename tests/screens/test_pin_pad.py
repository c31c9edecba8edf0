"""The number pad of the door is whole in the largest print, too: nobody turns a page between two digits of a PIN."""

from typing import Any

import pytest

from kiosk.journey.look import Look, TextSize
from screens.checks import within
from screens.manners import Manner

LARGEST = Look(text=TextSize.LARGEST)
KEYS = {"key.erase", "key.enter", *(f"key.{digit}" for digit in range(10))}


@pytest.mark.parametrize("landscape", [False, True])
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_key_is_in_sight(painter: Any, language: str, landscape: bool) -> None:
    manner = Manner(language=language, landscape=landscape, look=LARGEST)
    trees = painter.paint(manner, ("tending-door", "tending-door-pin")).trees
    for name, tree in trees.items():
        keys = {each["key"]: each for each in tree["touchables"]}
        assert keys.keys() == KEYS | {"tending.leave"}, f"{name}: nothing turns"
        assert all(within(each["box"], each["seen"]) for each in keys.values()), name
