"""One original of a document, whatever happens: torn paper, pulled plugs, retries, `kill -9`. The tray counts.

Run as a program (`python -m tests.kiosk.test_print_journal URL JOURNAL`) it prints the slip once, to be killed.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from devices.emulators.escpos import EscposEmulator
from devices.emulators.escpos_paper import Ticket
from devices.errors import Condition, DeviceError, Refused, TimedOut, Unreachable
from devices.receipt_printer import Sensors, Slip, Text
from devices.receipt_printer.escpos import EscposPrinter, EscposSettings
from devices.rig import PtyRig
from devices.rig.in_process import InProcessRig, register_emulators
from devices.status import Capabilities, Status, Supply
from ground.clock import ManualClock, RealClock
from ground.logbook import MemoryLogbook
from kiosk.case_desk import CaseDesk
from kiosk.device_stage import DeviceStage, Workers
from kiosk.health import Health
from kiosk.journey import events as ev
from kiosk.preview import PreviewSlot
from kiosk.print_journal import JournalFailed, JournalledPrinting, Outcome, PrintJournal
from kiosk.receipt import as_copy
from kiosk.words import Words
from kiosk.workers import Worker

ROOT = Path(__file__).parents[2]
WORDS = Words("zh-Hans", {"receipt.copy": "补打（第 {number} 次）"})
CASE = "9f0b7c1e-0000-4000-8000-00000000c0de"
HEAD, LAST = "收件回执", "请保管好这张凭条"
SLIP = Slip((Text(HEAD), *(Text(f"第 {n} 行") for n in range(40)), Text(LAST)), document=f"receipt/{CASE}")
TEST_PAGE = Slip((Text("打印测试"),))
MARK = "补打（第 {} 次）"
_PATIENCE_S = 60.0  # for a process to start on a busy machine


class EventfulPrinter(EscposEmulator):
    """An emulated printer to which something happens as soon as something holds."""

    def __init__(self, clock: ManualClock | RealClock) -> None:
        super().__init__(clock)
        self.when: list[tuple[Callable[[], bool], Callable[[], None]]] = []

    def once(self, as_soon_as: Callable[[], bool], do: Callable[[], None]) -> None:
        self.when.append((as_soon_as, do))

    def take(self) -> bytes:
        due = [pair for pair in self.when if pair[0]()]
        self.when = [pair for pair in self.when if pair not in due]
        for _, do in due:
            do()
        return super().take()

    def has_printed(self, mm: float) -> Callable[[], bool]:
        full = self.paper_mm
        return lambda: self.paper_mm < full - mm


def papers(emulator: EscposEmulator) -> list[tuple[str, ...]]:
    """Everything that a citizen could hold in her hand and that begins like the receipt; uncut paper counts."""
    found: list[Ticket] = [*emulator.tickets, *emulator.leftovers]
    hanging = vars(emulator)["_paper"].take(b"", "torn")
    found += [hanging] if hanging is not None else []
    return [ticket.lines for ticket in found if HEAD in ticket.lines]


def originals(emulator: EscposEmulator) -> int:
    """How many of them do not say that they are copies."""
    return sum(not any(line.startswith("补打") for line in lines) for lines in papers(emulator))


# --- the journal alone ---


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terminal" / "prints.sqlite"


def opened(path: Path, clock: ManualClock | RealClock) -> PrintJournal:
    """The journal, as a program that starts finds it."""
    return PrintJournal(path, clock)


@pytest.mark.parametrize(
    ("first", "copy"),
    [
        (Outcome.PRINTED, 1),
        (Outcome.TORN, 1),
        (Outcome.UNKNOWN, 1),
        (Outcome.REFUSED, 0),  # certainly nothing came out
        (Outcome.BEGUN, 1),  # a crash
    ],
)
@pytest.mark.parametrize("restarted", [True, False])
def test_what_comes_after(path: Path, clock: ManualClock, first: Outcome, copy: int, restarted: bool) -> None:
    journal = opened(path, clock)
    job = journal.ask(SLIP.document, "aa")
    assert job.copy == 0
    journal.begin(job)
    if first is not Outcome.BEGUN:
        journal.finished(job, first)
    if restarted:
        journal = opened(path, clock)
    assert journal.ask(SLIP.document, "aa").copy == copy
    assert journal.ask("receipt/another", "aa").copy == 0


def test_a_job_that_was_only_asked_printed_nothing(path: Path, clock: ManualClock) -> None:
    opened(path, clock).ask(SLIP.document, "aa")
    journal = opened(path, clock)
    assert journal.ask(SLIP.document, "aa").copy == 0
    assert [job.outcome for job in journal.history()] == [Outcome.ASKED, Outcome.ASKED]
    assert not journal.left_behind()


def test_a_job_found_begun_is_unknown(path: Path, clock: ManualClock) -> None:
    journal = opened(path, clock)
    job = journal.ask(SLIP.document, "aa")
    journal.begin(job)
    assert journal.history()[0].outcome is Outcome.BEGUN
    clock.turn(30)
    (found,) = opened(path, clock).history()
    assert (found.outcome, found.what, found.case_id, found.copy) == (Outcome.UNKNOWN, "receipt", CASE, 0)
    assert found.begun_at is not None and found.ended_at is not None
    assert found.ended_at - found.begun_at == timedelta(seconds=30)


def test_a_late_end_is_still_taken_down(path: Path, clock: ManualClock) -> None:
    journal = opened(path, clock)
    job = journal.ask(SLIP.document, "aa")
    journal.begin(job)
    journal.finished(job, Outcome.UNKNOWN)
    journal.finished(job, Outcome.PRINTED)
    journal.finished(job, Outcome.TORN, "paper_out")  # too late: it was seen to come out
    assert journal.history()[0].outcome is Outcome.PRINTED


def test_two_that_were_asked_together_are_not_both_originals(path: Path, clock: ManualClock) -> None:
    journal = opened(path, clock)
    slow, quick = journal.ask(SLIP.document, "aa"), journal.ask(SLIP.document, "aa")
    assert (slow.copy, quick.copy) == (0, 0)
    journal.begin(quick)
    with pytest.raises(Refused) as caught:
        journal.begin(slow)
    assert caught.value.condition is Condition.BUSY
    assert journal.ask(SLIP.document, "aa").copy == 1


def test_one_job_is_begun_once(path: Path, clock: ManualClock) -> None:
    journal = opened(path, clock)
    job = journal.ask(SLIP.document, "aa")
    journal.begin(job)
    with pytest.raises(Refused):
        journal.begin(job)


def test_a_page_without_a_document_is_never_a_copy(path: Path, clock: ManualClock) -> None:
    journal = opened(path, clock)
    for _ in range(3):
        job = journal.ask("", "bb")
        journal.begin(job)
        journal.finished(job, Outcome.PRINTED)
        assert job.copy == 0
    assert {job.what for job in journal.history()} == {"test"}


def test_what_may_stand_in_the_printer(path: Path, clock: ManualClock) -> None:
    journal = opened(path, clock)
    assert not journal.left_behind()
    for outcome, left in ((Outcome.PRINTED, False), (Outcome.TORN, True), (Outcome.PRINTED, False)):
        job = journal.ask("", "bb")
        journal.begin(job)
        journal.finished(job, outcome)
        assert journal.left_behind() is left
        refused = journal.ask("", "bb")
        journal.finished(refused, Outcome.REFUSED, "paper_out")
        assert journal.left_behind() is left, "a job that printed nothing says nothing about the last one"


def test_jobs_of_last_year_are_forgotten(path: Path, clock: ManualClock) -> None:
    opened(path, clock).ask(SLIP.document, "aa")
    clock.set_wall(clock.now() + timedelta(days=300))
    journal = opened(path, clock)
    journal.ask("receipt/another", "aa")
    clock.set_wall(clock.now() + timedelta(days=100))
    assert [job.case_id for job in opened(path, clock).history()] == ["another"]


def test_it_is_durable_and_holds_nothing_of_the_citizen(path: Path, clock: ManualClock) -> None:
    slip = Slip((Text("王小明 429006199001010027"),), document=f"receipt/{CASE}")
    printing, emulator, rig = _desk(path, clock)
    printing(_printer(rig, clock), slip)
    assert emulator.tickets
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        told = repr(db.execute("SELECT * FROM print_job").fetchall())
    assert CASE in told and "王小明" not in told and "429006" not in told
    for file in path.parent.iterdir():
        assert "王小明".encode() not in file.read_bytes()


def test_a_later_programs_journal_is_left_alone(path: Path, clock: ManualClock) -> None:
    opened(path, clock).ask("", "aa")
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(JournalFailed, match="later program"):
        opened(path, clock).history()


# --- with a printer ---


def _desk(
    path: Path, clock: ManualClock | RealClock
) -> tuple[JournalledPrinting, EventfulPrinter, InProcessRig]:
    emulator = EventfulPrinter(clock)
    rig = register_emulators({"printer": emulator})["printer"]
    return _printing(path, clock), emulator, rig


def _printing(path: Path, clock: ManualClock | RealClock) -> JournalledPrinting:
    return JournalledPrinting(opened(path, clock), lambda slip, copy: as_copy(slip, copy, WORDS))


def _printer(rig: InProcessRig, clock: ManualClock | RealClock) -> EscposPrinter:
    """A fresh driver each time, as the worker builds one whenever it opens the device."""
    printer = EscposPrinter(EscposSettings(url=rig.url), clock)
    printer.open()
    return printer


def test_copies_are_counted_on_the_paper(path: Path, clock: ManualClock) -> None:
    printing, emulator, rig = _desk(path, clock)
    printer = _printer(rig, clock)
    for _ in range(3):
        printing(printer, SLIP)
    printing(printer, TEST_PAGE)
    tops = [ticket.lines[0] for ticket in emulator.tickets]
    assert tops == [HEAD, MARK.format(1), MARK.format(2), "打印测试"]
    assert emulator.unknown == []


def test_no_paper_and_then_paper_is_an_original(path: Path, clock: ManualClock) -> None:
    printing, emulator, rig = _desk(path, clock)
    printer = _printer(rig, clock)
    for knob, trouble, fine in (("paper_mm", 0.0, 9000.0), ("cover_open", True, False)):
        setattr(emulator, knob, trouble)
        with pytest.raises(Refused):
            printing(printer, SLIP)
        setattr(emulator, knob, fine)
    emulator.mute = True
    with pytest.raises(TimedOut):
        printing(printer, SLIP)
    emulator.mute = False
    printing(printer, SLIP)
    assert [ticket.lines[0] for ticket in emulator.tickets] == [HEAD]
    outcomes = [(job.outcome, job.condition) for job in opened(path, clock).history()]
    assert outcomes == [
        (Outcome.REFUSED, "paper_out"),
        (Outcome.REFUSED, "cover_open"),
        (Outcome.REFUSED, "D102"),
        (Outcome.PRINTED, ""),
    ]


def test_a_torn_slip_is_followed_by_a_copy(path: Path, clock: ManualClock) -> None:
    printing, emulator, rig = _desk(path, clock)
    printer = _printer(rig, clock)
    emulator.once(emulator.has_printed(60), lambda: setattr(emulator, "cover_open", True))
    with pytest.raises(Refused):
        printing(printer, SLIP)
    emulator.cover_open = False
    printing(printer, SLIP)
    assert emulator.tickets[-1].lines[0] == MARK.format(1)
    assert emulator.tickets[-1].lines[-1] == LAST
    assert originals(emulator) == 1
    torn, printed = opened(path, clock).history()
    assert (torn.outcome, torn.condition, torn.copy) == (Outcome.TORN, "cover_open", 0)
    assert (printed.outcome, printed.copy) == (Outcome.PRINTED, 1)


def test_paper_that_ends_with_the_last_cut_was_a_whole_slip(path: Path, clock: ManualClock) -> None:
    printing, emulator, rig = _desk(path, clock)
    emulator.once(lambda: bool(emulator.tickets), lambda: setattr(emulator, "paper_mm", 0.0))
    printing(_printer(rig, clock), SLIP)
    assert opened(path, clock).history()[0].outcome is Outcome.PRINTED


@pytest.mark.parametrize("keeps_buffer", [True, False])
@pytest.mark.parametrize("after_mm", [5.0, 60.0, 190.0])
def test_flapping_in_mid_slip(path: Path, clock: ManualClock, keeps_buffer: bool, after_mm: float) -> None:
    printing, emulator, rig = _desk(path, clock)
    emulator.keeps_buffer = keeps_buffer
    for _ in range(4):
        printer = _printer(rig, clock)
        emulator.once(emulator.has_printed(after_mm), rig.unplug)
        with pytest.raises(Unreachable):
            printing(printer, SLIP)
        printer.close()
        emulator.when.clear()
        rig.replug()
        clock.turn(3.0)
    printing(_printer(rig, clock), SLIP)
    begun = [job for job in opened(path, clock).history() if job.begun_at is not None]
    assert emulator.tickets[-1].lines[0] == MARK.format(len(begun) - 1)
    assert emulator.tickets[-1].lines[-1] == LAST
    assert emulator.tickets[-1].lines.count(HEAD) == 1
    assert len(begun) == 5 or keeps_buffer, (
        "what was in its buffer may have moved the paper before the next slip"
    )
    assert originals(emulator) == 1


def test_the_half_slip_of_a_crash_is_not_the_next_citizens(path: Path, clock: ManualClock) -> None:
    printing, emulator, rig = _desk(path, clock)
    emulator.once(emulator.has_printed(60), rig.unplug)
    with pytest.raises(Unreachable):
        printing(_printer(rig, clock), SLIP)
    rig.replug()
    _printing(path, clock)(_printer(rig, clock), Slip((Text("下一位"),), document="receipt/next"))
    assert emulator.tickets[-1].lines == ("下一位",)


@pytest.mark.parametrize("what", ["folder", "garbage"])
def test_without_a_journal_nothing_is_printed(path: Path, clock: ManualClock, what: str) -> None:
    printing, emulator, rig = _desk(path, clock)
    if what == "folder":
        path.mkdir(parents=True)
    else:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"this was a database once" * 100)
    with pytest.raises(Refused) as caught:
        printing(_printer(rig, clock), SLIP)
    assert caught.value.condition is Condition.UNRECOVERABLE
    assert emulator.tickets == [] and emulator.paper_mm == 50_000.0


def test_a_disk_that_fills_up_in_between_prints_nothing(path: Path, clock: ManualClock) -> None:
    printing, emulator, rig = _desk(path, clock)

    def lose() -> None:
        with closing(sqlite3.connect(path)) as db:
            db.execute("DROP TABLE print_job")

    printer = _printer(rig, clock)
    emulator.once(lambda: _was_asked(path), lose)
    with pytest.raises(Refused) as caught:
        printing(printer, SLIP)
    assert "no such table" in str(caught.value)
    assert emulator.paper_mm == 50_000.0


def _was_asked(path: Path) -> bool:
    """Whether the journal holds one job that is not begun; looked at from outside, as another process does."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return db.execute("SELECT outcome FROM print_job").fetchall() == [("asked",)]
    return False


