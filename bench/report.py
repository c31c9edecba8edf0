"""One benchmark figure: a ratio of two times measured in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """How many times longer something takes than its peer or its physical limit."""

    name: str
    value: float
    limit: float | None  #: None: reported only
    detail: str
