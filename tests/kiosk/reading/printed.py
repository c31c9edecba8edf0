"""Lines as the engine would tell them, for tests that need no engine."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from kiosk.reading.line import Line, Sign

TALL = 40.0


def line(x: float, y: float, text: str, *, likely: float = 0.99, step: float = 34.0) -> Line:
    """Text from its left middle; digits and letters take half a step."""
    signs, at = [], x + 6
    for sign in text:
        wide = step if ord(sign) > 0x2E80 else step / 2
        signs.append(Sign(sign, at + wide / 2, likely))
        at += wide
    return Line(x, y - TALL / 2, at + 6, y + TALL / 2, tuple(signs))


class Sight:
    """A page that has been told in advance what further looks at it find."""

    def __init__(
        self, again: Mapping[int, Sequence[Line]] = MappingProxyType({}), within: Sequence[Line] = ()
    ) -> None:
        self._again, self._within = again, within

    def again(self, place: int) -> Sequence[Line]:
        return self._again.get(place, ())

    def within(self, left: float, top: float, right: float, bottom: float) -> Line | None:
        """What stands there wholly."""
        inside = [
            line
            for line in self._within
            if left <= line.signs[0].x and line.signs[-1].x <= right and top < line.middle < bottom
        ]
        return inside[0] if inside else None


NOTHING_MORE = Sight()  #: no further opinion
