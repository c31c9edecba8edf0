"""Which drivers there are. Add a device here: one entry, and the conformance suite tells what is missing."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any, Literal, Protocol

from pydantic import BaseModel

from devices.chip_card.sse_card import SseCardReader, SseCardSettings
from devices.code_scanner.serial_scanner import SerialScanner, SerialScannerSettings
from devices.code_scanner.wedge_scanner import WedgeScanner, WedgeScannerSettings
from devices.document_camera.eloam_http import EloamCamera, EloamSettings
from devices.document_camera.joyusing_ws import JoyusingCamera, JoyusingSettings
from devices.document_camera.opencv import OpencvCamera, OpencvSettings
from devices.document_scanner.sane import SaneScanner, SaneSettings
from devices.evaluator.neutral_evaluator import NeutralEvaluator, NeutralEvaluatorSettings
from devices.evaluator.raw_key_evaluator import RawKeyEvaluator, RawKeyEvaluatorSettings
from devices.evaluator.s_command_evaluator import SCommandEvaluator, SCommandEvaluatorSettings
from devices.headphones.input_headphones import InputHeadphones, InputHeadphonesSettings
from devices.id_card.inspur_http import InspurReader, InspurSettings
from devices.id_card.meiding_http import MeidingReader, MeidingSettings
from devices.id_card.sdt import SdtReader, SdtSettings
from devices.id_card.zhiwei_http import ZhiweiReader, ZhiweiSettings
from devices.keypad.input_keypad import InputKeypad, InputKeypadSettings
from devices.keypad.input_switch import InputSwitch, InputSwitchSettings
from devices.page_printer.ipp_settings import IppSettings
from devices.receipt_printer.escpos import EscposPrinter, EscposSettings
from devices.signals.gpio_signals import GpioSignals, GpioSignalsSettings
from devices.signals.modbus_signals import ModbusSignals, ModbusSignalsSettings
from devices.status import Capabilities, Status
from devices.ups.nut import NutSettings, NutUps
from devices.watchdog.linux_watchdog import LinuxWatchdog, LinuxWatchdogSettings
from ground.clock import Clock

Kind = Literal[
    "id_card",
    "document_camera",
    "document_scanner",
    "receipt_printer",
    "page_printer",
    "evaluator",
    "code_scanner",
    "chip_card",
    "ups",
    "signals",
    "watchdog",
    "keypad",
    "headphones",
]
#: how a driver reaches its device: through `devices.wire` (bytes, served by a rig), through a service on a
#: network address (HTTP, WebSocket, IPP; its emulator is a server), or through a library of this machine
Reach = Literal["wire", "service", "library"]


class Device(Protocol):
    """What all kinds have in common."""

    def open(self) -> None:
        """Take the device and make sure that it answers. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Let go of it. May be called twice."""
        ...

    def identity(self) -> str:
        """What tells this device from another of its make; stable over restarts."""
        ...

    def status(self) -> Status:
        """How it fares, asked now. Raises `DeviceError` only when it says nothing of use."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can do, as far as is known; asks nothing."""
        ...


@dataclass(frozen=True, slots=True)
class DriverEntry:
    """One driver. Its `name` is also its settings tag, emulator, test and page in docs/devices."""

    kind: Kind
    name: str
    settings: type[BaseModel]  #: has the fields `driver: Literal[name]` and `url: str`
    build: Callable[[Any, Clock], Device]  #: (settings, clock) -> closed device
    reach: Reach = "wire"
    _: KW_ONLY
    proven_on: str  #: honest: "emulator only" until somebody has had the hardware in hand


def _ipp_printer(settings: Any, clock: Clock) -> Device:
    from devices.page_printer.ipp import IppPrinter  # see ipp_settings.py

    return IppPrinter(settings, clock)


DRIVERS: tuple[DriverEntry, ...] = (
    DriverEntry(
        "code_scanner", "serial_scanner", SerialScannerSettings, SerialScanner, proven_on="emulator only"
    ),
    DriverEntry(
        "code_scanner", "wedge_scanner", WedgeScannerSettings, WedgeScanner, proven_on="emulator only"
    ),
    DriverEntry("receipt_printer", "escpos", EscposSettings, EscposPrinter, proven_on="emulator only"),
    DriverEntry(
        "evaluator",
        "neutral_evaluator",
        NeutralEvaluatorSettings,
        NeutralEvaluator,
        proven_on="emulator only",
    ),
    DriverEntry(
        "evaluator",
        "raw_key_evaluator",
        RawKeyEvaluatorSettings,
        RawKeyEvaluator,
        proven_on="emulator only",
    ),
    DriverEntry(
        "evaluator",
        "s_command_evaluator",
        SCommandEvaluatorSettings,
        SCommandEvaluator,
        proven_on="emulator only",
    ),
    DriverEntry("id_card", "sdt", SdtSettings, SdtReader, proven_on="emulator only"),
    DriverEntry("id_card", "inspur_http", InspurSettings, InspurReader, "service", proven_on="emulator only"),
    DriverEntry(
        "id_card", "meiding_http", MeidingSettings, MeidingReader, "service", proven_on="emulator only"
    ),
    DriverEntry("id_card", "zhiwei_http", ZhiweiSettings, ZhiweiReader, "service", proven_on="emulator only"),
    DriverEntry(
        "document_camera", "opencv", OpencvSettings, OpencvCamera, "library", proven_on="emulator only"
    ),
    DriverEntry(
        "document_camera", "eloam_http", EloamSettings, EloamCamera, "service", proven_on="emulator only"
    ),
    DriverEntry(
        "document_camera",
        "joyusing_ws",
        JoyusingSettings,
        JoyusingCamera,
        "service",
        proven_on="emulator only",
    ),
    DriverEntry("page_printer", "ipp", IppSettings, _ipp_printer, "service", proven_on="emulator only"),
    DriverEntry("ups", "nut", NutSettings, NutUps, proven_on="emulator only"),
    DriverEntry(
        "signals",
        "modbus_signals",
        ModbusSignalsSettings,
        ModbusSignals,
        proven_on="emulator only",
    ),
    DriverEntry(
        "signals", "gpio_signals", GpioSignalsSettings, GpioSignals, "library", proven_on="emulator only"
    ),
    DriverEntry(
        "watchdog",
        "linux_watchdog",
        LinuxWatchdogSettings,
        LinuxWatchdog,
        "library",
        proven_on="emulator only",
    ),
    DriverEntry("chip_card", "sse_card", SseCardSettings, SseCardReader, proven_on="emulator only"),
    DriverEntry(
        "headphones", "input_headphones", InputHeadphonesSettings, InputHeadphones, proven_on="emulator only"
    ),
    DriverEntry("keypad", "input_keypad", InputKeypadSettings, InputKeypad, proven_on="emulator only"),
    DriverEntry("keypad", "input_switch", InputSwitchSettings, InputSwitch, proven_on="emulator only"),
    DriverEntry("document_scanner", "sane", SaneSettings, SaneScanner, "library", proven_on="emulator only"),
)


def driver(name: str) -> DriverEntry:
    """The entry called `name`. Raises KeyError."""
    for entry in DRIVERS:
        if entry.name == name:
            return entry
    raise KeyError(name)
