"""The devices as the host sees them: products, served by `run_kiosk.py devices emulate`."""

from collections.abc import Callable

from devices.emulators.base import SerialEmulator, ServiceEmulator
from devices.emulators.eloam_http import EloamEmulator
from devices.emulators.escpos import EscposEmulator
from devices.emulators.gpio_signals import GpioChipEmulator
from devices.emulators.input_headphones import InputHeadphonesEmulator
from devices.emulators.input_keypad import InputKeypadEmulator
from devices.emulators.input_switch import InputSwitchEmulator
from devices.emulators.inspur_http import InspurEmulator
from devices.emulators.ipp import IppEmulator
from devices.emulators.joyusing_ws import JoyusingEmulator
from devices.emulators.linux_watchdog import WatchdogEmulator
from devices.emulators.meiding_http import MeidingEmulator
from devices.emulators.modbus_signals import ModbusSignalsEmulator
from devices.emulators.neutral_evaluator import NeutralEvaluatorEmulator
from devices.emulators.nut import NutEmulator
from devices.emulators.opencv import CameraEmulator
from devices.emulators.raw_key_evaluator import RawKeyEvaluatorEmulator
from devices.emulators.s_command_evaluator import SCommandEvaluatorEmulator
from devices.emulators.sane import ScannerEmulator
from devices.emulators.sdt import SdtEmulator
from devices.emulators.serial_scanner import SerialScannerEmulator
from devices.emulators.sse_card import SseCardEmulator
from devices.emulators.wedge_scanner import WedgeScannerEmulator
from devices.emulators.zhiwei_http import ZhiweiEmulator
from ground.clock import Clock

#: every emulator that speaks over a serial line, by its driver's name. Add yours: one line
EMULATORS: dict[str, Callable[[Clock], SerialEmulator]] = {
    "escpos": EscposEmulator,
    "input_keypad": InputKeypadEmulator,
    "input_switch": InputSwitchEmulator,
    "modbus_signals": ModbusSignalsEmulator,
    "neutral_evaluator": NeutralEvaluatorEmulator,
    "nut": NutEmulator,
    "raw_key_evaluator": RawKeyEvaluatorEmulator,
    "s_command_evaluator": SCommandEvaluatorEmulator,
    "input_headphones": InputHeadphonesEmulator,
    "sdt": SdtEmulator,
    "serial_scanner": SerialScannerEmulator,
    "wedge_scanner": WedgeScannerEmulator,
    "sse_card": SseCardEmulator,
}

#: every emulator that is a service of its own, by its driver's name, built as (clock, port); not yet started
SERVICES: dict[str, Callable[[Clock, int], ServiceEmulator]] = {
    "ipp": IppEmulator,
    "gpio_signals": GpioChipEmulator,
    "linux_watchdog": WatchdogEmulator,
    "eloam_http": EloamEmulator,
    "inspur_http": InspurEmulator,
    "joyusing_ws": JoyusingEmulator,
    "meiding_http": MeidingEmulator,
    "opencv": CameraEmulator,
    "sane": ScannerEmulator,
    "zhiwei_http": ZhiweiEmulator,
}
