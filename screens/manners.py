"""In how many ways a screen can be seen: language, orientation, size of print, colours, reach. No Kivy here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from kiosk.journey.look import USUAL, Look, TextSize, Theme

PORTRAIT = (1080, 1920)
LANDSCAPE = (1920, 1080)
LANGUAGES = ("zh-Hans", "en")

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
