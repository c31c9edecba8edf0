"""What happens around the monkey: cards, sheets, paper, plugs and the line, at random, and all well again."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from tools.demo.walk import sheet_for

#: everything as it should be
WHOLE: dict[str, dict[str, Any]] = {
    "id_card": {"card_on": False, "mute": False},
    "printer": {"paper_mm": 50_000.0, "cover_open": False},
    "camera": {"sheet": "", "plugged": True},
    "link": {"up": True},
}
#: one trouble or its end, each as likely as the others
_TROUBLES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("id_card", {"card_on": True}),
    ("id_card", {"card_on": False}),
    ("id_card", {"card_on": False, "card_sample": "li_feng"}),
    ("id_card", {"card_on": False, "card_sample": "rare_beyond"}),
    ("id_card", {"card_on": False, "card_sample": "wang_xiaoming"}),
    ("id_card", {"mute": True}),
    ("id_card", {"mute": False}),
    ("printer", {"paper_mm": 30.0}),
    ("printer", {"cover_open": True}),
    ("printer", {"paper_mm": 50_000.0, "cover_open": False}),
    ("camera", {"plugged": False}),
    ("camera", {"plugged": True}),
    ("link", {"up": False}),
    ("link", {"up": True}),
)
_TROUBLE = 0.015  # of all touches
_HELP = 0.25  # how often what the screen asks for is done


class MonkeyWorld:
    """Turns the emulators' knobs."""

    def __init__(self, device: Callable[..., Any]) -> None:
        self._device = device
        self.happened: Counter[str] = Counter()

    def happen(self, choose: random.Random, seen: Mapping[str, Any]) -> None:
        """Something or nothing; often just what the screen waits for, or nobody would see the later ones."""
        view, facts = seen["view"], seen["facts"]
        if choose.random() < _TROUBLE:
            self._turn(*choose.choice(_TROUBLES))
        elif view == "place_card" and choose.random() < _HELP:
            self._turn("id_card", {"card_on": True})
        elif view == "confirm_identity" and choose.random() < _HELP:
            self._turn("id_card", {"card_on": False})
        elif view == "capture" and "slot" in facts and choose.random() < _HELP:
            self._turn("camera", {"sheet": choose.choice(("", sheet_for(facts["slot"], facts["page"])))})

    def press(self, names: str) -> None:
        """Keys of the keypad."""
        self._device("keypad", press=names)

    def mend(self) -> None:
        """All well."""
        for name, knobs in WHOLE.items():
            self._device(name, **knobs)

    def _turn(self, name: str, knobs: Mapping[str, Any]) -> None:
        self.happened[name] += 1
        self._device(name, **knobs)
