"""speech-dispatcher by its own protocol (SSIP) over its Unix socket: whichever synthesiser the machine has.

Source: "Speech Synthesis Interface Protocol", version 0.2 (Brailcom; doc/ssip.texi of speechd), read for the
replies, SPEAK, the dots, SET, CANCEL and the events; the numbers of the events (701 begin, 702 end, 703 canceled) and
"225-<id>" were seen with speech-dispatcher 0.11.4. One command, one reply; events come in between and are let go by
unless they are of the message that is waited for.
"""

import re
import select
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ground.clock import Clock
from kiosk.speech import SpeechFailed
from kiosk.speech.hush import Hush

PACKAGE = "speech-dispatcher"
SOCKET: Final = Path("/run/speech-dispatcher/speechd.sock")  # where Debian's service listens
#: language of the words → what speech-dispatcher is told; the second part says which voice of espeak-ng is meant
VOICES: Final[Mapping[str, str]] = {"zh-Hans": "cmn-latn-pinyin", "en": "en"}
_NAME = "kiosk:tiantianshun:screens"
_REPLY_S = 2.0  # chosen: it answers within milliseconds; more means that it hangs
_LONGEST_LINE = 8192
_LINE = re.compile(rb"(\d{3})([ -])(.*)")
_END, _CANCELED = 702, 703
_SECONDS_A_CHARACTER = 1.0  # generous: the slowest voice says two characters a second
_LEAST_S = 10.0


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply or an event: its code, and its lines without codes; the last one is for people."""

    code: int
    lines: tuple[str, ...]


def parse_reply(data: bytes) -> tuple[Reply | None, bytes]:
    """The first whole reply in `data`, or None, and what follows it. Raises ValueError when it is none."""
    lines: list[str] = []
    rest = data
    while b"\r\n" in rest:
        line, rest = rest.split(b"\r\n", 1)
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError("not a line of SSIP")
        lines.append(found[3].decode("utf-8", "replace"))
        if found[2] == b" ":
            return Reply(int(found[1]), tuple(lines)), rest
    if len(rest) > _LONGEST_LINE:
        raise ValueError("a line without an end")
    return None, data


def format_text(text: str) -> bytes:
    """`text` as it follows SPEAK: a dot that begins a line is doubled, a line with one dot ends it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    said = [f".{line}" if line.startswith(".") else line for line in lines]
    return "\r\n".join([*said, ".", ""]).encode()


class SsipSpeaker:
    """Implements `Speaker`. Connects when there is something to say; a connection that broke is made anew."""

    def __init__(
        self,
        clock: Clock,
        hush: Hush,
        path: Path = SOCKET,
        voices: Mapping[str, str] = VOICES,
        module: str = "",
    ) -> None:
        """`module`: one of its output modules; "" leaves the choice to its configuration."""
        self._clock, self._hush, self._path = clock, hush, path
        self._voices = {**VOICES, **voices}
        self._module = module
        self._socket: socket.socket | None = None
        self._heard = b""

    def check(self) -> None:
        """Raises `SpeechFailed` when it does not answer."""
        try:
            self._connected()
            self._ask("GET OUTPUT_MODULE")
        except (OSError, ValueError) as error:
            raise self._lost(error) from error

    def say(
        self, text: str, language: str, volume: int, rate: int, interrupt: bool = True, key: str = ""
    ) -> None:
        """See `Speaker`."""
        try:
            self._connected()
            if interrupt:
                self._ask("CANCEL self")
            self._ask(f"SET self LANGUAGE {self._voices.get(language, language)}")
            self._ask(f"SET self VOLUME {volume * 20 - 100}")  # its own go from -100 to 100
            self._ask(f"SET self RATE {rate * 25}")
            self._ask("SPEAK")
            message = self._told(format_text(text)).lines[0]
            self._until_said(message, _LEAST_S + _SECONDS_A_CHARACTER * len(text))
        except (OSError, ValueError) as error:
            raise self._lost(error) from error

    def stop(self) -> None:
        """See `Speaker`."""
        self._hush.press()

    def close(self) -> None:
        """See `Speaker`."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._heard = None, b""

    def _lost(self, error: Exception) -> SpeechFailed:
        self.close()
        return SpeechFailed("T109", f"{self._path.name}: {type(error).__name__}")

    def _connected(self) -> None:
        if self._socket is not None:
            return
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(_REPLY_S)
        self._socket.connect(str(self._path))
        self._ask(f"SET self CLIENT_NAME {_NAME}")
        self._ask("SET self NOTIFICATION END on")
        self._ask("SET self NOTIFICATION CANCEL on")
        self._ask("SET self SSML_MODE off")
        self._ask("SET self PRIORITY message")
        if self._module:
            self._ask(f"SET self OUTPUT_MODULE {self._module}")

    def _ask(self, command: str) -> Reply:
        return self._told(f"{command}\r\n".encode())

    def _told(self, data: bytes) -> Reply:
        """Send, and the reply to it. Raises OSError, ValueError (also when it says no)."""
        assert self._socket is not None
        self._socket.sendall(data)
        ends = self._clock.after(_REPLY_S)
        while True:
            reply = self._next(self._clock.left(ends))
            if reply is None:
                raise TimeoutError("no reply")
            if reply.code // 100 == 7:
                continue  # an event of a message that nobody waits for any more
            if reply.code // 100 != 2:
                raise ValueError(f"reply {reply.code}")
            return reply

    def _until_said(self, message: str, limit_s: float) -> None:
        assert self._socket is not None
        ends = self._clock.after(limit_s)
        while (left := self._clock.left(ends)) > 0:
            event, self._heard = parse_reply(self._heard)
            if event is None:
                if self._hush.waited(left, self._socket.fileno()):
                    self._ask("CANCEL self")
                    return
                self._hear()
            elif event.lines[0] == message and event.code in (_END, _CANCELED):
                return
        raise TimeoutError("it does not end")

    def _next(self, within_s: float) -> Reply | None:
        """The next reply or event; None when none is whole within that time."""
        ends = self._clock.after(within_s)
        while (left := self._clock.left(ends)) > 0:
            reply, self._heard = parse_reply(self._heard)
            if reply is not None:
                return reply
            if self._ready(left):
                self._hear()
        return None

    def _ready(self, within_s: float) -> bool:
        assert self._socket is not None
        ready, _, _ = select.select([self._socket], [], [], within_s)
        return bool(ready)

    def _hear(self) -> None:
        """Take what has arrived."""
        assert self._socket is not None
        data = self._socket.recv(_LONGEST_LINE)
        if not data:
            raise ConnectionError("the other end is gone")
        self._heard += data
