"""`devices watch NAME`: how one device fares, live in the terminal, also while it is unplugged and comes back."""

from collections.abc import Callable, Iterator
from typing import Any

from devices.catalog import Device
from devices.errors import DeviceError
from devices.status import Status, status_of
from ground.clock import Clock
from kiosk.words import Words
from kiosk.workers import code_of
from tools.technician.fitted import built
from tools.technician.probe import code_of_status

EVERY_S = 1.0  #: chosen: quick enough for somebody who opens and closes a cover


def statuses(
    settings: Any,
    clock: Clock,
    going_on: Callable[[], bool],
    build: Callable[[Any, Clock], Device] = built,
) -> Iterator[tuple[Status, str]]:
    """(status, code) about once a second while `going_on`; a device that fails is opened afresh at the next look."""
    device: Device | None = None
    try:
        while going_on():
            try:
                if device is None:
                    device = build(settings, clock)
                    device.open()
                status = device.status()
                yield status, "" if status.ready else code_of_status(status)
            except DeviceError as error:
                if device is not None:
                    device.close()
                device = None
                yield status_of(error), code_of(error)
            clock.wait(EVERY_S)
    finally:
        if device is not None:
            device.close()


def line(status: Status, code: str, words: Words) -> str:
    """One look in one line: state, supplies, readings, and what to do."""
    supplies = [f"{name} {level.value}" for name, level in status.supplies.items()]
    readings = [f"{name} {value}" for name, value in status.readings.items()]
    said = [status.state.value, *supplies, *readings]
    return "  ".join([*said, f"[{code}] {words(f'errors.{code}.hint')}" if code else ""]).rstrip()
