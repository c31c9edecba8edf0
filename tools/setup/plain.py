"""The wizard in a plain terminal: a question a line, numbers to choose by, no arrows or colours."""

from collections.abc import Callable, Mapping
from typing import Literal

from kiosk.setup import labels
from kiosk.setup.asked import Ask, AskKind
from kiosk.setup.wizard import Wizard
from kiosk.words import Words

Way = Literal["on", "back", "skip", "stop"]
_WAYS: Mapping[str, Way] = {"<": "back", ">": "skip", "!": "skip", "！": "skip", "q": "stop", "Q": "stop"}
_YES = ("y", "yes", "是", "好", "对")


class Typist:
    """Whoever types. Implements `Person`."""

    def __init__(self, words: Words, say: Callable[[str], None], read: Callable[[], str | None]) -> None:
        """`read` gives a line without its end; None when nobody types any more."""
        self._words, self.say, self.read = words, say, read

    def saw(self, about: str, question: str) -> bool:
        """Asks until it is answered; nobody there is a no."""
        self.say(f"{question} {self._words('setup.text.yes_no')}")
        return (self.read() or "").strip().lower() in _YES


class PlainFace:
    """Walks a wizard."""

    def __init__(self, wizard: Wizard, typist: Typist, words: Words) -> None:
        self._wizard, self._typist, self._words = wizard, typist, words

    def run(self) -> bool:
        """To the end, or until whoever types stops; whether it came to the end."""
        self._say(self._words("setup.text.begin"))
        while True:
            step = self._wizard.step
            self._head()
            way: Way = self._ask() if self._wizard.phase == "ask" else "on"
            if way == "on" and self._wizard.step.key == step.key and self._wizard.phase == "work":
                way = self._work()
            if way == "stop":
                self._say(self._words("setup.text.stopped"))
                return False
            if way == "back":
                self._wizard.back()
            elif way == "skip":
                self._skip()
            elif self._wizard.finished and step.key == self._wizard.steps[-1].key:
                return True

    def _head(self) -> None:
        step = self._wizard.step
        progress = self._words("setup.progress", number=self._wizard.number, of=len(self._wizard.steps))
        self._say(f"\n== {progress} · {labels.title(step, self._words)}")
        self._say(labels.what_to_do(step, self._words))

    def _ask(self) -> Way:
        """Every question of the step, in turn: what is asked later may follow from what was answered."""
        answered: set[str] = set()
        while ask := next((one for one in self._wizard.asks() if one.name not in answered), None):
            way = self._one(ask)
            if way != "on":
                return way
            answered.add(ask.name)
        problems = self._wizard.go_on()
        for name, code in problems.items():
            self._say(f"{name}: {self._wizard.sentence(code)}")
        return "on"

    def _one(self, ask: Ask) -> Way:
        """One answer that will do."""
        while True:
            self._show(ask)
            line = self._typist.read()
            if line is None:
                return "stop"
            if line.strip() in _WAYS:
                return _WAYS[line.strip()]
            text = self._meant(ask, line.strip())
            problem = ask.problem(text)
            if not problem:
                self._wizard.fill(ask.name, text)
                return "on"
            self._say(self._wizard.sentence(problem))

    def _show(self, ask: Ask) -> None:
        words, value = self._words, self._wizard.value(ask)
        shown = "" if ask.secret else value
        if ask.kind is AskKind.CHOICE:
            offered = labels.choices(ask, words)
            for number, (_, text) in enumerate(offered, start=1):
                self._say(f"  {number} {text}")
            shown = next((text for one, text in offered if one == value), "")
        example = labels.hint(ask, words)
        self._say(f"{labels.label(ask, words)}{f'（{example}）' if example else ''} [{shown}]")

    def _meant(self, ask: Ask, line: str) -> str:
        """An empty line keeps what stands there; a number chooses; `-` empties."""
        if not line:
            return self._wizard.value(ask)
        if line == "-" and not ask.required:
            return ""
        values = [value for value, _ in ask.choices]
        if values and line.isdigit() and line not in values and 1 <= int(line) <= len(values):
            return values[int(line) - 1]
        if ask.name == "sound.volume" or not values:
            return line
        return next((value for value, text in labels.choices(ask, self._words) if line == text), line)

    def _work(self) -> Way:
        self._say(self._words("setup.text.working"))
        outcome = self._wizard.work()
        if outcome.result == "pass":
            return "on"
        for line in outcome.told:
            self._say(line)
        self._say(self._words("setup.text.failed"))
        answer = self._typist.read()
        return "stop" if answer is None else _WAYS.get(answer.strip(), "on")

    def _skip(self) -> None:
        try:
            self._wizard.skip()
        except LookupError:
            self._say(self._wizard.sentence("W124"))

    def _say(self, line: str) -> None:
        self._typist.say(line)
