"""What can go wrong with a device. A class exists only where somebody catches it differently.

The docstring's first line is the message; details are keyword facts, which go to the log. The code goes to the
screen, where `kiosk.words` holds the citizen's sentence and the technician's hint for it.
"""

import enum
from typing import ClassVar

from ground.logbook import Fact


class DeviceError(Exception):
    """The device failed."""

    code: ClassVar[str] = "D100"

    def __init__(self, **facts: Fact) -> None:
        self.facts: dict[str, Fact] = facts
        said = (type(self).__doc__ or "").strip().splitlines()[0]
        details = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"{said} ({details})" if details else said)


class Unreachable(DeviceError):
    """The device is not there or cannot be opened."""

    code = "D101"


class NotInstalled(Unreachable):
    """A package that the driver needs is not installed."""

    code = "D104"


class TimedOut(DeviceError):
    """The device did not answer in time."""

    code = "D102"


class NobodyDid(TimedOut):
    """Whoever was to lay, press or hold something did not in time; the device itself answers."""

    code = "D105"


class Garbled(DeviceError):
    """The device's answer makes no sense."""

    code = "D103"


class Condition(enum.StrEnum):
    """Why a device refuses: a state that a person can mend, or that needs a technician."""

    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    OFFLINE = "offline"
    UNRECOVERABLE = "unrecoverable"
    OVERHEATED = "overheated"
    CARD_UNREADABLE = "card_unreadable"
    NOT_AN_ID_CARD = "not_an_id_card"
    SUSPECT_CARD = "suspect_card"
    OUT_OF_SERVICE = "out_of_service"
    BUSY = "busy"
    BAD_COMMAND = "bad_command"
    PAPER_JAM = "paper_jam"
    FEEDER_EMPTY = "feeder_empty"
    OUTPUT_FULL = "output_full"
    TICKET_WAITS = "ticket_waits"
    TRAY_MISSING = "tray_missing"
    TONER_OUT = "toner_out"
    QUEUE_STOPPED = "queue_stopped"
    CARD_MUTE = "card_mute"
    WRONG_CARD = "wrong_card"
    BATTERY_LOW = "battery_low"


class Refused(DeviceError):
    """The device answered that it cannot."""

    code = "D201"

    def __init__(self, condition: Condition, **facts: Fact) -> None:
        self.condition = condition
        super().__init__(condition=condition.value, **facts)


class Implausible(DeviceError):
    """The device's values contradict each other."""

    code = "D301"
