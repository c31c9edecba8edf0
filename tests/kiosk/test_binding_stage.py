"""Papers are bound on the image worker's thread; the answer bears its ticket, and none comes after she left."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ground.clock import RealClock
from ground.logbook import MemoryLogbook
from kiosk.capture.bind import Binding, Layout
from kiosk.device_stage import DeviceStage, Workers
from kiosk.health import Health
from kiosk.journey import events as ev
from kiosk.preview import PreviewSlot
from kiosk.workers import Worker
from tests.kiosk.capture.bound_pages import FONTS, MARK, card, page_of, printed, stored

LONG_S = 30.0
CLOCK = RealClock()


class BindingRoom:
    """A stage without devices."""

    def __init__(self, fonts: tuple[Path, ...] = FONTS) -> None:
        self.pages: Worker[object] = self._worker("pages")
        workers = Workers(None, None, None, None, self.pages, self._worker("outbox"))  # type: ignore[arg-type]
        self.posted: list[ev.WorldEvent] = []
        self.threads: list[str] = []
        self.answered = threading.Event()
        self.stage = DeviceStage(workers, self._post, PreviewSlot(), countdown_s=1.0, fonts=fonts)

    def _worker(self, name: str) -> Worker[object]:
        return Worker(
            name,
            start=object,
            stop=lambda _: None,
            errors=(),
            clock=CLOCK,
            health=Health(CLOCK),
            logbook=MemoryLogbook(),
        )

    def _post(self, event: ev.WorldEvent) -> None:
        self.posted.append(event)
        self.threads.append(threading.current_thread().name)
        self.answered.set()


@pytest.fixture
def room() -> Iterator[BindingRoom]:
    made = BindingRoom()
    yield made
    made.pages.end()


def papers() -> tuple[Binding, ...]:
    return (
        Binding(slot="00", pages=(card(180), card(215)), layout=Layout.BOTH_SIDES, watermark=MARK),
        Binding(slot="01", pages=(page_of(printed(600, 800, 5)),)),
    )


def test_it_is_done_on_the_image_workers_thread(room: BindingRoom) -> None:
    room.pages.begin()
    room.stage.bind(7, papers())
    assert room.answered.wait(LONG_S)
    (answer,) = room.posted
    assert isinstance(answer, ev.Bound)
    assert answer.ticket == 7
    assert [document.slot for document in answer.documents] == ["00", "01"]
    assert [len(stored(document.pdf)) for document in answer.documents] == [1, 1]
    assert room.threads == ["worker-pages"]


def test_what_was_not_begun_when_she_left_is_not_done(room: BindingRoom) -> None:
    room.stage.bind(7, papers())
    room.stage.forget()
    room.pages.begin()
    room.stage.bind(8, papers()[1:])
    assert room.answered.wait(LONG_S)
    assert [event.ticket for event in room.posted] == [8]  # type: ignore[union-attr]


def test_a_typeface_that_is_missing_fails_and_the_worker_goes_on(tmp_path: Path) -> None:
    room = BindingRoom(fonts=(tmp_path / "none.otf",))
    room.pages.begin()
    room.stage.bind(7, papers())
    assert room.answered.wait(LONG_S)
    assert room.posted == [ev.BindFailed(7, "D100")]
    room.answered.clear()
    room.stage.bind(8, papers()[1:])
    assert room.answered.wait(LONG_S)
    room.pages.end()
    assert isinstance(room.posted[-1], ev.Bound)
