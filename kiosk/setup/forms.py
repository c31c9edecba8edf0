"""The questions of a step as the one form that the glass knows already."""

from collections.abc import Mapping

from kiosk.catalogue.model import Check, Choice, Field
from kiosk.journey.views import FormEntry, SetupForm
from kiosk.setup import labels
from kiosk.setup.asked import Ask, AskKind
from kiosk.setup.wizard import Wizard
from kiosk.words import Words

_LONGEST_CHOICE = 34  #: characters of a choice; a device may call itself anything
#: the value of no township: a field's value "" is no answer yet
NOWHERE = "-"


def form_of(wizard: Wizard, words: Words, progress: str, problems: Mapping[str, str]) -> SetupForm:
    """The step's questions with their answers so far."""
    asks = wizard.asks()
    midnight = wizard.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return SetupForm(
        known=(),
        asked=tuple(_entry(ask, wizard.value(ask), problems.get(ask.name, ""), words) for ask in asks),
        show_problems=bool(problems),
        today=midnight,
        sentence=labels.what_to_do(wizard.step, words),
        progress=progress,
        typed=frozenset(ask.name for ask in asks if ask.kind is not AskKind.TEXT),
        can_scan=wizard.step.key == "enrol",
        may_skip=wizard.step.may_skip,
    )


def _entry(ask: Ask, value: str, problem: str, words: Words) -> FormEntry:
    choice = ask.kind is AskKind.CHOICE
    offered = tuple(
        Choice(one or NOWHERE, text if len(text) <= _LONGEST_CHOICE else f"{text[: _LONGEST_CHOICE - 1]}…")
        for one, text in labels.choices(ask, words)
    )
    field = Field(
        name=ask.name,
        label=labels.label(ask, words),
        check=Check.CHOICE if choice else Check.TEXT,
        section="",
        hint=labels.hint(ask, words),
        required=ask.required,
        choices=offered if choice else (),
        secret="none",
        longest=ask.longest,
    )
    shown = value or NOWHERE if choice else value
    return FormEntry(field, shown, "citizen", labels.problem_key(problem) if problem else "")
