"""Page printer that speaks IPP, as a terminal sees it: a driverless printer, or a queue of CUPS with the right knobs.

Requests are read by the driver's parser, though pyipp has written them; answers are written by its inverse. The
driver is tested against Debian's ippeveprinter as well, which shares nothing with either.
"""

import threading
from collections.abc import Mapping
from typing import ClassVar, Final

from pyipp.enums import IppJobState, IppOperation, IppPrinterState, IppStatus, IppTag

from devices.emulators.http_service import Asked, HttpServiceEmulator, Told
from devices.emulators.ipp_engine import Engine, EngineJob
from devices.errors import Garbled
from devices.page_printer import JobState
from devices.page_printer.ipp_message import Attribute, Group, Message, Value, format_message, parse_message
from ground.clock import Clock

_PATH: Final = "/ipp/print"
_OLD: Final = "old-"
_OLD_PDF: Final = b"%PDF-1.4\n1 0 obj <</Type /Page>> endobj\n%%EOF\n"
_DRIVERLESS: Final = (
    IppOperation.PRINT_JOB,
    IppOperation.VALIDATE_JOB,
    IppOperation.CANCEL_JOB,
    IppOperation.GET_JOB_ATTRIBUTES,
    IppOperation.GET_JOBS,
    IppOperation.GET_PRINTER_ATTRIBUTES,
)
_QUEUE: Final = (
    IppOperation.RELEASE_JOB,
    IppOperation.RESUME_PRINTER,
    IppOperation.PAUSE_PRINTER,
    IppOperation.PURGE_JOBS,
    IppOperation.ENABLE_PRINTER,
    IppOperation.DISABLE_PRINTER,
)
_STATES: Final[Mapping[JobState, IppJobState]] = {
    JobState.PENDING: IppJobState.PENDING,
    JobState.HELD: IppJobState.HELD,
    JobState.PROCESSING: IppJobState.PROCESSING,
    JobState.STOPPED: IppJobState.STOPPED,
    JobState.CANCELED: IppJobState.CANCELED,
    JobState.ABORTED: IppJobState.ABORTED,
    JobState.COMPLETED: IppJobState.COMPLETED,
}


_JOB_REASONS: Final[Mapping[JobState, str]] = {
    JobState.HELD: "job-hold-until-specified",
    JobState.PROCESSING: "job-printing",
    JobState.STOPPED: "printer-stopped",
    JobState.CANCELED: "job-canceled-by-user",
    JobState.ABORTED: "aborted-by-system",
    JobState.COMPLETED: "job-completed-successfully",
}
_PHYSICS: Final = (
    "paper",
    "toner",
    "jam",
    "cover_open",
    "offline",
    "stopped",
    "accepting",
    "slow",
    "pauses",
    "starts_over",
    "forgets",
)


