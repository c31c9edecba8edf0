"""`devices suggest`: what hangs on this machine, as TOML to paste, each with a confidence and its reason.

Looks at names and ids only; with `ask`, free serial ports are also asked in the protocols that answer a question
without doing anything (status of the security module, DLE EOT, ping of the keypad): who answers is certain.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel

from devices.catalog import DRIVERS, Device, driver
from devices.errors import DeviceError
from ground.clock import Clock
from tools.technician.machine import Machine, Port, answers

Confidence = Literal["certain", "likely", "possible"]
_RANK: Final = {"certain": 0, "likely": 1, "possible": 2}

#: USB ids of devices that speak one protocol only; sources: protocol notes, id_card_reader.md §1.2
_KNOWN_USB: Final = {
    "0400:c35a": "sdt",
    "0483:5652": "sdt",
    "261a:0007": "sdt",
    "261a:0011": "sdt",
    "261a:0012": "sdt",
    "261a:001c": "sdt",
}
#: vendor services on this machine; sources: field.md A1, document_camera.md §5, others.md §7
_SERVICES: Final = (
    (7999, "inspur_http", "http://127.0.0.1:7999"),
    (8080, "meiding_http", "http://127.0.0.1:8080/api"),
    (18889, "zhiwei_http", "http://127.0.0.1:18889/api"),
    (38088, "eloam_http", "http://127.0.0.1:38088"),
    (1818, "joyusing_ws", "ws://127.0.0.1:1818"),
    (3493, "nut", "socket://127.0.0.1:3493"),
)
#: words in a device's own name that give its kind away
_TELLING: Final = (
    (("id card", "idcard", "idr", "cvr", "ss628", "sdt", "身份证"), "sdt"),
    (("receipt", "pos58", "pos80", "thermal", "tm t", "ppu", "kpm", "xprinter"), "escpos"),
    (("scanner", "barcode", "newland", "honeywell", "datalogic", "symbol"), "serial_scanner"),
    (("evaluat", "pingjia"), "neutral_evaluator"),
)
#: drivers that may be tried on a serial port: they ask and change nothing
_ASKED: Final = (("sdt", 115200), ("escpos", 115200), ("neutral_evaluator", 9600), ("escpos", 9600))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One device that may be fitted."""

    driver: str
    url: str
    confidence: Confidence
    reason: str  #: words key under `suggest.`
    label: str = ""  #: what the device calls itself
    baud: int | None = None

    @property
    def kind(self) -> str:
        """The table of the configuration."""
        return driver(self.driver).kind

    def toml(self) -> str:
        """What to paste into terminal.toml."""
        quoted = json.dumps(self.url, ensure_ascii=False)  # a device may call itself anything, quotes too
        lines = [f"[devices.{self.kind}]", f'driver = "{self.driver}"', f"url = {quoted}"]
        return "\n".join(lines + ([f"baud = {self.baud}"] if self.baud else []))


def suggestions(
    machine: Machine,
    clock: Clock,
    *,
    ask: bool = False,
    listens: Callable[[int], bool] = answers,
    ipp_printers: Callable[[], Iterable[tuple[str, str]]] = tuple,
    scanners: Callable[[], Iterable[tuple[str, str]]] = tuple,
) -> list[Suggestion]:
    """Everything found, the most certain first. `ipp_printers` and `scanners` give (url, label)."""
    found = [
        *_serial(machine.serial_ports(), clock, ask),
        *_usb(machine),
        *_cameras(machine.cameras()),
        *_keyboards(machine.keyboards()),
        *(Suggestion(name, url, "likely", "service") for port, name, url in _SERVICES if listens(port)),
        *(Suggestion("ipp", url, "likely", "ipp", label) for url, label in ipp_printers()),
        *(Suggestion("sane", url, "likely", "sane", label) for url, label in scanners()),
        *_nodes(machine),
    ]
    return sorted(
        (one for one in found if any(entry.name == one.driver for entry in DRIVERS)),
        key=lambda one: (_RANK[one.confidence], one.kind, one.url),
    )


def _serial(ports: Iterable[Port], clock: Clock, ask: bool) -> Iterator[Suggestion]:
    for port in ports:
        answered = _who_answers(port, clock) if ask else None
        if answered is not None:
            name, baud = answered
            yield Suggestion(name, port.path, "certain", "answered", port.label, baud)
            continue
        telling = _told_by_name(port.label)
        if telling:
            yield Suggestion(telling, port.path, "likely", "name", port.label)
        else:
            for name in ("sdt", "escpos", "serial_scanner", "neutral_evaluator"):
                yield Suggestion(name, port.path, "possible", "serial", port.label)


def _who_answers(port: Port, clock: Clock) -> tuple[str, int] | None:
    for name, baud in _ASKED:
        device = _built(name, port.path, baud, clock)
        try:
            device.open()
            return name, baud
        except DeviceError:
            continue
        finally:
            device.close()
    return None


def _built(name: str, url: str, baud: int, clock: Clock) -> Device:
    entry = driver(name)
    settings: type[BaseModel] = entry.settings
    asked: dict[str, Any] = {"driver": name, "url": url, "baud": baud}
    return entry.build(settings.model_validate(asked), clock)


def _usb(machine: Machine) -> Iterator[Suggestion]:
    for device in machine.usb():
        url = f"usb://{device.usb_id}" + (f"/{device.serial}" if device.serial else "")
        if device.usb_id in _KNOWN_USB:
            yield Suggestion(_KNOWN_USB[device.usb_id], url, "certain", "usb_id", device.label)
        elif device.printer:
            yield Suggestion("escpos", url, "possible", "usb_printer", device.label)


def _cameras(cameras: Iterable[Port]) -> Iterator[Suggestion]:
    for camera in cameras:
        yield Suggestion("opencv", camera.path, "likely", "camera", camera.label)


def _keyboards(keyboards: Iterable[Port]) -> Iterator[Suggestion]:
    for keyboard in keyboards:
        if _told_by_name(keyboard.label) == "serial_scanner":
            yield Suggestion("wedge_scanner", f"input://{keyboard.path}", "likely", "name", keyboard.label)


def _nodes(machine: Machine) -> Iterator[Suggestion]:
    for pattern, name, url in (
        ("usb/lp*", "escpos", "file://{}"),
        ("watchdog", "linux_watchdog", "{}"),
        ("gpiochip*", "gpio_signals", "{}"),
    ):
        for node in machine.nodes(pattern):
            yield Suggestion(name, url.format(node), "possible", "node")


def _told_by_name(label: str) -> str:
    low = label.lower()
    return next((name for signs, name in _TELLING if any(sign in low for sign in signs)), "")