class HungPrinter:
    """A printer whose thread was declared lost before it began, and that comes back to life later."""

    def __init__(self) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()
        self.tray: list[Slip] = []

    def open(self) -> None: ...
    def close(self) -> None: ...
    def clear(self) -> None: ...

    def identity(self) -> str:
        return "hung"

    def status(self) -> Status:
        raise TimedOut

    def capabilities(self) -> Capabilities:
        return {}

    def sensors(self) -> Sensors:
        return Sensors(None, Supply.UNKNOWN)

    def print(self, slip: Slip, begin: Callable[[], None] = lambda: None) -> None:
        self.asked.set()
        assert self.go_on.wait(_PATIENCE_S)
        begin()
        self.tray.append(slip)


def test_a_lost_thread_that_wakes_up_prints_no_second_original(path: Path, clock: ManualClock) -> None:
    printing, emulator, rig = _desk(path, clock)
    hung, ended = HungPrinter(), list[DeviceError]()

    def lost() -> None:
        try:
            printing(hung, SLIP)
        except DeviceError as error:
            ended.append(error)

    thread = threading.Thread(target=lost)
    thread.start()
    assert hung.asked.wait(_PATIENCE_S)
    printing(_printer(rig, clock), SLIP)  # its replacement
    hung.go_on.set()
    thread.join(_PATIENCE_S)
    assert hung.tray == []
    assert [getattr(error, "condition", None) for error in ended] == [Condition.BUSY]
    assert originals(emulator) == 1
    assert [job.outcome for job in opened(path, clock).history()] == [Outcome.REFUSED, Outcome.PRINTED]


