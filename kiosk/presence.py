"""Whether somebody stands before the glass: the presence contact of the signal board, watched all the time."""

from collections.abc import Callable
from typing import Final

from devices.signals import Signals
from kiosk.journey.events import PresenceSeen
from kiosk.workers import Worker

#: the input's name, as the install guide wires it (`devices.signals.contacts.USUAL_INPUTS`)
INPUT: Final = "presence"
_EVERY_S: Final = 0.2  # chosen: she has turned away for less than that when what is hers is covered
_DEADLINE_S: Final = 5.0


class PresenceWatch:
    """Posts `PresenceSeen` at each change. A board that fails, or has no such input, says that she is there."""

    def __init__(self, worker: Worker[Signals] | None, post: Callable[[PresenceSeen], None]) -> None:
        self._worker = worker
        self._post = post
        self._there = True

    def begin(self) -> None:
        """From now on, until the worker ends."""
        if self._worker is not None:
            self._worker.watch(self._look, self._failed, _EVERY_S, _DEADLINE_S)

    def _look(self, board: Signals) -> None:
        self._tell(board.inputs().get(INPUT, True))

    def _failed(self, code: str) -> None:
        """Nobody is hurried out of her visit by a broken sensor. With "" it is back, and the next look tells."""
        self._tell(True)

    def _tell(self, there: bool) -> None:
        if there != self._there:
            self._there = there
            self._post(PresenceSeen(there))
