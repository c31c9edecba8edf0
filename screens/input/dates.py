"""A date by touches alone: ten years, year, month, day. What cannot be is not offered. No Kivy."""

import calendar
from dataclasses import dataclass
from datetime import date

#: nobody who stands here has a date before (`kiosk.catalogue.checks` refuses earlier ones)
EARLIEST = 1900
#: this many years are offered at once, before the tens: most dates on forms are recent; chosen
RECENT = 3

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Option:
    """One key of a step."""

    name: str  #: "decade.1950", "year.1954", "month.3", "day.12"
    number: int  #: what is written on it


class DateSteps:
    """The date that is being chosen, and what may be chosen next."""

    def __init__(self, text: str, latest: date) -> None:
        """`text`: a date as YYYY-MM-DD, as far as it is known. `latest`: the last day that may be chosen."""
        self._latest = latest
        self._parts = [int(part) for part in text.split("-") if part.isdigit()][:3]
        self._decade: int | None = None
        self._again: int | None = None  #: the part that is chosen anew

    @property
    def text(self) -> str:
        """`2026-03-01`, or as far as it is chosen."""
        return "-".join(f"{part:0{width}}" for part, width in zip(self._parts, (4, 2, 2), strict=False))

    @property
    def parts(self) -> tuple[int, ...]:
        """Year, month, day, as far as they are chosen."""
        return tuple(self._parts)

    @property
    def step(self) -> str:
        """ "decade", "year", "month" or "day": what is chosen now."""
        at = min(len(self._parts), 2) if self._again is None else self._again
        if at == 0:
            return "decade" if self._decade is None else "year"
        return ("month", "day")[at - 1]

    @property
    def complete(self) -> bool:
        """The whole date is there."""
        return len(self._parts) == 3

    def options(self) -> tuple[Option, ...]:
        """What can be chosen in this step."""
        last = self._latest
        match self.step:
            case "decade":
                recent = range(last.year, last.year - RECENT, -1)
                tens = range(last.year // 10 * 10, EARLIEST - 1, -10)
                return (
                    *(Option(f"year.{year}", year) for year in recent),
                    *(Option(f"decade.{ten}", ten) for ten in tens),
                )
            case "year":
                first = self._decade or EARLIEST
                return tuple(Option(f"year.{n}", n) for n in range(first, min(first + 9, last.year) + 1))
            case "month":
                most = last.month if self._parts[0] == last.year else _MONTHS
                return tuple(Option(f"month.{n}", n) for n in range(1, most + 1))
            case _:
                return tuple(Option(f"day.{n}", n) for n in range(1, self._days(*self._parts[:2]) + 1))

    def choose(self, name: str) -> None:
        """Take an option by its name, or "part.0" to "part.2": choose that part anew."""
        kind, _, number = name.partition(".")
        match kind:
            case "part":
                self._again, self._decade = min(int(number), len(self._parts)), None
            case "decade":
                self._decade = int(number)
            case _:
                self._set(("year", "month", "day").index(kind), int(number))

    def clear(self) -> None:
        """No date."""
        self._parts, self._decade, self._again = [], None, None

    def _set(self, at: int, number: int) -> None:
        """What was chosen behind `at` stays as far as it still can be: no 30th of February, no tomorrow."""
        self._parts[at : at + 1] = [number]
        self._decade, self._again = None, None
        if (
            len(self._parts) > 1
            and self._parts[0] == self._latest.year
            and self._parts[1] > self._latest.month
        ):
            del self._parts[1:]
        if len(self._parts) > 2 and self._parts[2] > self._days(*self._parts[:2]):
            del self._parts[2:]

    def _days(self, year: int, month: int) -> int:
        if (year, month) == (self._latest.year, self._latest.month):
            return self._latest.day
        return calendar.monthrange(year, month)[1]
