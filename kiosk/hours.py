"""When somebody sits behind the window: weekly hours, and the days that the calendar takes out or puts in.

All in the hall's own time. What is asked is always "now", so a clock that jumps is answered by where it jumped to.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

#: how far ahead an opening is looked for; the longest holidays in China last nine days
_LOOK_DAYS: Final = 31
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spell:
    """The window is open so long on these days of the week. One that ends at or before it begins ends the next day."""

    days: frozenset[int]  #: 1 Monday to 7 Sunday
    begins: time
    ends: time

    def on(self, day: date) -> tuple[datetime, datetime]:
        """From when until when, begun on `day`. Naive: the hall's own time."""
        begins, ends = datetime.combine(day, self.begins), datetime.combine(day, self.ends)
        return begins, ends if ends > begins else ends + _DAY


@dataclass(frozen=True, slots=True)
class Holidays:
    """What the calendar changes."""

    closed: frozenset[date] = frozenset()
    worked: Mapping[date, int] = field(default_factory=dict)  #: day → as which day of the week it is worked


@dataclass(frozen=True, slots=True)
class Hours:
    """The window's opening hours."""

    spells: tuple[Spell, ...] = ()
    holidays: Holidays = Holidays()

    @property
    def told(self) -> bool:
        """Whether anything is known of them."""
        return bool(self.spells)

    def open_at(self, local: datetime) -> bool:
        """Whether somebody is there at this moment of the hall's time."""
        at = local.replace(tzinfo=None)
        today = at.date()
        return any(b <= at < e for day in (today - _DAY, today) for b, e in self._on(day))

    def opens_after(self, local: datetime) -> datetime | None:
        """When the window opens next, with the time zone of `local`; None when that is not within a month."""
        at = local.replace(tzinfo=None)
        for ahead in range(_LOOK_DAYS):
            found = [begins for begins, _ in self._on(at.date() + ahead * _DAY) if begins > at]
            if found:
                return min(found).replace(tzinfo=local.tzinfo)
        return None

    def _on(self, day: date) -> list[tuple[datetime, datetime]]:
        as_day = self.holidays.worked.get(day, day.isoweekday())
        if day in self.holidays.closed:
            return []
        return [spell.on(day) for spell in self.spells if as_day in spell.days]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Closed(_Part):
    begins: date
    ends: date
    name: str = ""


class _Worked(_Part):
    day: date
    like: int = 1  #: 1 Monday to 7 Sunday


class _Year(_Part):
    source: str = ""
    closed: tuple[_Closed, ...] = ()
    worked: tuple[_Worked, ...] = ()


def read_holidays(path: Path) -> Holidays:
    """The file's days. Raises OSError, or ValueError with what is wrong."""
    try:
        held: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        year = _Year.model_validate(held)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    closed = {
        spell.begins + ahead * _DAY
        for spell in year.closed
        for ahead in range(min(366, (spell.ends - spell.begins).days + 1))
    }
    worked = {one.day: one.like for one in year.worked}
    return Holidays(frozenset(closed - worked.keys()), worked)
