"""Memory, descriptors and threads of a process over time: what a year would make of a small leak.

One line a sample in a file that keeps its newest week; it outlives the process, so `doctor` and the health page can
draw it. Memory is PSS (proc(5), smaps_rollup): what is shared with others counts by its share.
"""

import json
import os
import re
import statistics
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import combinations
from pathlib import Path

from config.care_settings import Care
from kiosk.care.check import Found
from kiosk.care.codes import GROWN
from kiosk.care.tree import Tree

_MOST = 2016  # samples: a week of one every five minutes
_WARM_UP_S = 1800  # chosen: caches fill, the first screens of each kind are drawn
_WINDOW_S = 6 * 3600  # chosen: less than this is a busy morning
_FEWEST = 12  # samples that a slope is believed of
_THINNED = 48  # points that a slope is taken over: 1,128 pairs, 1 ms
_OLD_SAMPLES = 3  # chosen: so many that should have come and did not
_DESCRIPTORS_H, _THREADS_H = 6.0, 2.0  # chosen: growth an hour, kept up for six, that no visit explains


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One count."""

    at: str  #: ISO 8601, by the wall clock of then
    life: str  #: which process; another one after each renewal
    age_s: float  #: of that process
    pss_kb: int
    fds: int
    threads: int


@dataclass(frozen=True, slots=True)
class Growth:
    """What is wrong with a process."""

    what: str  #: "memory", "descriptors" or "threads"
    steady: bool  #: it grows all the time; else it is beyond its limit
    now: float  #: megabytes, or a number
    per_hour: float


def sample(tree: Tree, now: datetime, life: str, age_s: float, pid: int | None = None) -> Sample | None:
    """The process `pid` (this one) now; None where the kernel does not tell.

    `life` and `age_s` are the caller's: a face that renews itself by exec keeps its number and its start in /proc.
    """
    pid = os.getpid() if pid is None else pid
    status, rollup = tree.text(f"proc/{pid}/status") or "", tree.text(f"proc/{pid}/smaps_rollup") or ""
    memory = re.search(r"^Pss:\s+(\d+) kB$", rollup, re.M) or re.search(r"^VmRSS:\s+(\d+) kB$", status, re.M)
    threads = re.search(r"^Threads:\s+(\d+)$", status, re.M)
    try:
        fds = len(os.listdir(tree.path(f"proc/{pid}/fd")))  # noqa: PTH208 - names alone, no objects
    except OSError:
        return None
    if memory is None or threads is None:
        return None
    return Sample(
        at=now.isoformat(timespec="seconds"),
        life=life,
        age_s=round(age_s, 1),
        pss_kb=int(memory[1]),
        fds=fds,
        threads=int(threads[1]),
    )


class History:
    """The samples of one kind of process ("face", "uploader") in a file. One writer."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, taken: Sample) -> None:
        """Append a line; now and then only the newest are kept. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        line = json.dumps(asdict(taken)) + "\n"
        if self._path.exists() and self._path.stat().st_size > 2 * _MOST * len(line):
            fresh = self._path.with_suffix(".new")
            kept = [json.dumps(asdict(each)) + "\n" for each in self.read()]
            fresh.write_text("".join(kept), encoding="ascii")
            fresh.replace(self._path)
        with self._path.open("a", encoding="ascii") as file:
            file.write(line)

    def read(self) -> list[Sample]:
        """The newest, oldest first; lines that a power cut tore are left out."""
        try:
            with self._path.open(encoding="ascii", errors="replace") as file:
                return list(_samples(file))[-_MOST:]
        except OSError:
            return []


def _samples(lines: Iterable[str]) -> Iterable[Sample]:
    names = {each.name: each.type for each in fields(Sample)}
    for line in lines:
        with suppress(ValueError, TypeError, AttributeError, KeyError):
            told = json.loads(line)
            numbers = {name: float(told[name]) for name in ("age_s", "pss_kb", "fds", "threads")}
            if set(told) == set(names):
                yield Sample(
                    at=str(told["at"]),
                    life=str(told["life"]),
                    age_s=numbers["age_s"],
                    pss_kb=int(numbers["pss_kb"]),
                    fds=int(numbers["fds"]),
                    threads=int(numbers["threads"]),
                )


def growth(samples: Sequence[Sample], limits: Care) -> Growth | None:
    """What is wrong with the process of the last sample; None when nothing is."""
    if not samples:
        return None
    last = samples[-1]
    life = [each for each in samples if each.life == last.life]
    settled = [each for each in life if each.age_s >= _WARM_UP_S]
    hours = [each.age_s / 3600 for each in settled]
    for what, numbers, most, per_hour in (
        (
            "memory",
            [each.pss_kb / 1024 for each in settled],
            limits.memory_most_mb,
            limits.memory_growth_mb_h,
        ),
        ("descriptors", [float(each.fds) for each in settled], limits.descriptors_most, _DESCRIPTORS_H),
        ("threads", [float(each.threads) for each in settled], limits.threads_most, _THREADS_H),
    ):
        if not numbers:
            continue
        rate = slope(hours, numbers)
        if numbers[-1] > most:
            return Growth(what, False, numbers[-1], rate or 0.0)
        if rate is not None and rate > per_hour and _never_falls_back(numbers):
            return Growth(what, True, numbers[-1], rate)
    return None


def slope(hours: Sequence[float], numbers: Sequence[float]) -> float | None:
    """Growth an hour: the median over all pairs (Theil-Sen), so a single busy visit moves nothing. None: too short."""
    if len(hours) < _FEWEST or (hours[-1] - hours[0]) * 3600 < _WINDOW_S:
        return None
    step = max(1, len(hours) // _THINNED)
    points = list(zip(hours[::step], numbers[::step], strict=True))
    rates = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2) if x2 > x1]
    return statistics.median(rates) if rates else None


def _never_falls_back(numbers: Sequence[float]) -> bool:
    """Whether each third of the time lies above the one before: what is given back is no leak."""
    third = len(numbers) // 3
    first, middle, last = numbers[:third], numbers[third:-third], numbers[-third:]
    return max(first) <= statistics.median(middle) <= min(last)


def told_of(samples: Sequence[Sample], limits: Care, now: datetime) -> Found:
    """The last sample, and whether it is too much. One that is old tells that the process does not run."""
    if not samples:
        return Found("growth.none")
    last = samples[-1]
    life = [each for each in samples if each.life == last.life and each.age_s >= _WARM_UP_S]
    rate = slope([each.age_s / 3600 for each in life], [each.pss_kb / 1024 for each in life])
    facts = {
        "mb": last.pss_kb // 1024,
        "fds": last.fds,
        "threads": last.threads,
        "rate": "?" if rate is None else f"{rate:+.1f}",
        "hours": f"{last.age_s / 3600:.1f}",
    }
    with suppress(ValueError):
        old_s = (now - datetime.fromisoformat(last.at)).total_seconds()
        if old_s > _OLD_SAMPLES * limits.sample_minutes * 60:
            return Found("growth.old", facts | {"at": last.at})
    return Found("growth.now", facts, code=GROWN if growth(samples, limits) else "")
