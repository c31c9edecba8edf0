"""A4 printer that speaks IPP: a driverless printer (IPP Everywhere, AirPrint, ipp-usb) or a queue of CUPS.

Source: shared protocol notes, others.md section 1; RFC 8010, RFC 8011 (IPP/1.1), PWG 5100.12 (IPP 2.0).
Proven on: emulator only (ours, and Debian's ippeveprinter).
"""

import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from pyipp.enums import IppOperation, IppPrinterState

from devices.errors import Condition, Refused, Unreachable
from devices.page_printer import Job, JobReport
from devices.page_printer.ipp_line import IppLine, NeverSent, within
from devices.page_printer.ipp_message import Group
from devices.page_printer.ipp_queue import PDF, TWO_SIDED, IppQueue, can
from devices.page_printer.ipp_settings import IppSettings as IppSettings
from devices.page_printer.ipp_status import STATUS_ATTRIBUTES, parse_printer_status
from devices.status import Capabilities, Status
from ground.clock import Clock

_OPENING_ATTRIBUTES: Final = (
    *STATUS_ATTRIBUTES,
    "printer-make-and-model",
    "printer-uuid",
    "operations-supported",
    "document-format-supported",
    "sides-supported",
    "media-supported",
    "color-supported",
    "printer-error-policy",
)
_MOST_COPIES: Final = 99  # a slip of the finger, not a wish; chosen
# our own numbers look like this; what could be a person's name or a resident's number is never sent
_TITLE: Final = re.compile(r"(?!.*(?<!\d)\d{17}[\dXx](?![\dXx]))[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
Told = TypeVar("Told")


class IppPrinter:
    """Implements `devices.page_printer.PagePrinter`. One thread at a time."""

    def __init__(self, settings: IppSettings, _clock: Clock) -> None:
        self._settings = settings
        self._line = IppLine(settings.url, settings.user, verify_tls=settings.verify_tls)
        self._about: Group | None = None  # what the printer said at `open`
        self._purged = False
        self._sent: dict[str, int | None] = {}  # title → number; None while nobody has told it

    def open(self) -> None:
        """Ask what it is, refuse what prints no PDF, and the first time take old jobs away."""

        async def talk(queue: IppQueue) -> Group:
            about = await queue.attributes(_OPENING_ATTRIBUTES)
            formats = about.words("document-format-supported")
            if formats and PDF not in formats:
                raise Refused(Condition.OUT_OF_SERVICE, lacks=PDF)
            if self._settings.purge_at_open and not self._purged:
                await self._purge(queue, about)
            return about

        self._about = self._talk(talk)
        self._purged = True

    def close(self) -> None:
        """Let go. Nothing is held between two calls."""
        self._about = None

    def identity(self) -> str:
        """Model and UUID; without them the URL."""
        about = self._opened()
        named = (about.word("printer-make-and-model"), about.word("printer-uuid"))
        return " ".join(word for word in named if word) or self._settings.url

    def status(self) -> Status:
        """How the printer fares, asked now."""
        self._opened()
        return parse_printer_status(self._talk(lambda queue: queue.attributes(STATUS_ATTRIBUTES)))

    def capabilities(self) -> Capabilities:
        """As told at `open`."""
        about = self._about
        if about is None:
            return {"formats": [PDF], "media": self._settings.media}
        return {
            "model": about.word("printer-make-and-model") or None,
            "formats": list(about.words("document-format-supported")),
            "media": self._settings.media,
            "media_known": self._settings.media in about.words("media-supported"),
            "two_sided": TWO_SIDED in about.words("sides-supported"),
            "color": about.flag("color-supported"),
            "resume": can(about, IppOperation.RESUME_PRINTER),
            "release_jobs": can(about, IppOperation.RELEASE_JOB),
            "purge_history": can(about, IppOperation.PURGE_JOBS),
            "error_policy": about.word("printer-error-policy") or None,
        }

    def submit(self, pdf: bytes, title: str, *, copies: int = 1, two_sided: bool = False) -> Job:
        """Hand the document over, unless the printer has it already.

        When this driver has sent the title before and the printer knows nothing of it now, the job comes back as it
        was, without a number if the answer was lost: whether it came out is not known, so it is not sent again.
        """
        about = self._opened()
        self._check(pdf, title, copies)
        both = two_sided and TWO_SIDED in about.words("sides-supported")

        async def talk(queue: IppQueue) -> int | None:
            live, died = await queue.named(title)
            if live is not None:
                return live
            if title in self._sent and not died:
                return self._sent[title]
            self._sent[title] = None
            try:
                return await queue.send(pdf, title, copies=copies, two_sided=both, media=self._settings.media)
            except (NeverSent, Refused):
                del self._sent[title]
                raise

        number = self._talk(talk, self._settings.submit_timeout_s)
        self._sent[title] = number
        return Job(title, number, both)

    def follow(self, job: Job) -> JobReport:
        """Where the job stands; `gone` when the printer has forgotten it."""
        self._opened()
        return self._talk(lambda queue: queue.report(job))

    def cancel(self, job: Job) -> None:
        """Take it away, unless it is over. What has its number and another name is left alone."""
        self._opened()

        async def talk(queue: IppQueue) -> None:
            report = await queue.report(job)
            if job.number is not None and not report.state.over:
                await queue.cancel(job.number)

        self._talk(talk)

    def purge(self) -> int:
        """Take away the unfinished jobs that are not of this driver; how many there were."""
        about = self._opened()
        return self._talk(lambda queue: self._purge(queue, about))

    def resume(self) -> None:
        """Let the queue go on and take jobs again, and release our jobs that are held."""
        about = self._opened()

        async def talk(queue: IppQueue) -> None:
            printer = await queue.attributes(STATUS_ATTRIBUTES)
            stopped = printer.number("printer-state") == IppPrinterState.STOPPED
            if stopped and not can(about, IppOperation.RESUME_PRINTER):
                raise Refused(parse_printer_status(printer).condition or Condition.QUEUE_STOPPED)
            if stopped:
                await queue.ask(IppOperation.RESUME_PRINTER, {})
            if printer.flag("printer-is-accepting-jobs") is False:
                await queue.accept_again(about)
            if can(about, IppOperation.RELEASE_JOB):
                await queue.release(self._sent)

        self._talk(talk)

    async def _purge(self, queue: IppQueue, about: Group) -> int:
        return await queue.purge(about, self._sent, everybodys=self._settings.whole_queue)

    def _talk(self, talk: Callable[[IppQueue], Awaitable[Told]], timeout_s: float | None = None) -> Told:
        return within(
            timeout_s or self._settings.timeout_s,
            self._settings.url,
            lambda session: talk(IppQueue(self._line, session)),
        )

    def _opened(self) -> Group:
        if self._about is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._about

    def _check(self, pdf: bytes, title: str, copies: int) -> None:
        if not pdf.startswith(b"%PDF-") or b"%%EOF" not in pdf[-1024:]:
            raise Refused(Condition.BAD_COMMAND, why="not a whole PDF")
        if len(pdf) > self._settings.largest_pdf_mb << 20:
            raise Refused(Condition.BAD_COMMAND, why="PDF too large", size_bytes=len(pdf))
        if not _TITLE.fullmatch(title):
            raise Refused(Condition.BAD_COMMAND, why="the title is not a job number")
        if not 1 <= copies <= _MOST_COPIES:
            raise Refused(Condition.BAD_COMMAND, why="too many copies, or none", copies=copies)
