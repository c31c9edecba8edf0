"""One client of the emulated scanner: its calls, its settings, the side that is just being scanned."""

import socket
import threading
from contextlib import suppress
from typing import Protocol

from devices.emulators import sane_wire as wire
from devices.emulators.sane_paper import Tray, scanned, size_px
from devices.emulators.sane_wire import Call, Descriptor, Kind, Unit, word
from ground.clock import Clock

_GLASS, _FRONT, _BOTH = "Flatbed", "ADF Front", "ADF Duplex"
_GOOD, _BUSY, _INVAL, _EOF, _JAMMED, _NO_DOCS, _COVER_OPEN = 0, 3, 4, 5, 6, 7, 8  # SANE_Status
_WIDEST_MM, _LONGEST_MM = 216.0, 356.0  # the usual feeder: US legal
_LOOK_S = 0.01  # how often a mute scanner looks whether it may speak again
_RECORD = 1 << 16  # bytes
_PATIENCE_S = 60.0  # for the client to fetch a side

OPTIONS = (
    Descriptor("mode", Kind.STRING, choices=("Gray", "Color")),
    Descriptor("source", Kind.STRING, choices=(_GLASS, _FRONT, _BOTH)),
    Descriptor("resolution", Kind.INT, Unit.DPI, (75, 100, 150, 200, 240, 300, 600)),
    Descriptor("tl-x", Kind.FIXED, Unit.MM, (0.0, _WIDEST_MM)),
    Descriptor("tl-y", Kind.FIXED, Unit.MM, (0.0, _LONGEST_MM)),
    Descriptor("br-x", Kind.FIXED, Unit.MM, (0.0, _WIDEST_MM)),
    Descriptor("br-y", Kind.FIXED, Unit.MM, (0.0, _LONGEST_MM)),
    Descriptor("page-loaded", Kind.BOOL, capability=wire.READ_ONLY),
    Descriptor("cover-open", Kind.BOOL, capability=wire.READ_ONLY),
)


class Physics(Protocol):
    """What a session must know of its scanner."""

    clock: Clock
    tray: Tray
    skew_deg: float
    backdrop: int
    jam_at: int
    cover_open: bool
    busy: bool
    page_s: float
    mute: bool


