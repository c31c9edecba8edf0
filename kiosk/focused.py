"""What the keypad's focus stands on, in words: for whoever hears the screen instead of seeing it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Focused:
    """One thing that a key can activate. Role is a code ("button", "choice", "field", "key", "tab", "list")."""

    label: str  #: its name; never ""
    role: str
    value: str = ""  #: what it holds or whether it is chosen; of a field it may be personal
    hint: str = ""
