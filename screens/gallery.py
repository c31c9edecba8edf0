"""Draws scenes to PNG files at full size: for people to look at, for golden tests, and for the README.

`screens.env.prepare` must have run before this module is imported, and a display must be there.
"""

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glFinish, glReadPixels
from PIL import Image

from kiosk.journey.events import CitizenEvent
from kiosk.journey.views import Scene
from kiosk.preview import LivePicture, PreviewSlot
from screens.app import Stage
from screens.base import Desk, Words
from screens.theme import fonts, tokens

#: frames until text has its size, boxes have taken their room and textures are up; three would do
SETTLE_FRAMES = 8

Named = tuple[str, Scene]
NO_PREVIEWS: Mapping[str, LivePicture] = MappingProxyType({})


@contextmanager
def stage(words: Words, font_folder: Path, preview: PreviewSlot | None = None) -> Iterator[Stage]:
    """A stage in the window whose screens do not move and whose touches go nowhere."""
    fonts.register(font_folder)
    desk = Desk(words=words, post=_ignore, preview=preview or PreviewSlot(), still=True)
    Window.clearcolor = tokens.PAPER
    EventLoop.ensure_window()
    EventLoop.start()
    shown = Stage(desk)
    Window.add_widget(shown)
    try:
        yield shown
    finally:
        Window.remove_widget(shown)


def _ignore(event: CitizenEvent) -> None:
    """Nobody decides in a gallery."""


def settle() -> None:
    """Let Kivy lay out what is shown, and draw it once: textures are filled when they are first drawn."""
    for _ in range(SETTLE_FRAMES):
        Clock.tick()
        Clock.tick_draw()
    EventLoop.idle()


def snapshot() -> Image.Image:
    """What the window shows."""
    width, height = Window.system_size
    Window.dispatch("on_draw")
    glFinish()
    pixels = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
    return Image.frombytes("RGB", (width, height), bytes(pixels)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def save(picture: Image.Image, path: Path) -> None:
    """Write a PNG; with a palette where that loses nothing that an eye sees, so that goldens stay light."""
    picture.quantize(colors=256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        path, optimize=True
    )


def walk(
    scenes: Sequence[Named],
    words: Words,
    font_folder: Path,
    on_scene: Callable[[int, str, Stage], None],
    previews: Mapping[str, LivePicture] = NO_PREVIEWS,
) -> None:
    """Show each scene and call `on_scene(number, name, stage)` while it is shown; numbers count from 1.

    `previews`: what the document camera sees, by the name of the scene.
    """
    slot = PreviewSlot()
    with stage(words, font_folder, slot) as shown:
        for number, (name, scene) in enumerate(scenes, start=1):
            if name in previews:
                slot.put(previews[name])
            shown.show(scene)
            settle()
            on_scene(number, name, shown)
            shown.clear()


def render(
    scenes: Sequence[Named],
    folder: Path,
    words: Words,
    font_folder: Path,
    on_scene: Callable[[str, Stage], None] | None = None,
    previews: Mapping[str, LivePicture] = NO_PREVIEWS,
) -> list[Path]:
    """Write each scene to `folder` as NN-<name>.png, and an index.html that shows them all. Returns the PNGs.

    `on_scene(name, stage)` is called while the scene is shown, for checks over the live widget tree.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []

    def keep(number: int, name: str, shown: Stage) -> None:
        written.append(folder / f"{number:02d}-{name}.png")
        save(snapshot(), written[-1])
        if on_scene is not None:
            on_scene(name, shown)

    walk(scenes, words, font_folder, keep, previews)
    (folder / "index.html").write_text(_index(written), encoding="utf-8")
    return written


def _index(pictures: list[Path]) -> str:
    figures = "\n".join(
        f'<figure><a href="{path.name}"><img src="{path.name}" loading="lazy" alt=""></a>'
        f"<figcaption>{html.escape(path.stem)}</figcaption></figure>"
        for path in pictures
    )
    return f"""<!doctype html>
<meta charset="utf-8">
<title>天天顺: screens</title>
<style>
body {{ font: 16px sans-serif; background: #ede7db; margin: 32px; }}
main {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 24px; }}
figure {{ margin: 0; }}
img {{ width: 100%; box-shadow: 0 4px 16px #0a2a4d30; }}
figcaption {{ padding: 8px 0; }}
</style>
<main>
{figures}
</main>
"""
