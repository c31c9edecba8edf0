"""How she wants to see the screens. Hers alone: everything is as usual again when the visit ends."""

import enum
from dataclasses import dataclass, replace
from typing import Literal

from kiosk.journey.voice import USUAL_VOICE, Voice


class TextSize(enum.StrEnum):
    """How large everything is that is read or touched (issue 7: × 1, 1.15, 1.35 for elder people, 1.7)."""

    USUAL = "usual"
    LARGER = "larger"
    ELDER = "elder"
    LARGEST = "largest"

    @property
    def factor(self) -> float:
        """So many times the usual size."""
        return _FACTORS[self]


_FACTORS = {TextSize.USUAL: 1.0, TextSize.LARGER: 1.15, TextSize.ELDER: 1.35, TextSize.LARGEST: 1.7}


class Theme(enum.StrEnum):
    """Which colours."""

    LIGHT = "light"
    NIGHT = "night"  #: calm to the eyes in a dark hall
    YELLOW = "yellow"  #: high contrast: yellow and white on black
    PLAIN = "plain"  #: the highest contrast: black on white, nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All of it. A value of its own for each scene, so that the face need not remember."""

    text: TextSize = TextSize.USUAL
    theme: Theme = Theme.LIGHT
    low_reach: bool = False  #: all that is touched lies in the lower half of the glass
    unhurried: bool = False  #: she is given three times as long
    simple: bool = False  #: one question at a time, fewer choices at once, nothing moves; see `simply`
    companion: bool = False  #: somebody helps her: nothing secret is shown, not even while it is written
    language: str = ""  #: BCP 47, in which she is spoken to; "": the terminal's own
    voice: Voice = USUAL_VOICE  #: whether and how the screens speak themselves

    @property
    def patience(self) -> float:
        """By how much she is given longer. Never without end: the next person may find what she left."""
        return 3.0 if self.unhurried else 1.0

    def simply(self, simple: bool) -> "Look":
        """In simple mode, in large print with it unless she chose a size; or no longer in it."""
        text = self.text
        if simple and text is TextSize.USUAL:
            text = TextSize.ELDER
        elif not simple and self.simple and text is TextSize.ELDER:
            text = TextSize.USUAL
        return replace(self, simple=simple, text=text)


LookPage = Literal["see", "hear", "more"]


def page_of(before: Look, after: Look) -> LookPage:
    """On which page of the choice stands what was changed. The screen is built anew by it, and must not turn away."""
    if before.voice != after.voice:
        return "hear"
    seen = (before.text, before.theme, before.language) != (after.text, after.theme, after.language)
    return "see" if seen else "more"


USUAL = Look()
