"""The demo's launcher of the face: the same face as always, with a probe beside it that lets a walk look."""

import argparse
import dataclasses
import enum
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.cli import parser
from tools.demo.probe import Eyes, Probe
from tools.face import run_face

LOOKS_PER_S = 20.0


class FaceEyes:
    """Looks at a running face. Views hold nothing unmasked, and only their plain values are told."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def look(self) -> dict[str, Any]:
        """View, scene number, plain facts, and where everything is that can be touched."""
        from kivy.core.window import Window

        from screens.widgets.touch import in_sight, live_widgets, rectangle

        scene = self._app.scene
        targets = {}
        for widget in live_widgets(self._app.stage):
            key = getattr(widget, "touch_key", "")
            if key and getattr(widget, "enabled", True) and in_sight(widget, Window.height):
                targets[key] = list(rectangle(widget, Window.height))
        return {
            "view": snake(type(scene.view).__name__),
            "scene": scene.number,
            "facts": plain_facts(scene.view),
            "targets": targets,
            "settled": self._app.stage.settled,
            **self._focus(),
        }

    def _focus(self) -> dict[str, Any]:
        """What keys can reach, in order, and what they stand on; nothing while nobody uses keys."""
        focus = self._app.focus
        here = focus.focused
        order = [widget.touch_key for widget in focus.order()] if focus.visible else []
        return {"order": order, "focus": here.touch_key if here is not None else None}


def snake(name: str) -> str:
    """PlaceCard → place_card; SignView → sign."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("View")).lower()


def plain_facts(view: Any) -> dict[str, Any]:
    """Numbers, flags and short codes of a view."""
    facts: dict[str, Any] = {}
    for field in dataclasses.fields(view):
        value = getattr(view, field.name)
        if isinstance(value, enum.Enum):
            value = value.value
        if value is None or isinstance(value, bool | int | str):
            facts[field.name] = value
        elif field.name == "material":
            facts |= {"material": value.name, "slot": value.slot}
    return facts


def main(
    arguments: list[str], eyes: Callable[[Any], Eyes] = FaceEyes, looks_per_s: float = LOOKS_PER_S
) -> int:
    """`python -m tools.demo.face --config FILE --probe SOCKET`. Sharper `eyes` see more, oftener."""
    own = argparse.ArgumentParser()
    own.add_argument("--config", type=Path, required=True)
    own.add_argument("--probe", type=Path, required=True)
    given = own.parse_args(arguments)
    asked = parser().parse_args(["run", "--config", str(given.config)])

    def watch(app: Any) -> None:
        from kivy.clock import Clock

        probe = Probe(given.probe, eyes(app))
        Clock.schedule_interval(probe.answer, 1 / looks_per_s)

    return run_face(asked, on_started=watch)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
