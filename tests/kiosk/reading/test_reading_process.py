"""The reading process: what it may not do, and what becomes of the terminal when it dawdles, dies or lies."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.documents import Part, documents
from bench.documents.photograph import flat
from ground.clock import ManualClock, RealClock
from kiosk.reading import Kind, Reader, ReadingFailed
from kiosk.reading.frames import LONGEST_BODY, BadFrame, lengths, packed, receive
from kiosk.reading.reader import CHILD, MEMORY_CAP, ROOT

#: a child that greets and then does what the rest of the program says with each page
GREETS = "import os, sys; from kiosk.reading.frames import packed, receive\n"
GREETS += "i, o = sys.stdin.buffer, sys.stdout.buffer\n"
GREETS += "o.write(packed({'ready': True})); o.flush()\n"
TELLS = (
    "receive(i); o.write(packed({{'fields': {}, 'kind_matches': 1, 'warnings': {}}})); o.flush(); receive(i)"
)
PAGE = b"\xff\xd8 no page"
#: says no to every socket, from the very first import on
NO_NETWORK = """
import sys, runpy
def refuse(event, arguments):
    if event.startswith("socket."):
        raise PermissionError(event)
sys.addaudithook(refuse)
runpy.run_module("kiosk.reading.child", run_name="__main__", alter_sys=True)
"""


def acting(program: str, **deadlines: float) -> Reader:
    return Reader(RealClock(), child=(sys.executable, "-c", GREETS + program), **deadlines)


def failure(reader: Reader) -> str:
    with pytest.raises(ReadingFailed) as caught:
        reader.read(PAGE, Kind.ID_FRONT)
    return caught.value.code


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """The real child, which may not open a socket from its first import on."""
    child = (sys.executable, "-c", NO_NETWORK)
    with Reader(RealClock(), child=child, niceness=0, start_deadline_s=100, read_deadline_s=100) as real:
        yield real


def test_a_card_is_read_in_a_process_that_has_no_network(reader: Reader) -> None:
    card = next(documents(Part.TUNED, 1, (Kind.ID_FRONT,)))
    reading = reader.read(flat(card.sheet, card.dice), Kind.ID_FRONT)
    assert reading.kind_matches
    assert {name: field.value for name, field in reading.fields.items()} == dict(card.truth)


@pytest.mark.parametrize("turn", [cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180])
def test_a_card_is_read_whichever_way_round_it_lies(reader: Reader, turn: int) -> None:
    card = next(documents(Part.TUNED, 1, (Kind.ID_BACK,)))
    turned = np.asarray(cv2.rotate(card.sheet, turn), np.uint8)
    reading = reader.read(flat(turned, card.dice), Kind.ID_BACK)
    assert {name: field.value for name, field in reading.fields.items()} == dict(card.truth)


@pytest.mark.parametrize(
    "page", [b"", b"x" * 100_000, PAGE, cv2.imencode(".png", np.zeros((40, 40, 3)))[1].tobytes()]
)
def test_what_is_no_page_is_refused_and_the_process_lives(reader: Reader, page: bytes) -> None:
    reader.open()
    before = reader.pid
    with pytest.raises(ReadingFailed) as caught:
        reader.read(page, Kind.ID_FRONT)
    assert caught.value.code == "R104"
    assert reader.pid == before


def test_an_empty_page_is_no_document(reader: Reader) -> None:
    blank = cv2.imencode(".jpg", np.full((638, 1011, 3), 240, np.uint8))[1].tobytes()
    reading = reader.read(blank, Kind.ID_FRONT)
    assert not reading.kind_matches
    assert reading.fields == {}


def test_at_a_cap_that_is_too_low_for_a_page_the_terminal_hears_a_code() -> None:
    """190 MB are enough to start, but a card needs about 260."""
    card = next(documents(Part.TUNED, 1, (Kind.ID_FRONT,)))
    with Reader(
        RealClock(), memory_cap=190 << 20, niceness=0, start_deadline_s=100, read_deadline_s=100
    ) as small:
        with pytest.raises(ReadingFailed) as caught:
            small.read(flat(card.sheet, card.dice), Kind.ID_FRONT)
        assert caught.value.code == "R103"


def test_a_child_that_dawdles_is_killed_at_its_deadline_and_replaced() -> None:
    with acting("receive(i); import select; select.select([], [], [])", read_deadline_s=0.2) as slow:
        slow.open()
        first = slow.pid
        assert failure(slow) == "R102"
        assert slow.pid is None
        assert not Path(f"/proc/{first}").exists()
        assert failure(slow) == "R102"


def test_a_child_that_takes_no_page_does_not_block_the_terminal() -> None:
    with acting("import select; select.select([], [], [])", read_deadline_s=0.2) as deaf:
        with pytest.raises(ReadingFailed) as caught:
            deaf.read(bytes(4 << 20), Kind.ID_FRONT)  # more than any pipe holds
        assert caught.value.code == "R102"


def test_a_child_that_never_greets_is_given_up() -> None:
    mute = (sys.executable, "-c", "import select; select.select([], [], [])")
    with Reader(RealClock(), child=mute, start_deadline_s=0.2) as silent:
        assert failure(silent) == "R101"


def test_a_child_that_is_not_there_is_no_crash() -> None:
    with Reader(RealClock(), child=("/nonexistent/python",)) as absent:
        assert failure(absent) == "R101"


@pytest.mark.parametrize(
    "does",
    [
        "receive(i); os._exit(9)",
        "receive(i); os.kill(os.getpid(), 9)",
        "receive(i); o.write(b'x' * 100); o.flush()",
        "receive(i); o.write(packed({})); o.flush(); receive(i)",
        TELLS.format("{'name': 3}", "[]"),
        TELLS.format("{}", "['?']"),
    ],
)
def test_a_child_that_dies_or_babbles_is_a_code(does: str) -> None:
    with acting(does, start_deadline_s=60, read_deadline_s=60) as odd:
        assert failure(odd) == "R103"


def test_it_writes_no_file_starts_nothing_and_opens_no_socket() -> None:
    tries = """
