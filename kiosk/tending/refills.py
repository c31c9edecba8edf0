"""What can be refilled, by the device that uses it up, and in how many steps. Words `refill.<supply>.<step>`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Refill:
    """One supply."""

    steps: int
    device: str  #: whose test shows that it is right; "" where none is needed
    supply: str  #: as the device and the forecasts call it


#: words `refill.<name>.title`
REFILLS: Final[Mapping[str, Refill]] = {
    "paper_roll": Refill(4, "receipt_printer", "paper"),
    "a4": Refill(3, "page_printer", "paper"),
    "toner": Refill(4, "page_printer", "toner"),
    "evaluator": Refill(3, "evaluator", "keys"),
    "pens": Refill(2, "", "pens"),
}


def offered(fitted: tuple[str, ...]) -> tuple[str, ...]:
    """Those that make sense on this terminal."""
    return tuple(name for name, one in REFILLS.items() if not one.device or one.device in fitted)
