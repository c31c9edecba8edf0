"""Receipt printer that speaks ESC/POS: Epson TM, Citizen CT, Bixolon SRP, HPRT, Xprinter and the like.

Source: shared protocol notes, receipt_printer.md; section numbers below refer to it.
Proven on: emulator only.
"""

from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.errors import Condition, DeviceError, Garbled, Refused, TimedOut, Unreachable
from devices.receipt_printer import Sensors, Slip
from devices.receipt_printer.escpos_build import cut
from devices.receipt_printer.escpos_codec import PaperEnd, Question, parse_status
from devices.receipt_printer.escpos_line import PrinterLine
from devices.receipt_printer.escpos_slip import Encoding, Page, pieces
from devices.receipt_printer.glyphs import GlyphBook, MissingFont
from devices.status import Capabilities, Status, Supply
from devices.wire import open_wire
from ground.clock import Clock

_END_MARKER = b"\x1dr\x01"  # GS r 1 is worked off in its turn, so its answer ends the job (§2, §6)
# §1. Both, because models know one or the other: the rest of a slip must never come out for the next citizen.
_RECOVER_AND_CLEAR = b"\x10\x05\x02"
_CLEAR_BUFFER = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # parameters after Epson's ESC/POS reference [M]
_MAKER, _MODEL = 66, 67  # GS I (§2)
_STATUS_WHOLE_S = 0.5  # the kind's promise for `status`
_POLL_S = 0.25  # between two looks at a printer that is printing; chosen
_BATCH_BYTES = 1024  # sent between two looks; a quarter of the smallest buffer in use, 4 kB


class EscposSettings(BaseModel):
    """Where the printer is and what it can do; probed once at commissioning (docs/devices/escpos.md)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["escpos"] = "escpos"
    url: str
    baud: int = 115200
    width_dots: Literal[384, 576] = 576  #: 384 for 58 mm paper, 576 for 80 mm
    encoding: Encoding = "gb18030"  #: "raster" draws every line, for printers without Chinese
    qr: Literal["native", "raster"] = "native"
    cut: Literal["full", "partial"] = "full"
    paper_end: PaperEnd = "both"  #: "bit5" for kiosk units whose bit 6 is the presenter (§1)
    questions: tuple[Question, ...] = (1, 4, 2, 3)  #: which DLE EOT it answers; the weightiest first
    font_file: Path = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")  #: draws rare characters
    fallback_font_file: Path | None = Path("/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf")
    timeout_s: float = Field(default=0.3, gt=0, le=5)  #: for one status byte
    silence_s: float = Field(
        default=3.0, gt=0, le=60
    )  #: of a printer that is printing, until it counts as gone
    job_timeout_s: float = Field(default=30.0, gt=0, le=300)  #: for one slip, from first byte to idle

    @property
    def page(self) -> Page:
        """What a slip is laid out for."""
        return Page(self.width_dots, self.encoding, self.qr, self.cut)


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
        line = PrinterLine(open_wire(self._settings.url, self._settings.baud), self._clock)
        try:
            line.settle()
            if line.ask(1, self._settings.timeout_s) is None:
                raise (Garbled if line.noise else TimedOut)(url=self._settings.url, asked="DLE EOT 1")
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
        if not self._identity:
            told = [self._opened().name(which, self._settings.timeout_s) for which in (_MAKER, _MODEL)]
            self._identity = " ".join(filter(None, told)) or self._settings.url
        return self._identity

    def status(self) -> Status:
        sensors = self.sensors()
        if sensors.online is None:
            raise TimedOut(url=self._settings.url, asked="status")
        return sensors.status

    def capabilities(self) -> Capabilities:
        asked = self._settings
        return {
            "width_dots": asked.width_dots,
            "encoding": asked.encoding,
            "qr": asked.qr,
            "cut": asked.cut,
            "questions": list(asked.questions),
        }

    def sensors(self) -> Sensors:
        line, answers = self._opened(), dict[Question, int]()
        whole = self._clock.after(max(_STATUS_WHOLE_S, self._settings.timeout_s))
        line.settle()
        for question in self._settings.questions:
            if self._clock.due(whole):
                break
            answer = line.ask(question, min(self._settings.timeout_s, self._clock.left(whole)))
            if answer is None:  # its late answer would be taken for the next question's
                break
            answers[question] = answer
        return parse_status(answers, self._settings.paper_end)

    def print(self, slip: Slip) -> None:
        line, settings = self._opened(), self._settings
        before = self.sensors()
        if before.cutter_error:  # the error stands, even after the knife was freed, until the printer is told
            line.send(_RECOVER_AND_CLEAR)
            before = self.sensors()
        if before.online is None:
            raise TimedOut(url=settings.url, asked="status")
        _refuse(before, _STOPS_BEFORE)
        job = pieces(slip, settings.page, self._fonts())
        if self._left_behind:
            job.insert(
                0, cut(settings.cut)
            )  # what a stopped slip left on the paper is not the next citizen's
        deadline = self._clock.after(settings.job_timeout_s)
        self._left_behind = True
        try:
            self._send(job, deadline)
            self._await_end(deadline)
        except DeviceError:
            self._abandon(line)
            raise
        self._left_behind = False
        if self.sensors().paper is Supply.OUT:
            raise Refused(Condition.PAPER_OUT, after="slip")

    def _send(self, job: list[bytes], deadline: float) -> None:
        line, sent = self._opened(), 0
        for piece in job:
            line.send(piece)
            sent += len(piece)
            if sent >= _BATCH_BYTES:
                sent = 0
                self._watch()
            while line.stopped:
                self._watch()
                if not line.wait_for_go(_POLL_S) and self._clock.due(deadline):
                    self._give_up("XON")

    def _await_end(self, deadline: float) -> None:
        line = self._opened()
        line.send_marker(_END_MARKER)
        while not line.marker(_POLL_S):
            self._watch()
            if self._clock.due(deadline):
                self._give_up("GS r 1")

    def _watch(self) -> None:
        """Look at a printer at work. Raises what stopped it, and `TimedOut` once it was silent too long."""
        line = self._opened()
        now = self.sensors()
        _refuse(now, _STOPS_DURING)
        if now.online is None and self._clock.instant() - line.heard_at > self._settings.silence_s:
            raise TimedOut(url=self._settings.url, asked="status while printing")

    def _give_up(self, waiting_for: str) -> None:
        _refuse(self.sensors(), _STOPS_BEFORE)
        raise TimedOut(url=self._settings.url, asked=waiting_for)

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


_STOPS_BEFORE: Final = (
    Condition.COVER_OPEN,
    Condition.PAPER_OUT,
    Condition.CUTTER,
    Condition.UNRECOVERABLE,
    Condition.OVERHEATED,
    Condition.OFFLINE,
)
# a head that is hot cools down, and "offline" alone may last a moment: these end a slip only by its deadline
_STOPS_DURING: Final = _STOPS_BEFORE[:4]


def _refuse(sensors: Sensors, stops: tuple[Condition, ...]) -> None:
    """Raise the first of `stops` that holds."""
    for condition in sensors.conditions:
        if condition in stops:
            raise Refused(condition)
