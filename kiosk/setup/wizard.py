"""The one engine behind both faces: which step it is, what is asked, what was answered, and what came of it.

Each answer that was taken and each step that ended is on the disk before the next one is shown.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from config.load import ConfigError
from config.locate import Place
from config.schema import TerminalConfig
from devices.errors import DeviceError
from kiosk.setup.asked import Ask
from kiosk.setup.clone import CLONED, Clone
from kiosk.setup.doing import NOT_SEEN, Bench
from kiosk.setup.draft import Draft, Premises
from kiosk.setup.held import Held, Phase, Store
from kiosk.setup.labels import problem_key
from kiosk.setup.steps import Step, steps_of
from kiosk.setup.workshop import Outcome, Person, Result, SetupFailed, Workshop
from kiosk.words import Words
from kiosk.workers import code_of
from offline_cache.errors import CacheError, UploadError


class Wizard:
    """Not for two threads at once; `work` may be called in one of its own while nothing else is."""

    def __init__(
        self,
        premises: Premises,
        shop: Workshop,
        person: Person,
        words: Words,
        now: Callable[[], datetime],
        who: str,
        steps: Callable[[Held], tuple[Step, ...]] = steps_of,
        store: Store | None = None,
    ) -> None:
        """Goes on where the last one stopped. Raises `ConfigError` when what is there cannot be read."""
        self._now, self._words, self._glass = now, words, premises.glass
        self._steps, self._store = steps, store or Store(premises.folder)
        self._fresh: dict[str, str] = {}  # answers of this step that were not taken yet
        self.held = self._store.load() or Held(begun_at=now(), who=who)
        self.draft = Draft(premises, words, self._changes)
        self.bench = Bench(
            premises.folder, shop, person, words, self.config, self.draft, self.held.who, now,
            premises.townships, fitted=self.draft.fitted(), enrolled=shop.enrolled(self.draft.before),
        )  # fmt: skip
        if not self.held.at:
            self._move(self.steps[0].key)

    def speak(self, words: Words) -> None:
        """From now on in this language."""
        self._words = self.bench.words = words

    def now(self) -> datetime:
        """The time."""
        return self._now()

    # --- where ---

    @property
    def steps(self) -> tuple[Step, ...]:
        """All of them, as they follow from the answers."""
        return self._steps(self.held)

    @property
    def step(self) -> Step:
        """The one that it is at."""
        steps = self.steps
        return next((step for step in steps if step.key == self.held.at), steps[-1])

    @property
    def number(self) -> int:
        """Of the step, from 1."""
        return self.steps.index(self.step) + 1

    @property
    def phase(self) -> Phase:
        """Whether it waits for answers, or for `work`."""
        return self.held.phase

    @property
    def finished(self) -> bool:
        """Whether terminal.toml is written."""
        return self.held.finished_at is not None

    def outcome(self, key: str) -> Outcome | None:
        """How a step ended; None while it did not."""
        return self.held.outcomes.get(key)

    def go_to(self, key: str) -> None:
        """To any step. Raises LookupError."""
        if key not in {step.key for step in self.steps}:
            raise LookupError(key)
        self._move(key)

    def back(self) -> None:
        """To the step before; the first has none."""
        self._move(self.steps[max(0, self.number - 2)].key)

    def skip(self) -> None:
        """Leave this step open. Raises LookupError where that is not possible."""
        if not self.step.may_skip:
            raise LookupError(self.step.key)
        self._end(Outcome(result="skipped", at=self._now()), {})

    # --- what is asked ---

    def asks(self) -> tuple[Ask, ...]:
        """The questions of this step, as they follow from what is answered already."""
        return self.step.asks(self.held, self._answers(), self.bench)

    def value(self, ask: Ask) -> str:
        """The answer so far, or what is proposed."""
        if ask.name in self._fresh:
            return self._fresh[ask.name]
        known = self.held.answers.get(ask.name)
        if known is not None:
            return known
        return self.draft.said_before(ask.name) or ask.otherwise

    def fill(self, name: str, text: str) -> None:
        """An answer, not yet judged."""
        self._fresh[name] = text.strip()

    def problems(self) -> dict[str, str]:
        """Name → code, of every answer that will not do."""
        asks = self.asks()
        values = {ask.name: self.value(ask) for ask in asks}
        problems = {ask.name: code for ask in asks if (code := ask.problem(values[ask.name]))}
        return problems or self.step.fit(values)

    def go_on(self) -> dict[str, str]:
        """Take the answers: then there is work, or the next step. Gives `problems` and stays, when there are any."""
        problems = self.problems()
        if problems:
            return problems
        asks = self.asks()
        taken = {ask.name: self.value(ask) for ask in asks if not ask.secret}
        self.bench.code = next((self.value(ask) for ask in asks if ask.secret), self.bench.code)
        self.held = self.held.with_answers(taken)
        if self.step.work is not None:
            self.held = replace(self.held, phase="work")
            self._save()
        else:
            self._end(Outcome(result="pass", at=self._now()), {})
        return {}

    # --- what is done ---

    def work(self) -> Outcome:
        """Do what the step does. Slow. When it fails the step stays, and may be tried again, changed or skipped."""
        step = self.step
        if step.work is None:
            raise LookupError(step.key)
        self.bench.outcomes = self.held.outcomes
        try:
            figures, wanted = step.work(self.bench, self.held.answers)
        except SetupFailed as error:
            return self._failed(error.code, error.facts, "fail" if error.code == NOT_SEEN else "error")
        except (DeviceError, UploadError, CacheError) as error:
            return self._failed(code_of(error) if isinstance(error, DeviceError) else error.code, {})
        except ConfigError as error:
            return self._failed("W207", {"why": "; ".join(error.describe_mistakes(self._words.language))})
        except OSError as error:
            return self._failed("W206", {"why": f"{error.filename or ''} {error.strerror or error}".strip()})
        self.held = replace(self.held, found=self.bench.found or self.held.found)
        outcome = Outcome(result="pass", at=self._now(), figures=figures)
        self._end(outcome, wanted)
        return outcome

    def undo(self, key: str) -> None:
        """Take back what a step did; an enrolment cannot be taken back, its code is spent. Raises LookupError."""
        step = next((step for step in self.steps if step.key == key), None)
        if step is None:
            raise LookupError(key)
        if step.undo is not None and key in self.held.outcomes:
            step.undo(self.bench)
        self.held = self.held.undone(key)
        self._move(key)

    def take_over(self, clone: Clone) -> None:
        """Begin anew with what another cabinet was set up with, as proposals."""
        self.forget()
        self.held = replace(self.held, answers=dict(clone.answers), changes={CLONED: dict(clone.settings)})
        self._save()

    def forget(self) -> None:
        """Begin anew at the first step; the answers are gone, what was written stays."""
        self._store.forget()
        self._fresh = {}
        self.held = Held(begun_at=self._now(), who=self.held.who)
        self._move(self.steps[0].key)

    def config(self) -> TerminalConfig:
        """As it would be now. Raises `ConfigError`."""
        return self.draft.config()

    def sentence(self, code: str, **facts: object) -> str:
        """What a code means for whoever sets up, with the code in front."""
        return f"{code} {self._words(problem_key(code), **facts)}"

    # --- inside ---

    def _answers(self) -> dict[str, str]:
        """Taken and fresh ones, and what terminal.toml says: what is asked may follow from any of them."""
        return {**self.held.answers, **self._fresh}

    def _move(self, key: str) -> None:
        self._fresh = {}
        step = next(step for step in self.steps if step.key == key)
        asks = bool(step.asks(self.held, self.held.answers, self.bench))
        phase: Phase = "ask" if asks or step.work is None else "work"
        self.held = replace(self.held, at=key, phase=phase)
        self._save()

    def _end(self, outcome: Outcome, wanted: Mapping[Place, Any]) -> None:
        step = self.step
        changes = (
            {} if outcome.result == "skipped" else {**step.wants(self.held.answers, self.held), **wanted}
        )
        self.held = self.held.done(step.key, outcome, changes)
        steps = self.steps
        at = next(number for number, one in enumerate(steps) if one.key == step.key)
        if at + 1 == len(steps):
            self.held = replace(self.held, finished_at=self._now())
            self._save()
        else:
            self._move(steps[at + 1].key)

    def _failed(self, code: str, facts: Mapping[str, object], result: Result = "error") -> Outcome:
        asks = bool(self.asks())
        outcome = Outcome(result=result, at=self._now(), code=code, told=(self.sentence(code, **facts),))
        self.held = self.held.undone(self.step.key)
        failed = {**self.held.outcomes, self.step.key: outcome}
        self.held = replace(self.held, outcomes=failed, phase="ask" if asks else "work")
        self._save()
        return outcome

    def _save(self) -> None:
        self._store.save(self.held)

    def _changes(self) -> Iterator[tuple[Place, Any]]:
        """What the steps want that are done, and the one that is being done; below them what was cloned."""
        if self.draft.fresh and self._glass is not None:
            yield ("face", "width_px"), self._glass[0]
            yield ("face", "height_px"), self._glass[1]
        for dotted, value in self.held.changes.get(CLONED, {}).items():
            yield tuple(dotted.split(".")), value
        for step in self.steps:
            for dotted, value in self.held.changes.get(step.key, {}).items():
                yield tuple(dotted.split(".")), value
        if self.held.phase == "work" and self.held.at not in self.held.changes:
            yield from self.step.wants(self.held.answers, self.held).items()
