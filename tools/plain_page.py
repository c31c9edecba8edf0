"""The page of last resort: `python -m tools.plain_page` draws it with X alone: no face, catalogue, settings or device.

systemd starts it when the face failed too often; it stays until systemd ends it. A face that counts its own crashes
becomes it for a while (`for_a_while`) and is tried again afterwards. Words that cannot be read are
left out: then the glass shows the colour alone, which is calmer than a console.
"""

import os
import select
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from Xlib import X, display
from Xlib.error import ConnectionClosedError, DisplayError

from ground.clock import RealClock
from tools.out import complain
from tools.watchdog import Watchdog

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh-Hans", "en")
SENTENCES = ("sentence", "window", "kept", "again")
_PAPER, _INK = "#1f3a5f", "#ffffff"  # the colour that session/screen-ready.sh lays under everything
_FONTS = (
    ROOT / "build/fonts/NotoSansSC-Bold.otf",
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"),
)
_LARGEST = 1 / 14  # of the width: 77 px on 1080, more than 20 mm on 23.8 inches
_SHARE = 0.88  # of the width that a line may take
_LOOK_S = 1.0
_NO_SCREEN_S = 10.0  # chosen: shorter than the watchdog, which the next try feeds
_BAND = 64  # rows sent at once: a request of X may hold 256 KB


def words(folder: Path = ROOT / "config/words", about: str = "plain_page") -> list[tuple[str, ...]]:
    """The lines of each language; none for a language that cannot be read. `about`: which page of the file."""
    found = []
    for language in LANGUAGES:
        try:
            held = tomllib.loads((folder / language / "plain_page.toml").read_text("utf-8"))[about]
            found.append(tuple(str(held[key]) for key in SENTENCES))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def drawn(width: int, height: int, lines: list[tuple[str, ...]]) -> Image.Image:
    """The whole page, (width, height) px, RGB: Chinese above, large; English below."""
    page = Image.new("RGB", (width, height), _PAPER)
    pen, y = ImageDraw.Draw(page), height * 0.2
    base = min(width, height * 0.8)  # lying screens are low
    for nth, paragraph in enumerate(lines):
        for line, text in enumerate(paragraph):
            scale = _LARGEST * (1.0 if line == 0 else 0.62) * (1.0 if nth == 0 else 0.62)
            font = _fitting(pen, text, width, round(base * scale))
            if font is None:
                return page
            pen.text((width / 2, y), text, font=font, fill=_INK, anchor="ma")
            y += font.size * (2.2 if line == 0 else 1.7)
        y += height * 0.05
    return page


def _fitting(pen: ImageDraw.ImageDraw, text: str, width: int, size: int) -> ImageFont.FreeTypeFont | None:
    file = next((font for font in _FONTS if font.is_file()), None)
    if file is None:
        return None
    index = 2 if file.suffix == ".ttc" else 0  # Simplified Chinese is the third face of Debian's collection
    font = ImageFont.truetype(str(file), size, index=index)
    longest = pen.textlength(text, font=font)
    return font if longest <= width * _SHARE else font.font_variant(size=int(size * width * _SHARE / longest))


def show(line: Any, about: str = "plain_page") -> Any:
    """Cover the whole screen of this display; returns the window, which takes no key and answers no touch."""
    screen = line.screen()
    width, height = screen.width_in_pixels, screen.height_in_pixels
    page = drawn(width, height, words(about=about))
    pixmap = screen.root.create_pixmap(width, height, screen.root_depth)
    pen = pixmap.create_gc()
    for top in range(0, height, _BAND):
        band = page.crop((0, top, width, min(height, top + _BAND)))
        pixmap.put_pil_image(pen, 0, top, band)
    window = screen.root.create_window(
        0,
        0,
        width,
        height,
        0,
        screen.root_depth,
        X.InputOutput,
        background_pixmap=pixmap,
        override_redirect=1,
    )
    window.map()
    line.sync()
    return window


def for_a_while(seconds: float, then: Sequence[str]) -> list[str]:
    """The command line that shows the page for `seconds` and then becomes `then`."""
    return [sys.executable, "-m", "tools.plain_page", "--seconds", f"{seconds:g}", *then]


def main(arguments: Sequence[str] = ()) -> int:
    """Show it until ended; 1 when there is no screen. `--seconds N COMMAND …`: so long, then become the command.

    `--behind PAGE`: another page of the file, and whatever comes later lies over it.
    """
    clock = RealClock()
    behind = arguments[1] if arguments[:1] == ["--behind"] else ""
    then = list(arguments[2:]) if arguments[:1] == ["--seconds"] else []
    until = clock.after(float(arguments[1])) if then else None
    watchdog = Watchdog.from_environment(clock)
    try:
        line = display.Display()
        window = show(line, behind or "plain_page")
        while until is None or not clock.due(until):
            if not behind:
                window.raise_window()
            line.sync()  # answered by the X server: a dead screen ends this process, and systemd tries again
            watchdog.feed()
            select.select([line.fileno()], [], [], _LOOK_S)
            while line.pending_events():
                line.next_event()
    except (OSError, ConnectionClosedError, DisplayError) as error:
        complain(f"no screen for the plain page ({type(error).__name__})")
        if until is None:
            return 1
        clock.wait(min(_NO_SCREEN_S, clock.left(until)))
    return os.execv(sys.executable, then)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
