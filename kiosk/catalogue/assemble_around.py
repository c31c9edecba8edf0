"""From recommend.yaml, offices.yaml and messages.yaml to frozen values."""

from kiosk.catalogue.messages import CityMessage
from kiosk.catalogue.model import When
from kiosk.catalogue.offices import Contact, Offices, Point, TerminalPlace
from kiosk.catalogue.parse_around import RecommendEntry
from kiosk.catalogue.recommend import Suggestion, Suggestions
from kiosk.catalogue.sources import Sources


def suggestions_of(sources: Sources) -> Suggestions:
    """The rules of recommend.yaml; none when there is no such file."""
    if sources.recommend is None:
        return Suggestions()
    parsed = sources.recommend.parsed
    rules = tuple(_suggestion(entry) for entry in parsed.recommendations)
    return Suggestions(city=parsed.city, rules=rules)


def _suggestion(entry: RecommendEntry) -> Suggestion:
    return Suggestion(
        matter=entry.matter,
        reason=entry.reason,
        sample=entry.sample,
        age=(entry.age.least, entry.age.most) if entry.age else None,
        sex=entry.sex,
        home=entry.home,
        earlier=entry.earlier,
        when=tuple(When(question=question, among=among) for question, among in entry.answers.items()),
        again=entry.again,
    )


def offices_of(sources: Sources) -> Offices:
    """The facts of offices.yaml; the hotline alone when there is no such file."""
    if sources.offices is None:
        return Offices()
    parsed = sources.offices.parsed
    return Offices(
        hotline=Contact(kind="hotline", name=parsed.hotline.name, number=parsed.hotline.number),
        departments=tuple(
            Contact(kind="department", name=entry.department, number=entry.number, sample=entry.sample)
            for entry in parsed.contacts
        ),
        points=tuple(Point(**entry.model_dump()) for entry in parsed.points),
        terminals=tuple(TerminalPlace(**entry.model_dump()) for entry in parsed.terminals),
    )


def messages_of(sources: Sources) -> tuple[CityMessage, ...]:
    """What messages.yaml says; nothing when there is no such file."""
    if sources.messages is None:
        return ()
    return tuple(CityMessage(**entry.model_dump()) for entry in sources.messages.parsed.messages)
