"""Icons by name, from the Material Design Icons font (outline style throughout)."""

import logging
from functools import lru_cache

from fontTools.ttLib import TTFont

from screens.theme.fonts import icon_file

# the icon font's post table has two bytes too many, which is nobody's concern at run time
logging.getLogger("fontTools.ttLib.tables._p_o_s_t").setLevel(logging.ERROR)


@lru_cache(maxsize=1)
def _glyphs() -> dict[str, str]:
    with TTFont(str(icon_file()), lazy=True) as font:
        return {name: chr(code) for code, name in font.getBestCmap().items()}


def glyph(name: str) -> str:
    """The character that draws the icon, e.g. `glyph("card-account-details-outline")`. Raises `KeyError`."""
    return _glyphs()[name]


def known(name: str) -> bool:
    """Whether there is such an icon: for the tests over the catalogue's `picture` names."""
    return name in _glyphs()