from kiosk.reading.confined import Confined, forbid_ways_out
import os, socket, subprocess
from pathlib import Path
forbid_ways_out()
def held(act):
    try:
        act()
    except Confined:
        return True
    except OSError:
        return False
    return False
print(all([
    held(lambda: open("x.txt", "w")),
    held(lambda: Path("/dev/shm/x").write_bytes(b"")),
    held(lambda: os.open("x.txt", os.O_CREAT | os.O_WRONLY)),
    held(lambda: socket.create_connection(("127.0.0.1", 9))),
    held(lambda: socket.getaddrinfo("example.cn", 80)),
    held(lambda: subprocess.run(["true"])),
    held(lambda: os.fork()),
    held(lambda: os.system("true")),
]), open("pyproject.toml").read(3) != "")
"""
    done = subprocess.run(
        [sys.executable, "-c", tries], cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    assert done.stdout.split() == ["True", "True"], done.stderr


def test_it_ends_with_the_terminal_even_in_the_middle_of_a_page() -> None:
    """The parent is a process that is killed; the child must go although nobody tells it to."""
    parent = "import sys; from ground.clock import RealClock; from kiosk.reading import Reader\n"
    parent += "reader = Reader(RealClock(), niceness=0, start_deadline_s=100); reader.open()\n"
    parent += "print(reader.pid, flush=True); sys.stdin.read()\n"
    with subprocess.Popen(
        [sys.executable, "-c", parent], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as terminal:
        assert terminal.stdout is not None
        child = int(terminal.stdout.readline())
        watch = os.pidfd_open(child)
        try:
            terminal.kill()
            ended, _, _ = select.select([watch], [], [], 60)
            assert ended
        finally:
            os.close(watch)


def test_today_is_the_day_in_china() -> None:
    says = "head, _ = receive(i)\n"
    says += "told = {'fields': {'d': (head['today'], 1)}, 'kind_matches': 1, 'warnings': []}\n"
    says += "o.write(packed(told)); o.flush(); receive(i)"
    clock = ManualClock()
    with Reader(clock, child=(sys.executable, "-c", GREETS + says)) as reader:
        assert reader.read(PAGE, Kind.ID_BACK).fields["d"].value == date(2026, 11, 21).isoformat()
        clock.set_wall(clock.now().replace(hour=17))  # 01:00 of the next day in Wuhan
        reader.close()
        assert reader.read(PAGE, Kind.ID_BACK).fields["d"].value == date(2026, 11, 22).isoformat()


def test_frames_are_bounded_on_both_sides() -> None:
    with pytest.raises(BadFrame):
        packed({}, bytes(LONGEST_BODY + 1))
    with pytest.raises(BadFrame):
        lengths(b"\xff" * 8)
    frame = packed({"kind": "id-front"}, b"abc")
    source, sink = os.pipe()
    with os.fdopen(source, "rb") as reading, os.fdopen(sink, "wb") as writing:
        writing.write(frame + frame[:-1])
        writing.close()
        assert receive(reading) == ({"kind": "id-front"}, b"abc")
        assert receive(reading) is None  # cut in the middle: the other side is gone


def test_the_command_is_the_projects_own_interpreter() -> None:
    assert CHILD[0] == sys.executable
    assert MEMORY_CAP <= 1 << 30
