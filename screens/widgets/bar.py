"""The bar at the top: the matter left, who right; and the step bar below it."""

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, ColorProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.chip import Tag
from screens.widgets.icon import Icon
from screens.widgets.text import Text


def gradient(upper: tokens.Colour, lower: tokens.Colour) -> Texture:
    """A vertical gradient as a texture of two pixels, made once per bar."""
    texture = Texture.create(size=(1, 2), colorfmt="rgba")
    pixels = bytes(round(part * 255) for colour in (lower, upper) for part in colour)
    texture.blit_buffer(pixels, colorfmt="rgba", bufferfmt="ubyte")
    texture.mag_filter = "linear"
    return texture


class Banner(BoxLayout):
    """A ground with a vertical gradient: bar, home header, idle."""

    upper = ColorProperty(tokens.CLEAR)  #: the worn theme's CITY, unless something else is said
    lower = ColorProperty(tokens.CLEAR)

    def __init__(self, **properties: Any) -> None:
        self.upper = self.lower = tokens.CITY
        super().__init__(**properties)
        with self.canvas.before:
            Color(1, 1, 1, 1)
            self._ground = Rectangle()
        for name in ("pos", "size"):
            self.fbind(name, self._place)
        for name in ("upper", "lower"):
            self.fbind(name, self._tint)
        self._tint()

    def _tint(self, *_: object) -> None:
        self._ground.texture = gradient(tuple(self.upper), tuple(self.lower))

    def _place(self, *_: object) -> None:
        self._ground.pos, self._ground.size = self.pos, self.size


class Bar(Banner):
    """Matter, quiet 示例 mark, masked name."""

    height: float
    hidden = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        super().__init__(
            size_hint_y=None,
            height=tokens.BAR_WIDE if tokens.WIDE else tokens.BAR,
            padding=(tokens.MARGIN, 0),
            spacing=tokens.GAP_SMALL,
            **properties,
        )
        self._title = Text(wrap=False, kind="large", tone="white", bold=True, pos_hint={"center_y": 0.5})
        self._sample = Tag(pos_hint={"center_y": 0.5}, look="on_city")
        self._who = Text(wrap=False, kind="quiet", tone="white_soft", pos_hint={"center_y": 0.5})
        self._said = ""
        self.fbind("hidden", self._take_room)
        for part in (self._title, self._sample, Widget(), self._who):
            self.add_widget(part)
        self.fbind("width", self._fit)

    @property
    def full(self) -> float:
        """The height that it has when it is shown, pixels."""
        return float(tokens.BAR_WIDE if tokens.WIDE else tokens.BAR)

    def _take_room(self, *_: object) -> None:
        self.height, self.opacity = (0, 0) if self.hidden else (self.full, 1)

    def show(self, title: str, who: str, sample: str) -> None:
        """`sample` is the word of the mark, "" for none."""
        self._title.plain, self._sample.plain = title, sample
        self._said = who
        self._fit()

    def _fit(self, *_: object) -> None:
        """Where both do not fit, her name alone stands beside the matter."""
        parts = (self._title, self._sample, self._who)
        self._who.plain = self._said
        for part in (self._title, self._who):
            part.settle()
        taken = sum(part.width + tokens.GAP_SMALL for part in parts) + 2 * tokens.MARGIN
        if taken > self.width:
            self._who.plain = self._said.split(" · ")[0]
            self._who.settle()
            self._title.kind = "large"
            self._title.settle()
            taken = sum(part.width + tokens.GAP_SMALL for part in parts) + 2 * tokens.MARGIN
        if taken > self.width > tokens.BAR:
            self._title.kind = "quiet"


class OfflineStrip(BoxLayout):
    """One quiet line below the bar while there is no network: what still works. No height without words."""

    plain = StringProperty("")

    def __init__(self, **properties: Any) -> None:
        super().__init__(size_hint_y=None, spacing=tokens.GAP_SMALL, **properties)
        self._icon = Icon(name="wifi-off", tone="notice", pos_hint={"center_y": 0.5})
        self._text = Text(kind="quiet", tone="notice", pos_hint={"center_y": 0.5})
        with self.canvas.before:
            self._tint = Color(*tokens.NOTICE_TINT)
            self._ground = Rectangle()
        self.add_widget(self._icon)
        self.add_widget(self._text)
        for name in ("pos", "size", "plain"):
            self.fbind(name, self._set)
        self._text.fbind("height", self._set)
        self._set()

    def _set(self, *_: object) -> None:
        self._text.plain = self.plain
        self._icon.extent = 40 if self.plain else 0
        self.padding = (tokens.MARGIN, 0)
        self.height = max(64, self._text.height + tokens.STEP) if self.plain else 0
        self.opacity = 1 if self.plain else 0
        self._ground.pos, self._ground.size = self.pos, self.size
