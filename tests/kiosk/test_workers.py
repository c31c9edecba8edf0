"""A worker owns a device: it opens, does, reports, reopens, and is replaced when it hangs."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from devices.errors import Condition, Refused, Unreachable
from devices.status import State, Supply
from ground.clock import RealClock
from ground.logbook import Event, MemoryLogbook
from kiosk.health import Health
from kiosk.workers import Look, Worker

LONG_S = 30.0  # for a slow, busy machine; nothing waits that long when all is well


class Thing:
    """A device whose ways are set by the test."""

    def __init__(self) -> None:
        self.opened = 0
        self.closed = 0
        self.absent = False

    def start(self) -> "Thing":
        if self.absent:
            raise Unreachable(url="nowhere")
        self.opened += 1
        return self

    def stop(self, _: "Thing") -> None:
        self.closed += 1


class Answers:
    """Collects codes; waits for the first one that is wanted."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self._news = threading.Condition()

    def __call__(self, code: str) -> None:
        with self._news:
            self.codes.append(code)
            self._news.notify_all()

    def wait_for(self, code: str) -> bool:
        with self._news:
            return self._news.wait_for(lambda: code in self.codes, LONG_S)


@pytest.fixture
def make() -> Iterator[Callable[..., Worker[Thing]]]:
    """Builds workers and ends them."""
    made: list[Worker[Thing]] = []

    def build(thing: Thing, **extra: Any) -> Worker[Thing]:
        clock = RealClock()
        worker = Worker(
            "thing",
            start=thing.start,
            stop=thing.stop,
            errors=(Unreachable, Refused),
            refusals=(Refused,),
            clock=clock,
            health=extra.pop("health", Health(clock)),
            logbook=extra.pop("logbook", MemoryLogbook()),
            **extra,
        )
        made.append(worker)
        worker.begin()
        return worker

    yield build
    for worker in made:
        worker.end()


def test_does_what_is_asked_on_its_own_thread(make: Callable[..., Worker[Thing]]) -> None:
    done = threading.Event()
    seen: list[str] = []

    def job(_: Thing) -> None:
        seen.append(threading.current_thread().name)
        done.set()

    make(Thing()).ask(job, lambda code: None, 5)
    assert done.wait(LONG_S)
    assert seen == ["worker-thing"]


def test_an_absent_device_is_reported_and_opened_when_it_comes(make: Callable[..., Worker[Thing]]) -> None:
    health, answers, there = Health(RealClock()), Answers(), threading.Event()
    thing = Thing()
    thing.absent = True
    worker = make(thing, health=health)
    worker.watch(lambda _: there.set(), answers, 0.01, 5)
    assert answers.wait_for("D101")
    assert not health.ok("thing")
    thing.absent = False
    assert answers.wait_for("")  # "it is back"
    assert there.wait(LONG_S)
    assert health.ok("thing")


def test_a_refusal_leaves_the_device_open(make: Callable[..., Worker[Thing]]) -> None:
    answers, thing = Answers(), Thing()

    def refuse(_: Thing) -> None:
        raise Refused(Condition.PAPER_OUT)

    worker = make(thing)
    worker.ask(refuse, answers, 5)
    assert answers.wait_for("condition.paper_out")
    assert (thing.opened, thing.closed) == (1, 0)


def test_a_lost_device_is_closed_and_opened_afresh(make: Callable[..., Worker[Thing]]) -> None:
    answers, again, thing = Answers(), threading.Event(), Thing()

    def vanish(_: Thing) -> None:
        raise Unreachable(url="gone")

    worker = make(thing)
    worker.ask(vanish, answers, 5)
    assert answers.wait_for("D101")
    worker.ask(lambda _: again.set(), answers, 5)
    assert again.wait(LONG_S)
    assert (thing.opened, thing.closed) == (2, 1)


def test_a_hung_worker_is_declared_lost_and_replaced(make: Callable[..., Worker[Thing]]) -> None:
    answers, hung, release, again = Answers(), threading.Event(), threading.Event(), threading.Event()
    logbook, health = MemoryLogbook(), Health(RealClock())

    def hang(_: Thing) -> None:
        hung.set()
        release.wait(LONG_S)

    worker = make(Thing(), logbook=logbook, health=health)
    worker.ask(hang, answers, 0.0)  # its deadline is now
    assert hung.wait(LONG_S)
    worker.supervise()
    assert answers.codes == ["D102"]
    assert Event.DEVICE_REPLACED in [event for event, _ in logbook.lines]
    worker.ask(lambda _: again.set(), answers, 5)
    assert again.wait(LONG_S)
    release.set()


