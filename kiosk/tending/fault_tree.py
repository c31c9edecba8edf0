"""The fault tree: what to look at first, second, third. The glass and the manual say the same. Words `fault_tree.…`."""

from collections.abc import Mapping
from typing import Final

from kiosk.words import Words

_STEPS: Final = ("first", "second", "third", "fourth", "fifth")
_CONDITION: Final = "condition."
#: codes whose fault has a name of its own
_NAMES: Final[Mapping[str, str]] = {
    "condition.offline": "printer_offline",
    "condition.unrecoverable": "printer_broken",
}


def tree_of(code: str) -> str:
    """Name of the fault in the tree, whether it stands there or not."""
    return _NAMES.get(code, code.removeprefix(_CONDITION))


def looked_at(words: Words, name: str) -> tuple[str, ...]:
    """The steps of a fault, the likeliest first; none when the tree does not know it."""
    keys = (f"fault_tree.{name}.{step}" for step in _STEPS)
    return tuple(words(key) for key in keys if key in words)


def mending(words: Words, code: str, hint: str) -> tuple[str, ...]:
    """How a technician mends it: as the fault tree says, else the hint, sentence by sentence."""
    return (looked_at(words, tree_of(code)) if code else ()) or steps_of(hint)


def steps_of(hint: str) -> tuple[str, ...]:
    """A hint as steps, one sentence each."""
    parts = hint.replace("；", "。").replace("; ", ". ").replace(". ", "。").split("。")
    return tuple(part.strip() for part in parts if part.strip())
