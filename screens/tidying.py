"""Looks for garbage while nobody waits, not while a new screen is being built.

Python looks through all it has whenever enough came: a quarter of a second with what a face has imported,
and it happened while screens were built, which is when most comes. What the face began with is set aside for good,
young garbage goes as always, and the rest is looked through while she reads or is away. Measured by
`python -m bench face_views`.
"""

import gc

from ground import frugal

#: chosen: nobody is about to see a new screen
_UNTOUCHED_S = 1.0
#: chosen: a visit leaves little in that time
_EVERY_S = 5.0
#: Python's own for what is young; what has lived for two rounds waits for a quiet moment
_YOUNG, _MIDDLE, _NEVER = 2_000, 10, 1_000_000
#: rounds of the middle age after which it is done whoever waits; chosen: some hundred thousand things
_MOST = 60


class Tidying:
    """Begins when the face has started. `now` is any clock's seconds."""

    def __init__(self, now: float) -> None:
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)
        self._touched_at = self._tidied_at = now

    def touched(self, now: float) -> None:
        """Somebody does something."""
        self._touched_at = now

    def tick(self, now: float) -> bool:
        """Look, if this is the moment; whether it was."""
        quiet = now - self._touched_at >= _UNTOUCHED_S and now - self._tidied_at >= _EVERY_S
        if not quiet and gc.get_count()[2] < _MOST:
            return False
        self.tidy(now)
        return True

    def tidy(self, now: float) -> None:
        """Look, whoever waits; some tenth of a second."""
        gc.collect()
        frugal.give_back()
        self._tidied_at = now

    @staticmethod
    def stop() -> None:
        """As Python does it by itself."""
        gc.unfreeze()
        gc.set_threshold(700, 10, 10)