class Session:
    """Serves one control connection until the client leaves or the plug is pulled."""

    def __init__(self, scanner: Physics, line: socket.socket, ended: threading.Event) -> None:
        self._scanner = scanner
        self._line = line
        self._ended = ended
        self._values: dict[str, int | str] = {
            "mode": "Gray", "source": _GLASS, "resolution": 75,
            "tl-x": 0, "tl-y": 0, "br-x": wire.fixed(_WIDEST_MM), "br-y": wire.fixed(_LONGEST_MM),
        }  # fmt: skip
        self._sides = 0  #: fed since the job began
        self._sender: threading.Thread | None = None
        self._stop = threading.Event()  #: this side is not wanted any more
        self._fetching: socket.socket | None = None

    def serve(self) -> None:
        """Answer until the end."""
        asked = wire.Reader(self._receive)
        with suppress(OSError, ValueError):
            while (call := Call(asked.word())) is not Call.EXIT:
                answer = self._answer(call, asked)
                while self._scanner.mute and not self._ended.is_set():
                    self._scanner.clock.wait(_LOOK_S)
                self._line.sendall(answer)

    def cut(self) -> None:
        """End the session from outside, or tidy up after it."""
        for line in (self._line, self._fetching):
            if line is not None:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
        self._give_up()

    def _receive(self, count: int) -> bytes:
        said = bytearray()
        while len(said) < count:
            more = self._line.recv(count - len(said))
            if not more:
                raise ConnectionError("the client left")
            said += more
        return bytes(said)

    def _answer(self, call: Call, asked: wire.Reader) -> bytes:
        match call:
            case Call.INIT:
                asked.word(), asked.text()
                return word(_GOOD) + word(wire.VERSION)
            case Call.GET_DEVICES:
                return wire.devices([("feeder", "Kiosk", "Emulated Feeder", "sheetfed scanner")])
            case Call.OPEN:
                asked.text()
                return word(_BUSY if self._scanner.busy else _GOOD) + word(1) + wire.text(None)
            case Call.GET_OPTIONS:
                asked.word()
                return wire.options(OPTIONS)
            case Call.CONTROL_OPTION:
                return self._control(asked)
            case Call.GET_PARAMETERS:
                asked.word()
                return self._parameters()
            case Call.START:
                asked.word()
                return self._start()
            case _:  # CLOSE, CANCEL: the job is over
                asked.word()
                self._give_up()
                self._sides = 0
                self._scanner.tray.eject()
                return word(_GOOD)

    def _control(self, asked: wire.Reader) -> bytes:
        _, place, action, kind, size = (asked.word() for _ in range(5))
        value = asked.value(kind)
        if place == 0:  # the number of options
            return (
                word(_GOOD)
                + word(0)
                + word(Kind.INT)
                + word(4)
                + wire.value(Kind.INT, len(OPTIONS) + 1, 4)
                + wire.text(None)
            )
        if not 0 < place <= len(OPTIONS):
            return word(_INVAL) + word(0) + word(kind) + word(0) + word(0) + wire.text(None)
        option = OPTIONS[place - 1]
        settable = option.name in self._values
        if action != 0 and settable:
            self._values[option.name] = value
        status = _GOOD if action == 0 or settable else _INVAL
        told = wire.value(option.kind, self._now(option.name), size or option.size)
        info = wire.RELOAD_PARAMETERS if action != 0 else 0
        return (
            word(status) + word(info) + word(option.kind) + word(size or option.size) + told + wire.text(None)
        )

    def _now(self, name: str) -> int | str:
        if name == "page-loaded":
            return int(not self._scanner.tray.empty)
        if name == "cover-open":
            return int(self._scanner.cover_open)
        return self._values[name]

    def _area_mm(self) -> tuple[float, float]:
        left, top, right, bottom = (
            int(self._values[name]) / 65536 for name in ("tl-x", "tl-y", "br-x", "br-y")
        )
        return max(1.0, right - left), max(1.0, bottom - top)

    def _parameters(self) -> bytes:
        width, height = size_px(int(self._values["resolution"]), self._area_mm())
        colour = self._values["mode"] == "Color"
        return b"".join(map(word, (_GOOD, int(colour), 1, width * (3 if colour else 1), width, height, 8)))

    def _start(self) -> bytes:
        """Feed a side and offer a port to fetch it from."""
        self._give_up()
        refused = word(0) + word(wire.BIG_ENDIAN) + wire.text(None)
        if self._scanner.cover_open:
            return word(_COVER_OPEN) + refused
        source = self._values["source"]
        tray = self._scanner.tray
        sheet = tray.glass if source == _GLASS else tray.feed(duplex=source == _BOTH)
        if sheet is None:
            return word(_NO_DOCS) + refused
        self._sides += 1
        listener = socket.create_server((self._line.getsockname()[0], 0))
        self._stop = threading.Event()
        self._sender = threading.Thread(
            target=self._deliver,
            args=(listener, sheet, self._sides, self._stop),
            name="scanner-emulator data",
        )
        self._sender.start()
        return word(_GOOD) + word(listener.getsockname()[1]) + word(wire.BIG_ENDIAN) + wire.text(None)

    def _deliver(self, listener: socket.socket, sheet: str, number: int, stop: threading.Event) -> None:
        """Send one side in records, as the rollers turn."""
        scanner = self._scanner
        with listener, suppress(OSError):
            listener.settimeout(_LOOK_S * 10)
            deadline = scanner.clock.after(_PATIENCE_S)
            while not (stop.is_set() or self._ended.is_set() or scanner.clock.due(deadline)):
                with suppress(TimeoutError):
                    self._fetching, _ = listener.accept()
                    break
            if self._fetching is None:
                return
            with self._fetching as line:
                line.settimeout(_PATIENCE_S)
                status = self._roll(line, sheet, number, stop)
                line.sendall(wire.END_OF_DATA + bytes([status]))
        self._fetching = None

    def _roll(self, line: socket.socket, sheet: str, number: int, stop: threading.Event) -> int:
        """Send the rows; the status with which the side ends."""
        scanner, values = self._scanner, self._values
        rows = scanned(
            sheet, int(values["resolution"]), self._area_mm(), scanner.skew_deg, scanner.backdrop,
            values["mode"] != "Color",
        )  # fmt: skip
        records = range(0, len(rows), _RECORD)
        for start in records:
            if scanner.jam_at == number and start >= len(rows) // 2:
                return _JAMMED
            if scanner.cover_open:
                return _COVER_OPEN
            if scanner.page_s:
                scanner.clock.wait(scanner.page_s / len(records))
            while scanner.mute and not (stop.is_set() or self._ended.is_set()):
                scanner.clock.wait(_LOOK_S)
            if stop.is_set() or self._ended.is_set():
                raise ConnectionError("nobody wants the rest")
            record = rows[start : start + _RECORD]
            line.sendall(word(len(record)) + record)
        return _EOF

    def _give_up(self) -> None:
        """Let the side go that is being scanned."""
        self._stop.set()
        if self._sender is not None:
            self._sender.join()
            self._sender = None
