"""Pictures from JPEG bytes: pages that were kept, the page just taken. Nothing touches the disk."""

import io
from typing import Any

from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from screens.theme import tokens
from screens.widgets.surface import Surface
from screens.widgets.text import Text


def texture_of(picture: bytes) -> Texture:
    """Decode JPEG or PNG bytes; not cached, so that nothing of a visitor outlives her widgets."""
    return CoreImage(
        io.BytesIO(picture), ext="jpg" if picture[:2] == b"\xff\xd8" else "png", nocache=True
    ).texture


class Picture(Widget):
    """A JPEG as large as fits, centred, never distorted. In Python: `picture.show(jpeg)`."""

    texture = ObjectProperty(None, allownone=True)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        with self.canvas:
            self._colour = Color(1, 1, 1, 0)
            self._shape = Rectangle()
        for name in ("pos", "size", "texture"):
            self.fbind(name, self._place)

    def show(self, picture: bytes) -> None:
        """Show this picture; b"" shows none."""
        self.texture = texture_of(picture) if picture else None

    def _place(self, *_: object) -> None:
        self._colour.a = 1 if self.texture else 0
        self._shape.texture = self.texture
        if not self.texture:
            return
        wide, high = self.texture.size
        factor = min(self.width / wide, self.height / high)
        self._shape.size = (wide * factor, high * factor)
        self._shape.pos = (self.center_x - wide * factor / 2, self.center_y - high * factor / 2)


class Thumbnail(Surface):
    """A small page with its caption below; an empty place when there is no picture yet."""

    caption = StringProperty("")
    extent = NumericProperty(160)  #: width; the height is that of an A4 page and its caption

    def __init__(self, picture: bytes = b"", **properties: Any) -> None:
        super().__init__(orientation="vertical", padding=10, radius=tokens.RADIUS_SMALL, **properties)
        self.size_hint = (None, None)
        self._picture = Picture()
        self._caption = Text(kind="quiet", halign="center")
        self.add_widget(self._picture)
        self.add_widget(self._caption)
        for name in ("caption", "extent"):
            self.fbind(name, self._set)
        self._set()
        self.show(picture)

    def show(self, picture: bytes) -> None:
        """Show this page; b"" shows an empty place."""
        self._picture.show(picture)
        self.raised = bool(picture)
        self.fill = tokens.CARD if picture else tokens.PAPER_DEEP

    def _set(self, *_: object) -> None:
        self._caption.plain = self.caption
        self.size = (self.extent, self.extent * 1.3 + (44 if self.caption else 0))


class Spacer(BoxLayout):
    """Room that takes what is left over."""
