"""What a visit beside a case has gathered: how her cases are looked for, what was found. Wiped with the record."""

from dataclasses import dataclass, field
from typing import Literal

from kiosk.catalogue.combine import combine
from kiosk.catalogue.model import CasePlan, Check, Field, Matter, Section
from kiosk.domain.scanned import CaseNumber, FormSlot, MatterCode, Scanned, typed_number
from kiosk.domain.standing import Correction, Standing
from kiosk.service import Faults, photographs
from offline_cache.local_number import is_local_number

#: what she types to find a case; the labels are words `case_number.<name>`
BY_NUMBER = (
    Field(name="number", label="", check=Check.WHOLE_NUMBER, section="", longest=26),
    Field(name="check", label="", check=Check.ID_NUMBER, section="", longest=4),
)

#: reasons why nothing is shown that are no error codes
OFFLINE, UNKNOWN, LATE, WAITS = "offline", "unknown", "late", "waits"
#: nothing has come yet, and it is still waited for
SLOW = "slow"


@dataclass(slots=True)
class Beside:
    """Looking for cases, and what is done about one of them."""

    way: Literal["", "card", "number"] = ""
    typed: dict[str, str] = field(default_factory=dict, repr=False)  #: number and last four
    show_problems: bool = False
    seen: Scanned | None = field(default=None, repr=False)  #: what the last code was
    found: tuple[Standing, ...] | None = field(
        default=None, repr=False
    )  #: None: not asked, or not answered yet
    code: str = ""  #: why nothing is shown: one of the above, or the code of an error
    case: Standing | None = field(default=None, repr=False)  #: the one that she looks at
    doing: Literal["", "correction", "withdrawal"] = ""
    sure: bool = False  #: she said once that she wants to withdraw it
    message_id: str = ""
    number: str = ""  #: the ticket number of what was sent

    @property
    def chosen(self) -> Standing:
        """The case that she looks at; only asked after one was found."""
        if self.case is None:
            raise LookupError("no case was chosen yet")
        return self.case

    @property
    def correction(self) -> Correction | None:
        """What is being put right now."""
        return self.case.correction if self.doing == "correction" and self.case is not None else None

    def asked_number(self) -> str:
        """The acceptance or local number to ask for; "" while what is there cannot be one."""
        number = self.typed.get("number", "")
        if isinstance(self.seen, CaseNumber) and number == self.seen.number:
            return number
        return number if is_local_number(number) else typed_number(number)

    def problems(self) -> dict[str, str]:
        """ "number", "check" → words key, for what is missing or wrong."""
        found = {}
        if not self.asked_number():
            found["number"] = (
                "case_number.problem.number" if self.typed.get("number") else "form.problem.missing"
            )
        check = self.typed.get("check", "").upper()
        if not (len(check) == 4 and check[:3].isdecimal() and (check[3].isdecimal() or check[3] == "X")):
            found["check"] = "case_number.problem.check" if check else "form.problem.missing"
        return found


def matter_named(seen: Scanned | None) -> str:
    """The matter that a code names; ""."""
    return seen.matter if isinstance(seen, MatterCode | FormSlot) else ""


def restricted(matter: Matter, wanted: Correction) -> CasePlan:
    """The plan of a correction: of everything that the matter can ask for, what was sent back and nothing else."""
    whole = combine(matter, None)
    sections = (
        Section(name=section.name, fields=tuple(f for f in section.fields if f.name in wanted.fields))
        for section in whole.sections
    )
    materials = {m.slot: m for m in whole.materials if m.slot in wanted.slots}
    return CasePlan(
        items=(),
        sections=tuple(section for section in sections if section.fields),
        materials=tuple(materials[slot] for slot in wanted.slots if slot in materials),
    )


def mendable(matter: Matter | None, wanted: Correction | None, faults: Faults) -> bool:
    """Whether something is to be put right, this terminal's catalogue knows all of it, and it can be done now."""
    if matter is None or wanted is None or not matter.complete:
        return False
    if wanted.slots and not photographs(faults):
        return False
    plan = restricted(matter, wanted)
    known = {f.name for f in plan.fields if not f.locked}
    missing = set(wanted.fields) - known or set(wanted.slots) - {m.slot for m in plan.materials}
    return not missing and bool(wanted.fields or wanted.slots)
