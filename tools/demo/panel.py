"""The demo's control panel, another process than the kiosk: play the citizen's hand and everything that can go wrong.

`python -m tools.demo.panel --control PORT --fonts DIR`.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from devices.emulators.desk_sheets import SHEETS
from devices.rig.control import ControlClient
from kiosk.words import Words
from screens import env
from tools.assemble import WORDS

_NEW_ROLL_MM = 50_000.0
_KEYS = (5, 4, 3, 2, 1)
_SIZE = (540, 936)  # of the window; `button_board` draws to it


def main(arguments: list[str]) -> int:
    """Show the panel until its window closes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--fonts", required=True)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as home, ControlClient(given.control) as control:
        env.prepare(Path(home), width=_SIZE[0], height=_SIZE[1], corner=(0, 0))
        from screens import button_board

        words = Words.load(WORDS, "zh-Hans")
        button_board.run(words("panel.title"), groups(button_board, control, words), given.fonts)
    return 0


def groups(board: Any, control: ControlClient, words: Words) -> tuple[Any, ...]:
    """One group of buttons for each emulated device."""

    def knob(key: str, device: str, **values: Any) -> Any:
        return board.Knob(words(f"panel.{key}"), lambda: control.set(device, **values))

    def plug(key: str, turn: Callable[[], None]) -> Any:
        return board.Knob(words(f"panel.{key}"), turn)

    def sheet(name: str, title: str) -> Any:
        return board.Knob(title, lambda: control.set("camera", sheet=name))

    reader = (
        knob("card_on", "id_card", card_on=True),
        knob("card_off", "id_card", card_on=False),
        plug("unplug", lambda: control.unplug("id_card")),
        plug("replug", lambda: control.replug("id_card")),
    )
    desk = (knob("desk_empty", "camera", sheet=""), *(sheet(kind.name, kind.title) for kind in SHEETS))
    printer = (
        knob("paper_out", "printer", paper_mm=0.0),
        knob("paper_in", "printer", paper_mm=_NEW_ROLL_MM),
        knob("cover_open", "printer", cover_open=True),
        knob("cover_shut", "printer", cover_open=False),
    )
    keypad = tuple(
        board.Knob(words("panel.press", stars=key), lambda key=key: control.set("evaluator", press=key))
        for key in _KEYS
    )
    link = (knob("link_cut", "link", up=False), knob("link_back", "link", up=True))
    parts = (("reader", reader), ("desk", desk), ("printer", printer), ("keypad", keypad), ("link", link))
    return tuple(board.Group(words(f"panel.{name}"), knobs) for name, knobs in parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
