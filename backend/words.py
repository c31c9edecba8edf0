"""The words that the platform writes for citizens, read from words.toml."""

import enum
import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict


class State(enum.StrEnum):
    """Where a case stands, or a department's part of it. `received` is the platform's word, `waiting` too: the part
    of a department that begins when others have finished, never a whole case. Every other is a department's."""

    WAITING = "waiting"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    CORRECTION = "correction"
    FINISHED = "finished"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class StateWords(BaseModel):
    """How one state is said. `department` is empty when the department names itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    english: str
    department: str = ""


#: States after which nothing more happens.
ENDED = frozenset({State.FINISHED, State.DECLINED, State.WITHDRAWN})


class Said(BaseModel):
    """One sentence in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chinese: str
    english: str


@cache
def sentences_of(name: str) -> dict[str, Said]:
    """Every sentence of the file `name`."""
    text = files("backend").joinpath(name).read_text(encoding="utf-8")
    return {key: Said.model_validate(said) for key, said in tomllib.loads(text).items()}


def sentence(key: str, **facts: str | int) -> str:
    """A sentence that the platform writes into a timeline, in Chinese."""
    return sentences_of("case_words.toml")[key].chinese.format(**facts)


@cache
def words() -> dict[State, StateWords]:
    """Every state's words."""
    text = files("backend").joinpath("words.toml").read_text(encoding="utf-8")
    return {State(name): StateWords.model_validate(said) for name, said in tomllib.loads(text).items()}
