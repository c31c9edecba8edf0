"""When the face should become a fresh process: somebody was here, and nobody is now.

Python cannot promise that what it forgot is gone from its memory; the kernel can. So the process that served a visit
does not serve for ever: once the idle screen has stood untouched for a while it is replaced (docs/adr/0035).
"""

from ground.clock import Clock

_NOBODY = ("idle",)
#: states in which nothing of a citizen has entered yet
_NOTHING_YET = ("idle", "home", "matters", "notice", "readiness", "consent", "sorry")


class Renewal:
    """Watches the journey's states, one at each pump."""

    def __init__(self, clock: Clock, after_s: float) -> None:
        """`after_s`: seconds of idling after a visit; 0: never."""
        self._clock = clock
        self._after_s = after_s
        self._served = False
        self._due: float | None = None

    def see(self, state: str) -> None:
        """The journey is in this state now."""
        self._served = self._served or state not in _NOTHING_YET
        if state not in _NOBODY:
            self._due = None
        elif self._served and self._after_s and self._due is None:
            self._due = self._clock.after(self._after_s)

    @property
    def due(self) -> bool:
        """Whether now is the time."""
        return self._due is not None and self._clock.due(self._due)
