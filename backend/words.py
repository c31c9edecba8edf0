"""The words that the platform writes for citizens, read from words.toml."""

import enum
import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict


class State(enum.StrEnum):
    """Where a case stands. `received` is the platform's word; every other is a department's."""

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


@cache
def words() -> dict[State, StateWords]:
    """Every state's words."""
    text = files("backend").joinpath("words.toml").read_text(encoding="utf-8")
    return {State(name): StateWords.model_validate(said) for name, said in tomllib.loads(text).items()}
