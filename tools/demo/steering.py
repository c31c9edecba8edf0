"""The knobs of one emulated device as the panel shows them: what kind each is, its words, its value as text.

Nothing is known of any device here: the knobs are those that the emulator declares, and their kinds are those of
their values. Setting goes through `devices.rig.control`, as with `devices emulate --control`.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from devices.rig.control import ControlClient, ControlRefused
from kiosk.words import Words

_FINE_STEPS = 10.0  # a real number goes up or down by a tenth of its power of ten: 0.9 by 0.1, 50000 by 1000


def kind_of(value: object) -> str:
    """How a value is turned: "switch", "number" or "text"."""
    match value:
        case bool():
            return "switch"
        case int() | float():
            return "number"
        case _:
            return "text"


def text_of(value: object) -> str:
    """A value as the panel shows it; what is neither text nor number, as JSON."""
    match value:
        case bool():
            return "on" if value else "off"
        case str():
            return value
        case float():
            return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
        case _:
            return json.dumps(value, ensure_ascii=False)


def value_of(text: str, now: object) -> Any:
    """What somebody wrote, as the kind of value that the knob holds `now`; text that is no number stays text."""
    match now:
        case bool():
            return text == "on"
        case str():
            return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def stepped(now: float, steps: int) -> float:
    """A number some steps up or down: integers by 1, others by about a tenth of themselves."""
    if isinstance(now, int):
        return now + steps
    step = 0.1
    while abs(now) >= step * _FINE_STEPS * 10:
        step *= 10
    return round(now + steps * step, 6)


class Steering:
    """The dials of one device. `dial(name, text, kind)` makes what the board shows."""

    def __init__(
        self, control: ControlClient, device: str, words: Words, dial: Callable[[str, str, str], Any]
    ) -> None:
        """Asks for the device's knobs. Raises `ControlRefused`, OSError."""
        self._control, self._device, self._words = control, device, words
        self._values: Mapping[str, Any] = control.get(device)
        self.dials: tuple[Any, ...] = tuple(
            dial(name, label(words, name), kind_of(value)) for name, value in self._values.items()
        )

    def look(self) -> Mapping[str, str]:
        """What each knob is now; what it was, when the cabinet has gone."""
        try:
            self._values = self._control.get(self._device)
        except (ControlRefused, OSError):
            return {}
        return {name: text_of(value) for name, value in self._values.items()}

    def put(self, name: str, text: str) -> str:
        """Set one knob; the reason when it was refused, else ""."""
        return self._set(name, value_of(text, self._values[name]))

    def step(self, name: str, steps: int) -> str:
        """Turn a number; the reason when it was refused, else ""."""
        return self._set(name, stepped(self._values[name], steps))

    def _set(self, name: str, value: Any) -> str:
        return attempt(self._words, lambda: self._control.set(self._device, **{name: value}))


def label(words: Words, knob: str) -> str:
    """The words for a knob; its own name where nobody has found any."""
    return words(f"knob.{knob}") if f"knob.{knob}" in words else knob


def attempt(words: Words, wish: Callable[[], object]) -> str:
    """Do it; "" when it was done, else a sentence with the reason."""
    try:
        wish()
    except (ControlRefused, OSError) as error:
        return words("panel.refused", reason=error)
    return ""
