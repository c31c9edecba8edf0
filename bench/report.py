"""One benchmark figure: a ratio of two times measured in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """How many times longer something takes than its peer or its physical limit."""

    name: str
    value: float
    limit: float | None  #: None: reported only
    detail: str

    @property
    def verdict(self) -> str:
        """`ok`, `over`, or `-` where there is no limit."""
        if self.limit is None:
            return "-"
        return "ok" if self.value <= self.limit else "over"

    def line(self) -> str:
        """The figure for people: value, limit, verdict, name, and the times behind it."""
        limit = "" if self.limit is None else f"≤ {self.limit:g}"
        return f"{self.value:7.3f}  {limit:>6}  {self.verdict:4}  {self.name}  ({self.detail})"
