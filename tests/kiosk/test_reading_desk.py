"""The reader's thread: an answer for each page, a code for each failure, and nothing left when the visit ends."""

import queue
import sys
from collections.abc import Iterator

import cv2
import pytest

from bench.code_images import hard_images
from ground.clock import RealClock
from ground.logbook import MemoryLogbook
from kiosk.health import Health
from kiosk.journey import events as ev
from kiosk.reading import Field, Kind, Reader, Reading, ReadingFailed
from kiosk.reading_desk import ReadingDesk
from kiosk.workers import Worker

LONG_S = 100.0
CLOCK = RealClock()
#: reads every page as a name, but ends when a page says so
CHILD = """
import os, sys
from kiosk.reading.frames import packed, receive
i, o = sys.stdin.buffer, sys.stdout.buffer
def tell(what):
    o.write(packed(what)); o.flush()
tell({"ready": True})
while (asked := receive(i)) is not None:
    if asked[1] == b"die":
        os._exit(1)
    tell({"fields": {"name": ("王小明", 0.9)}, "kind_matches": True, "warnings": []})
"""


class Post:
    """What was posted, in order."""

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[ev.WorldEvent] = queue.SimpleQueue()

    def next(self) -> ev.WorldEvent:
        return self.events.get(timeout=LONG_S)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def reader() -> Reader:
    return Reader(CLOCK, child=(sys.executable, "-c", CHILD))


@pytest.fixture
def desk(post: Post, reader: Reader) -> Iterator[ReadingDesk]:
    worker: Worker[Reader] = Worker(
        "reader",
        start=lambda: reader,
        stop=lambda it: it.close(),
        errors=(ReadingFailed,),
        refusals=(ReadingFailed,),
        clock=CLOCK,
        health=Health(CLOCK),
        logbook=MemoryLogbook(),
    )
    worker.begin()
    yield ReadingDesk(worker, post.events.put)
    worker.end(LONG_S)


def test_each_page_is_answered_with_its_own_name(desk: ReadingDesk, post: Post) -> None:
    for number in (1, 2):
        desk.read(7, f"page {number}", b"page", Kind.ID_FRONT, codes=False)
    said = Reading(Kind.ID_FRONT, {"name": Field("王小明", 0.9)}, True)
    assert [post.next(), post.next()] == [ev.PageRead(7, f"page {number}", said) for number in (1, 2)]


def test_a_page_that_ends_the_process_is_a_code_and_the_next_is_read(desk: ReadingDesk, post: Post) -> None:
    desk.read(7, "bad", b"die", Kind.ID_FRONT, codes=False)
    desk.read(7, "good", b"page", Kind.ID_FRONT, codes=False)
    assert post.next() == ev.ReadFailed(7, "bad", "R103")
    assert isinstance(post.next(), ev.PageRead)


def test_codes_are_seen_without_any_reading(desk: ReadingDesk, post: Post, reader: Reader) -> None:
    image = next(hard_images(each=1))
    jpeg = cv2.imencode(".jpg", image.pixels)[1].tobytes()
    desk.read(7, "coded", jpeg, None, codes=True)
    assert post.next() == ev.PageRead(7, "coded", None, (image.text,))
    assert reader.pid is None  # no process was started for that


def test_what_is_no_picture_has_no_codes(desk: ReadingDesk, post: Post) -> None:
    desk.read(7, "none", b"no picture", None, codes=True)
    assert post.next() == ev.PageRead(7, "none", None, ())


def test_the_process_ends_with_the_visit(desk: ReadingDesk, post: Post, reader: Reader) -> None:
    desk.read(7, "page", b"page", Kind.ID_FRONT, codes=False)
    post.next()
    assert reader.pid is not None
    desk.forget()
    desk.read(8, "next", b"", None, codes=False)  # comes after
    assert post.next() == ev.PageRead(8, "next", None)
    assert reader.pid is None


def test_a_terminal_without_a_reader_says_so(post: Post) -> None:
    ReadingDesk(None, post.events.put).read(7, "page", b"page", Kind.ID_FRONT, codes=False)
    assert post.next() == ev.ReadFailed(7, "page", "R101")