def test_the_mark_in_every_language() -> None:
    for language in ("zh-Hans", "en"):
        marked = as_copy(SLIP, 2, Words.load(ROOT / "config" / "words", language))
        (top, *_) = marked.elements
        assert isinstance(top, Text) and "2" in top.text and top.bold and top.size == 2
        assert marked.elements[2:] == SLIP.elements and marked.document == SLIP.document


# --- with a stage: workers, real threads ---


class Office:
    """A stage with nothing but a receipt printer."""

    def __init__(self, path: Path) -> None:
        self.clock = RealClock()
        self.printing, self.emulator, self.rig = _desk(path, self.clock)
        self.events: list[ev.WorldEvent] = []
        self.came = threading.Condition()
        self.printer = self._worker("receipt_printer", self._open, lambda thing: thing.close())
        pages: Worker[object] = self._worker("pages", object, lambda _: None)
        cases: Worker[CaseDesk] = self._worker("outbox", object, lambda _: None)
        workers = Workers(None, None, self.printer, None, pages, cases)
        self.stage = DeviceStage(workers, self._post, PreviewSlot(), 0.5, self.printing)

    def _open(self) -> EscposPrinter:
        return _printer(self.rig, self.clock)

    def _worker(self, name: str, start: Callable[[], object], stop: Callable[..., None]) -> Worker[...]:
        return Worker(
            name,
            start=start,
            stop=stop,
            errors=(DeviceError,),
            refusals=(Refused,),
            clock=self.clock,
            health=Health(self.clock),
            logbook=MemoryLogbook(),
        )

    def _post(self, event: ev.WorldEvent) -> None:
        with self.came:
            self.events.append(event)
            self.came.notify_all()

    def answer_to(self, ticket: int) -> ev.WorldEvent:
        def answers() -> list[ev.WorldEvent]:
            return [event for event in self.events if event.ticket == ticket]

        with self.came:
            assert self.came.wait_for(lambda: bool(answers()), _PATIENCE_S)
            return answers()[0]


