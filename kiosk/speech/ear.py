"""Whether somebody has plugged headphones in: looked at without a pause, so that pulling them out counts at once."""

from devices.headphones import Headphones
from kiosk.workers import Worker

_DEADLINE_S = 5.0  # a look takes a tenth of a second


class Ear:
    """`plugged` may be asked from any thread. A jack that fails counts as empty: then nothing of hers is said."""

    def __init__(self, worker: Worker[Headphones] | None) -> None:
        """`worker` None: there is no jack."""
        self._worker = worker
        self.plugged = False

    def begin(self) -> None:
        """Look from now on."""
        if self._worker is not None:
            self._worker.watch(self._look, self._failed, 0.0, _DEADLINE_S)

    def _look(self, jack: Headphones) -> None:
        self.plugged = jack.plugged()

    def _failed(self, code: str) -> None:
        """Also called with "" when it is back: the next look tells."""
        self.plugged = False
