"""Which drivers there are. Add a device here: one entry, and the conformance suite tells what is missing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import BaseModel

from devices.document_camera.opencv import OpencvCamera, OpencvSettings
from devices.evaluator.neutral_evaluator import NeutralEvaluator, NeutralEvaluatorSettings
from devices.id_card.sdt import SdtReader, SdtSettings
from devices.receipt_printer.escpos import EscposPrinter, EscposSettings
from ground.clock import Clock

Kind = Literal["id_card", "document_camera", "receipt_printer", "evaluator"]


class Device(Protocol):
    """What all kinds have in common."""

    def open(self) -> None: ...
    def close(self) -> None: ...
    def identity(self) -> str: ...


@dataclass(frozen=True, slots=True)
class DriverEntry:
    """One driver. Its `name` is also its settings tag, emulator, test and page in docs/devices."""

    kind: Kind
    name: str
    settings: type[BaseModel]  #: has the fields `driver: Literal[name]` and `url: str`
    build: Callable[[Any, Clock], Device]  #: (settings, clock) -> closed device
    proven_on: str  #: honest: "emulator only" until somebody has had the hardware in hand


DRIVERS: tuple[DriverEntry, ...] = (
    DriverEntry("receipt_printer", "escpos", EscposSettings, EscposPrinter, proven_on="emulator only"),
    DriverEntry(
        "evaluator",
        "neutral_evaluator",
        NeutralEvaluatorSettings,
        NeutralEvaluator,
        proven_on="emulator only",
    ),
    DriverEntry("id_card", "sdt", SdtSettings, SdtReader, proven_on="emulator only"),
    DriverEntry("document_camera", "opencv", OpencvSettings, OpencvCamera, proven_on="emulator only"),
)


def driver(name: str) -> DriverEntry:
    """The entry called `name`. Raises KeyError."""
    for entry in DRIVERS:
        if entry.name == name:
            return entry
    raise KeyError(name)
