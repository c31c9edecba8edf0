"""A text line as the engine read it: signs with their places and probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod


@dataclass(frozen=True, slots=True)
class Sign:
    """One character."""

    text: str = field(repr=False)
    x: float  #: pixels of the page, its middle
    likely: float  #: 0…1
    others: tuple[tuple[str, float], ...] = ()  #: what else it may be, likeliest first, with probabilities


@dataclass(frozen=True, slots=True)
class Line:
    """Signs of one height, from left to right; x to the right, y down, pixels of the upright page."""

    left: float
    top: float
    right: float
    bottom: float
    signs: tuple[Sign, ...] = field(repr=False)
    place: int = -1  #: of its box among those of the page, for a second look; -1: it has none

    @property
    def text(self) -> str:
        """What it says, with its spaces."""
        return "".join(sign.text for sign in self.signs)

    @property
    def likely(self) -> float:
        """0…1: that every sign that is seen is right, as the engine believes."""
        return prod(sign.likely for sign in self.signs if not sign.text.isspace())

    @property
    def middle(self) -> float:
        """y of its middle."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """Pixels."""
        return self.bottom - self.top

    def part(self, signs: Sequence[Sign]) -> "Line":
        """Some neighbouring signs of this line as a line of their own. Raises ValueError when there are none."""
        if not signs:
            raise ValueError("a line has signs")
        half = self.height / 2
        first = self.signs[0] is signs[0]
        last = self.signs[-1] is signs[-1]
        left = self.left if first else signs[0].x - half
        right = self.right if last else signs[-1].x + half
        return Line(left, self.top, right, self.bottom, tuple(signs), self.place)


def without_spaces(signs: Sequence[Sign]) -> tuple[Sign, ...]:
    """The signs that are seen."""
    return tuple(sign for sign in signs if not sign.text.isspace())
