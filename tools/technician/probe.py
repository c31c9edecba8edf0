"""`devices probe NAME`: open one device, ask it everything it says of itself, and let go of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from devices.catalog import Device
from devices.errors import DeviceError
from devices.status import Capabilities, State, Status, status_of
from ground.clock import Clock
from kiosk.words import Words
from kiosk.workers import code_of
from tools.technician.fitted import built


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What was found. `as_json` is the contract of `devices probe NAME --json`."""

    name: str
    driver: str
    url: str
    status: Status
    identity: str
    capabilities: dict[str, Any]
    code: str  #: "" when all is well
    hint: str

    @property
    def fine(self) -> bool:
        """Whether it can be used now."""
        return not self.code

    def as_json(self) -> dict[str, Any]:
        """The fields that scripts rely on."""
        return {
            "name": self.name,
            "driver": self.driver,
            "url": self.url,
            "status": self.status.state.value,
            "identity": self.identity,
            "capabilities": self.capabilities,
            "supplies": {supply: level.value for supply, level in self.status.supplies.items()},
            "error": {"code": self.code, "hint": self.hint} if self.code else None,
        }


def probe(
    name: str, settings: Any, words: Words, clock: Clock, build: Callable[[Any, Clock], Device] = built
) -> Probe:
    """Open the device, ask, close. Never raises for what a device may do."""
    device = build(settings, clock)
    try:
        device.open()
        found = look(device)
    except DeviceError as error:
        found = Found(status_of(error), code_of(error))
    finally:
        device.close()
    return Probe(
        name=name,
        driver=settings.driver,
        url=settings.url,
        status=found.status,
        identity=found.identity,
        capabilities={key: _plain(value) for key, value in found.capabilities.items()},
        code=found.code,
        hint=words(f"errors.{found.code}.hint") if found.code else "",
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What an open device said."""

    status: Status
    code: str
    identity: str = ""
    capabilities: Capabilities = field(default_factory=dict)


def look(device: Device) -> Found:
    """What an open device says of itself. Raises `DeviceError`."""
    status = device.status()
    code = "" if status.state is State.ONLINE else code_of_status(status)
    return Found(status, code, device.identity(), device.capabilities())


def code_of_status(status: Status) -> str:
    """The code that stands for `status` in words and on screens."""
    if status.condition is not None:
        return f"condition.{status.condition.value}"
    return {State.NO_DEVICE: "D101", State.POWER_OFF: "D102"}.get(status.state, "D100")


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else value
