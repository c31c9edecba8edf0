"""An ESC/POS receipt printer: takes the bytes apart, draws the paper, answers, runs out, jams and cools down.

Source: shared protocol notes, receipt_printer.md §1 to §8. Commands that are known but change nothing on this
paper (tab stops, code pages, the drawer …) are taken and ignored; what is not known, and barcodes and column
pictures, which are not drawn, is kept in `unknown`.
"""

import re
import threading
from collections import deque
from pathlib import Path
from typing import ClassVar

from devices.emulators.base import SerialEmulator
from devices.emulators.escpos_commands import Command, CommandStream
from devices.emulators.escpos_interpreter import Font, Interpreter, cut_of
from devices.emulators.escpos_paper import DOTS_PER_MM, Cut, Paper, Ticket
from devices.receipt_printer import Sensors
from devices.receipt_printer.escpos_codec import (
    XOFF,
    XON,
    Presenter,
    Question,
    format_auto_status,
    format_full_status,
    format_paper_sensor,
    format_status,
)
from devices.receipt_printer.glyphs import GlyphBook
from devices.status import Supply
from ground.clock import Clock

FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf"),
)
NEAR_END_MM = 300.0  # of paper left on the roll
NEW_ROLL_MM = 50_000.0
_BUFFER_BYTES, _BUFFER_FREE_BYTES = 4096, 1024  # XOFF above the one, XON below the other
_REAL_TIME = re.compile(rb"\x10\x04[\x01-\x04]")
_NAMES = {65: b"1.00", 66: b"TIANMEN", 67: b"EMULATOR-80", 68: b"0001", 69: b"GB18030"}  # GS I, ours
_TYPES = {1: 0x02, 2: 0x03, 3: 0x01, 49: 0x02, 50: 0x03, 51: 0x01}  # GS I 2: two-byte characters and a knife
_FULL_STATUS = 0x14  # asked for as DLE EOT 20 (§1, KPM150-H)
_ALL_FINE = 0x12
_RETRACT, _EJECT = 2, 5  # GS e of Custom's presenters [M]
_CLEARED = b"\x37\x25\x00"  # answer to DLE DC4 8 [M]


