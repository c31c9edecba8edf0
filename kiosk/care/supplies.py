"""How many days paper and toner will last, from what was really used; "unknown" while too little is known.

Slips are counted by the print journal, sheets and toner here. A forecast wants a week of days, weighs the last ones
most, and knows what a roll or a tray holds only since somebody refilled it (or the printer told that it is full again).
"""

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

from kiosk.care.check import Found
from kiosk.care.codes import SUPPLY_LOW

CHINA = timezone(timedelta(hours=8))
_FEWEST_DAYS = 7  # chosen: a week has a weekend in it
_KEPT_DAYS = 92  # chosen: a quarter shows the season; older days are forgotten
_HALF_LIFE_DAYS = 7.0  # chosen: last week counts twice as much as the one before
_MOST_DAYS = 365  # what lies further off is no forecast
_REFILL_STEP = 10  # chosen: toner that rises by so many per cent was changed; a gauge wavers by less
_SLIPS_USED = "SELECT begun_at FROM print_job WHERE outcome IN ('printed', 'torn', 'unknown')"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be expected of one supply."""

    days: float | None  #: None: unknown, and `why` says it
    why: str = ""  #: "no_refill", "short", "unused", "beyond" (more was used than there was)
    left: float | None = None  #: slips, sheets or per cent
    a_day: float | None = None
    known_days: int = 0


def forecast(left: float | None, used: Sequence[float]) -> Forecast:
    """`used`: of each whole day since counting began, oldest first, days without use too."""
    if len(used) < _FEWEST_DAYS:
        return Forecast(None, "short", left, None, len(used))
    weights = [0.5 ** (back / _HALF_LIFE_DAYS) for back in range(len(used))][::-1]
    a_day = sum(weight * of for weight, of in zip(weights, used, strict=True)) / sum(weights)
    if left is None:
        return Forecast(None, "no_refill", None, a_day, len(used))
    if left < 0:
        return Forecast(None, "beyond", left, a_day, len(used))
    days = left / a_day if a_day > 0 else _MOST_DAYS + 1
    if days > _MOST_DAYS:
        return Forecast(None, "unused", left, a_day, len(used))
    return Forecast(days, "", left, a_day, len(used))


def found(expected: Forecast, soon_days: int) -> Found:
    """A forecast as a finding."""
    facts = {
        "left": "?" if expected.left is None else f"{expected.left:.0f}",
        "a_day": "?" if expected.a_day is None else f"{expected.a_day:.1f}",
        "known": expected.known_days,
        "least": _FEWEST_DAYS,
    }
    if expected.days is None:
        return Found(f"supply.{expected.why}", facts)
    soon = SUPPLY_LOW if expected.days < soon_days else ""
    return Found("supply.days", facts | {"days": f"{expected.days:.0f}"}, soon=soon)


class UseBook:
    """What was used by day, what was refilled and when: one small file. Thread-safe; one process writes.

    Supplies: "slips" (refills alone; use is the print journal's), "sheets" (count), "toner" (lowest per cent a day).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def count(self, supply: str, pieces: int, now: datetime) -> None:
        """So many were used just now. Raises OSError."""
        with self._lock:
            told, today = self._read(), _day(now)
            days = told["used"].setdefault(supply, {})
            days[today] = days.get(today, 0) + pieces
            self._write(told, now)

    def level(self, supply: str, percent: int, now: datetime) -> None:
        """The gauge stands so. Raises OSError."""
        with self._lock:
            told, today = self._read(), _day(now)
            days = told["levels"].setdefault(supply, {})
            if days.get(today) != percent:
                days[today] = percent
                self._write(told, now)

    def refilled(self, supply: str, pieces: int, now: datetime) -> None:
        """It holds so many from now on. Raises OSError."""
        with self._lock:
            told = self._read()
            told["refilled"][supply] = {"at": now.isoformat(timespec="seconds"), "holds": pieces}
            self._write(told, now)

    def refill_of(self, supply: str) -> tuple[datetime, int] | None:
        """When it was refilled last, and what it held then."""
        told: Any = self._read()["refilled"].get(supply)
        try:
            return datetime.fromisoformat(told["at"]), int(told["holds"])
        except (KeyError, TypeError, ValueError):
            return None

    def used(self, supply: str) -> dict[str, float]:
        """Day (ISO) → how many."""
        return dict(self._read()["used"].get(supply, {}))

    def levels(self, supply: str) -> dict[str, float]:
        """Day (ISO) → per cent, as the gauge stood last on it."""
        return dict(self._read()["levels"].get(supply, {}))

    def _read(self) -> dict[str, dict[str, Any]]:
        told: Any = {}
        with suppress(OSError, ValueError):
            told = json.loads(self._path.read_text(encoding="ascii"))
        kinds = ("used", "levels", "refilled")
        whole = told if isinstance(told, dict) else {}
        book = {kind: whole[kind] if isinstance(whole.get(kind), dict) else {} for kind in kinds}
        for kind in ("used", "levels"):
            book[kind] = {supply: _numbers(days) for supply, days in book[kind].items()}
        return book

    def _write(self, told: dict[str, dict[str, Any]], now: datetime) -> None:
        oldest = (now.astimezone(CHINA).date() - timedelta(days=_KEPT_DAYS)).isoformat()
        for kind in ("used", "levels"):
            told[kind] = {
                supply: {day: of for day, of in days.items() if day >= oldest}
                for supply, days in told[kind].items()
            }
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(told), encoding="ascii")
        fresh.replace(self._path)