class IppEmulator(HttpServiceEmulator, Engine):
    """A printer on 127.0.0.1, unplugged until `start`. What comes out lies in `tray` and `documents`."""

    knobs: ClassVar[tuple[str, ...]] = (
        *_PHYSICS,
        "busy",
        "counts",
        "shows_names",
        "queue",
        "allows_admin",
        "takes_pdf",
        "old_jobs",
        "mute",
    )

    def __init__(self, clock: Clock, port: int = 0) -> None:
        self._guard = threading.RLock()
        HttpServiceEmulator.__init__(self, clock, port)
        Engine.__init__(self, clock)
        self.busy = False  #: refuses new documents for now
        self.counts = True  #: tells how much of a job came out
        self.shows_names = True  #: tells the names of jobs; some printers keep them to themselves
        self.queue = True  #: has CUPS's operations: resume, release, purge, enable
        self.allows_admin = True  #: lets everybody use them; CUPS does only when told to
        self.takes_pdf = True  #: prints PDF, not only rasters
        self.asked: list[IppOperation] = []  #: every operation that was asked for

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _PHYSICS or not hasattr(self, "_due"):
            super().__setattr__(name, value)
            return
        with self._guard:  # what was due before the change has come out before it
            self.advance()
            super().__setattr__(name, value)
            self.advance()

    @property
    def url(self) -> str:
        """Where the driver finds it."""
        return super().url.replace("http://", "ipp://") + _PATH

    @property
    def documents(self) -> tuple[EngineJob, ...]:
        """The jobs that came out whole and are remembered, with their PDFs."""
        with self._guard:
            self.advance()
            return tuple(job for job in self.jobs if job.state is JobState.COMPLETED)

    @property
    def old_jobs(self) -> int:
        """How many jobs from before the terminal's last start wait in the queue."""
        with self._guard:
            return sum(job.title.startswith(_OLD) for job in self.unfinished())

    @old_jobs.setter
    def old_jobs(self, count: int) -> None:
        with self._guard:
            for job in [job for job in self.unfinished() if job.title.startswith(_OLD)]:
                job.state = JobState.CANCELED
            for number in range(count):
                self.leave(f"{_OLD}{number}")

    def leave(self, title: str, user: str = "kiosk") -> EngineJob:
        """Put a held job into the queue, as a visit before a power cut does."""
        with self._guard:
            job = self.add(title, user, _OLD_PDF)
            job.state = JobState.HELD
            return job

    def answer(self, asked: Asked) -> Told:
        """Work a request off."""
        try:
            request = parse_message(asked.body)
        except Garbled:
            return Told(status=400)
        if asked.path != _PATH:
            return Told(status=404)
        with self._guard:
            self.advance()
            status, groups = self._perform(request)
            self.advance()
        head = Group(
            IppTag.OPERATION,
            (
                Attribute("attributes-charset", IppTag.CHARSET, ("utf-8",)),
                Attribute("attributes-natural-language", IppTag.LANGUAGE, ("en",)),
            ),
        )
        told = Message(status, request.request_id, (head, *groups), version=request.version)
        return Told(format_message(told), content_type="application/ipp")

    @property
    def _operations(self) -> tuple[IppOperation, ...]:
        return _DRIVERLESS + (_QUEUE if self.queue else ())

    def _perform(self, request: Message) -> tuple[int, tuple[Group, ...]]:
        if request.code not in self._operations:
            return IppStatus.ERROR_OPERATION_NOT_SUPPORTED, ()
        operation = IppOperation(request.code)
        self.asked.append(operation)
        if operation in _QUEUE and operation is not IppOperation.RELEASE_JOB and not self.allows_admin:
            return IppStatus.ERROR_NOT_AUTHORIZED, ()
        target = request.first(IppTag.OPERATION)
        match operation:
            case IppOperation.GET_PRINTER_ATTRIBUTES:
                return IppStatus.OK, (self._about(target.words("requested-attributes")),)
            case IppOperation.GET_JOBS:
                return IppStatus.OK, tuple(self._told(job) for job in self._chosen(target))
            case IppOperation.PRINT_JOB | IppOperation.VALIDATE_JOB:
                return self._take(request, target)
            case IppOperation.GET_JOB_ATTRIBUTES | IppOperation.CANCEL_JOB | IppOperation.RELEASE_JOB:
                return self._about_a_job(operation, target)
            case _:
                self._steer(operation)
                return IppStatus.OK, ()

    def _take(self, request: Message, target: Group) -> tuple[int, tuple[Group, ...]]:
        if self.busy:
            return IppStatus.ERROR_BUSY, ()
        if not self.accepting:
            return IppStatus.ERROR_NOT_ACCEPTING_JOBS, ()
        if target.word("document-format") not in self._formats:
            return IppStatus.ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, ()
        if request.code == IppOperation.VALIDATE_JOB:
            return IppStatus.OK, ()
        wishes = request.first(IppTag.JOB)
        job = self.add(
            target.word("job-name"),
            target.word("requesting-user-name"),
            request.document,
            copies=wishes.number("copies") or 1,
            two_sided=wishes.word("sides").startswith("two-sided"),
        )
        return IppStatus.OK, (self._told(job),)

    def _about_a_job(self, operation: IppOperation, target: Group) -> tuple[int, tuple[Group, ...]]:
        job = next((job for job in self.jobs if job.number == target.number("job-id")), None)
        if job is None:
            return IppStatus.ERROR_NOT_FOUND, ()
        if operation is IppOperation.GET_JOB_ATTRIBUTES:
            return IppStatus.OK, (self._told(job),)
        held = operation is IppOperation.RELEASE_JOB
        if job.state.over or (held and job.state is not JobState.HELD):
            return IppStatus.ERROR_NOT_POSSIBLE, ()
        job.state = JobState.PENDING if held else JobState.CANCELED
        return IppStatus.OK, ()

    def _steer(self, operation: IppOperation) -> None:
        match operation:
            case IppOperation.RESUME_PRINTER:
                self.stopped = False
            case IppOperation.PAUSE_PRINTER:
                self.stopped = True
            case IppOperation.ENABLE_PRINTER:
                self.accepting = True
            case IppOperation.DISABLE_PRINTER:
                self.accepting = False
            case _:
                self.jobs.clear()

    def _chosen(self, target: Group) -> list[EngineJob]:
        over = target.word("which-jobs") == "completed"
        user = target.word("requesting-user-name") if target.flag("my-jobs") else None
        chosen = [job for job in self.jobs if job.state.over == over and user in (None, job.user)]
        return chosen[: target.number("limit")]

    @property
    def _formats(self) -> tuple[str, ...]:
        return ("image/urf", "image/pwg-raster", *(("application/pdf",) if self.takes_pdf else ()))

    def _told(self, job: EngineJob) -> Group:
        attributes = [
            Attribute("job-id", IppTag.INTEGER, (job.number,)),
            Attribute("job-uri", IppTag.URI, (f"{self.url}/{job.number}",)),
            Attribute("job-name", IppTag.NAME, (job.title,)),
            Attribute("job-state", IppTag.ENUM, (int(_STATES[job.state]),)),
            Attribute("job-state-reasons", IppTag.KEYWORD, (_JOB_REASONS.get(job.state, "none"),)),
        ]
        if not self.shows_names:
            attributes = [each for each in attributes if each.name != "job-name"]
        if self.counts:
            attributes += [
                Attribute("job-impressions-completed", IppTag.INTEGER, (job.impressions,)),
                Attribute("job-media-sheets-completed", IppTag.INTEGER, (job.sheets_out,)),
            ]
        return Group(IppTag.JOB, tuple(attributes))

    def _about(self, wanted: tuple[str, ...]) -> Group:
        everything: dict[str, tuple[IppTag, tuple[Value, ...]]] = {
            "printer-state": (IppTag.ENUM, (int(self._printer_state),)),
            "printer-state-reasons": (IppTag.KEYWORD, self.reasons),
            "printer-is-accepting-jobs": (IppTag.BOOLEAN, (self.accepting,)),
            "queued-job-count": (IppTag.INTEGER, (sum(1 for _ in self.unfinished()),)),
            "printer-make-and-model": (IppTag.TEXT, ("Emulated Page Printer",)),
            "printer-uuid": (IppTag.URI, ("urn:uuid:00000000-0000-4000-8000-0000000a4a4a",)),
            "operations-supported": (IppTag.ENUM, tuple(int(each) for each in self._operations)),
            "document-format-supported": (IppTag.MIME_TYPE, self._formats),
            "sides-supported": (IppTag.KEYWORD, ("one-sided", "two-sided-long-edge")),
            "media-supported": (IppTag.KEYWORD, ("iso_a4_210x297mm",)),
            "color-supported": (IppTag.BOOLEAN, (False,)),
            "marker-names": (IppTag.NAME, ("Black Toner", "Waste Toner Box")),
            "marker-types": (IppTag.KEYWORD, ("toner", "waste-toner")),
            "marker-levels": (IppTag.INTEGER, (self.toner, 0)),
            "marker-low-levels": (IppTag.INTEGER, (10, 0)),
        }
        if self.queue:
            policy = "stop-printer" if self.pauses else "retry-current-job"
            everything["printer-error-policy"] = (IppTag.NAME, (policy,))
        return Group(
            IppTag.PRINTER,
            tuple(
                Attribute(name, tag, values)
                for name, (tag, values) in everything.items()
                if name in wanted or not wanted
            ),
        )

    @property
    def _printer_state(self) -> IppPrinterState:
        if self.stopped or self.blocked:
            return IppPrinterState.STOPPED
        return IppPrinterState.IDLE if self.current is None else IppPrinterState.PROCESSING
