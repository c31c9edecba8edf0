"""What a package says of trust, time, place and promises: the small frozen values that `model` is made of."""

import enum
from dataclasses import dataclass
from typing import Literal


class Trust(enum.StrEnum):
    """How far an electronic material is believed, 国办函〔2016〕108号 (as in docs/backend-api.md)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Paper(enum.StrEnum):
    """What must be laid on the desk: the original, or a copy that will do."""

    ORIGINAL = "original"
    COPY = "copy"


class Step(enum.StrEnum):
    """A step (环节) that an item has when it is done alone."""

    APPLY = "apply"
    INSPECT = "inspect"
    DECIDE = "decide"
    COLLECT = "collect"


class Delivery(enum.StrEnum):
    """How a result reaches the citizen."""

    WINDOW = "window"
    POST = "post"
    BANK = "bank"
    PRINT = "print"
    LICENCE = "licence"


Instead = Literal["licence", "promise"]  #: what may take a paper's place
Pair = tuple[int, int]  #: before, after

ALONE = (Step.APPLY, Step.DECIDE, Step.COLLECT)  #: chosen: an item done alone is handed in, decided, fetched
JOINT = (
    Step.APPLY,
    Step.COLLECT,
)  #: what a joint matter does once for all items, unless its package says more


@dataclass(frozen=True, slots=True, kw_only=True)
class InPerson:
    """A step for which the citizen herself must be seen, and where."""

    why: str
    where: str
    address: str = ""  #: "" where we do not know it: then 12345 is asked
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Working days that an item may take by law, and that its office promises."""

    statutory: int
    promised: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """告知承诺: a text that is read, confirmed and signed instead of handing in a paper."""

    name: str
    title: str
    text: str
    false_means: str  #: what happens when the promise proves false


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A section that is asked several times, such as once for each member of a household."""

    question: str
    times: tuple[tuple[str, int], ...]  #: answer → how often
    label: str  #: "第 {n} 位家庭成员"

    def count(self, answer: str | None) -> int:
        """How often; 0 for an answer that says nothing of it."""
        return dict(self.times).get(answer or "", 0)

    @property
    def most(self) -> int:
        """The greatest number of times."""
        return max((count for _, count in self.times), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Which answers mean that whoever stands here acts for somebody else."""

    question: str
    agent: tuple[str, ...] = ()
    guardian: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()  #: about the person who stands here: filled from her card whoever it is for
    applicant: tuple[
        str, ...
    ] = ()  #: the fields of name and number of whom it is for; (): those the card fills

    def for_another(self, answer: str | None) -> bool:
        """Whether the identity card on the reader is not the applicant's."""
        return answer in self.agent or answer in self.guardian


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Results that the city published of a matter. Only to hold our own arithmetic against; never shown as ours."""

    items: int | None = None
    departments: int | None = None
    steps: float | None = None  #: per cent
    materials: float | None = None
    visits: float | None = None
    materials_counts: Pair | None = None
    forms_counts: Pair | None = None
