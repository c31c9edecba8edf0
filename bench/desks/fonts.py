"""The fonts that the generated sheets are printed and written with: those that `make setup` asks for."""

import functools
from pathlib import Path
from typing import Literal

from PIL import ImageFont

Hand = Literal["sans", "bold", "serif", "serif_bold", "pen"]

_DEBIAN = Path("/usr/share/fonts")
_PREPARED = Path(__file__).parents[2] / "build" / "fonts"
_SC = 2  # face of Debian's Noto collections that is Simplified Chinese

_FILES: dict[Hand, tuple[tuple[Path, int], ...]] = {
    "sans": (
        (_DEBIAN / "opentype/noto/NotoSansCJK-Regular.ttc", _SC),
        (_PREPARED / "NotoSansSC-Regular.otf", 0),
    ),
    "bold": ((_DEBIAN / "opentype/noto/NotoSansCJK-Bold.ttc", _SC), (_PREPARED / "NotoSansSC-Bold.otf", 0)),
    "serif": (
        (_DEBIAN / "opentype/noto/NotoSerifCJK-Regular.ttc", _SC),
        (_PREPARED / "NotoSansSC-Regular.otf", 0),
    ),
    "serif_bold": (
        (_DEBIAN / "opentype/noto/NotoSerifCJK-Bold.ttc", _SC),
        (_PREPARED / "NotoSansSC-Bold.otf", 0),
    ),
    "pen": (
        (_PREPARED / "LXGWWenKai-Regular.ttf", 0),
        (_DEBIAN / "truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", 0),
    ),
}


@functools.lru_cache(maxsize=96)
def font(hand: Hand, pixels: int) -> ImageFont.FreeTypeFont:
    """The font at a height in pixels. Raises FileNotFoundError when `fonts-noto-cjk` is not installed."""
    for path, face in _FILES[hand]:
        if path.exists():
            return ImageFont.truetype(str(path), max(4, pixels), face, layout_engine=ImageFont.Layout.BASIC)
    raise FileNotFoundError(
        f"no font for {hand}: install fonts-noto-cjk, fonts-lxgw-wenkai or run make setup"
    )
