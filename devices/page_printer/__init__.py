"""A4 page printers: a PDF goes in, sheets come out, and the printer says what became of them."""

import enum
from dataclasses import dataclass
from typing import Protocol

from devices.status import Capabilities, Status


class JobState(enum.StrEnum):
    """Where a job stands (RFC 8011, `job-state`), and `gone`: the printer knows no such job (any more)."""

    PENDING = "pending"
    HELD = "held"
    PROCESSING = "processing"
    STOPPED = "stopped"
    CANCELED = "canceled"
    ABORTED = "aborted"
    COMPLETED = "completed"
    GONE = "gone"

    @property
    def over(self) -> bool:
        """Whether nothing more will come out of it."""
        return self in (JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED, JobState.GONE)


@dataclass(frozen=True, slots=True)
class Job:
    """A document that was handed to the printer."""

    title: str  #: our own job number; never anything about a person
    number: int | None  #: the printer's number; None when it may have been taken, and nobody knows
    two_sided: bool = False  #: as it was sent


@dataclass(frozen=True, slots=True)
class JobReport:
    """What the printer says of a job, asked at one moment."""

    job: Job
    state: JobState
    sheets_out: int | None = None  #: as far as the printer counts them
    impressions: int | None = None  #: printed sides
    reasons: tuple[str, ...] = ()  #: the printer's keywords, `config/words` has sentences for the usual ones

    @property
    def came_out(self) -> bool | None:
        """Whether the sheets are there. None: sent to the end, but nobody counted, or the job is forgotten."""
        if self.state is JobState.COMPLETED:
            return True if self.sheets_out else None
        return None if self.state is JobState.GONE else False


class PagePrinter(Protocol):
    """A printer that can be asked what became of a job, and be brought back from a stop."""

    def open(self) -> None:
        """Make sure that a printer answers and takes PDF; take old jobs away. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Let go of it; jobs go on. May be called twice."""
        ...

    def identity(self) -> str:
        """Maker, model and its own id as the printer tells them, or the URL when it does not."""
        ...

    def status(self) -> Status:
        """How it fares, with the supplies "paper" and "toner". Raises `DeviceError`."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can do: model, two_sided, color, formats, resume, purge."""
        ...

    def submit(self, pdf: bytes, title: str, *, copies: int = 1, two_sided: bool = False) -> Job:
        """Hand over a document under our own job number; returns before it is printed.

        The same number is never printed twice: when the printer has a job of this name that may still come out or
        has come out, that job is returned and nothing is sent. Raises `DeviceError`.
        """
        ...

    def follow(self, job: Job) -> JobReport:
        """Where the job stands, asked now. Raises `DeviceError`."""
        ...

    def cancel(self, job: Job) -> None:
        """Take the job away; nothing happens when it is over. Raises `DeviceError`."""
        ...

    def purge(self) -> int:
        """Take away what was left before this driver was built, for privacy; says how many jobs waited.

        Raises `DeviceError`.
        """
        ...

    def resume(self) -> None:
        """Bring a stopped queue back and release held jobs. Raises `Refused` when the printer cannot be asked to."""
        ...
