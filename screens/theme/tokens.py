"""The design tokens: every colour, size and pace that a screen may use. Nothing else names a number twice.

Sizes are pixels on a 23.8 inch portrait panel (1080 px are 296 mm), where 3.65 px are 1 mm. Colours are those of
the theme that is worn (`screens.theme.themes`): ask for them when something is drawn, keep none. Tables name them.
"""

from typing import NewType

Colour = tuple[float, float, float, float]  #: red, green, blue, alpha, each 0..1
Pixels = NewType("Pixels", float)

PX_PER_MM = 1080 / 296


def rgba(hexadecimal: str, alpha: float = 1.0) -> Colour:
    """`#0B3F73` as Kivy wants it."""
    red, green, blue = (int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return (red, green, blue, alpha)


# --- colour ---

PAPER = rgba("#F7F4EE")
PAPER_DEEP = rgba("#EDE7DB")  #: wells, empty places, tracks of bars; never under text smaller than BODY
CARD = rgba("#FFFFFF")
LINE = rgba("#DDD6C8")  #: hairlines between rows; carries no meaning alone
INK = rgba("#1A1D21")
INK_SOFT = rgba("#464C54")
CITY = rgba("#0B3F73")
CITY_INK = rgba("#0B3F73")  #: city blue as text and icons; CITY is a ground
CITY_LIGHT = rgba("#14609F")  #: lower end of the header's gradient
CITY_TINT = rgba("#E4EEF8")
CITY_TINT_DEEP = rgba("#CFE0F1")  #: pressed CITY_TINT
CITY_EDGE = rgba("#5C88B4")  #: outlines that must be seen (3:1 on CARD): fields, unticked boxes
ACT = rgba("#9C2F06")
ACT_INK = rgba("#9C2F06")
ACT_DEEP = rgba("#7C2403")  #: pressed ACT
ACT_TINT = rgba("#FBE9E0")
GOOD = rgba("#135C38")
GOOD_INK = rgba("#135C38")
GOOD_TINT = rgba("#E6F3EA")
NOTICE = rgba("#7A4300")
NOTICE_TINT = rgba("#FFF3DC")
WRONG = rgba("#8C1D18")
WRONG_INK = rgba("#8C1D18")
WRONG_TINT = rgba("#FDE9E7")
WHITE = rgba("#FFFFFF")
WHITE_SOFT = rgba("#DCE8F4")  #: second line on CITY
PLUM = rgba("#5B3A7A")
PLUM_TINT = rgba("#EFE9F6")
GOLD = rgba("#F2C14E")  #: the lamp, the sun of the idle pictures; never text
SHADOW = rgba("#0A2A4D")
FOCUS = rgba("#1A1D21")  #: outer band of the ring around what the keypad stands on …
FOCUS_INNER = rgba("#FFD60A")  #: … and inner band: 9:1 apart, so that on any ground one of them has 3:1
OUTLINE: Colour = (0, 0, 0, 0)  #: around every card, where a theme's grounds do not tell cards from paper
CLEAR: Colour = (0, 0, 0, 0)


def colour(name: str) -> Colour:
    """The colour of the worn theme by its name in small letters: "city_tint"."""
    found: Colour = globals()[name.upper()]
    return found


#: tone of text and icons → its colour's name
TONES = {
    "ink": "ink",
    "soft": "ink_soft",
    "city": "city_ink",
    "white": "white",
    "white_soft": "white_soft",
    "act": "act_ink",
    "good": "good_ink",
    "notice": "notice",
    "wrong": "wrong_ink",
    "plum": "plum",
}

#: on which grounds each tone may stand; the tests measure the contrast in every theme
GROUNDS: dict[str, tuple[str, ...]] = {
    "ink": ("paper", "card", "city_tint", "good_tint", "notice_tint", "wrong_tint", "paper_deep"),
    "soft": ("paper", "card", "paper_deep", "city_tint"),
    "city": ("paper", "card", "city_tint", "city_tint_deep"),
    "white": ("city", "act", "act_deep", "good", "wrong"),
    "white_soft": ("city",),
    "act": ("card",),
    "good": ("paper", "card", "good_tint"),
    "notice": ("paper", "notice_tint", "card"),
    "wrong": ("wrong_tint", "card"),
    "plum": ("plum_tint", "card"),
}


def tone(name: str) -> Colour:
    """The colour of a tone in the worn theme."""
    return colour(TONES[name])


# --- orientation ---

WIDE = False  #: the glass is wider than high: set by the stage before a screen is built, as a theme is worn
SAID_SHARE = 0.33  #: of a wide glass: what is said stands left, what is done right
BAR_WIDE = 92
SQUAT = 700  #: a wide screen lower than this (large print) leaves out what is not needed now

# --- type: pixels of the em ---

QUIET = 28  #: never smaller
BODY = 36
LARGE = 42
SENTENCE = 50
TITLE = 60
DISPLAY = 84
GIANT = 128

#: text size by kind
KINDS: dict[str, int] = {
    "quiet": QUIET,
    "small": 32,
    "body": BODY,
    "large": LARGE,
    "sentence": SENTENCE,
    "title": TITLE,
    "display": DISPLAY,
    "giant": GIANT,
}

# --- space ---

STEP = 8
GAP_SMALL = 16
GAP = 24
GAP_LARGE = 40
MARGIN = 56

RADIUS_SMALL = 16
RADIUS = 28
RADIUS_ACTION = 32
RADIUS_CHIP = 44

#: the smallest side of anything that is touched: 15 mm, rounded up
TOUCH = 56
ROW = 112  #: a row of a list
ACTION = 136  #: the action bar's buttons
BAR = 132

#: shadow of a card: (pixels down, pixels wider than the card, alpha), drawn from the widest to the narrowest
SHADOW_LAYERS: tuple[tuple[float, float, float], ...] = ((10, 4, 0.018), (7, 2, 0.026), (4, 0, 0.04))

# --- motion: seconds; ease-out, only to show where something came from ---

QUICK = 0.15
CALM = 0.25
DOUBLE_TAP = 0.3  #: a second tap within this time is a trembling finger, not a wish
