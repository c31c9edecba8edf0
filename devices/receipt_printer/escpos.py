"""Receipt printer that speaks ESC/POS: Epson TM, Citizen CT, Bixolon SRP, HPRT, Xprinter and the like.

Source: shared protocol notes, receipt_printer.md; section numbers below refer to it.
Proven on: emulator only.
"""

from collections.abc import Callable
from dataclasses import replace

from devices.errors import Condition, DeviceError, Garbled, Refused, TimedOut, Unreachable
from devices.receipt_printer import Sensors, Slip, nobody_asks, note_came_out
from devices.receipt_printer.escpos_build import cut
from devices.receipt_printer.escpos_codec import Question, add_full_status, parse_status
from devices.receipt_printer.escpos_line import PrinterLine
from devices.receipt_printer.escpos_run import Run, refuse
from devices.receipt_printer.escpos_settings import EscposSettings
from devices.receipt_printer.escpos_slip import pieces
from devices.receipt_printer.glyphs import GlyphBook, MissingFont
from devices.status import Capabilities, State, Status, Supply
from devices.wire import open_wire
from ground.clock import Clock

__all__ = ["EscposPrinter", "EscposSettings"]

# §1. Both, because models know one or the other: the rest of a slip must never come out for the next citizen.
_RECOVER_AND_CLEAR = b"\x10\x05\x02"
_CLEAR_BUFFER = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # parameters after Epson's ESC/POS reference [M]
_MAKER, _MODEL = 66, 67  # GS I (§2)
_STATUS_WHOLE_S = 0.5  # the kind's promise for `status`
_RETRACT_S, _RETRACT_POLL_S = 5.0, 0.25  # for taking a ticket back into the machine; chosen