def slips(journal: Path, book: UseBook, now: datetime) -> Forecast:
    """Of the roll in the slip printer."""
    times = _slip_times(journal)
    refill = book.refill_of("slips")
    left = None if refill is None else refill[1] - sum(at >= refill[0] for at in times)
    return forecast(left, by_day(Counter(_day(at) for at in times), now))


def sheets(book: UseBook, now: datetime) -> Forecast:
    """Of the tray of the page printer. A day on which it was refilled counts from the refill on, as a whole day."""
    used, refill = book.used("sheets"), book.refill_of("sheets")
    left = (
        None if refill is None else refill[1] - sum(of for day, of in used.items() if day >= _day(refill[0]))
    )
    return forecast(left, by_day(used, now))


def toner(book: UseBook, now: datetime) -> Forecast:
    """Of the cartridge, by its own gauge."""
    levels = book.levels("toner")
    return forecast(_last(levels), fallen(levels, now))


def by_day(used: Mapping[str, float], now: datetime) -> list[float]:
    """Of each whole day from the first one on; today is not over. What is dated after today is a wrong clock's."""
    today = now.astimezone(CHINA).date()
    days = sorted(day for day in used if day < today.isoformat())
    if not days:
        return []
    first = max(date.fromisoformat(days[0]), today - timedelta(days=_KEPT_DAYS))
    span = (today - first).days
    return [float(used.get((first + timedelta(days=each)).isoformat(), 0)) for each in range(span)]


def fallen(levels: Mapping[str, float], now: datetime) -> list[float]:
    """By how many per cent a gauge fell each day; a day on which it rose was a refill, and counts as none."""
    today = now.astimezone(CHINA).date()
    days = sorted(day for day in levels if day <= today.isoformat())
    for back in range(len(days) - 1, 0, -1):  # only since the last refill
        if levels[days[back]] - levels[days[back - 1]] >= _REFILL_STEP:
            days = days[back:]
            break
    used: list[float] = []
    for before, after in pairwise(days):
        apart = max(1, (date.fromisoformat(after) - date.fromisoformat(before)).days)
        used += [max(0.0, levels[before] - levels[after]) / apart] * apart
    return used


def _last(levels: Mapping[str, float]) -> float | None:
    return levels[max(levels)] if levels else None


def _numbers(told: object) -> dict[str, float]:
    found: dict[str, float] = {}
    for day, of in told.items() if isinstance(told, dict) else ():
        with suppress(ValueError, TypeError):
            date.fromisoformat(str(day))
            found[str(day)] = float(of)
    return found


def _slip_times(journal: Path) -> list[datetime]:
    """When slips came out; none where there is no journal, or it cannot be read now."""
    if not journal.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{journal.as_uri()}?mode=rw", timeout=1.0, uri=True)) as db:
            db.execute("PRAGMA query_only = ON")
            return [datetime.fromisoformat(str(row[0])) for row in db.execute(_SLIPS_USED) if row[0]]
    except (sqlite3.Error, ValueError):
        return []


def _day(at: datetime) -> str:
    return at.astimezone(CHINA).date().isoformat()
