"""A walk by keys alone: the emulated keypad's bytes go to the face, and no pointer touches the glass."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ground.clock import Clock
from tools.demo.probe import Sight
from tools.demo.walk import LIMIT_S, Lost, Walker
from tools.demo.xserver import Pointer

_STEP_S = 1.0  # chosen: a busy face has moved its focus by then, or lost the key


class KeySight(Sight):
    """Sees what keys can reach as there, also what a list has scrolled away: the focus brings it."""

    def look(self) -> dict[str, Any]:
        """As of `Sight`."""
        seen = super().look()
        return seen | {"targets": {key: [0, 0, 0, 0] for key in seen["order"]} | seen["targets"]}


class KeyWalker(Walker):
    """Eyes, a keypad, and patience. The pointer is only its camera."""

    def __init__(
        self, sight: Sight, pointer: Pointer, clock: Clock, pictures: Path, press: Callable[[str], object]
    ) -> None:
        super().__init__(sight, pointer, clock, pictures)
        self._press = press
        self.pressed = 0  #: keys so far

    def tap(self, *keys: str) -> str:
        """Lead the focus to the first of these that is there, and press 确认; digits of a number are typed."""
        self._wake()
        seen = self.until(lambda look: any(key in look["order"] for key in keys), " or ".join(keys))
        key = next(key for key in keys if key in seen["order"])
        if _is_digit(key) and "key.q" not in seen["order"]:
            self._keys(key.removeprefix("key."))
            return key
        give_up = self._clock.after(LIMIT_S)
        while (seen := self.look())["focus"] != key:
            if self._clock.due(give_up):
                raise Lost(f"the focus does not come to {key}, it is at {seen['focus']}")
            if key in seen["order"] and seen["focus"] in seen["order"]:
                self._lead(seen["order"], seen["focus"], key)
            else:
                self._clock.wait(0.05)
        self.until(lambda look: look["settled"], "a screen that stands")
        self._keys("enter")
        return key

    def sign(self) -> None:
        """She does not write: she says so, and confirms."""
        self.tap("action.cannot_write")
        self.tap("action.confirm")
        self.until(lambda look: look["view"] != "sign", "what follows the signature")

    def _lead(self, order: list[str], here: str, there: str) -> None:
        """As many presses as it takes, the shorter way round."""
        steps = (order.index(there) - order.index(here)) % len(order)
        back = len(order) - steps
        self._keys(*(("right",) * steps if steps <= back else ("left",) * back))
        soon = self._clock.after(_STEP_S)
        while self.look()["focus"] == here and not self._clock.due(soon):
            self._clock.wait(0.02)

    def _wake(self) -> None:
        """The first key only shows where one is."""
        while not self.look()["order"]:
            self._keys("down")
            self._clock.wait(0.2)

    def _keys(self, *names: str) -> None:
        self.pressed += len(names)
        self._press(" ".join(names))


def _is_digit(key: str) -> bool:
    return key.startswith("key.") and key.removeprefix("key.").isdigit()
