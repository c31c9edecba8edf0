"""The themes: the same tokens in other colours. One is worn at a time, by the whole window."""

from collections.abc import Mapping

from kiosk.journey.look import Theme
from screens.theme import tokens
from screens.theme.tokens import CLEAR, Colour, rgba

#: a dark hall at night: nothing glares. At least 7:1
_NIGHT = {
    "PAPER": "#12171D",
    "PAPER_DEEP": "#0C1015",
    "CARD": "#1C242D",
    "LINE": "#394654",
    "INK": "#F2EEE5",
    "INK_SOFT": "#C4CBD3",
    "CITY": "#123A63",
    "CITY_INK": "#A9CFF5",
    "CITY_LIGHT": "#1B4E80",
    "CITY_TINT": "#17304A",
    "CITY_TINT_DEEP": "#1D3B5A",
    "CITY_EDGE": "#7FA8D0",
    "ACT": "#8F2C07",
    "ACT_INK": "#FFB48A",
    "ACT_DEEP": "#7C2403",
    "ACT_TINT": "#3A2317",
    "GOOD": "#135C38",
    "GOOD_INK": "#9ADFB8",
    "GOOD_TINT": "#123224",
    "NOTICE": "#FFD08A",
    "NOTICE_TINT": "#382A10",
    "WRONG": "#8C1D18",
    "WRONG_INK": "#FFB9B2",
    "WRONG_TINT": "#401A1A",
    "WHITE": "#F7F9FB",
    "WHITE_SOFT": "#CFDDEA",
    "PLUM": "#D9C2F0",
    "PLUM_TINT": "#2C2138",
    "SHADOW": "#000000",
    "FOCUS": "#FFD60A",
    "FOCUS_INNER": "#12171D",
}
#: yellow and white on black, as people with low vision choose it on their telephones
_YELLOW = dict.fromkeys(
    ("PAPER", "PAPER_DEEP", "CARD", "CITY_TINT", "ACT_TINT", "GOOD_TINT", "NOTICE_TINT", "WRONG_TINT", "PLUM_TINT"),
    "#000000",
) | dict.fromkeys(
    ("CITY", "CITY_INK", "CITY_LIGHT", "CITY_EDGE", "ACT", "ACT_INK", "GOOD", "GOOD_INK", "NOTICE", "PLUM", "WRONG"),
    "#FFE800",
) | {
    "LINE": "#FFFFFF",
    "INK": "#FFFFFF",
    "INK_SOFT": "#FFFFFF",
    "CITY_TINT_DEEP": "#333300",
    "ACT_DEEP": "#FFFFFF",
    "WRONG_INK": "#FFFFFF",
    "WHITE": "#000000",  # what stands on CITY, ACT, GOOD
    "WHITE_SOFT": "#000000",
    "SHADOW": "#000000",
    "OUTLINE": "#FFFFFF",
    "FOCUS": "#00E5FF",  # neither yellow nor white: those are edges already
    "FOCUS_INNER": "#000000",
}  # fmt: skip
#: black and white alone
_PLAIN = dict.fromkeys(
    ("PAPER", "PAPER_DEEP", "CARD", "CITY_TINT", "ACT_TINT", "GOOD_TINT", "NOTICE_TINT", "WRONG_TINT", "PLUM_TINT",
     "WHITE", "WHITE_SOFT", "SHADOW", "FOCUS_INNER"),
    "#FFFFFF",
) | dict.fromkeys(
    ("LINE", "INK", "INK_SOFT", "CITY", "CITY_INK", "CITY_LIGHT", "CITY_EDGE", "ACT", "ACT_INK", "ACT_DEEP", "GOOD",
     "GOOD_INK", "NOTICE", "PLUM", "WRONG", "WRONG_INK", "OUTLINE", "FOCUS"),
    "#000000",
) | {"CITY_TINT_DEEP": "#F9F9F9"}  # fmt: skip

#: every token that is a colour, as the light theme has it
_LIGHT: dict[str, Colour] = {
    name: value
    for name, value in vars(tokens).items()
    if name.isupper() and isinstance(value, tuple) and len(value) == len(CLEAR) and name != "CLEAR"
}

THEMES: Mapping[Theme, Mapping[str, Colour]] = {
    Theme.LIGHT: _LIGHT,
    **{
        theme: _LIGHT | {name: rgba(value) for name, value in colours.items()}
        for theme, colours in ((Theme.NIGHT, _NIGHT), (Theme.YELLOW, _YELLOW), (Theme.PLAIN, _PLAIN))
    },
}

#: the least contrast of any text to its ground (WCAG 2; 7 is AAA)
LEAST_CONTRAST: Mapping[Theme, float] = {
    Theme.LIGHT: 7.0,
    Theme.NIGHT: 7.0,
    Theme.YELLOW: 10.0,
    Theme.PLAIN: 19.9,  # 21, but for the ground of what is pressed just now
}


def wear(theme: Theme) -> None:
    """From now on whatever is built is drawn in this theme. What is on the screen must be built anew."""
    for name, value in THEMES[theme].items():
        setattr(tokens, name, value)
