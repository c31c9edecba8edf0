"""A document scanner with a feeder for both sides, served over SANE's network protocol.

`scanimage -d net:ADDRESS:feeder` reaches it through Debian's own libsane-net: the whole way of a real network
scanner, with sheets that run out, jam and come through crooked. SANE's `test` backend, which needs no server but can
neither jam in the middle nor scan two sides, is set up by `SaneTestBackend`.
"""

import socket
import socketserver
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from devices.emulators.sane_paper import Tray
from devices.emulators.sane_session import Session
from devices.emulators.sane_wire import PORT
from ground.clock import Clock

DEVICE = "feeder"


class ScannerEmulator:
    """A scanner on an address of its own in 127.0.0.0/8, unplugged until `start`.

    SANE's client knows one port only, so `port` picks the address: 258 is 127.0.1.2, 0 any that is free.
    """

    knobs: ClassVar[tuple[str, ...]] = (
        "feeder", "glass", "skew_deg", "backdrop", "jam_at", "cover_open", "busy", "page_s", "plugged", "mute",
    )  # fmt: skip

    def __init__(self, clock: Clock, port: int = 0) -> None:
        self.clock = clock
        self.tray = Tray()
        self.skew_deg = 0.6  #: every sheet comes through turned clockwise by so much
        self.backdrop = 255  #: grey level behind the sheet: 255 a white roller, 0 a black one
        self.jam_at = 0  #: the how-manieth side of a job jams half way; 0 none
        self.cover_open = False
        self.busy = False  #: somebody else has it
        self.page_s = 0.0  #: seconds a side takes
        self.mute = False  #: True: takes connections and calls and answers nothing
        self._port = port
        self._server: _Server | None = None
        self._plug = threading.Lock()
        self._config: tempfile.TemporaryDirectory[str] | None = None

    @property
    def feeder(self) -> list[str]:
        """Sheets in the feeder, the next one first: "lease-1", or "lease-1/lease-2" printed on both sides."""
        return self.tray.feeder

    @feeder.setter
    def feeder(self, sheets: Sequence[str]) -> None:
        self.tray.feeder = list(sheets)

    @property
    def glass(self) -> str:
        """The sheet on the glass; "" for none."""
        return self.tray.glass

    @glass.setter
    def glass(self, sheet: str) -> None:
        self.tray.glass = sheet

    @property
    def plugged(self) -> bool:
        """Whether it can be reached."""
        return self._server is not None

    @plugged.setter
    def plugged(self, there: bool) -> None:
        if there:
            self.start()
        else:
            self.unplug()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"127.{self._port >> 16 & 255}.{self._port >> 8 & 255}.{self._port & 255}"

    @property
    def url(self) -> str:
        """Where the driver finds it. The address is known after the first `start`."""
        return f"sane:net:{self.address}:{DEVICE}"

    @property
    def sane_config_dir(self) -> Path:
        """A folder of settings in which this scanner is the only one; it lasts until `close`."""
        if self._config is None:
            self._config = tempfile.TemporaryDirectory(prefix="kiosk-sane-")
        folder = Path(self._config.name)
        (folder / "dll.conf").write_text("net\n")
        (folder / "net.conf").write_text(f"{self.address}\n")
        return folder

    def start(self) -> None:
        """Plug in: listen, always at the same address. Raises OSError when it is taken."""
        with self._plug:
            if self._server is None:
                self._server = self._listening()
                self._server.begin()

    def _listening(self) -> "_Server":
        if self._port:
            return _Server(self)
        for port in range(258, 258 + 4096):
            self._port = port
            with suppress(OSError):
                return _Server(self)
        self._port = 0
        raise OSError("no address is free")

    def unplug(self) -> None:
        """Cut every connection and refuse new ones until `replug`."""
        with self._plug:
            if self._server is not None:
                self._server.end()
                self._server = None

    def replug(self) -> None:
        """Listen again at the same address."""
        self.start()

    def close(self) -> None:
        """End for good: no thread, socket or folder is left. May be called twice."""
        self.unplug()
        if self._config is not None:
            self._config.cleanup()
            self._config = None


