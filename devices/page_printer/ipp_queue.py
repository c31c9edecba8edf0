"""What the driver asks of an IPP printer or queue, one operation a method: attributes, jobs, printing, purging.

Source: RFC 8011 (operations and attributes), CUPS's implementation notes for `purge-jobs`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import aiohttp
from pyipp.enums import IppJobState, IppOperation, IppPrinterState, IppStatus, IppTag

from devices.errors import Condition, Garbled, Refused
from devices.page_printer import Job, JobReport, JobState
from devices.page_printer.ipp_line import Attributes, IppLine, StatusRefused
from devices.page_printer.ipp_message import Group, Message

#: title → number of the jobs that were sent; None when the number is not known
Sent = Mapping[str, int | None]

PDF: Final = "application/pdf"
TWO_SIDED: Final = "two-sided-long-edge"
_JOB_ATTRIBUTES: Final = (
    "job-id",
    "job-name",
    "job-state",
    "job-state-reasons",
    "job-impressions-completed",
    "job-media-sheets-completed",
)
_LIMIT: Final = 500  # CUPS keeps so many jobs by default (MaxJobs)
_JOB_STATES: Final = {
    IppJobState.PENDING: JobState.PENDING,
    IppJobState.HELD: JobState.HELD,
    IppJobState.PROCESSING: JobState.PROCESSING,
    IppJobState.STOPPED: JobState.STOPPED,
    IppJobState.CANCELED: JobState.CANCELED,
    IppJobState.ABORTED: JobState.ABORTED,
    IppJobState.COMPLETED: JobState.COMPLETED,
}
_DEAD: Final = (JobState.CANCELED, JobState.ABORTED)
_FORGOTTEN: Final = (IppStatus.ERROR_NOT_FOUND, IppStatus.ERROR_GONE)


def can(about: Group, operation: IppOperation) -> bool:
    """Whether the printer that said `about` of itself has an operation."""
    return operation in about.numbers("operations-supported")


def parse_job(group: Group, job: Job) -> JobReport:
    """The answer to Get-Job-Attributes. Raises `Garbled` when it names no state.

    A job of another name is not ours: a printer that was switched off counts its jobs from 1 again.
    """
    if group.word("job-name") not in ("", job.title):
        return JobReport(job, JobState.GONE)
    state = _state(group)
    if state is None:
        raise Garbled(protocol="ipp", why="no job-state")
    impressions = group.number("job-impressions-completed")
    counted = impressions or 0
    sheets = group.number("job-media-sheets-completed") or ((counted + 1) // 2 if job.two_sided else counted)
    told = impressions is not None or bool(group.numbers("job-media-sheets-completed"))
    reasons = tuple(word for word in group.words("job-state-reasons") if word != "none")
    return JobReport(job, state, sheets if told else None, impressions, reasons)


def _state(group: Group) -> JobState | None:
    said = group.number("job-state")
    return next((ours for theirs, ours in _JOB_STATES.items() if theirs == said), None)


def _is_among(job: Group, sent: Sent) -> bool:
    """By its name; by its number where the printer keeps names to itself (job privacy, PWG 5100.19)."""
    name = job.word("job-name")
    return name in sent if name else job.number("job-id") in sent.values()


class IppQueue:
    """One conversation with the printer at `line`."""

    def __init__(self, line: IppLine, session: aiohttp.ClientSession) -> None:
        self._line = line
        self._session = session

    async def ask(self, operation: IppOperation, target: Attributes) -> Message:
        """A request without document and job attributes."""
        return await self._line.ask(operation, target, session=self._session)

    async def attributes(self, names: Sequence[str]) -> Group:
        """What the printer says of itself. Raises `Garbled` without a state, for every printer has one."""
        asked = {"requested-attributes": list(names)}
        answer = await self.ask(IppOperation.GET_PRINTER_ATTRIBUTES, asked)
        printer = answer.first(IppTag.PRINTER)
        if printer.number("printer-state") not in list(IppPrinterState):
            raise Garbled(protocol="ipp", why="no printer-state")
        return printer

    async def jobs(self, which: str, *, everybodys: bool = False) -> tuple[Group, ...]:
        """Jobs that are "completed" or "not-completed"; those of our user, or all."""
        asked = {
            "limit": _LIMIT,
            "requested-attributes": list(_JOB_ATTRIBUTES),
            "which-jobs": which,
            "my-jobs": not everybodys,
        }
        return (await self.ask(IppOperation.GET_JOBS, asked)).all(IppTag.JOB)

    async def named(self, title: str) -> tuple[int | None, bool]:
        """The number of the latest job of this name that has come out or may still do; whether one died before."""
        jobs = [*await self.jobs("not-completed"), *await self.jobs("completed")]
        alike = [job for job in jobs if job.word("job-name") == title]
        live = [job.number("job-id") for job in alike if _state(job) not in _DEAD]
        latest = max((number for number in live if number is not None), default=None)
        return latest, len(live) < len(alike)

    async def send(self, pdf: bytes, title: str, *, copies: int, two_sided: bool, media: str) -> int:
        """Print-Job; the number of the new job."""
        answer = await self._line.ask(
            IppOperation.PRINT_JOB,
            {"job-name": title, "document-format": PDF, "ipp-attribute-fidelity": False},
            job={
                "copies": copies,
                "media": media,
                "sides": TWO_SIDED if two_sided else "one-sided",
                "print-scaling": "fit",
            },
            document=pdf,
            session=self._session,
        )
        number = answer.first(IppTag.JOB).number("job-id")
        if number is None:
            raise Garbled(protocol="ipp", why="no job-id")
        return number

    async def report(self, job: Job) -> JobReport:
        """Where the job stands; `gone` when the printer does not know it."""
        if job.number is None:
            return JobReport(job, JobState.GONE)
        asked = {"job-id": job.number, "requested-attributes": list(_JOB_ATTRIBUTES)}
        try:
            answer = await self.ask(IppOperation.GET_JOB_ATTRIBUTES, asked)
        except StatusRefused as refusal:
            if refusal.status in _FORGOTTEN:
                return JobReport(job, JobState.GONE)
            raise
        return parse_job(answer.first(IppTag.JOB), job)

    async def cancel(self, number: int) -> None:
        """Take a job away, unless it is over."""
        try:
            await self.ask(IppOperation.CANCEL_JOB, {"job-id": number})
        except StatusRefused as refusal:
            if refusal.status not in (*_FORGOTTEN, IppStatus.ERROR_NOT_POSSIBLE):
                raise

    async def purge(self, about: Group, spared: Sent, *, everybodys: bool) -> int:
        """Take away unfinished jobs, but for those in `spared`; how many there were.

        Purge-Jobs, which wipes the history as well, is only used on a queue that is all ours, and only where
        nothing is spared; a printer that lacks or forbids it gets one Cancel-Job for each.
        """
        waiting = await self.jobs("not-completed", everybodys=everybodys)
        old = [job for job in waiting if not _is_among(job, spared)]
        if everybodys and len(old) == len(waiting) and can(about, IppOperation.PURGE_JOBS):
            try:
                await self.ask(IppOperation.PURGE_JOBS, {"purge-jobs": True})
            except StatusRefused as refusal:
                if (
                    refusal.condition is not Condition.BAD_COMMAND
                ):  # CUPS asks for an administrator by default
                    raise
            else:
                return len(old)
        for number in (job.number("job-id") for job in old):
            if number is not None:
                await self.cancel(number)
        return len(old)

    async def accept_again(self, about: Group) -> None:
        """Let the queue take jobs. Raises `Refused` when it has no operation for it."""
        for operation in (IppOperation.ENABLE_PRINTER, IppOperation.CUPS_ACCEPT_JOBS):
            if can(about, operation):
                await self.ask(operation, {})
                return
        raise Refused(Condition.QUEUE_STOPPED, lacks="Enable-Printer")

    async def release(self, sent: Sent) -> None:
        """Let those of our jobs that are held go on."""
        for job in await self.jobs("not-completed"):
            number = job.number("job-id")
            if number is not None and _is_among(job, sent) and _state(job) is JobState.HELD:
                await self.ask(IppOperation.RELEASE_JOB, {"job-id": number})
