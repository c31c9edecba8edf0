"""The inside of an emulated page printer: paper, toner, flaps, a queue of jobs. Knows nothing of IPP's bytes.

Nothing runs in the background: `advance` brings the engine to the present, sheet by sheet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from devices.page_printer import JobState
from ground.clock import Clock

_PAGE: Final = re.compile(rb"/Type\s*/Page\b")
_LOW_SHEETS: Final = 20
_LOW_PERCENT: Final = 10


@dataclass
class EngineJob:
    """A job as the printer keeps it."""

    number: int
    title: str
    user: str
    pdf: bytes = field(repr=False)
    pages: int
    copies: int = 1
    two_sided: bool = False
    state: JobState = JobState.PENDING
    impressions: int = 0
    sheets_out: int = 0
    started: float = 0.0

    @property
    def sheets(self) -> int:
        """How many sheets of paper it takes in all."""
        return self.copies * ((self.pages + 1) // 2 if self.two_sided else self.pages)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper in the output tray."""

    title: str
    number: int  #: of the sheet within its job, from 1


def count_pages(pdf: bytes) -> int:
    """Pages of a PDF that does not hide its page objects in compressed streams; at least one."""
    return max(1, len(_PAGE.findall(pdf)))


class Engine:
    """Physics of the printer; the plain attributes may be set at any time."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.paper = 250  #: sheets in the tray
        self.toner = 80  #: percent
        self.jam = False
        self.cover_open = False
        self.offline = False  #: the queue is there, the printer behind it is not
        self.stopped = False  #: the queue is paused, until somebody resumes it
        self.accepting = True
        self.slow = 0.0  #: seconds per sheet
        self.pauses = False  #: as CUPS with printer-error-policy=stop-printer: a fault pauses the queue
        self.starts_over = False  #: as CUPS with a plain driver: a job that goes on begins at its first sheet
        self.forgets = False  #: as CUPS with PreserveJobHistory No: knows no job that is over
        self.jobs: list[EngineJob] = []
        self.tray: list[Sheet] = []  #: what came out, in its order
        self._next = 1
        self._moving = False
        self._due = 0.0

    @property
    def reasons(self) -> tuple[str, ...]:
        """Values of printer-state-reasons, with their severity."""
        holds = {
            "cover-open-error": self.cover_open,
            "media-jam-error": self.jam,
            "media-empty-error": self.paper <= 0,
            "media-needed-error": self.paper <= 0 and self.current is not None,
            "toner-empty-error": self.toner <= 0,
            "media-low-warning": 0 < self.paper <= _LOW_SHEETS,
            "toner-low-warning": 0 < self.toner <= _LOW_PERCENT,
            "offline-report": self.offline,
            "paused": self.stopped,
        }
        return tuple(reason for reason, held in holds.items() if held) or ("none",)

    @property
    def blocked(self) -> bool:
        """Whether no sheet can move."""
        return self.cover_open or self.jam or self.paper <= 0 or self.toner <= 0

    @property
    def current(self) -> EngineJob | None:
        """The job whose turn it is."""
        ready = (JobState.PENDING, JobState.PROCESSING, JobState.STOPPED)
        return next((job for job in self.jobs if job.state in ready), None)

    def unfinished(self) -> Iterator[EngineJob]:
        """The jobs that are not over."""
        return (job for job in self.jobs if not job.state.over)

    def add(
        self, title: str, user: str, pdf: bytes, *, copies: int = 1, two_sided: bool = False
    ) -> EngineJob:
        """A new job at the end of the queue."""
        if self.current is None:
            self._due = self.clock.after(self.slow)
        job = EngineJob(self._next, title, user, pdf, count_pages(pdf), copies, two_sided)
        job.started = self.clock.instant()
        self._next += 1
        self.jobs.append(job)
        return job

    def power_cycle(self) -> None:
        """The printer forgets its jobs and counts from 1 again."""
        self.jobs.clear()
        self._next = 1

    def advance(self) -> None:
        """Let every sheet come out that is due by now."""
        if self._moving:  # what moves inside the printer changes its own physics
            return
        self._moving = True
        try:
            self._move()
        finally:
            self._moving = False

    def _move(self) -> None:
        while (job := self.current) is not None:
            if self.blocked or self.stopped or self.offline:
                self._halt(job)
                break
            if job.state is not JobState.PROCESSING:
                self._take_up(job)
            if not self.clock.due(self._due):
                break
            self._print_sheet(job)
        if self.forgets:
            self.jobs = list(self.unfinished())

    def _halt(self, job: EngineJob) -> None:
        if job.state is JobState.PROCESSING or (job.state is JobState.PENDING and self.blocked):
            job.state = JobState.STOPPED
        if self.pauses and self.blocked:
            self.stopped = True
        self._due = self.clock.after(self.slow)

    def _take_up(self, job: EngineJob) -> None:
        if job.state is JobState.STOPPED and self.starts_over:
            job.sheets_out = job.impressions = 0
        job.state = JobState.PROCESSING

    def _print_sheet(self, job: EngineJob) -> None:
        self.paper -= 1
        job.sheets_out += 1
        job.impressions = min(job.impressions + (2 if job.two_sided else 1), job.pages * job.copies)
        self.tray.append(Sheet(job.title, job.sheets_out))
        if job.sheets_out >= job.sheets:
            job.state = JobState.COMPLETED
        self._due += self.slow