def test_an_unforeseen_error_is_noted_and_the_thread_goes_on(make: Callable[..., Worker[Thing]]) -> None:
    answers, again, logbook = Answers(), threading.Event(), MemoryLogbook()

    def blunder(_: Thing) -> None:
        raise ZeroDivisionError("王小明 must not be logged")

    worker = make(Thing(), logbook=logbook)
    worker.ask(blunder, answers, 5)
    assert answers.wait_for("D100")
    worker.ask(lambda _: again.set(), answers, 5)
    assert again.wait(LONG_S)
    failsafe = [facts for event, facts in logbook.lines if event is Event.DEVICE_CRASHED]
    assert failsafe[0]["error"] == "ZeroDivisionError"
    assert "王" not in str(failsafe)


def test_nothing_of_a_job_is_kept_after_it(make: Callable[..., Worker[Thing]]) -> None:
    import gc
    import weakref

    class Secret:
        pass

    secret = Secret()
    gone = weakref.ref(secret)
    done = threading.Event()

    def job(_: Thing, secret: Secret = secret) -> None:
        done.set()

    worker = make(Thing())
    worker.ask(job, lambda code: None, 5)
    assert done.wait(LONG_S)
    del job, secret
    settled = threading.Event()
    worker.ask(lambda _: settled.set(), lambda code: None, 5)
    assert settled.wait(LONG_S)
    gc.collect()
    assert gone() is None


def test_a_job_does_not_wait_for_a_thing_that_cannot_be_opened(make: Callable[..., Worker[Thing]]) -> None:
    answers, thing, done = Answers(), Thing(), threading.Event()
    thing.absent = True
    worker = make(thing)
    worker.ask(lambda _: done.set(), answers, 5)
    assert answers.wait_for("D101")
    thing.absent = False
    settled = threading.Event()
    while not settled.wait(0.05):  # asked anew until it is open again
        worker.ask(lambda _: settled.set(), answers, 5)
    assert not done.is_set()


def test_who_asks_for_a_thing_that_is_away_is_answered_at_once(make: Callable[..., Worker[Thing]]) -> None:
    """Not at the next attempt to open it, which may be five seconds away."""
    thing, clock = Thing(), RealClock()
    thing.absent = True
    health = Health(clock)
    worker = make(thing, health=health)
    away = Answers()
    worker.ask(lambda _: None, away, LONG_S)
    assert away.wait_for("D101")
    clock.wait(2.0)  # into the pauses that grow: 0.5, 1, 2, 5 s
    for asked in (
        worker.ask,
        lambda do, failed, s: worker.watch(do, failed, 1.0, s),
    ):  # 1.5 s, 5 s before the next
        answers, since = Answers(), clock.instant()
        asked(lambda _: None, answers, LONG_S)
        assert answers.wait_for("D101")
        assert clock.instant() - since < 1.0
    thing.absent = False
    done = Answers()
    worker.ask(lambda _: done("did"), done, LONG_S)
    assert done.wait_for("did")


def test_how_it_fares_is_looked_at_while_it_is_watched(make: Callable[..., Worker[Thing]]) -> None:
    checked, seen = threading.Event(), threading.Event()

    def check(_: Thing) -> Look:
        checked.set()
        return Look()

    worker = make(Thing(), check=check, check_every_s=0.01)
    worker.watch(lambda _: seen.set(), Answers(), 0.0, 5)
    assert seen.wait(LONG_S)
    checked.clear()
    assert checked.wait(LONG_S)


def test_a_check_that_would_disturb_waits_until_nobody_watches(make: Callable[..., Worker[Thing]]) -> None:
    checked, rounds = threading.Event(), threading.Semaphore(0)

    def check(_: Thing) -> Look:
        checked.set()
        return Look()

    worker = make(Thing(), check=check, check_every_s=0.0, check_watched=False)
    worker.watch(lambda _: rounds.release(), Answers(), 0.0, 5)
    assert rounds.acquire(timeout=LONG_S)
    checked.clear()
    for _ in range(50):
        assert rounds.acquire(timeout=LONG_S)
    assert not checked.is_set()
    worker.unwatch()
    assert checked.wait(LONG_S)