class EscposEmulator(SerialEmulator):
    """A printer with a knife for 80 mm (576 dots) or 58 mm (384 dots) paper and a Chinese font.

    `tickets` are the slips that were cut off, `leftovers` what fell out uncut when the roll ended. With `out`
    set to a folder every ticket is written there: receipt.png and receipt.bin, then receipt-2.png and so on.
    """

    knobs: ClassVar[tuple[str, ...]] = (
        "paper_mm",
        "cover_open",
        "cutter_jam",
        "head_hot",
        "offline",
        "broken",
        "paper_jam",
        "ticket_waits",
        "presenter",
        "font",
        "ignores",
        "roll_sensor",
        "tells_end",
        "keeps_buffer",
        "mute",
    )

    def __init__(self, clock: Clock, *, width_dots: int = 576, speed_mm_s: float = 150.0) -> None:
        super().__init__(clock)
        self.paper_mm = NEW_ROLL_MM  #: left on the roll; goes down as it prints, 0 is out
        self.cover_open = False
        self.cutter_jam = False  #: the knife sticks at its next cut, until this is off and DLE ENQ came
        self.head_hot = False  #: prints on by itself when it has cooled
        self.offline = False
        self.broken = False  #: an unrecoverable error
        self.paper_jam = False  #: the paper does not go on
        self.presenter: Presenter = "none"  #: which of the known presenters it has, if any
        self.ticket_waits = False  #: in the presenter, until somebody takes it
        self.retracted: list[Ticket] = []  #: those that were taken back into the machine
        self.font: Font = "gb18030"  #: "gbk" has no four-byte characters, "none" no Chinese at all
        self.roll_sensor = True  #: False: answers DLE EOT 4 with 12h whatever happens, as clones do (§8)
        self.tells_end = True  #: False: does not know GS r
        self.keeps_buffer = False  #: prints on when the host went away, as with a power supply of its own
        self.speed_mm_s = speed_mm_s  #: 0 prints at once
        self.executes_in_data = False  #: as many printers do: obeys DLE EOT even inside a picture (§1)
        self.answers: tuple[int, ...] = (1, 2, 3, 4)  #: the DLE EOT questions it knows; clones lack some (§8)
        self.ignores = ""  #: the numbers of further questions to leave unanswered, e.g. "34"
        self.xon_xoff = False  #: software flow control
        self.out: Path | None = None
        self.unknown: list[bytes] = []
        self.tickets: list[Ticket] = []
        self.leftovers: list[Ticket] = []
        self._paper = Paper(width_dots, GlyphBook(FONTS), self._moved)
        self._stream = CommandStream()
        self._waiting: deque[Command] = deque()
        self._raw = bytearray()
        self._busy_until = clock.instant()
        self._knife_stuck = False
        self._torn = False
        self._told = b""  # the last ASB block, b"" while ASB is off
        self._halted = False
        self._interpreter = Interpreter(self._paper, self.unknown)
        self._turn = threading.RLock()

    def connected(self) -> None:
        super().connected()
        with self._turn:
            self._stream.reset()
            if not self.keeps_buffer:
                self._clear()

    def receive(self, data: bytes) -> None:
        if self.mute:
            return
        with self._turn:
            if self.executes_in_data:
                for match in _REAL_TIME.finditer(data):
                    self._answer_real_time(match.group()[2])
            self._work()
            for command in self._stream.feed(data):
                if command.name.startswith("DLE"):
                    self._real_time(command)
                else:
                    self._waiting.append(command)
            self._work()

    def take(self) -> bytes:
        with self._turn:
            if not self.mute:
                self._work()
        return super().take()

    def next_due(self) -> float | None:
        with self._turn:
            working = self._waiting and not self._stalled()
            times = [super().next_due(), self._busy_until if working else None]
        return min((time for time in times if time is not None), default=None)

    @property
    def sensors(self) -> Sensors:
        """What the printer would say of itself now."""
        near_end = Supply.LOW if self.paper_mm < NEAR_END_MM else Supply.FULL
        return Sensors(
            online=not self._stalled(),
            paper=Supply.OUT if self.paper_mm <= 0 else Supply.JAMMED if self.paper_jam else near_end,
            cover_open=self.cover_open,
            cutter_error=self._knife_stuck,
            overheated=self.head_hot,
            unrecoverable=self.broken,
            ticket_waits=None if self.presenter == "none" else self.ticket_waits,
        )

    @property
    def idle(self) -> bool:
        """Whether everything that came is printed."""
        return not self._waiting and self.clock.due(self._busy_until)

    @property
    def waiting_bytes(self) -> int:
        """How much of what came is not printed yet."""
        return sum(len(command.raw) for command in self._waiting)

    def last_png(self, path: Path) -> None:
        """Write the last ticket to `path`, and its bytes beside it. Raises IndexError when none came."""
        self.tickets[-1].save(path)

    def _work(self) -> None:
        """Print what can be printed by now."""
        if self.paper_mm > 0:
            self._torn = False
        if not self._waiting or self._stalled():  # what comes next starts now, not when the last thing ended
            self._busy_until = max(self._busy_until, self.clock.instant())
        while self._waiting and not self._stalled() and self.clock.due(self._busy_until):
            if cut_of(self._waiting[0]) and self.cutter_jam:
                self._knife_stuck = True
                break
            self._execute(self._waiting.popleft())
        self._push()

    def _execute(self, command: Command) -> None:
        match command.name:
            case "GS r" if not self.tells_end:
                pass
            case "GS e" if self.presenter != "none":
                self._present(command.body[0])
            case "GS r":
                self.say(
                    bytes((format_paper_sensor(self.sensors) if command.body in (b"\x01", b"1") else 0,))
                )
            case "GS I":
                self._tell(command.body[0])
            case "GS a":
                self._told = format_auto_status(self.sensors) if command.body[0] else b""
                self.say(self._told)
            case _:
                if command.name == "ESC @":
                    self._told = b""
                self._raw += command.raw
                self._interpreter.font = self.font
                self._interpreter.execute(command)
                if cut := cut_of(command):
                    self._come_off(cut)

    def _tell(self, which: int) -> None:
        if which in _NAMES:
            self.say(b"\x5f" + _NAMES[which] + b"\x00")
        else:
            self.say(bytes((_TYPES.get(which, 0),)))

    def _present(self, how: int) -> None:
        if how == _RETRACT and self.ticket_waits:
            self.retracted.append(self.tickets[-1])
        if how in (_RETRACT, _EJECT):
            self.ticket_waits = False

    def _stalled(self) -> bool:
        faults = (
            self.offline,
            self.cover_open,
            self.head_hot,
            self.broken,
            self.paper_jam,
            self._knife_stuck,
        )
        return any(faults) or self.paper_mm <= 0

    def _push(self) -> None:
        if self._told and (block := format_auto_status(self.sensors)) != self._told:
            self._told = block
            self.say(block)
        if self.xon_xoff and self.waiting_bytes > _BUFFER_BYTES and not self._halted:
            self._halted = True
            self.say(bytes((XOFF,)))
        elif self._halted and self.waiting_bytes < _BUFFER_FREE_BYTES:
            self._halted = False
            self.say(bytes((XON,)))

    def _moved(self, dots: int) -> None:
        mm = dots / DOTS_PER_MM
        self.paper_mm = max(0.0, self.paper_mm - mm)
        if self.speed_mm_s:
            self._busy_until += mm / self.speed_mm_s
        if self.paper_mm <= 0 and not self._torn:
            self._torn = True
            self._come_off("torn")

    def _real_time(self, command: Command) -> None:
        match command.raw[1], command.body[0]:
            case 0x04, question if not self.executes_in_data:
                self._answer_real_time(question)
            case 0x05, 1:
                self._recover()
            case 0x05, 2:
                self._recover()
                self._clear()
            case 0x14, 8:
                self._clear()
                self.say(_CLEARED)

    def _answer_real_time(self, asked: int) -> None:
        if asked == _FULL_STATUS and self.presenter == "kpm150":
            self.say(format_full_status(self.sensors))
        if asked not in (1, 2, 3, 4) or asked not in self.answers or str(asked) in self.ignores:
            return
        question: Question = asked  # type: ignore[assignment]
        told = format_status(self.sensors, self.presenter)[question]
        self.say(bytes((told if question != 4 or self.roll_sensor else _ALL_FINE,)))

    def _recover(self) -> None:
        if not self.cutter_jam:
            self._knife_stuck = False

    def _clear(self) -> None:
        self._waiting.clear()
        self._paper.forget_line()

    def _come_off(self, cut: Cut) -> None:
        ticket = self._paper.take(bytes(self._raw), cut)
        self._raw.clear()
        if ticket is None:
            return
        if cut == "torn":
            self.leftovers.append(ticket)
            return
        self.tickets.append(ticket)
        self.ticket_waits = self.presenter != "none"
        if self.out is not None:
            number = "" if len(self.tickets) == 1 else f"-{len(self.tickets)}"
            self.last_png(self.out / f"receipt{number}.png")
