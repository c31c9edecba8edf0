"""The lines of a GPIO chip: taken together, read, written, given back.

Source: libgpiod's Python bindings, version 2 (`gpiod.request_lines`), from its documentation; shared protocol notes,
others.md §8. gpiod is optional: it is only imported where such a chip is opened. Chips that are not the kernel's (the
emulator's) are registered from outside; this module knows none of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any, Literal, Protocol

from devices.errors import NotInstalled

Bias = Literal["as_is", "pull_up", "pull_down", "disabled"]
_CONSUMER = "kiosk"  # who holds the lines, as `gpioinfo` shows it


@dataclass(frozen=True, slots=True)
class LineWish:
    """How one line is wanted."""

    line: int  #: the chip's offset
    output: bool
    active_low: bool
    bias: Bias = "as_is"


class Lines(Protocol):
    """Lines that were taken. Levels are logical: `active_low` is already reckoned in. Raises OSError."""

    def read(self, lines: Sequence[int]) -> Mapping[int, bool]:
        """The levels of `lines`."""
        ...

    def write(self, line: int, active: bool) -> None:
        """Put an output so."""
        ...

    def release(self) -> None:
        """Give them back."""
        ...


#: takes the wished lines of one chip. Raises OSError, ValueError (a line that the chip has not)
LinesFactory = Callable[[Sequence[LineWish]], Lines]

_registered: dict[str, LinesFactory] = {}
_schemes: dict[str, Callable[[str, Sequence[LineWish]], Lines]] = {}


def register_chips(scheme: str, take: Callable[[str, Sequence[LineWish]], Lines]) -> None:
    """Make every URL of `scheme` lead to `take(url, wishes)` instead of to the kernel."""
    _schemes[scheme] = take


def register_chip(url: str, factory: LinesFactory | None) -> None:
    """Make `url` lead to `factory` instead of to the kernel; None forgets it again."""
    if factory is None:
        _registered.pop(url, None)
    else:
        _registered[url] = factory


def take_lines(url: str, wishes: Sequence[LineWish]) -> Lines:
    """The wished lines of the chip at `url`, outputs inactive. Raises `NotInstalled`, OSError, ValueError."""
    factory = _registered.get(url)
    if factory is not None:
        return factory(wishes)
    return _schemes.get(url.partition("://")[0], GpiodLines)(url, wishes)


class GpiodLines:
    """Lines of a chip of the kernel (`/dev/gpiochipN`), through gpiod 2. Implements `Lines`."""

    def __init__(self, path: str, wishes: Sequence[LineWish]) -> None:
        self._line = _gpiod().line
        self._request: Any = _gpiod().request_lines(
            path, consumer=_CONSUMER, config={wish.line: self._settings(wish) for wish in wishes}
        )

    def read(self, lines: Sequence[int]) -> Mapping[int, bool]:
        """The levels of `lines`."""
        values = self._request.get_values(list(lines)) if lines else []
        return {line: value == self._line.Value.ACTIVE for line, value in zip(lines, values, strict=True)}

    def write(self, line: int, active: bool) -> None:
        """Put an output so."""
        self._request.set_value(line, self._line.Value.ACTIVE if active else self._line.Value.INACTIVE)

    def release(self) -> None:
        """Give them back."""
        self._request.release()

    def _settings(self, wish: LineWish) -> Any:
        direction, bias = self._line.Direction, self._line.Bias
        return _gpiod().LineSettings(
            direction=direction.OUTPUT if wish.output else direction.INPUT,
            active_low=wish.active_low,
            bias=getattr(bias, wish.bias.upper()),
            output_value=self._line.Value.INACTIVE,
        )


def _gpiod() -> ModuleType:
    try:
        gpiod = import_module("gpiod")
    except ImportError as error:
        raise NotInstalled(package="gpiod") from error
    if not hasattr(gpiod, "request_lines"):  # Debian 12 ships version 1, whose module has the same name
        raise NotInstalled(package="gpiod", reason="version 2 or newer is needed")
    import_module("gpiod.line")
    return gpiod
