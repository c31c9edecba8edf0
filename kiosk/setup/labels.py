"""How questions and their choices read, in both faces."""

from kiosk.setup.asked import Ask
from kiosk.setup.steps import Step
from kiosk.words import Words

_CITY = "city"  #: the label of no township


def label(ask: Ask, words: Words) -> str:
    """The question, short."""
    kind = ask.name.partition(".")[2]
    key = f"setup.ask.{ask.name}"
    return words(key) if key in words else words(f"trial.kind.{kind}")


def hint(ask: Ask, words: Words) -> str:
    """An example, or "" where none is needed."""
    key = f"setup.hint.{ask.name}"
    return words(key) if key in words else ""


def choices(ask: Ask, words: Words) -> tuple[tuple[str, str], ...]:
    """Value and text of each choice."""
    return tuple((value, _text(value, shown, words)) for value, shown in ask.choices)


def title(step: Step, words: Words) -> str:
    """The step, short."""
    named = words(f"setup.step.{step.name}")
    return f"{named}：{words(f'trial.kind.{step.kind}')}" if step.kind else named


def what_to_do(step: Step, words: Words) -> str:
    """What the step is about, in one sentence."""
    device = words(f"trial.kind.{step.kind}") if step.kind else ""
    return words(f"setup.do.{step.name}", device=device)


def problem_key(code: str) -> str:
    """The words that say what a code means to whoever sets up."""
    return f"setup.problem.{code}" if code.startswith("W") else f"errors.{code}.hint"


def _text(value: str, shown: str, words: Words) -> str:
    key = f"setup.choice.{shown or value or _CITY}"
    return words(key) if key in words else shown or value
