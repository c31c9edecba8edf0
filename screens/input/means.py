"""What this machine has to write with: where Debian's packages put it, and what a keyboard does without."""

from dataclasses import dataclass
from pathlib import Path

from screens.input import rime, strokes, zinnia


@dataclass(frozen=True, slots=True)
class Means:
    """The files behind the keyboards. Others than the system's are for tests and for unusual systems."""

    pinyin_table: Path = rime.TABLE
    pinyin_library: str = rime.LIBRARY
    handwriting_model: Path = zinnia.MODEL
    handwriting_library: str = zinnia.LIBRARY
    stroke_table: Path = strokes.TABLE

    def pinyin(self) -> bool:
        """Whether librime can be used; without it: single characters and words, no sentences."""
        return rime.installed(self.pinyin_library, self.pinyin_table)

    def handwriting(self) -> bool:
        """Whether zinnia can be used; without it no keyboard offers handwriting."""
        return zinnia.installed(self.handwriting_library, self.handwriting_model)

    def strokes(self) -> bool:
        """Whether rare characters can be found by strokes; without it, by number alone."""
        return strokes.installed(self.stroke_table)


SYSTEM = Means()
