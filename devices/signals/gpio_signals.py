"""Presence sensor, door switch and guide lamps on the GPIO of an industrial PC, through libgpiod 2.

Source: shared protocol notes, others.md §6, §8; libgpiod's documentation. The seam to the kernel is `gpio_lines`.
Proven on: emulator only.
"""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from devices.errors import Condition, DeviceError, Refused, TimedOut, Unreachable
from devices.signals.contacts import USUAL_LAMPS, Contact, settled
from devices.signals.gpio_lines import Bias, Lines, LineWish, take_lines
from devices.status import Capabilities, State, Status, status_of
from ground.clock import Clock

_REFUSALS: Mapping[int, Condition] = {
    errno.EBUSY: Condition.BUSY,  # another program holds a line
    errno.EINVAL: Condition.BAD_COMMAND,  # no such line, or a bias that the chip does not know
    errno.EOPNOTSUPP: Condition.BAD_COMMAND,
}


class GpioContact(Contact):
    """One line of a chip. Inputs and lamps count on one row: each line is one of the two."""

    bias: Bias = "as_is"


#: dry contacts between line and ground (§6): closed is low, and a pull-up makes open high
USUAL_GPIO_INPUTS: Mapping[str, GpioContact] = {
    "presence": GpioContact(line=0, active_low=True, bias="pull_up"),
    "door_open": GpioContact(line=1, bias="pull_up"),
}
#: lamps behind the inputs
USUAL_GPIO_LAMPS: Mapping[str, GpioContact] = {
    name: GpioContact(line=lamp.line + len(USUAL_GPIO_INPUTS)) for name, lamp in USUAL_LAMPS.items()
}


class GpioSignalsSettings(BaseModel):
    """Which chip, and what is wired to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["gpio_signals"] = "gpio_signals"
    url: str  #: the chip's device file
    inputs: dict[str, GpioContact] = Field(default_factory=lambda: dict(USUAL_GPIO_INPUTS))
    lamps: dict[str, GpioContact] = Field(default_factory=lambda: dict(USUAL_GPIO_LAMPS))

    @model_validator(mode="after")
    def _each_line_is_one_thing(self) -> Self:
        lines = [contact.line for contact in (*self.inputs.values(), *self.lamps.values())]
        if len(set(lines)) < len(lines):
            raise PydanticCustomError("line_twice", "each line serves one input or one lamp")
        return self


class GpioSignals:
    """Implements `devices.signals.Signals`."""

    def __init__(self, settings: GpioSignalsSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lines: Lines | None = None
        self._inputs: dict[str, bool] = {}

    def open(self) -> None:
        """Take the lines, lamps dark. Raises `Refused` (BUSY: another program holds one), `DeviceError`."""
        self.close()
        with self._faults():
            self._lines = take_lines(self._settings.url, self._wishes())
        try:
            self._inputs = self._read()
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Give the lines back; what the lamps do then is the chip's. May be called twice."""
        lines, self._lines = self._lines, None
        if lines is not None:
            try:
                lines.release()
            except OSError:  # the chip has gone; so have its lines
                return

    def identity(self) -> str:
        """The chip: it has no number of its own."""
        return self._settings.url

    def status(self) -> Status:
        """Read every input, bounce and all."""
        try:
            return Status(State.ONLINE, readings=self._read())
        except Refused as refused:
            return status_of(refused)

    def capabilities(self) -> Capabilities:
        """The names of its inputs and lamps."""
        return {"inputs": sorted(self._settings.inputs), "lamps": sorted(self._settings.lamps)}

    def inputs(self) -> Mapping[str, bool]:
        """Every input by name, free of bounce. Raises `DeviceError`."""
        self._inputs = settled(self._read, self._inputs, self._clock)
        return dict(self._inputs)

    def light(self, lamp: str, on: bool) -> None:
        """Light `lamp`, or put it out; one that is not wired is passed over. Raises `DeviceError`."""
        lines = self._opened()
        contact = self._settings.lamps.get(lamp)
        if contact is not None:
            with self._faults():
                lines.write(contact.line, on)

    def lights_out(self) -> None:
        """Put out every lamp. Raises `DeviceError`."""
        self._opened()
        for lamp in self._settings.lamps:
            self.light(lamp, False)

    def _wishes(self) -> list[LineWish]:
        inputs, lamps = self._settings.inputs.values(), self._settings.lamps.values()
        return [
            *(LineWish(wired.line, False, wired.active_low, wired.bias) for wired in inputs),
            *(LineWish(wired.line, True, wired.active_low, wired.bias) for wired in lamps),
        ]

    def _read(self) -> dict[str, bool]:
        lines = self._opened()
        wired = self._settings.inputs
        with self._faults():
            levels = lines.read([contact.line for contact in wired.values()])
        return {name: levels[contact.line] for name, contact in wired.items()}

    def _opened(self) -> Lines:
        if self._lines is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._lines

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            condition = _REFUSALS.get(error.errno or 0)
            if condition is not None:
                raise Refused(condition, url=self._settings.url, reason=str(error)) from error
            failure = TimedOut if error.errno == errno.ETIMEDOUT else Unreachable
            raise failure(url=self._settings.url, reason=str(error)) from error
        except ValueError as error:
            raise Refused(Condition.BAD_COMMAND, url=self._settings.url, reason=str(error)) from error
