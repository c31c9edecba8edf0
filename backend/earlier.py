"""What she need not write or bring again: values of her earlier cases, and her e-licences. With her consent only."""

from datetime import datetime, timedelta

from pydantic import BaseModel, Field, JsonValue

from backend.clock import day_of
from backend.corrected import corrected_form, corrections_of
from backend.journal import Event
from backend.library import Licence
from backend.people import own_cases
from backend.platform import Platform
from backend.records import manifest_of_case
from backend.refusals import Refusal
from backend.terminals import Caller


class EarlierValue(BaseModel):
    """What she wrote into one field, the last time that she did."""

    field: str
    value: JsonValue
    matter: str = Field(description="name of the matter it comes from")
    at: datetime


class Earlier(BaseModel):
    """What she need not write or bring again. Which of it a matter may use is for the terminal's catalogue to say."""

    values: list[EarlierValue]
    licences: list[Licence]


def earlier(platform: Platform, caller: Caller, number: str, matter: str, consented_at: datetime) -> Earlier:
    """The newest value of each field of her last few cases, and her e-licences that are valid today.

    Refuses with 429 when asked too often and 422 B474 when her consent is not fresh.
    """
    platform.people_rate.take(caller.terminal_id)
    now = platform.clock.now()
    _demand_consent(platform, now - consented_at)
    person = platform.keys.person_of(number)
    values = _values(platform, person, now)
    licences = platform.library.of_person(person, day_of(now))
    platform.journal.write(
        Event.EARLIER_ASKED,
        terminal=caller.terminal_id,
        matter=matter,
        values=len(values),
        licences=len(licences),
    )
    return Earlier(values=values, licences=licences)


def _demand_consent(platform: Platform, age: timedelta) -> None:
    settings = platform.settings
    ahead = timedelta(seconds=settings.signature_window_s)  # a terminal's clock may be a little fast
    if not -ahead <= age <= timedelta(minutes=settings.consent_minutes):
        raise Refusal(422, "B474", f"a consent counts for {settings.consent_minutes} minutes; ask her again")


def _values(platform: Platform, person: str, now: datetime) -> list[EarlierValue]:
    found: dict[str, EarlierValue] = {}
    since = now - timedelta(days=platform.settings.earlier_days)
    with platform.database.reading() as session:
        for case in own_cases(session, person, since, platform.settings.earlier_most_cases):
            try:
                form = manifest_of_case(platform, case).form
                form = corrected_form(form, corrections_of(platform, session, case))
            except Refusal:
                continue  # one damaged case must not hide the others
            for field, value in form.items():
                if value not in (None, "", [], {}):
                    told = EarlierValue(
                        field=field, value=value, matter=case.matter_name, at=case.received_at
                    )
                    found.setdefault(field, told)
    return list(found.values())
