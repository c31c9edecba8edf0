"""The demo's control panel, another process than the kiosk: play the citizen's hand and everything that can go wrong.

`python -m tools.demo.panel --control PORT --fonts DIR`. It serves whatever `devices emulate DRIVER --control PORT`
serves, too: each device has a tab with every knob that it declares.
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
from tools.demo.steering import Steering, attempt

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
        on_off = (words("panel.on"), words("panel.off"))
        button_board.run(words("panel.title"), tabs(button_board, control, words), on_off, given.fonts)
    return 0


def tabs(board: Any, control: ControlClient, words: Words) -> tuple[Any, ...]:
    """What a visit wants on the first page, when the whole cabinet is there; then one page for each device."""
    there = control.devices()
    first = usual(board, control, words, there)
    pages = (page(board, control, words, device, plug) for device, plug in there.items())
    return (*((board.Tab(words("panel.usual"), first),) if first else ()), *pages)


def page(board: Any, control: ControlClient, words: Words, device: str, has_plug: bool) -> Any:
    """Plug and knobs of one device."""
    key = f"panel.device.{device}"
    plug = (
        button(board, words, "unplug", lambda: control.unplug(device)),
        button(board, words, "replug", lambda: control.replug(device)),
    )
    groups = (board.Group(words("panel.plug"), plug),) if has_plug else ()
    dials = Steering(control, device, words, board.Dial)
    return board.Tab(words(key) if key in words else device, groups, dials)


def button(board: Any, words: Words, key: str, turn: Callable[[], object], **facts: object) -> Any:
    """A button that says why when it was refused."""
    return board.Button(words(f"panel.{key}", **facts), lambda: attempt(words, turn))


def usual(board: Any, control: ControlClient, words: Words, there: dict[str, bool]) -> tuple[Any, ...]:
    """The groups of buttons of the devices that are there, by what a citizen's hand does."""

    def knob(key: str, device: str, **values: Any) -> Any:
        return button(board, words, key, lambda: control.set(device, **values))

    def sheet(name: str, title: str) -> Any:
        return board.Button(title, lambda: attempt(words, lambda: control.set("camera", sheet=name)))

    def key(stars: int) -> Any:
        return button(board, words, "press", lambda: control.set("evaluator", press=stars), stars=stars)

    parts = {
        "id_card": (
            "reader",
            (knob("card_on", "id_card", card_on=True), knob("card_off", "id_card", card_on=False)),
        ),
        "camera": (
            "desk",
            (knob("desk_empty", "camera", sheet=""), *(sheet(kind.name, kind.title) for kind in SHEETS)),
        ),
        "printer": (
            "printer",
            (
                knob("paper_out", "printer", paper_mm=0.0),
                knob("paper_in", "printer", paper_mm=_NEW_ROLL_MM),
                knob("cover_open", "printer", cover_open=True),
                knob("cover_shut", "printer", cover_open=False),
            ),
        ),
        "evaluator": ("keypad", tuple(key(stars) for stars in _KEYS)),
        "link": ("link", (knob("link_cut", "link", up=False), knob("link_back", "link", up=True))),
    }
    return tuple(
        board.Group(words(f"panel.{title}"), buttons)
        for device, (title, buttons) in parts.items()
        if device in there
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
