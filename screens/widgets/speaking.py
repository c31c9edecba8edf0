"""What a touchable says of itself to whom the keypad brings there: its name, what it is, what it holds."""

from collections.abc import Callable

from kiosk.focused import Focused
from screens.widgets.text import Text
from screens.widgets.touch import Touchable, live_widgets

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
    return Focused(label_of(widget, words), str(widget.role), value, str(widget.hint))


def label_of(widget: Touchable, words: Words) -> str:
    """Its name: what it says of itself, else the texts on it, else what its icon means."""
    if widget.said:
        return str(widget.said)
    parts = [text.plain.strip() for text in live_widgets(widget) if isinstance(text, Text)]
    written = words("focus.pause").join(part for part in parts if part)
    if written:
        return written
    icon = str(getattr(widget, "icon", ""))
    return words(f"focus.icon.{icon}") if icon in ICONS else words("focus.nameless")