class _Server(socketserver.ThreadingTCPServer):
    """One plugged-in life of the scanner."""

    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True

    def __init__(self, scanner: ScannerEmulator) -> None:
        self.scanner = scanner
        self.ended = threading.Event()
        self._sessions: set[Session] = set()
        self._guard = threading.Lock()
        super().__init__((scanner.address, PORT), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="scanner-emulator")

    def begin(self) -> None:
        """Start to answer."""
        self._thread.start()

    def end(self) -> None:
        """Cut every connection and wait until the last thread is gone."""
        self.ended.set()
        self.shutdown()
        self._thread.join()
        with self._guard:
            for session in self._sessions:
                session.cut()
        self.server_close()

    def admit(self, session: Session) -> None:
        """Remember a client, so that pulling the plug can cut it."""
        with self._guard:
            self._sessions.add(session)

    def forget(self, session: Session) -> None:
        """The client is gone."""
        with self._guard:
            self._sessions.discard(session)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle is no news."""


class _Handler(socketserver.BaseRequestHandler):
    """One client."""

    server: _Server
    request: socket.socket

    def handle(self) -> None:
        session = Session(self.server.scanner, self.request, self.server.ended)
        self.server.admit(session)
        try:
            session.serve()
        finally:
            self.server.forget(session)
            session.cut()


class SaneTestBackend:
    """A private configuration folder in which SANE's own `test` backend is the only scanner.

    Its devices are `test:0` …; each program that starts reads the folder anew, so the knobs count from the next scan.
    """

    knobs: ClassVar[tuple[str, ...]] = ("status", "delay_us", "picture", "scanners", "plugged")

    def __init__(self, folder: Path) -> None:
        self.sane_config_dir = folder
        self._said: dict[str, str | int] = {
            "status": "Default",  #: or SANE_STATUS_JAMMED, _NO_DOCS, _COVER_OPEN, _DEVICE_BUSY, _IO_ERROR …
            "delay_us": 0,  #: 1000…200000 after each buffer of about 64 KB
            "picture": "Color pattern",  #: or "Solid black", "Solid white", "Grid"
            "scanners": 1,
            "plugged": 1,
        }
        self._write()

    def put(self, **knobs: str | int) -> None:
        """Turn knobs. Raises KeyError for an unknown one."""
        for name, said in knobs.items():
            if name not in self.knobs:
                raise KeyError(name)
            self._said[name] = said
        self._write()

    def _write(self) -> None:
        said = self._said
        lines = [
            f"number_of_devices {said['scanners'] if said['plugged'] else 0}",
            "mode Gray", "depth 8", "hand-scanner false", "three-pass false", "three-pass-order RGB",
            "resolution_min 1.0", "resolution_max 1200.0", "resolution_quant 1.0", "resolution 50.0",
            f'test-picture "{said["picture"]}"', "invert-endianess false", "read-limit false", "read-limit-size 1",
            f"read-delay {'true' if said['delay_us'] else 'false'}",
            f"read-delay-duration {said['delay_us'] or 1000}",
            f'read-status-code "{said["status"]}"',
            "fuzzy-parameters false", "ppl-loss 0", "non-blocking false", "select-fd false",
            "enable-test-options false", "geometry_min 0.0", "geometry_max 300.0", "geometry_quant 1.0",
            "tl_x 0.0", "tl_y 0.0", "br_x 80.0", "br_y 100.0",
        ]  # fmt: skip
        self._replace("test.conf", "\n".join(lines) + "\n")
        self._replace("dll.conf", "test\n" if said["plugged"] else "# nothing is connected\n")

    def _replace(self, name: str, text: str) -> None:
        """In one step: a program may be reading."""
        new = self.sane_config_dir / f"{name}.new"
        new.write_text(text)
        new.replace(self.sane_config_dir / name)
