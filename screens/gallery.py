"""Draws scenes to PNG files at full size: for people to look at, for golden tests, and for the README.

`screens.env.prepare` must have run before this module is imported, and a display must be there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glFinish, glReadPixels
from kivy.lang import Builder
from kivy.uix.widget import Widget
from PIL import Image

from kiosk.journey.events import CitizenEvent
from kiosk.journey.views import Scene
from kiosk.preview import LivePicture, PreviewSlot
from screens.app import Stage
from screens.base import Desk, Words
from screens.manners import PORTRAIT
from screens.theme import fonts, tokens

#: frames after which a screen must have come to rest: text has its size, boxes have taken their room
MOST_FRAMES = 12
#: so many frames without a change are rest: what one frame lays out may ask for more in the next
CALM_FRAMES = 2

Named = tuple[str, Scene]
NO_PREVIEWS: Mapping[str, LivePicture] = MappingProxyType({})


@contextmanager
def stage(
    words: Words,
    font_folder: Path,
    preview: PreviewSlot | None = None,
    size: tuple[int, int] = PORTRAIT,
) -> Iterator[Stage]:
    """A stage in the window's lower left corner whose screens do not move and whose touches go nowhere.

    `size`: of the glass, in pixels; the window is at least as large. So one window serves portrait and landscape.
    """
    fonts.register(font_folder)
    desk = Desk(words=words, post=_ignore, preview=preview or PreviewSlot(), still=True)
    Window.clearcolor = tokens.PAPER
    EventLoop.ensure_window()
    if EventLoop.status != "started":
        EventLoop.start()
    shown = Stage(desk, wide=size[0] > size[1])
    shown.size_hint, shown.size, shown.pos = (None, None), size, (0, 0)
    Window.add_widget(shown)
    try:
        yield shown
    finally:
        shown.clear()
        Window.remove_widget(shown)


def _ignore(event: CitizenEvent) -> None:
    """Nobody decides in a gallery."""


def settle(root: Widget) -> None:
    """Let Kivy lay out what is shown, until nothing moves. Draws nothing."""
    before: object = None
    calm = 0
    for _ in range(MOST_FRAMES):
        Clock.tick()
        Clock.tick_draw()
        now = [(*widget.pos, *widget.size) for widget in root.walk()]
        calm = calm + 1 if now == before else 0
        before = now
        if calm == CALM_FRAMES:
            break
    Builder.sync()  # what kv draws waits for this


def snapshot(size: tuple[int, int] | None = None) -> Image.Image:
    """What the window shows; with `size` (width, height) only as much of its lower left corner."""
    width, height = size or Window.system_size
    Window.dispatch("on_draw")
    glFinish()
    pixels = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
    return Image.frombytes("RGB", (width, height), bytes(pixels)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def walk(
    scenes: Sequence[Named],
    words: Words,
    font_folder: Path,
    on_scene: Callable[[int, str, Stage], None],
    previews: Mapping[str, LivePicture] = NO_PREVIEWS,
    size: tuple[int, int] = PORTRAIT,
) -> None:
    """Show each scene and call `on_scene(number, name, stage)` while it is shown; numbers count from 1.

    `previews`: what the document camera sees, by the name of the scene. Nothing is drawn before `snapshot` is called.
    """
    slot = PreviewSlot()
    with stage(words, font_folder, slot, size) as shown:
        for number, (name, scene) in enumerate(scenes, start=1):
            if name in previews:
                slot.put(previews[name])
            shown.show(scene)
            settle(shown)
            on_scene(number, name, shown)
            shown.clear()
