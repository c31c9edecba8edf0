"""What a touchable says of itself to whom the keypad brings there: its name, what it is, what it holds."""

from collections.abc import Callable, Sequence

from kivy.uix.widget import Widget

from kiosk.focused import Focused
from screens.widgets.text import Text
from screens.widgets.touch import Touchable

Words = Callable[..., str]

#: icons that stand alone on a button; words `focus.icon.<name>` say what it does
ICONS = frozenset(
    {
        "apple-keyboard-caps",
        "apple-keyboard-shift",
        "backspace-outline",
        "chevron-down",
        "chevron-left",
        "chevron-right",
        "chevron-up",
        "close",
        "eraser",
        "format-size",
    }
)


def told_of(widget: Touchable, words: Words) -> Focused:
    """Label, role, value and hint, in the words of now."""
    value = str(widget.value)
    if not value and widget.role == "choice":
        value = words(
            "focus.chosen"
            if getattr(widget, "chosen", getattr(widget, "ticked", False))
            else "focus.not_chosen"
        )
    label, hint = label_of(widget, words), str(widget.hint)
    if not value and widget.tells_inside:
        value = words("focus.pause").join(text for text in _written(widget) if text not in (label, hint))
    return Focused(label, str(widget.role), value, hint)


def told_of_all(row: Sequence[Touchable], words: Words) -> Focused:
    """A whole row that is offered to a single switch."""
    return Focused(words("focus.pause").join(label_of(widget, words) for widget in row), "list")


def label_of(widget: Touchable, words: Words) -> str:
    """Its name: what it says of itself, else the texts on it, else what its icon means."""
    if widget.said:
        return str(widget.said)
    written = words("focus.pause").join(_written(widget))
    if written:
        return written
    icon = str(getattr(widget, "icon", ""))
    return words(f"focus.icon.{icon}") if icon in ICONS else words("focus.nameless")


def _written(widget: Widget) -> list[str]:
    """The texts on it; what lies on it and can be touched itself speaks for itself."""
    found: list[str] = []
    for child in reversed(widget.children):
        if isinstance(child, Text):
            found += [child.plain.strip()] if child.opacity > 0 and child.plain.strip() else []
        elif child.opacity > 0 and not isinstance(child, Touchable):
            found += _written(child)
    return found
