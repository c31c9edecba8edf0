"""What is said to libgpiod: against a stand-in with the shape of its version 2, and without the library."""

import enum
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from devices.errors import Condition, NotInstalled, Refused, Unreachable
from devices.signals.gpio_signals import GpioSignals, GpioSignalsSettings
from ground.clock import ManualClock


class Direction(enum.Enum):
    AS_IS, INPUT, OUTPUT = range(1, 4)


class Bias(enum.Enum):
    AS_IS, UNKNOWN, DISABLED, PULL_UP, PULL_DOWN = range(1, 6)


class Value(enum.Enum):
    INACTIVE, ACTIVE = range(2)


class Request:
    """`gpiod.LineRequest`: reads inactive, except line 0."""

    def __init__(self) -> None:
        self.written: list[tuple[int, Value]] = []
        self.released = False

    def get_values(self, lines: list[int]) -> list[Value]:
        return [Value.INACTIVE if line else Value.ACTIVE for line in lines]

    def set_value(self, line: int, value: Value) -> None:
        self.written.append((line, value))

    def release(self) -> None:
        self.released = True


class Gpiod(ModuleType):
    """`gpiod`, as far as it is used; every other name is missing, as it would be."""

    def __init__(self) -> None:
        super().__init__("gpiod")
        self.line = ModuleType("gpiod.line")
        vars(self.line).update(Direction=Direction, Bias=Bias, Value=Value)
        self.asked: dict[str, Any] = {}
        self.request = Request()
        self.fault: Exception | None = None

    @staticmethod
    def LineSettings(
        *, direction: Direction, active_low: bool, bias: Bias, output_value: Value
    ) -> SimpleNamespace:
        return SimpleNamespace(
            direction=direction, active_low=active_low, bias=bias, output_value=output_value
        )

    def request_lines(self, path: str, *, consumer: str, config: dict[int, Any]) -> Request:
        if self.fault is not None:
            raise self.fault
        self.asked = {"path": path, "consumer": consumer, "config": config}
        return self.request


@pytest.fixture
def gpiod(monkeypatch: pytest.MonkeyPatch) -> Gpiod:
    library = Gpiod()
    monkeypatch.setitem(sys.modules, "gpiod", library)
    monkeypatch.setitem(sys.modules, "gpiod.line", library.line)
    return library


def driver() -> GpioSignals:
    return GpioSignals(GpioSignalsSettings(url="/dev/gpiochip0"), ManualClock())


def test_lines_are_taken_read_written_and_released(gpiod: Gpiod) -> None:
    signals = driver()
    signals.open()
    assert (gpiod.asked["path"], gpiod.asked["consumer"]) == ("/dev/gpiochip0", "kiosk")
    sensor, lamp = gpiod.asked["config"][0], gpiod.asked["config"][2]
    assert (sensor.direction, sensor.active_low, sensor.bias) == (Direction.INPUT, True, Bias.PULL_UP)
    assert (lamp.direction, lamp.output_value, lamp.bias) == (Direction.OUTPUT, Value.INACTIVE, Bias.AS_IS)
    assert sorted(gpiod.asked["config"]) == [0, 1, 2, 3, 4, 5, 6]
    assert signals.inputs() == {"presence": True, "door_open": False}
    signals.light("id_card", True)
    signals.light("camera", False)
    assert gpiod.request.written == [(2, Value.ACTIVE), (3, Value.INACTIVE)]
    signals.close()
    assert gpiod.request.released


@pytest.mark.parametrize(
    ("fault", "condition"),
    [
        (OSError(16, "Device or resource busy"), Condition.BUSY),
        (OSError(22, "Invalid argument"), Condition.BAD_COMMAND),
        (ValueError("unknown line"), Condition.BAD_COMMAND),
    ],
)
def test_what_the_library_refuses(gpiod: Gpiod, fault: Exception, condition: Condition) -> None:
    gpiod.fault = fault
    with pytest.raises(Refused) as caught:
        driver().open()
    assert caught.value.condition is condition


@pytest.mark.parametrize(
    "fault", [FileNotFoundError(2, "No such file"), PermissionError(13, "Permission denied")]
)
def test_no_chip_or_no_permission(gpiod: Gpiod, fault: OSError) -> None:
    gpiod.fault = fault
    with pytest.raises(Unreachable):
        driver().open()


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gpiod", None)
    with pytest.raises(NotInstalled, match="gpiod"):
        driver().open()


def test_with_version_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gpiod", ModuleType("gpiod"))
    with pytest.raises(Unreachable, match="version 2"):
        driver().open()
