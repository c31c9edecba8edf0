"""One thread per device or service: open, do, report, reopen with back-off.

A worker that does not return by its deadline is declared lost: its thread is left to its fate (it is a daemon and
its late words are not heard), and a new one opens the device afresh. The face never notices more than an error.
"""

import queue
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from devices.errors import DeviceError
from devices.status import Reading, State, Supply, status_of
from ground.clock import Clock
from ground.logbook import Event, Fact, Logbook
from kiosk.health import Health

T = TypeVar("T")


#: seconds between attempts to open, growing to the last; ours: a replugged device is back within a few seconds
_BACK_OFF_S = (0.5, 1.0, 2.0, 5.0)
#: misses in a row until a device that worked counts as gone; a plug that flaps, or one lost byte, is no outage.
#: Three: what Odoo's drivers came to after devices that were dropped at once printed twice (field.md, A5)
_DROP_AFTER = 3
_IDLE_S = 1.0  #: how often an idle worker looks up


def code_of(error: Exception) -> str:
    """The code that the screen shows for `error`: a condition that somebody can mend, or the error's own code."""
    condition = getattr(error, "condition", None)
    return f"condition.{condition.value}" if condition is not None else str(getattr(error, "code", "D100"))


def state_of(error: Exception) -> State:
    """XFS4IoT's word for what `error` says of the thing."""
    return status_of(error).state if isinstance(error, DeviceError) else State.HARDWARE_ERROR


@dataclass(frozen=True, slots=True)
class Look:
    """What a check found of a thing that works."""

    value: str = ""  #: what it says of itself
    supplies: Mapping[str, Supply] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)  #: what it measures


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """Something to do once. `failed` gets a code; it is called from the worker's thread or from `supervise`."""

    do: Callable[[T], None]
    failed: Callable[[str], None]
    deadline_s: float


@dataclass(frozen=True, slots=True)
class Watch(Generic[T]):
    """Something to do again and again, `every_s` seconds apart, until `unwatch`."""

    look: Callable[[T], None]
    failed: Callable[[str], None]
    every_s: float
    deadline_s: float