def test_what_was_declared_lost_while_it_opened_has_no_say(make: Callable[..., Worker[Thing]]) -> None:
    health, answers = Health(RealClock()), Answers()
    begun, release, closed = threading.Event(), threading.Event(), threading.Event()

    class Slow(Thing):
        def start(self) -> Thing:
            begun.set()
            release.wait(LONG_S)
            return self

        def stop(self, _: Thing) -> None:
            closed.set()

    worker = make(Slow(), health=health, open_deadline_s=0.0)
    assert begun.wait(LONG_S)
    worker.ask(lambda _: None, answers, 5)
    begun.clear()
    worker.supervise()
    assert answers.codes == ["D102"]  # what waited is refused
    assert begun.wait(LONG_S)  # the new life opens
    assert not health.ok("thing")
    worker.end(0.0)
    release.set()
    assert closed.wait(LONG_S)
    assert not health.ok("thing")


def test_a_plug_that_flaps_is_no_outage(make: Callable[..., Worker[Thing]]) -> None:
    """Whoever waits is told of each miss; the board keeps its word until the third in a row."""
    health, logbook = Health(RealClock()), MemoryLogbook()
    worker = make(Thing(), health=health, logbook=logbook)
    misses: list[bool] = []

    def vanish(_: Thing) -> None:
        raise Unreachable(url="gone")

    for _ in range(3):
        answers = Answers()

        def missed(code: str, answers: Answers = answers) -> None:
            misses.append(health.ok("thing"))
            answers(code)

        worker.ask(vanish, missed, 5)
        assert answers.wait_for("D101")
    assert misses[:2] == [True, True]
    assert not misses[2]
    failed = [facts for event, facts in logbook.lines if event is Event.DEVICE_FAILED]
    assert len(failed) == 1
    assert failed[0]["state"] == "noDevice"


def test_a_success_between_two_misses_starts_the_count_anew(make: Callable[..., Worker[Thing]]) -> None:
    health = Health(RealClock())
    worker = make(Thing(), health=health)

    def vanish(_: Thing) -> None:
        raise Unreachable(url="gone")

    for _ in range(2):
        for _ in range(2):
            answers = Answers()
            worker.ask(vanish, answers, 5)
            assert answers.wait_for("D101")
            assert health.ok("thing")
        settled = threading.Event()
        worker.ask(lambda _, settled=settled: settled.set(), Answers(), 5)
        assert settled.wait(LONG_S)


def test_supplies_that_change_are_news_once(make: Callable[..., Worker[Thing]]) -> None:
    health, logbook = Health(RealClock()), MemoryLogbook()
    level, looked = [Supply.FULL], threading.Semaphore(0)

    def check(_: Thing) -> Look:
        looked.release()
        return Look("printer", {"paper": level[0]})

    make(Thing(), check=check, check_every_s=0.01, health=health, logbook=logbook).watch(
        lambda _: None, Answers(), 0.0, 5
    )
    for now in (Supply.FULL, Supply.LOW, Supply.OUT):
        level[0] = now
        for _ in range(4):
            assert looked.acquire(timeout=LONG_S)
    told = [facts["level"] for event, facts in logbook.lines if event is Event.SUPPLY_CHANGED]
    assert told == ["full", "low", "out"]
    board = health.of("thing")
    assert board is not None
    assert board.supplies == {"paper": Supply.OUT}


def test_what_is_being_opened_is_starting_not_broken(make: Callable[..., Worker[Thing]]) -> None:
    health, begun, release = Health(RealClock()), threading.Event(), threading.Event()

    class Slow(Thing):
        def start(self) -> Thing:
            begun.set()
            release.wait(LONG_S)
            return self

    make(Slow(), health=health)
    assert begun.wait(LONG_S)
    board = health.of("thing")
    assert board is not None
    assert (board.ok, board.broken, board.state) == (False, False, State.STARTING)
    release.set()


def test_a_thing_that_is_seldom_needed_is_opened_by_the_first_who_asks(
    make: Callable[..., Worker[Thing]],
) -> None:
    thing, done = Thing(), threading.Event()
    worker = make(thing, at_once=False)
    assert not done.wait(0.2) and thing.opened == 0
    worker.ask(lambda _: done.set(), lambda code: None, LONG_S)
    assert done.wait(LONG_S)
    assert thing.opened == 1
    worker.end()
    assert thing.closed == 1


def test_a_thing_that_nobody_asked_for_ends_unopened(make: Callable[..., Worker[Thing]]) -> None:
    thing = Thing()
    worker = make(thing, at_once=False)
    assert worker.lend().wait(LONG_S)
    assert thing.opened == 0
