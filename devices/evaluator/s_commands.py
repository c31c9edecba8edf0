"""Commands and answers of the "S-command" tablet evaluators, read and written.

Source: shared protocol notes, evaluator.md §3, which has them from one public C# client [V1]: reading is tolerant.
Text without checksum and without length; over the network a datagram is a message.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Form = Literal["network", "usb"]

POLL: Final = b"SE"

_WELCOME, _ASK, _PAUSE, _ALIVE, _INFO = 1, 2, 3, 95, 99
_RESUME: Final = {"network": 6, "usb": 25}
_LONGEST = 4096  # characters that are kept while no message is found among them; a record has some 300

_MESSAGE = re.compile(
    r"S(?P<done>\d\d)OK"
    r"|(?P<received>RecvCmdOK)"
    r"|(?P<closed>DisConnect)"
    r"|S02\|\|(?P<card>[^|]*)\|\|(?P<key>[^|]*)\|\|(?:[^|]*\|\|(?P<begun>[^|]*)\|\|(?P<rated>[^|]*)\|\|)?"
    r"|Version=(?P<version>[^|]+)\|\|"
)


@dataclass(frozen=True, slots=True)
class Done:
    """The tablet heard a command."""

    command: int | None  #: its number; None where the tablet does not say (the USB form)


@dataclass(frozen=True, slots=True)
class Rated:
    """A result record."""

    key: str  #: raw level, as the maker numbers them
    begun: str = ""  #: business time, as the tablet writes it
    rated: str = ""  #: rating time, as the tablet writes it


@dataclass(frozen=True, slots=True)
class Closing:
    """The tablet says that it closes."""


@dataclass(frozen=True, slots=True)
class Info:
    """What the tablet says of itself."""

    version: str


Message = Done | Rated | Closing | Info


def format_command(number: int, *arguments: str, form: Form) -> bytes:
    """A command: `Snn||arg||E` by USB, `SnnargE` over the network, `SnnE` without arguments. ASCII only."""
    if form == "usb" and arguments:
        return f"S{number:02d}||{'||'.join(arguments)}||E".encode("ascii")
    return f"S{number:02d}{''.join(arguments)}E".encode("ascii")


def format_welcome(form: Form) -> bytes:
    """Show the page of welcome."""
    return format_command(_WELCOME, form=form)


def format_ask(form: Form) -> bytes:
    """Ask for a rating."""
    return format_command(_ASK, form=form)


def format_pause(form: Form, *, paused: bool) -> bytes:
    """Put the tablet out of service, or back into it."""
    return format_command(_PAUSE if paused else _RESUME[form], form=form)


def format_alive(form: Form) -> bytes:
    """A question that every tablet answers: the heartbeat over the network, the device info by USB."""
    return format_command(_ALIVE, form=form) if form == "network" else format_info(form)


def format_info(form: Form) -> bytes:
    """Ask for the device info."""
    return format_command(_INFO, "0", form=form)


def proves_alive(message: Message, form: Form) -> bool:
    """Whether `message` answers `format_alive`."""
    if form == "network":
        return message == Done(_ALIVE)
    return isinstance(message, Info)


def format_done(command: int, form: Form) -> bytes:
    """The tablet's word that it heard `command`."""
    return b"RecvCmdOK" if form == "usb" else f"S{command:02d}OK".encode("ascii")


def format_rated(rated: Rated, *, card: str = "", encoding: str = "utf-8") -> bytes:
    """A result record."""
    fields = ("S02", card, rated.key, "0", rated.begun, rated.rated, "", "", "")
    return "||".join(fields).encode(encoding)


def format_about(version: str) -> bytes:
    """A device info."""
    return f"S99||0||Version={version}||MAC||00-00-00-00-00-00||newVer||{version}||".encode("ascii")


class MessageReader:
    """Finds messages in what a tablet sends, whole or cut; what is none is passed over."""

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._held = ""
        self._passed_over = False

    @property
    def heard_noise(self) -> bool:
        """Whether something since the last `reset` was no message, or not a whole one."""
        return self._passed_over or bool(self._held)

    def feed(self, data: bytes) -> list[Message]:
        """The messages that `data` completes, in order."""
        self._held += self._decoder.decode(data)
        return list(self._complete())

    def reset(self) -> None:
        """Forget half a message."""
        self._decoder.reset()
        self._held = ""
        self._passed_over = False

    def _complete(self) -> Iterator[Message]:
        end = 0
        for found in _MESSAGE.finditer(self._held):
            self._passed_over |= found.start() > end
            end = found.end()
            yield _message(found)
        self._held = self._held[end:][-_LONGEST:]


def _message(found: re.Match[str]) -> Message:
    if found["done"]:
        return Done(int(found["done"]))
    if found["received"]:
        return Done(None)
    if found["closed"]:
        return Closing()
    if found["version"]:
        return Info(found["version"])
    return Rated(found["key"].strip(), found["begun"] or "", found["rated"] or "")
