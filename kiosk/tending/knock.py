"""The sign by which somebody says that he is no citizen: four corners of the glass, crosswise, one soon after another.

Whoever only wants to begin and happens to touch a corner begins all the same, as soon as it is clear that no sign is
being given.
"""

from typing import Final, Literal

from ground.clock import Clock

Corner = Literal["top_left", "top_right", "bottom_left", "bottom_right"]
#: crosswise: a hand that wipes or a child that runs round the edge comes by another way
ORDER: Final[tuple[Corner, ...]] = ("top_left", "bottom_right", "top_right", "bottom_left")
#: seconds from one corner to the next; chosen: a person at a tall glass takes one
NEXT_S: Final = 2.5


class Knocks:
    """How far the sign has come."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._come = 0
        self._until = 0.0

    @property
    def going_on(self) -> bool:
        """Whether it may still become the sign."""
        return self._come > 0 and not self._clock.due(self._until)

    @property
    def given_up(self) -> bool:
        """Whether it was begun and came to nothing; asked until `forget`."""
        return self._come > 0 and self._clock.due(self._until)

    def touched(self, corner: Corner) -> bool:
        """A corner was touched; whether that was the last one of the sign."""
        if not self.going_on:
            self._come = 0
        if corner == ORDER[self._come]:
            self._come += 1
        else:
            self._come = 1 if corner == ORDER[0] else 0
        self._until = self._clock.after(NEXT_S)
        if self._come == len(ORDER):
            self._come = 0
            return True
        return False

    def forget(self) -> None:
        """It counts from the beginning again."""
        self._come = 0
