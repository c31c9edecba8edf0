"""What whoever sets up sees, beside the questions (`kiosk.journey.views.SetupForm`). Texts are ready to be shown."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SetupStep:
    """A line of the list."""

    key: str
    title: str
    result: Literal["open", "pass", "fail", "error", "skipped"]
    note: str = ""  #: what was measured, or what went wrong


@dataclass(frozen=True, slots=True)
class SetupList:
    """All steps, and how each ended."""

    steps: tuple[SetupStep, ...]
    state: Literal["new", "begun", "finished"]


@dataclass(frozen=True, slots=True)
class SetupWork:
    """The machine does something: with a picture of what the person has to do for it."""

    step: str  #: key; decides the picture
    sentence: str
    progress: str
    told: tuple[str, ...]  #: what it said so far, the last is the newest
    state: Literal["ready", "working", "asking", "failed", "done"]
    question: str = ""
    may_skip: bool = False


@dataclass(frozen=True, slots=True)
class SetupTouch:
    """One cross that wants to be touched; fractions of the glass, origin top left."""

    number: int  #: from 1
    of: int
    x: float
    y: float
    again: bool = False  #: the last five did not fit
    may_skip: bool = True