@pytest.fixture
def office(path: Path) -> Iterator[Office]:
    office = Office(path)
    office.printer.begin()
    yield office
    office.printer.end()


def test_asked_twice_with_one_ticket(office: Office) -> None:
    office.emulator.speed_mm_s = 0.0
    office.stage.print_slip(1, SLIP)
    office.stage.print_slip(1, SLIP)
    office.stage.print_slip(2, TEST_PAGE)
    assert isinstance(office.answer_to(2), ev.Printed)
    assert [ticket.lines[0] for ticket in office.emulator.tickets] == [HEAD, "打印测试"]


def test_an_impatient_finger_on_a_flapping_printer(office: Office) -> None:
    office.emulator.speed_mm_s = 2000.0
    for ticket, mm in enumerate((20.0, 90.0), start=1):
        office.emulator.once(office.emulator.has_printed(mm), office.rig.unplug)
        office.stage.print_slip(ticket * 100, SLIP)
        answer = office.answer_to(ticket * 100)
        attempt = ticket * 100
        while office.rig.plugged:  # the worker had not reopened it yet
            attempt += 1
            office.stage.print_slip(attempt, SLIP)
            answer = office.answer_to(attempt)
        assert isinstance(answer, ev.PrintFailed)
        office.emulator.when.clear()
        office.rig.replug()
    ticket, answer = 1000, None
    while not isinstance(answer, ev.Printed):
        ticket += 1
        office.stage.print_slip(ticket, SLIP)
        answer = office.answer_to(ticket)
    whole = [ticket for ticket in office.emulator.tickets if LAST in ticket.lines]
    assert len(whole) == 1 and whole[0].lines[0].startswith("补打")
    assert originals(office.emulator) == 1


