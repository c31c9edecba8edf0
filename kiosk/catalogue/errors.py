"""What can be wrong with the catalogue as a whole."""

from typing import ClassVar

from config.mistakes import Mistake


class CatalogueError(Exception):
    """The catalogue has mistakes."""

    code: ClassVar[str] = "K100"

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(f"{m.file}:{m.line or 0} {m.code}" for m in mistakes))

    def describe_mistakes(self, language: str = "zh-Hans") -> tuple[str, ...]:
        """One line for each mistake: file, line, code, and what is wrong in plain words."""
        return tuple(mistake.said(language) for mistake in self.mistakes)
