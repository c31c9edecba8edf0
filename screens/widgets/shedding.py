"""A screen that is gone lets go of its pictures at once.

Widgets hold one another in circles, so Python finds them only when it looks for garbage. Until then their textures,
some ten megabytes a screen, and what stands on them would stay: her name, her pages.
"""

from kivy.core.text import LabelBase
from kivy.graphics import BindTexture
from kivy.graphics.instructions import Canvas, InstructionGroup, VertexInstruction
from kivy.uix.label import Label
from kivy.uix.widget import Widget


def shed(root: Widget) -> None:
    """Empty every canvas below and with `root`, which is in no tree any more, and every text."""
    for widget in list(root.walk(restrict=True)):
        _empty(widget.canvas)
        if isinstance(widget, Label):
            widget._trigger_texture.cancel()
            widget.texture = None
            _forget(widget._label)


def _empty(group: InstructionGroup) -> None:
    for child in group.children:
        if isinstance(child, VertexInstruction | BindTexture):
            child.texture = None
        elif isinstance(child, InstructionGroup) and not isinstance(child, Canvas):
            _empty(child)
    group.clear()


def _forget(drawn: LabelBase) -> None:
    """What Kivy drew the text with."""
    drawn.text = ""
    drawn.texture = None