class _Life(Generic[T]):
    """One thread's life. When it is `over`, nothing that it still does is heard."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.overdue_at: float | None = None
        self.failed: Callable[[str], None] = lambda code: None
        self.thing: T | None = None
        self.let_go = threading.Event()  #: the thread has ended and holds nothing any more


class Worker(Generic[T]):
    """Owns one device or service and the only thread that touches it."""

    def __init__(
        self,
        name: str,
        *,
        start: Callable[[], T],
        stop: Callable[[T], None],
        check: Callable[[T], Look] | None = None,
        check_every_s: float = 5.0,
        check_watched: bool = True,
        errors: tuple[type[Exception], ...],
        refusals: tuple[type[Exception], ...] = (),
        open_deadline_s: float = 20.0,
        drop_after: int = _DROP_AFTER,
        at_once: bool = True,
        clock: Clock,
        health: Health,
        logbook: Logbook,
        unforeseen: Callable[[Exception, str], None] | None = None,
    ) -> None:
        """`start` opens the thing and raises one of `errors`; `check` says from time to time how it fares:
        it returns what the thing says of itself, or raises; with `check_watched` also while it is watched.
        After one of `refusals` the thing stays open: it
        answered, only not as wished; after any other of `errors` it is opened afresh. A thing that worked
        counts as gone after `drop_after` misses in a row; whoever waits for it is told of each.
        Without `at_once` the thing is opened when something is first asked of it.
        `unforeseen` is told of an error of none of these kinds when somebody waits for the answer, and of the
        worker's name; without it such a thing counts as broken, and the visit goes on without it."""
        self.name = name
        self._start, self._stop, self._check = start, stop, check
        self._check_every_s, self._check_watched = check_every_s, check_watched
        self._errors, self._refusals = errors, refusals
        self._open_deadline_s = open_deadline_s
        self._drop_after = drop_after
        self._at_once = at_once
        self._misses = 0  #: in a row, since it last did as asked
        self._clock, self._health, self._logbook = clock, health, logbook
        self._unforeseen = unforeseen
        self._jobs: queue.SimpleQueue[Job[T] | None] = queue.SimpleQueue()
        self._asked = threading.Event()  #: somebody has, since the last attempt to open
        self._watch: Watch[T] | None = None
        self._life: _Life[T] = _Life()
        self._thread: threading.Thread | None = None

    # --- from the main thread ---

    def begin(self) -> None:
        """Start the thread; it opens the thing at once, so that health is known before it is needed."""
        life: _Life[T] = _Life()
        self._life = life
        if self._at_once:
            self._health.starting(self.name)
        self._thread = threading.Thread(
            target=self._live, args=(life,), name=f"worker-{self.name}", daemon=True
        )
        self._thread.start()

    def ask(self, do: Callable[[T], None], failed: Callable[[str], None], deadline_s: float) -> None:
        """Do this once, soon. When the thing cannot be opened, `failed` is told so."""
        self._put(Job(do, failed, deadline_s))

    def watch(
        self, look: Callable[[T], None], failed: Callable[[str], None], every_s: float, deadline_s: float
    ) -> None:
        """Do this again and again instead of whatever was watched before."""
        self._watch = Watch(look, failed, every_s, deadline_s)
        self._put(None)  # wake up

    def unwatch(self) -> None:
        """Stop watching."""
        self._watch = None

    def drop_jobs(self) -> None:
        """Forget what was asked and not begun."""
        try:
            while True:
                self._jobs.get_nowait()
        except queue.Empty:
            return

    def lend(self) -> threading.Event:
        """Let go of the thing for somebody else; what comes back is set once the thread has. What is watched stays.

        Jobs wait until it is taken back.
        """
        self._life.over.set()
        self._put(None)
        return self._life.let_go

    def take_back(self) -> None:
        """Open the thing again, after `lend`."""
        if self._life.over.is_set():
            self.begin()

    def supervise(self) -> None:
        """Called now and then from the main thread: declare a worker lost whose deadline has passed."""
        life = self._life
        if life.over.is_set() or life.overdue_at is None or not self._clock.due(life.overdue_at):
            return
        opening = life.thing is None
        life.over.set()
        self._asked.set()
        self._health.note(self.name, ok=False, code="D102", state=State.POWER_OFF)
        self._logbook.write(Event.DEVICE_REPLACED, device=self.name)
        life.failed("D102")
        if opening:
            self._refuse_jobs("D102")
        self.begin()

    def ending(self) -> None:
        """Tell the thread to let go of the thing and end; `end` waits for it."""
        self._watch = None
        self._life.over.set()
        self._put(None)

    def _put(self, job: Job[T] | None) -> None:
        self._jobs.put(job)
        self._asked.set()

    def end(self, patience_s: float = 3.0) -> None:
        """Let go of the thing and end the thread."""
        self.ending()
        if self._thread is not None:
            self._thread.join(patience_s)

    # --- on the worker's thread ---

    def _live(self, life: _Life[T]) -> None:
        tries = 0
        if not self._at_once:
            self._asked.wait()
        while not life.over.is_set():
            opened = False
            self._asked.clear()
            try:
                self._open(life)
                opened, tries = True, 0
                self._serve(life)
            except self._errors as error:
                self._report(life, error)
                if not opened and not life.over.is_set():
                    self._refuse_jobs(code_of(error))
            except Exception as error:  # noqa: BLE001  the outermost loop of a worker: whatever it is, the thread goes on
                self._crashed(life, error)
                if not opened and not life.over.is_set():
                    self._refuse_jobs("D100")
            self._let_go(life)
            # whoever asks is answered by an attempt at once, not after the rest of the pause
            self._asked.wait(_BACK_OFF_S[min(tries, len(_BACK_OFF_S) - 1)])
            tries += 1
        self._let_go(life)
        life.let_go.set()

    def _open(self, life: _Life[T]) -> None:
        watch = self._watch
        self._busy(life, self._open_deadline_s, watch.failed if watch else _nobody)
        life.thing = self._start()
        life.overdue_at, life.failed = None, _nobody
        if life.over.is_set():
            return  # it was declared lost while it opened; another life has the say
        if self._health.note(self.name, ok=True):
            self._logbook.write(Event.DEVICE_OPENED, device=self.name)
        if watch is not None and watch is self._watch:
            watch.failed("")  # it is back

    def _serve(self, life: _Life[T]) -> None:
        next_check = self._clock.instant()
        while not life.over.is_set() and life.thing is not None:
            watch = self._watch
            job = self._next_job(0.0 if watch and watch.every_s == 0 else watch.every_s if watch else _IDLE_S)
            if job is not None:
                self._do(life, job.do, job.failed, job.deadline_s)
                del job  # it holds a page or a case; nothing of a visit may outlive it here
            elif watch is not None and watch is self._watch:
                self._do(life, watch.look, watch.failed, watch.deadline_s)
            to_check = self._check_watched or self._watch is None
            if (
                self._check is not None
                and to_check
                and not life.over.is_set()
                and self._clock.due(next_check)
            ):
                next_check = self._clock.after(self._check_every_s)
                self._look_after(life, self._check)

    def _next_job(self, wait_s: float) -> Job[T] | None:
        try:
            return self._jobs.get(timeout=wait_s) if wait_s > 0 else self._jobs.get_nowait()
        except queue.Empty:
            return None

    def _refuse_jobs(self, code: str) -> None:
        """There is nothing that could do them now. Kept, they would keep her waiting, and outlive her visit."""
        while (job := self._next_job(0.0)) is not None or not self._jobs.empty():
            if job is not None:
                job.failed(code)

    def _do(
        self, life: _Life[T], do: Callable[[T], None], failed: Callable[[str], None], limit_s: float
    ) -> None:
        assert life.thing is not None
        self._busy(life, limit_s, failed)
        try:
            do(life.thing)
            self._misses = 0
        except self._refusals as error:
            if not life.over.is_set():
                failed(code_of(error))
        life.overdue_at, life.failed = None, _nobody

    def _look_after(self, life: _Life[T], check: Callable[[T], Look]) -> None:
        assert life.thing is not None
        self._busy(life, self._open_deadline_s, _nobody)
        try:
            found = check(life.thing)
            self._note_supplies(found.supplies)
            self._health.note(
                self.name, ok=True, value=found.value, supplies=found.supplies, readings=found.readings
            )
            self._misses = 0
        except self._refusals as error:
            self._note_failure(error)
        life.overdue_at = None

    def _busy(self, life: _Life[T], limit_s: float, failed: Callable[[str], None]) -> None:
        life.failed = failed
        life.overdue_at = self._clock.after(limit_s)

    def _report(self, life: _Life[T], error: Exception) -> None:
        if life.over.is_set():
            return
        self._misses += 1
        if self._misses >= self._drop_after or not self._health.ok(self.name):
            self._note_failure(error)
        life.failed(code_of(error))

    def _note_failure(self, error: Exception) -> None:
        code = code_of(error)
        state = state_of(error)
        if self._health.note(self.name, ok=False, code=code, state=state):
            named: dict[str, Fact] = {"device": self.name, "code": code, "state": state.value}
            facts: dict[str, Fact] = {**getattr(error, "facts", {}), **named}
            self._logbook.write(Event.DEVICE_FAILED, **facts)

    def _note_supplies(self, found: Mapping[str, Supply]) -> None:
        """Paper that runs low is news (XFS4IoT: supply threshold)."""
        before = self._health.of(self.name)
        for supply, level in found.items():
            if before is not None and before.supplies.get(supply) is not level:
                self._logbook.write(Event.SUPPLY_CHANGED, device=self.name, supply=supply, level=level.value)

    def _crashed(self, life: _Life[T], error: Exception) -> None:
        if life.over.is_set():
            return  # it was declared lost; what it still meets is nobody's
        if self._unforeseen is not None and life.failed is not _nobody:
            self._unforeseen(error, self.name)
        else:
            where = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(where.filename).name}:{where.lineno}"
            self._logbook.write(
                Event.DEVICE_CRASHED, error=type(error).__name__, place=place, device=self.name
            )
        if not life.over.is_set():
            self._health.note(self.name, ok=False, code="D100")
            life.failed("D100")

    def _let_go(self, life: _Life[T]) -> None:
        thing, life.thing, life.overdue_at = life.thing, None, None
        if thing is not None:
            try:
                self._stop(thing)
            except self._errors as error:
                self._report(life, error)


def _nobody(code: str) -> None:
    """Nobody waits for this answer; health says it all."""
