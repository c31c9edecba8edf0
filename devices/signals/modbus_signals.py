"""Presence sensor, door switch and guide lamps on a Modbus RTU relay and contact board (serial, 9600 8N1).

Source: shared protocol notes, others.md §6, §8; the Modbus specifications. The conversation is in `modbus_board`,
frames in `modbus_frames`; boards that only know the LCUS frames (relays, no contacts) are in `lcus_board`.
Proven on: emulator only.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from devices.errors import DeviceError, Refused, Unreachable
from devices.signals.contacts import USUAL_INPUTS, USUAL_LAMPS, Contact, settled
from devices.signals.lcus_board import LcusBoard
from devices.signals.modbus_board import ModbusBoard
from devices.status import Capabilities, State, Status, status_of
from devices.wire import Wire, open_wire
from ground.clock import Clock

_LCUS_RELAYS = 16
_WIDEST = 256  # lines between the first and the last; no board of the kind has as many (chosen)


class ModbusSignalsSettings(BaseModel):
    """Where the board is and what is wired to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["modbus_signals"] = "modbus_signals"
    url: str
    baud: int = Field(default=9600, gt=0)
    board: Literal["modbus", "lcus"] = "modbus"
    address: int = Field(default=1, ge=1, le=247)  #: the slave's; several boards may share a line
    timeout_s: float = Field(default=0.5, gt=0, le=5)  #: the board's time for one answer
    inputs: dict[str, Contact] = Field(default_factory=lambda: dict(USUAL_INPUTS))
    lamps: dict[str, Contact] = Field(default_factory=lambda: dict(USUAL_LAMPS))

    @model_validator(mode="after")
    def _fits_the_board(self) -> Self:
        for contacts in (self.inputs, self.lamps):
            lines = [contact.line for contact in contacts.values()]
            if lines and max(lines) - min(lines) >= _WIDEST:
                raise PydanticCustomError("lines_apart", "lines lie at most {most} apart", {"most": _WIDEST})
        if self.board == "lcus" and any(lamp.line >= _LCUS_RELAYS for lamp in self.lamps.values()):
            raise PydanticCustomError(
                "few_relays", "an LCUS board has at most {most} relays", {"most": _LCUS_RELAYS}
            )
        return self


class Board(Protocol):
    """What a board can be asked for. Every method raises `DeviceError`."""

    def greet(self) -> None:
        """Make sure that it answers."""
        ...

    def contacts(self, first: int, count: int) -> tuple[bool, ...]:
        """How `count` contacts stand, from line `first`."""
        ...

    def switch(self, line: int, on: bool) -> None:
        """Switch one output."""
        ...

    def switch_row(self, first: int, levels: Sequence[bool]) -> None:
        """Switch outputs that lie side by side."""
        ...


class ModbusSignals:
    """Implements `devices.signals.Signals`."""

    def __init__(self, settings: ModbusSignalsSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._wire: Wire | None = None
        self._board: Board | None = None
        self._inputs: dict[str, bool] = {}
        #: an LCUS board has no contacts, whatever is configured
        self._wired = settings.inputs if settings.board == "modbus" else {}

    def open(self) -> None:
        """Take the port and read every input once. Raises `DeviceError`."""
        self.close()
        settings = self._settings
        self._wire = open_wire(settings.url, settings.baud)
        try:
            self._board = (
                LcusBoard(self._wire)
                if settings.board == "lcus"
                else ModbusBoard(self._wire, self._clock, settings.address, settings.baud, settings.timeout_s)
            )
            self._board.greet()
            self._inputs = self._read()
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the port; the lamps stay as they are. May be called twice."""
        wire, self._wire, self._board = self._wire, None, None
        if wire is not None:
            wire.close()

    def identity(self) -> str:
        """Where it is: such boards have no number of their own."""
        return f"{self._settings.url}#{self._settings.address}"

    def status(self) -> Status:
        """Read every input, bounce and all; a board without contacts counts as well while its port is there."""
        try:
            return Status(State.ONLINE, readings=self._read())
        except Refused as refused:
            return status_of(refused)

    def capabilities(self) -> Capabilities:
        """The names of its inputs and lamps."""
        return {"inputs": sorted(self._wired), "lamps": sorted(self._settings.lamps)}

    def inputs(self) -> Mapping[str, bool]:
        """Every input by name, free of bounce. Raises `Refused` (BAD_COMMAND: no such line), `DeviceError`."""
        self._inputs = settled(self._read, self._inputs, self._clock)
        return dict(self._inputs)

    def light(self, lamp: str, on: bool) -> None:
        """Light `lamp`, or put it out; one that is not wired is passed over. Raises `DeviceError`."""
        board = self._opened()
        contact = self._settings.lamps.get(lamp)
        if contact is not None:
            board.switch(contact.line, contact.meaning(on))

    def lights_out(self) -> None:
        """Put out every lamp, at once where they lie side by side. Raises `DeviceError`."""
        board = self._opened()
        dark = {lamp.line: lamp.meaning(False) for lamp in self._settings.lamps.values()}
        lines = sorted(dark)
        if lines and lines == list(range(lines[0], lines[0] + len(lines))):
            board.switch_row(lines[0], [dark[line] for line in lines])
            return
        for line in lines:  # what lies between belongs to somebody else: a lock, a fan
            board.switch(line, dark[line])

    def _read(self) -> dict[str, bool]:
        board = self._opened()
        lines = [contact.line for contact in self._wired.values()]
        if not lines:
            board.greet()
            return {}
        first = min(lines)
        levels = board.contacts(first, max(lines) - first + 1)
        return {name: contact.meaning(levels[contact.line - first]) for name, contact in self._wired.items()}

    def _opened(self) -> Board:
        if self._board is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._board
