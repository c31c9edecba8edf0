"""What a step found out, as sentences for the acceptance report and for lists."""

from kiosk.setup.workshop import Outcome
from kiosk.words import Words

#: steps whose figures have a sentence of their own: `setup.figures.<step>`
_WITH_FIGURES = frozenset({"network", "time", "enrol", "find", "camera", "touch", "sound", "finish"})


def said(step: str, outcome: Outcome, words: Words) -> tuple[str, ...]:
    """Its figures, and what went wrong."""
    figures: tuple[str, ...] = ()
    if step in _WITH_FIGURES and outcome.figures:
        figures = (words(f"setup.figures.{step}", **outcome.figures),)
    return (*figures, *outcome.told)
