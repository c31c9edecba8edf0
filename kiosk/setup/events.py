"""What whoever sets up does on the glass, beside what every visitor can do (`Fill`, `Continue`, `Skip` …)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Saw:
    """What a person saw was as it should be, or not."""

    fine: bool


@dataclass(frozen=True, slots=True)
class ChooseStep:
    """A step of the list was touched."""

    key: str


@dataclass(frozen=True, slots=True)
class Pointed:
    """The glass was touched while a cross was shown; fractions of the glass, origin top left."""

    x: float
    y: float


SetupEvent = Saw | ChooseStep | Pointed
