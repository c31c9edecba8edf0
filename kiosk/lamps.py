"""The guide lamps: the slot that is wanted now is lit, and nothing waits for it."""

from typing import Final

from devices.signals import Signals
from kiosk.workers import Worker

_DEADLINE_S: Final = 5.0


class Lamps:
    """Lights the lamp of a kind of device ("id_card", "document_camera" …); does nothing where none are wired."""

    def __init__(self, worker: Worker[Signals] | None) -> None:
        self._worker = worker
        self._lit: set[str] = set()

    def light(self, lamp: str) -> None:
        """This is where something is to be laid, pressed or taken."""
        self._lit.add(lamp)
        self._ask(lamp, True)

    def out(self, lamp: str) -> None:
        """It is not wanted any more."""
        if lamp in self._lit:
            self._lit.discard(lamp)
            self._ask(lamp, False)

    def all_out(self) -> None:
        """The visit is over."""
        for lamp in tuple(self._lit):
            self.out(lamp)

    def _ask(self, lamp: str, on: bool) -> None:
        if self._worker is not None:
            self._worker.ask(lambda board: board.light(lamp, on), lambda code: None, _DEADLINE_S)
