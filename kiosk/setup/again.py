"""One act of setting up, done again on a terminal that serves: the same steps, the same versions of terminal.toml."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from config.history import History
from config.schema import TerminalConfig
from kiosk.setup.doing import RULER_MM
from kiosk.setup.draft import Premises
from kiosk.setup.held import Held, Store
from kiosk.setup.steps import AGAIN
from kiosk.setup.wizard import Wizard
from kiosk.setup.workshop import Person, Workshop
from kiosk.words import Words


class Fleeting(Store):
    """Keeps nothing: whoever is cut short begins again, and a wizard that is half done stays where it is."""

    def __init__(self, held: Held) -> None:
        super().__init__(Path())
        self._held = held

    def load(self) -> Held:
        """As it begins."""
        return self._held

    def save(self, held: Held) -> None:
        """Nowhere."""

    def forget(self) -> None:
        """Nothing."""


def offered(config: TerminalConfig, config_file: Path) -> Iterator[str]:
    """Which acts make sense on this terminal, by their keys in `AGAIN`."""
    yield "touch"
    if config.devices.document_camera is not None:
        yield "camera"
    if config.devices.page_printer is not None:
        yield "margins"
    if config.voice.engine != "none":
        yield "sound"
    if len(History(config_file).versions()) > 1:
        yield "rollback"


def as_it_is(config: TerminalConfig) -> dict[str, str]:
    """The answers that would give what is configured: they are what is proposed."""
    right, down = config.paper.shift_right_mm, config.paper.shift_down_mm
    measured = {"left": -right, "right": right, "top": -down, "bottom": down}
    return {
        "language.first": config.language.first,
        "sound.volume": str(config.voice.volume),
        **{f"margins.{side}": f"{RULER_MM + off:g}" for side, off in measured.items()},
    }


def wizard_for(
    act: str,
    config: TerminalConfig,
    premises: Premises,
    shop: Workshop,
    person: Person,
    words: Words,
    now: Callable[[], datetime],
    who: str,
) -> Wizard:
    """The engine with the steps of `act` alone. Raises `ConfigError`, OSError, LookupError for no such act."""
    steps = AGAIN[act]
    held = Held(begun_at=now(), who=who, answers=as_it_is(config))
    return Wizard(premises, shop, person, words, now, who, lambda _: steps, Fleeting(held))
