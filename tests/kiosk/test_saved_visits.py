"""What is known of her elsewhere: without a platform, and with one that fails, nobody waits and nothing breaks."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from kiosk.case_desk import CaseDesk
from kiosk.journey import events as ev
from kiosk.journey.arranged import EarlierValue
from kiosk.kept_visit import Note
from kiosk.saved_visits import SavedVisits, newest
from kiosk.workers import Worker
from offline_cache.errors import ServerTrouble, UploadError
from offline_cache.people_replies import DraftThere, Earlier

NOW = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)
WANTED = Note(matter="N02", version="1", who="resident 429006199003070019")


class AtOnce:
    """A worker whose thing is there at once."""

    def __init__(self, thing: Any) -> None:
        self._thing = thing

    def ask(self, do: Callable[[Any], None], failed: Callable[[str], None], deadline_s: float) -> None:
        try:
            do(self._thing)
        except UploadError as error:
            failed(error.code)


def visits(people: Any, heard: list[ev.WorldEvent]) -> SavedVisits:
    platform = None if people is None else cast(Worker[Any], AtOnce(SimpleNamespace(people=people)))
    return SavedVisits(platform, cast(Worker[CaseDesk], AtOnce(None)), heard.append)


def there(draft_id: str, matter: str, version: str, hour: int) -> DraftThere:
    at = NOW.replace(hour=hour)
    return DraftThere(draft_id=draft_id, matter=matter, version=version, saved_at=at, expires_at=at, pages=1)


class Silent:
    """The platform is there and fails."""

    def earlier(self, number: str, matter: str, at: datetime) -> Earlier:
        raise ServerTrouble(status=503)

    def drafts(self, number: str) -> tuple[DraftThere, ...]:
        raise ServerTrouble(status=503)


def test_without_a_platform() -> None:
    heard: list[ev.WorldEvent] = []
    desk = visits(None, heard)
    desk.earlier(7, "429006199003070019", "N02", NOW)
    desk.find(8, WANTED)
    desk.drop("429006199003070019", "a-draft")
    assert heard == [ev.EarlierFailed(7, "U101")]


def test_a_platform_that_fails() -> None:
    heard: list[ev.WorldEvent] = []
    desk = visits(Silent(), heard)
    desk.earlier(7, "429006199003070019", "N02", NOW)
    desk.find(8, WANTED)
    assert heard == [ev.EarlierFailed(7, ServerTrouble.code)]


def test_only_words_are_proposed() -> None:
    told = Earlier.model_validate(
        {
            "values": [
                {
                    "field": "phone",
                    "value": "19900000001",
                    "matter": "居住证办理一件事",
                    "at": NOW.isoformat(),
                },
                {"field": "blank", "value": " ", "matter": "居住证办理一件事", "at": NOW.isoformat()},
                {"field": "odd", "value": {"a": 1}, "matter": "居住证办理一件事", "at": NOW.isoformat()},
            ]
        }
    )
    heard: list[ev.WorldEvent] = []
    visits(SimpleNamespace(earlier=lambda *_: told), heard).earlier(7, "429006199003070019", "N02", NOW)
    (found,) = heard
    assert isinstance(found, ev.EarlierFound)
    assert found.values == (EarlierValue("phone", "19900000001", "居住证办理一件事", NOW),)


def test_the_latest_of_this_matter_as_it_reads_today() -> None:
    drafts = (
        there("old", "N02", "1", 1),
        there("new", "N02", "1", 3),
        there("other-release", "N02", "2", 4),
        there("other-matter", "N04", "1", 5),
    )
    found = newest(drafts, WANTED)
    assert found is not None and found.draft_id == "new"
    assert newest((drafts[2],), WANTED) is None
