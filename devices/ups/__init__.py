"""Uninterruptible power supplies: is there mains, and for how long without."""

from dataclasses import dataclass
from typing import Protocol

from devices.status import Capabilities, Status


@dataclass(frozen=True, slots=True)
class Power:
    """Where the current comes from, as the supply tells it at one moment. None is "it does not tell"."""

    on_mains: bool | None  #: False: from the battery
    charge_percent: float | None  #: of the battery, 0 to 100
    runtime_s: int | None  #: what the battery would last at the present load, in seconds
    flags: frozenset[str]  #: the supply's own words, as it says them, e.g. {"OL", "CHRG"}
    input_v: float | None = None  #: mains voltage

    @property
    def battery_low(self) -> bool:
        """Whether the machine must go down now, while there is still time to do it in order."""
        return "FSD" in self.flags or {"OB", "LB"} <= self.flags

    @property
    def replace_battery(self) -> bool:
        """Whether the supply asks for a new battery."""
        return "RB" in self.flags


class Ups(Protocol):
    """A supply that can be asked how it stands."""

    def open(self) -> None:
        """Make sure that somebody knows the supply. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Let go of it. May be called twice."""
        ...

    def identity(self) -> str:
        """Maker, model and serial number, as far as the supply tells them."""
        ...

    def status(self) -> Status:
        """How it fares, asked now: BATTERY_LOW when the machine must go down. Raises `DeviceError`."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can tell, as far as is known; asks nothing."""
        ...

    def power(self) -> Power:
        """Where the current comes from now.

        Raises `Refused` (OFFLINE: the supply's own line is dead, so nobody knows), `DeviceError`.
        """
        ...
