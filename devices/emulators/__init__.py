"""The devices as the host sees them: products, served by `run_kiosk.py devices emulate`."""

from collections.abc import Callable

from devices.emulators.base import SerialEmulator
from devices.emulators.escpos import EscposEmulator
from devices.emulators.neutral_evaluator import NeutralEvaluatorEmulator
from devices.emulators.sdt import SdtEmulator
from ground.clock import Clock

#: every emulator that speaks over a serial line, by its driver's name. Add yours: one line
EMULATORS: dict[str, Callable[[Clock], SerialEmulator]] = {
    "escpos": EscposEmulator,
    "neutral_evaluator": NeutralEvaluatorEmulator,
    "sdt": SdtEmulator,
}