class EscposPrinter:
    """An ESC/POS printer that is asked before it prints and believed only when it says that it is done."""

    def __init__(self, settings: EscposSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._line: PrinterLine | None = None
        self._glyphs: GlyphBook | None = None  # kept over a reopening: fonts are slow to read
        self._identity = ""
        self._left_behind = False

    def open(self) -> None:
        if self._line is not None:
            return
        self._fonts()
        settings = self._settings
        line = PrinterLine(
            open_wire(settings.url, settings.baud), self._clock, full_status=settings.presenter == "kpm150"
        )
        try:
            line.settle()
            if settings.answers and line.ask(settings.questions[0], settings.timeout_s) is None:
                asked = f"DLE EOT {settings.questions[0]}"
                raise (Garbled if line.noise else TimedOut)(url=settings.url, asked=asked)
        except DeviceError:
            line.close()
            raise
        self._line = line

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None
        self._identity = ""

    def identity(self) -> str:
        line = self._opened()
        if not self._identity:
            asked = (_MAKER, _MODEL) if self._settings.answers else ()
            told = [line.name(which, self._settings.timeout_s) for which in asked]
            self._identity = " ".join(filter(None, told)) or self._settings.url
        return self._identity

    def status(self) -> Status:
        sensors = self.sensors()
        if not self._settings.answers:  # its port takes bytes; there is no more to know
            return Status(State.ONLINE, None, {"paper": Supply.UNKNOWN})
        if sensors.online is None:
            raise TimedOut(url=self._settings.url, asked="status")
        status = sensors.status
        if status.condition is Condition.TICKET_WAITS and self._settings.retract:
            return replace(status, state=State.ONLINE)  # taken back when the next slip is to come
        return status

    def capabilities(self) -> Capabilities:
        asked = self._settings
        return {
            "width_dots": asked.width_dots,
            "encoding": asked.encoding,
            "qr": asked.qr,
            "cut": asked.cut,
            "presenter": asked.presenter,
            "questions": list(asked.questions),
        }

    def sensors(self) -> Sensors:
        line, settings, answers = self._opened(), self._settings, dict[Question, int]()
        whole = self._clock.after(max(_STATUS_WHOLE_S, settings.timeout_s))
        line.settle()
        for question in settings.questions:
            if self._clock.due(whole):
                break
            answer = line.ask(question, min(settings.timeout_s, self._clock.left(whole)))
            if answer is None:  # its late answer would be taken for the next question's
                break
            answers[question] = answer
        sensors = parse_status(answers, settings.paper_end, settings.presenter)
        if answers and 1 not in settings.questions:
            sensors = replace(sensors, online=True)  # it never says more than that it is there
        if settings.presenter == "kpm150" and len(answers) == len(settings.questions):
            full = line.full_status(min(settings.timeout_s, self._clock.left(whole)))
            sensors = sensors if full is None else add_full_status(sensors, full)
        return sensors

    def clear(self) -> None:
        line = self._opened()
        self._left_behind = True
        line.send(_RECOVER_AND_CLEAR + _CLEAR_BUFFER)

    def print(self, slip: Slip, begin: Callable[[], None] = nobody_asks) -> None:
        try:
            self._make_ready()
            job = self._job(slip)
        except DeviceError as error:
            note_came_out(error, "nothing")
            raise
        begin()
        self._left_behind = True
        self._put_out(job)
        self._left_behind = False
        try:
            if self.sensors().paper is Supply.OUT:
                raise Refused(Condition.PAPER_OUT, after="slip")
        except DeviceError as error:
            note_came_out(error, "all")
            raise

    def _make_ready(self) -> None:
        """Raise whatever keeps a slip from being begun."""
        line, before = self._opened(), self.sensors()
        if before.cutter_error:  # the error stands, even after the knife was freed, until the printer is told
            line.send(_RECOVER_AND_CLEAR)
            before = self.sensors()
        if before.online is None and self._settings.answers:
            raise TimedOut(url=self._settings.url, asked="status")
        refuse(before)
        if before.ticket_waits:
            self._retract(line)

    def _retract(self, line: PrinterLine) -> None:
        """The last citizen's slip must not be handed to the next one."""
        command = bytes.fromhex(self._settings.retract)
        if command:
            line.send(command)
        deadline = self._clock.after(_RETRACT_S if command else 0.0)
        while self.sensors().ticket_waits:
            if self._clock.due(deadline):
                raise Refused(Condition.TICKET_WAITS)
            self._clock.wait(_RETRACT_POLL_S)

    def _job(self, slip: Slip) -> list[bytes]:
        settings = self._settings
        job = pieces(slip, settings.page, self._fonts())
        if settings.eject:
            job.append(bytes.fromhex(settings.eject))
        if self._left_behind:  # what a stopped slip left on the paper is not the next citizen's
            job.insert(0, cut(settings.cut))
        return job

    def _put_out(self, job: list[bytes]) -> None:
        line = self._opened()
        run = Run(line, self._settings, self._clock, self.sensors)
        try:
            run.send(job)
            run.await_end(job)
        except DeviceError as error:
            # a printer that says what stopped it has not finished; one that went silent may have, or may yet
            note_came_out(error, "part" if isinstance(error, Refused) else "unknown")
            self._abandon(line)
            raise

    def _abandon(self, line: PrinterLine) -> None:
        try:
            line.send(_RECOVER_AND_CLEAR + _CLEAR_BUFFER)
        except Unreachable:  # the error that ended the slip is the one to report
            return

    def _fonts(self) -> GlyphBook:
        if self._glyphs is not None:
            return self._glyphs
        files = [self._settings.font_file, self._settings.fallback_font_file]
        try:
            self._glyphs = GlyphBook([path for path in files if path is not None])
        except MissingFont as error:
            raise Refused(
                Condition.OUT_OF_SERVICE,
                missing_font=str(error.path),
                debian_packages="fonts-noto-cjk fonts-babelstone-han",
            ) from error
        return self._glyphs

    def _opened(self) -> PrinterLine:
        if self._line is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._line