# --- and the whole process killed ---


def _child(url: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.kiosk.test_print_journal", url, str(path)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _kill_when(child: subprocess.Popen[str], holds: Callable[[], bool]) -> None:
    clock = RealClock()
    deadline = clock.after(_PATIENCE_S)
    while not holds():
        assert child.poll() is None, child.communicate()
        assert not clock.due(deadline), "it never came so far"
        clock.wait(0.005)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL


@pytest.mark.parametrize("keeps_buffer", [True, False])
@pytest.mark.parametrize("after_mm", [3.0, 100.0])
def test_killed_in_mid_print(path: Path, tmp_path: Path, keeps_buffer: bool, after_mm: float) -> None:
    clock = RealClock()
    emulator = EventfulPrinter(clock)
    emulator.speed_mm_s, emulator.keeps_buffer = 60.0, keeps_buffer
    full = emulator.paper_mm
    with PtyRig(emulator, tmp_path / "printer") as rig:
        _kill_when(_child(rig.url, path), lambda: emulator.paper_mm < full - after_mm)
        assert emulator.tickets == []
        emulator.speed_mm_s = 2000.0
        printer = EscposPrinter(_settings(rig.url), clock)
        printer.open()
        _printing(path, clock)(printer, SLIP)
        printer.close()
    assert emulator.tickets[-1].lines[0] == MARK.format(1)
    assert emulator.tickets[-1].lines[-1] == LAST
    assert originals(emulator) == 1
    killed, printed = opened(path, clock).history()
    assert (killed.outcome, printed.outcome, printed.copy) == (Outcome.UNKNOWN, Outcome.PRINTED, 1)


def test_killed_before_the_first_byte(path: Path, tmp_path: Path) -> None:
    clock = RealClock()
    emulator = EventfulPrinter(clock)
    emulator.speed_mm_s = 2000.0

    with PtyRig(emulator, tmp_path / "printer") as rig:
        emulator.answers = (1,)  # it is there, and keeps the driver waiting for the rest of its status
        _kill_when(_child(rig.url, path), lambda: _was_asked(path))
        emulator.answers = (1, 2, 3, 4)
        printer = EscposPrinter(_settings(rig.url), clock)
        printer.open()
        _printing(path, clock)(printer, SLIP)
        printer.close()
    assert [ticket.lines[0] for ticket in emulator.tickets] == [HEAD]
    assert [job.outcome for job in opened(path, clock).history()] == [Outcome.ASKED, Outcome.PRINTED]


def _settings(url: str) -> EscposSettings:
    return EscposSettings(url=url, timeout_s=5.0, silence_s=60, job_timeout_s=120)


def main(url: str, path: Path) -> None:
    """Print the slip once."""
    clock = RealClock()
    printer = EscposPrinter(_settings(url), clock)
    printer.open()
    _printing(path, clock)(printer, SLIP)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
