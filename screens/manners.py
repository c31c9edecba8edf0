"""In how many ways a screen can be seen: language, orientation, size of print, colours, reach. No Kivy here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from kiosk.journey.look import USUAL, Look, TextSize, Theme

PORTRAIT = (1080, 1920)
LANDSCAPE = (1920, 1080)
LANGUAGES = ("zh-Hans", "en")

#: low reach is the lower half. In large print a landscape panel of 23.8 inches gives 263 of its 296 mm, as much as the
#: lower half of the same panel in portrait; and the largest print needs more there for three rows of buttons
WIDE_REACH = 0.89
LARGEST_REACH = 0.77

#: nobody has chosen a look before these; the look of the last visit is gone
_BEFORE_A_VISIT = ("idle",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """One way to see all screens. `name` is stable and names folders."""

    language: str = LANGUAGES[0]
    landscape: bool = False
    look: Look = USUAL

    @property
    def size(self) -> tuple[int, int]:
        """Pixels of the window: width, height."""
        return LANDSCAPE if self.landscape else PORTRAIT

    @property
    def name(self) -> str:
        """`zh-Hans-portrait-elder-light-low`."""
        look = self.look
        across = "landscape" if self.landscape else "portrait"
        low = ("low",) if look.low_reach else ()
        return "-".join((self.language, across, look.text, look.theme, *low))

    @property
    def reach(self) -> float:
        """The share of the glass, from below, that a low screen may use for what is touched."""
        if self.look.text in (TextSize.USUAL, TextSize.LARGER):
            return 0.5
        if self.landscape:
            return WIDE_REACH
        return LARGEST_REACH if self.look.text is TextSize.LARGEST else 0.5

    def shows(self, scene: str) -> bool:
        """Whether this scene is ever seen so."""
        return self.look == USUAL or scene.partition("-")[0] not in _BEFORE_A_VISIT


def looks(*, themes: Iterable[Theme] = (Theme.LIGHT,)) -> Iterator[Look]:
    """Every size of print, high and low, in these colours."""
    for theme, text, low in product(themes, TextSize, (False, True)):
        yield Look(text=text, theme=theme, low_reach=low)


def matrix() -> tuple[Manner, ...]:
    """Everything that changes a layout: 4 sizes × 2 languages × 2 orientations × low or not. Colours change none."""
    return tuple(
        Manner(language=language, landscape=landscape, look=look)
        for language, landscape, look in product(LANGUAGES, (False, True), looks())
    )


#: the looks that have golden pictures, by a short name
GOLDEN_LOOKS: Mapping[str, Look] = {
    "usual": USUAL,
    "elder": Look(text=TextSize.ELDER),
    "yellow": Look(theme=Theme.YELLOW),
    "low": Look(low_reach=True),
}


def gallery_manners() -> tuple[Manner, ...]:
    """What the gallery draws: each look with golden pictures in each language and orientation; the usual one first."""
    return tuple(
        Manner(language=language, landscape=landscape, look=look)
        for look, landscape, language in product(GOLDEN_LOOKS.values(), (False, True), LANGUAGES)
    )


#: as many as there are sizes: from scene to scene language and orientation move on by one size
_ROUND = 4


def covering(scenes: Iterable[str]) -> dict[Manner, tuple[str, ...]]:
    """A cheap part of the matrix: every scene in each size once, and over all scenes every pair of settings."""
    found: dict[Manner, list[str]] = {}
    for number, scene in enumerate(scenes):
        for at, text in enumerate(TextSize):
            turn = (number + at) % _ROUND
            manner = Manner(
                language=LANGUAGES[turn % 2],
                landscape=turn // 2 == 1,
                look=Look(text=text, low_reach=(number // _ROUND + at) % 2 == 1),
            )
            if manner.shows(scene):
                found.setdefault(manner, []).append(scene)
    return {manner: tuple(names) for manner, names in found.items()}
