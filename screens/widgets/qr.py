"""A QR code as a texture."""

from typing import Any

import qrcode
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import StringProperty
from kivy.uix.widget import Widget
from qrcode.constants import ERROR_CORRECT_M

#: quiet zone in modules, ISO/IEC 18004
_BORDER = 4


def qr_texture(content: str) -> Texture:
    """One pixel a module, black on white, with its quiet zone; drawn larger without smoothing."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=_BORDER)
    code.add_data(content)
    code.make(fit=True)
    rows = code.get_matrix()
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance")
    pixels = bytes(0 if dark else 255 for row in reversed(rows) for dark in row)
    texture.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
    texture.mag_filter = texture.min_filter = "nearest"
    return texture


class QrCode(Widget):
    """In kv: `QrCode: content: "…"`. Square, as large as fits, in whole pixels a module."""

    content = StringProperty("")

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        with self.canvas:
            self._ink = Color(1, 1, 1, 1)  # black on white in every theme: a telephone must read it
            self._shape = Rectangle()
        self.fbind("content", self._write)
        for name in ("pos", "size"):
            self.fbind(name, self._place)
        self._write()

    def _write(self, *_: object) -> None:
        self._ink.a = 1 if self.content else 0
        self._shape.texture = qr_texture(self.content) if self.content else None
        self._place()

    def _place(self, *_: object) -> None:
        if self._shape.texture is None:
            return
        modules = self._shape.texture.width
        side = max(1, int(min(self.width, self.height) // modules)) * modules
        self._shape.size = (side, side)
        self._shape.pos = (
            int((self.x + self.width / 2) - side / 2),
            int((self.y + self.height / 2) - side / 2),
        )
