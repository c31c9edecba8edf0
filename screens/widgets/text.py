"""All text of the face. Plain text goes in; faces, sizes, line breaks and rare characters are seen to here.

No text can inject markup: markup is only switched on for rare characters, and then everything is escaped.
"""

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.label import Label
from kivy.utils import escape_markup

from screens.theme import fonts, tokens
from screens.widgets.wrapping import break_lines


class Text(Label):
    """A text. In kv: `Text: plain: "…"; kind: "body"; tone: "ink"; bold: True`.

    With `wrap` (the default) the parent gives the width, lines are broken Chinese fashion, and the height
    follows the lines. Without, it is one line and both width and height follow the text.
    """

    plain = StringProperty("")
    kind = OptionProperty("body", options=list(tokens.KINDS))
    tone = OptionProperty("ink", options=list(tokens.TONES))
    face = StringProperty(fonts.SANS)
    wrap = BooleanProperty(True)
    balance = BooleanProperty(False)  #: lines of about equal length, for headings
    grow = BooleanProperty(True)  #: the height (and without wrap the width) follows the text
    scale = NumericProperty(1.0)  #: for the text sizes that a citizen may choose later

    def __init__(self, **properties: Any) -> None:
        properties.setdefault("halign", "left")
        self._soon = Clock.create_trigger(self.settle, -1)
        super().__init__(**properties)
        for name in ("plain", "kind", "face", "wrap", "balance", "grow", "bold", "scale", "width"):
            self.fbind(name, self._soon)
        self.fbind("tone", self._paint)
        self._paint()
        self._soon()

    def _paint(self, *_: object) -> None:
        self.color = tokens.tone(self.tone)

    def settle(self, *_: object) -> None:
        """Break, escape, draw, and take the room that the result needs.

        Happens by itself before the next frame; a caller that needs the size at once may call it.
        """
        self._soon.cancel()
        self.font_size = round(tokens.KINDS[self.kind] * self.scale)
        self.font_name = self.face
        text = self.plain
        if self.wrap:
            text = "\n".join(break_lines(text, max(1, self.width - 2), self.measure, balance=self.balance))
            self.text_size = (self.width, None)
        else:
            self.text_size = (None, None)
        runs = fonts.runs(text, self.face)
        self.markup = len({face for face, _ in runs}) > 1
        self.text = _marked(runs, self.face) if self.markup else text
        if not self.markup and runs:
            self.font_name = runs[0][0]
        self.texture_update()
        self._trigger_texture.cancel()
        if self.grow:
            self._take_room()

    def _take_room(self) -> None:
        wide, high = self.texture_size
        self.size_hint_y = None
        self.height = high if self.plain else 0
        if not self.wrap:
            self.size_hint_x = None
            self.width = wide

    def measure(self, part: str) -> float:
        """The width of a part of text in pixels, set as this widget sets it."""
        size = round(tokens.KINDS[self.kind] * self.scale)
        return sum(fonts.advance(character, self.face, size, bool(self.bold)) for character in part)

    @property
    def clipped(self) -> bool:
        """Whether the drawn text is larger than the room it has: the tests look for this."""
        wide, high = self.texture_size
        return bool(self.plain) and (wide > self.width + 1 or high > self.height + 1)


def _marked(runs: list[tuple[str, str]], face: str) -> str:
    parts = []
    for name, part in runs:
        escaped = escape_markup(part)
        parts.append(escaped if name == face else f"[font={name}]{escaped}[/font]")
    return "".join(parts)
