"""One or two switches behind an interface that is a keyboard: Space and Enter.

Source: as of `devices.keypad.input_switch`.
"""

from typing import ClassVar

from devices.emulators.input_keypad import InputKeypadEmulator
from devices.keypad.input_switch import FIRST, SECOND


class InputSwitchEmulator(InputKeypadEmulator):
    """Set `press` to "1" or "2", several with spaces between."""

    keys: ClassVar[dict[str, tuple[int, ...]]] = {"1": FIRST[:1], "2": SECOND[:1]}
