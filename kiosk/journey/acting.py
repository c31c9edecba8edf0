"""Who applies, and who only stands here for her: an agent with an authorisation, or the guardian of a minor. Pure.

The card on the reader is always the person's who stands here. Whom the case is for is asked, and checked like any
other name and number. A newborn has neither; then the guardian applies herself, and the form says for whom.
"""

from collections.abc import Mapping
from typing import Literal

from kiosk.catalogue.checks import Prefilled
from kiosk.catalogue.combine import valid_answers
from kiosk.catalogue.model import Check, Matter
from kiosk.domain.case import Agent, Applicant

Role = Literal["", "agent", "guardian"]

#: of the data dictionary: an enterprise is named by these
ENTERPRISE_NAME = "enterprise_name"


def role(matter: Matter, answers: Mapping[str, str]) -> Role:
    """As what she stands here: "" for herself."""
    acting = matter.acting
    if acting is None:
        return ""
    answer = valid_answers(matter, answers).get(acting.question)
    if answer in acting.agent:
        return "agent"
    return "guardian" if answer in acting.guardian else ""


def whose_fields(matter: Matter) -> tuple[str, str]:
    """The fields that hold name and number of whom the case is for; "" where the form asks for none."""
    acting = matter.acting
    if acting is None:
        return "", ""
    if acting.applicant:
        name, number = acting.applicant
        return name, number
    by_source = {f.prefill: f.name for f in matter.fields if f.name not in acting.fields}
    return by_source.get("card.name", ""), by_source.get("card.number", "")


def people(
    matter: Matter, answers: Mapping[str, str], here: Applicant, values: Mapping[str, Prefilled]
) -> tuple[Applicant, Agent | None]:
    """(whom the case is for, who acts for her): the second is None when she acts for herself."""
    acts_as = role(matter, answers)
    name_field, number_field = whose_fields(matter)
    name, number = values.get(name_field), values.get(number_field)
    if not acts_as or name is None or number is None:
        return here, None
    agent = Agent(kind=acts_as, name=here.name, number=here.number, entered=here.entered)
    return Applicant.by_hand(name.value, number.value.upper()), agent


def same_person(
    matter: Matter, answers: Mapping[str, str], here: Applicant, values: Mapping[str, Prefilled]
) -> bool:
    """Whether she says that she acts for another, and names herself: the platform would refuse that."""
    number = values.get(whose_fields(matter)[1])
    named = number is not None and number.value.upper() == here.number.upper()
    return bool(role(matter, answers)) and named and number is not None and number.source != "card"


def enterprise(matter: Matter, values: Mapping[str, Prefilled]) -> tuple[str, str]:
    """(name, credit code) of the enterprise that applies; both "" where a person does."""
    if "enterprise" not in matter.applicants:
        return "", ""
    code = next((f.name for f in matter.fields if f.check is Check.CREDIT_CODE and f.name in values), "")
    name = values.get(ENTERPRISE_NAME)
    return (name.value if name else "", values[code].value if code else "")
