"""`setup --answers FILE`: the whole wizard without anybody, for prepared sites. One result per step."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ground.clock import Clock
from kiosk.setup.figures import said
from kiosk.setup.steps import Step
from kiosk.setup.wizard import Wizard
from kiosk.setup.workshop import Outcome
from kiosk.words import Words
from tools.setup.answers import AnswersFile


@dataclass(frozen=True, slots=True)
class Ended:
    """How one step ended."""

    step: Step
    outcome: Outcome
    seconds: float
    problems: tuple[str, ...] = ()  #: of its answers, each with its code in front

    def as_json(self) -> dict[str, Any]:
        """The fields that scripts rely on."""
        return {
            "step": self.step.key,
            "result": self.outcome.result,
            "code": self.outcome.code,
            "told": list(self.problems or self.outcome.told),
            "figures": dict(self.outcome.figures),
            "seconds": self.seconds,
        }


def walk(wizard: Wizard, file: AnswersFile, words: Words, clock: Clock) -> Iterator[Ended]:
    """Each step from the first to the last. A step that may not be skipped and fails ends it."""
    wizard.go_to(wizard.steps[0].key)
    while True:
        step, begun = wizard.step, clock.instant()
        problems = _step(wizard, step, file, words)
        outcome = wizard.outcome(step.key)
        if problems or outcome is None:
            outcome = Outcome(result="error", at=clock.now(), code=problems[0].split()[0])
        ended = Ended(
            step, outcome, round(clock.instant() - begun, 1), problems or said(step.key, outcome, words)
        )
        yield ended
        if outcome.result in ("pass", "skipped"):
            if step.key == wizard.steps[-1].key:
                return
        elif step.may_skip:
            wizard.go_to(wizard.steps[wizard.number].key)
        else:
            return


def _step(wizard: Wizard, step: Step, file: AnswersFile, words: Words) -> tuple[str, ...]:
    """What is wrong with the answers; () when the step ended, well or not."""
    if step.key in file.skip and step.may_skip:
        wizard.skip()
        return ()
    for name, text in file.answers.items():
        wizard.fill(name, text)
    if wizard.asks():
        problems = wizard.go_on()
        if problems:
            return tuple(
                f"{code} {name}: {words(f'setup.problem.{code}')}" for name, code in problems.items()
            )
    if wizard.step.key == step.key and wizard.phase == "work":
        wizard.work()
    return ()
