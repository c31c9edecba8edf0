"""An answers file (docs/technician/setup-answers.sample.toml): answers stand in tables; a device's is its settings."""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.setup.questions import KINDS, NAMES


class NoAnswers(ValueError):
    """The file cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class AnswersFile:
    """What somebody wrote down before."""

    answers: Mapping[str, str]
    skip: frozenset[str] = frozenset()  #: keys of steps that are left out
    #: whether what a person has to see was as it should be, by the step's key; "" for all others
    saw: Mapping[str, bool] = field(default_factory=dict)


def load_answers(path: Path) -> AnswersFile:
    """Raises `NoAnswers`."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NoAnswers(str(error)) from error
    skip, saw = told.pop("skip", []), told.pop("saw", {})
    answers = dict(_flat(told))
    unknown = sorted(set(answers) - NAMES - {f"devices.{kind}" for kind in KINDS})
    if unknown:
        raise NoAnswers(", ".join(unknown))
    if not isinstance(saw, dict) or not isinstance(skip, list):
        raise NoAnswers("saw, skip")
    return AnswersFile(answers, frozenset(map(str, skip)), dict(_told(saw)))


def _flat(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for section, table in told.items():
        if not isinstance(table, dict):
            raise NoAnswers(section)
        for name, value in table.items():
            yield f"{section}.{name}", _text(value)


def _text(value: Any) -> str:
    match value:
        case dict():
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        case list():
            return " ".join(map(str, value))
        case _:
            return str(value)


def _told(saw: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, bool]]:
    for name, value in saw.items():
        if isinstance(value, dict):
            yield from _told(value, f"{above}{name}.")
        else:
            yield ("" if name == "everything" else f"{above}{name}", bool(value))


@dataclass(slots=True)
class Absent:
    """Stands in for the person: answers as the file says, and no otherwise than `false` where it says nothing."""

    told: Callable[[str], None]
    saw_it: Mapping[str, bool]

    def say(self, line: str) -> None:
        """Into the log of the run."""
        self.told(line)

    def saw(self, about: str, question: str) -> bool:
        """As it is written."""
        answer = self.saw_it.get(about, self.saw_it.get("", False))
        self.told(f"{question} {answer}")
        return answer
