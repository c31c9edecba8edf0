"""One exchange per driver whose device is a service: what the conformance suite asks a service it knows nothing of.

A new driver with reach "service" needs an entry here; without one, `test_services.py` fails. Its emulator must be
a `SpoilableService`; every `devices.emulators.http_service.HttpServiceEmulator` is one.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from devices.catalog import DRIVERS, DriverEntry
from devices.emulators import SERVICES
from devices.emulators.base import ServiceEmulator
from devices.emulators.card_service import CardServiceEmulator
from devices.emulators.ipp import IppEmulator
from devices.emulators.sample_cards import WANG_XIAOMING
from devices.errors import Condition, DeviceError
from devices.status import Status
from ground.clock import RealClock

#: not `opencv`: that is a library, whose own tests reach its emulator, a camera on the network
SERVED = [entry for entry in DRIVERS if entry.reach == "service"]

#: tries until an exchange must have come right; a machine that stalls, or a device that had a bad moment, costs some
_TRIES = 20


class SpoilableService(ServiceEmulator, Protocol):
    """A service with a test's hand on what it says."""

    spoil: Callable[
        [bytes], bytes
    ]  #: given each body before it is sent; may block, may be called by any thread
    halt_after: (
        int | None
    )  #: sends so many bytes of each body, then holds still until this is None or it is cut


@dataclass(frozen=True, kw_only=True)
class ServiceExchange:
    """A question that a driver can ask of its service, and how to tell its right answer."""

    ask: Callable[[Any], object]  #: what the device says, by one verb of its kind
    prepare: Callable[
        [Any], None
    ]  #: puts the emulator into the state that `right` knows; may be called again
    right: Callable[[object], bool]  #: whether that is the whole and true answer
    change: Callable[[Any], None]  #: puts the emulator into another state …
    changed: Callable[[object], bool]  #: … and whether the answer says so
    impatient: Mapping[
        str, object
    ]  #: settings with short time-outs, for the tests that wait for them to pass
    deadline_s: float  #: how long silence may last, with `impatient` settings, before the driver gives up
    open_deadline_s: float  #: the same for `open`
    settings: Mapping[str, object] = field(
        default_factory=dict
    )  #: what every test sets, e.g. a small picture
    speaks_unasked: bool = (
        False  #: so that a body need not be the answer that is waited for: it may be silence
    )
    examples: int = 40  #: how many arbitrary and damaged bodies are tried


@dataclass
class ServiceStage:
    """Driver and running emulator; the device is not yet open."""

    exchange: ServiceExchange
    emulator: Any
    device: Any

    def ask(self) -> object:
        """The exchange's question, asked now."""
        return self.exchange.ask(self.device)

    def open_at_last(self) -> None:
        """Open, however long this machine takes over it."""
        said: object = None
        for _ in range(_TRIES):
            said = told(self.device.open)
            if not isinstance(said, DeviceError):
                return
            self.device.close()
        raise AssertionError(f"does not open: {said}")

    def at_last(self, fits: Callable[[object], bool]) -> bool:
        """Whether one of the next answers fits."""
        return any(fits(told(self.ask)) for _ in range(_TRIES))


def told(ask: Callable[[], object]) -> object:
    """The value, or the error if it is one that a device may raise."""
    try:
        return ask()
    except DeviceError as error:
        return error


@contextmanager
def served(entry: DriverEntry, *, impatient: bool = False) -> Iterator[ServiceStage]:
    """The driver of `entry` beside its running emulator; both closed at the end."""
    exchange = SERVICE_EXCHANGES[entry.name]
    clock = RealClock()
    emulator: Any = SERVICES[entry.name](clock, 0)
    emulator.start()
    try:
        exchange.prepare(emulator)
        shown = {"driver": entry.name, "url": emulator.url, **exchange.settings}
        if impatient:
            shown |= exchange.impatient
        device: Any = entry.build(entry.settings.model_validate(shown), clock)
        try:
            yield ServiceStage(exchange, emulator, device)
        finally:
            device.close()
    finally:
        emulator.halt_after = None
        emulator.close()


def _lay_the_card_down_again(emulator: CardServiceEmulator) -> None:
    emulator.card_on = False
    emulator.card_on = True


def _lift_the_card(emulator: CardServiceEmulator) -> None:
    emulator.card_on = False


def _card_reader(deadline_s: float) -> ServiceExchange:
    """An ID reader behind a maker's service; the photograph stays on the chip."""
    return ServiceExchange(
        ask=lambda reader: reader.read_card(),
        prepare=_lay_the_card_down_again,
        right=lambda card: card == replace(WANG_XIAOMING, photo=b""),
        change=_lift_the_card,
        changed=lambda card: card is None,
        impatient={"connect_timeout_s": 5.0, "answer_timeout_s": 0.3, "read_timeout_s": 0.3},
        deadline_s=deadline_s,
        open_deadline_s=0.3,
    )


def _cover(emulator: IppEmulator, is_open: bool) -> None:
    emulator.cover_open = is_open


def _camera(impatient: Mapping[str, object], deadline_s: float, **others: Any) -> ServiceExchange:
    """A document camera behind a maker's service: is the lamp on?"""
    return ServiceExchange(
        ask=lambda camera: float(camera.still().pixels.mean()),
        prepare=lambda emulator: _lamp(emulator, 1.0),
        right=lambda brightness: isinstance(brightness, float) and brightness > 60,
        change=lambda emulator: _lamp(emulator, 0.1),
        changed=lambda brightness: isinstance(brightness, float) and brightness < 30,
        impatient=impatient,
        deadline_s=deadline_s,
        open_deadline_s=deadline_s,
        **others,
    )


def _lamp(emulator: Any, light: float) -> None:
    emulator.fps = 60.0  # a quick preview, because most of these tests open again and again
    emulator.light = light


SERVICE_EXCHANGES: dict[str, ServiceExchange] = {
    "ipp": ServiceExchange(
        ask=lambda printer: printer.status(),
        prepare=lambda emulator: _cover(emulator, False),
        right=lambda status: (
            isinstance(status, Status) and status.ready and status.supplies["toner"] == "full"
        ),
        change=lambda emulator: _cover(emulator, True),
        changed=lambda status: isinstance(status, Status) and status.condition is Condition.COVER_OPEN,
        impatient={"timeout_s": 0.5},
        deadline_s=0.5,
        open_deadline_s=0.5,
    ),
    "eloam_http": _camera(
        {"answer_timeout_s": 1.5, "deadline_s": 1.5},
        1.5,
        settings={"size": [640, 480]},
        speaks_unasked=True,
        examples=6,
    ),
    "joyusing_ws": _camera({"deadline_s": 1.5}, 1.5, speaks_unasked=True, examples=6),
    "inspur_http": _card_reader(0.6),  # silence of `idcard`, then of `stopIdcard`
    "meiding_http": _card_reader(0.3),
    "zhiwei_http": _card_reader(0.3),
}
