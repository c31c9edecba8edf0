"""What the page shows: the checks that may run beside a visit, and each device as the event log saw it last.

The page opens no device and asks nobody on the net. A value is shown when the program itself could have said it
(`tools.bundle.vocabulary`): nothing that came from outside gets onto it.
"""

import threading
from collections.abc import Iterator
from typing import Final

from config.schema import TerminalConfig
from ground.clock import Clock
from ground.log.reading import records, standing
from ground.logbook import Event
from kiosk.care.tree import MACHINE, Tree
from kiosk.journey.show import CHINA
from kiosk.words import Words
from tools.bundle.vocabulary import of_program
from tools.doctor import Doctor
from tools.health.page import Row, health, named, row_of
from tools.logs import log_folder
from tools.technician.fitted import fitted
from tools.version import VERSION

_FRESH_S: Final = 20.0  # chosen: whoever presses reload again and again asks nothing of the machine
_WELL: Final = (Event.DEVICE_OPENED.value,)
_ILL: Final = (Event.DEVICE_FAILED.value, Event.DEVICE_REPLACED.value, Event.DEVICE_CRASHED.value)


class Looked:
    """The page in each language, made anew when it is old; for many threads."""

    def __init__(self, config: TerminalConfig, clock: Clock, tree: Tree = MACHINE) -> None:
        self._config, self._clock, self._tree = config, clock, tree
        self._lock = threading.Lock()
        self._pages: dict[str, tuple[float, str]] = {}

    def page(self, words: Words) -> str:
        """The page now, at most `_FRESH_S` old. Raises OSError."""
        with self._lock:
            until, page = self._pages.get(words.language, (0.0, ""))
            if not page or self._clock.due(until):
                at = f"{self._clock.now().astimezone(CHINA):%m-%d %H:%M}"
                rows = (*self._devices(words), *self._checks(words))
                page = health(words, rows, self._config.terminal.id, VERSION, at)
                self._pages[words.language] = (self._clock.after(_FRESH_S), page)
            return page

    def _checks(self, words: Words) -> Iterator[Row]:
        doctor = Doctor(self._config, words, self._clock, tree=self._tree, services_alone=True)
        for check in doctor.round().checks(live=True):
            yield row_of(check, words, of_program().kept(check.value) or "")

    def _devices(self, words: Words) -> Iterator[Row]:
        folder = log_folder(self._config)
        last: dict[str, tuple[str, str]] = {}
        for _, _, record in records(standing(folder)[0][-2:]) if folder.is_dir() else ():
            if record.event in (*_WELL, *_ILL):
                last[str(record.facts.get("device"))] = (record.event, str(record.facts.get("code", "")))
        for name in fitted(self._config):
            event, code = last.get(name, ("", ""))
            hint = f"errors.{code}.hint"
            known = bool(code) and hint in words
            mood = "good" if event in _WELL else "wrong" if event else "notice"
            said = words("health_view.not_seen") if not event else ""
            yield Row(named(name, words), mood, code if known else "", said, words(hint) if known else "")
