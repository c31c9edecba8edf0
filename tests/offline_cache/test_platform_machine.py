"""Anything may happen between a real terminal and the real platform; in the end each promise is true, once and whole.

Outbox, uploader and platform are the product's own; only time, and what the link and the disk do, is up to the test.
`KIOSK_MACHINE_EXAMPLES=500 HYPOTHESIS_PROFILE=explore pytest …` looks further than `make test` does.
"""

import contextlib
import io
import itertools
import os
import random
import resource
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import requests
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backend.serve import LiveServer
from bench.crash.reckoning import Promised, held, reckon
from bench.crash.visits import Visit, visit_of
from devices.evaluator import Level
from ground.clock import ManualClock
from ground.logbook import MemoryLogbook
from kiosk.case_desk import CaseDesk
from kiosk.domain.case import Evaluation
from kiosk.health import Health
from offline_cache.drafts import OwnKey
from offline_cache.errors import CacheError
from offline_cache.items import CaseState
from offline_cache.link import Timeouts
from offline_cache.outbox import Outbox
from offline_cache.platform import Platform
from offline_cache.replies import Enrolment
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from offline_cache.uploader import Uploader
from tests.offline_cache.bench_terminal import PretendMachine
from tests.offline_cache.lies import ON_THE_WAY, VERDICTS
from tests.offline_cache.loopback_platform import Cut
from tests.offline_cache.lying_link import LyingLink

EXAMPLES = int(os.environ.get("KIOSK_MACHINE_EXAMPLES", "5"))
STEPS = 25
_OWN_KEY = "AGE-SECRET-KEY-15Y27WUGQMUAQ2NY3DKYGYSPM0RG2P6289WWWYE7J0L4N975JU9GQCDL6PG"  # made for this test


class Hall:
    """Everything but the terminal: the platform, what it gave the terminal at enrolment, and the link."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "platform"
        self.server = LiveServer(self.data, journal=io.StringIO()).start()
        self.port = int(self.server.url.rpartition(":")[2])
        self.link = LyingLink(self.server.url)
        operator = {"Authorization": f"Bearer {self.server.operator_token}"}
        made = requests.post(f"{self.server.url}/v1/operator/codes", headers=operator, timeout=30)
        newcomer = Platform(self.server.url, None, ManualClock())
        self.enrolment: Enrolment = newcomer.enrol(made.json()["code"], "hall 3")
        newcomer.close()

    def restart_platform(self) -> None:
        """As after an update: everything that is not on its disk is gone."""
        self.server.stop()
        self.server = LiveServer(self.data, port=self.port, journal=io.StringIO()).start()

    def close(self) -> None:
        self.link.close()
        self.server.stop()


class Terminal:
    """One boot of a terminal."""

    def __init__(self, folder: Path, hall: Hall, clock: ManualClock, boot: int) -> None:
        self.hall, self.clock = hall, clock
        self.machine = PretendMachine(era=f"boot-{boot}", worker=f"worker-{boot}")
        self.spool = Spool(folder / "spool", reserve_bytes=0)
        recipients = Recipients.parse(hall.enrolment.recipients)
        self.outbox = Outbox(
            folder / "outbox.sqlite",
            self.spool,
            clock,
            recipients=recipients,
            machine=self.machine,
            own_key=OwnKey(_OWN_KEY),
        )
        self.desk = CaseDesk(self.outbox, Health(clock), "sample")
        self.platform = Platform(
            hall.link.url, hall.enrolment.token, clock, timeouts=Timeouts(5.0, 60.0), chunk_bytes=64 * 1024
        )
        self.uploader = self.new_uploader()

    def new_uploader(self) -> Uploader:
        return Uploader(self.outbox, self.platform, self.clock, MemoryLogbook(), random.Random(1))

    def close(self) -> None:
        self.platform.close()
        self.outbox.close()


class Machine(RuleBasedStateMachine):
    """Citizens come, and everything else happens."""

    def __init__(self, lies: "Counter[str]") -> None:
        super().__init__()
        self.lies = lies
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name) / "terminal"
        self.hall = Hall(Path(self.temporary.name))
        self.numbers = itertools.count(1)
        self.clock = ManualClock()
        self.boots = 1
        self.promised = Promised()
        self.came: dict[int, Visit] = {}
        self.drafts: dict[
            int, int
        ] = {}  #: visit → how many of its pages she confirmed, of visits not handed in
        self.terminal = Terminal(self.folder, self.hall, self.clock, self.boots)

    @initialize()
    def first_citizen(self) -> None:
        """Without any, nothing could go wrong."""
        self.hand_in(None)

    @rule(limit=st.one_of(st.none(), st.integers(0, 400_000)))
    def hand_in(self, limit: int | None) -> None:
        """`limit`: the disk is full at that byte of any file."""
        visit = visit_of(next(self.numbers))
        self.came[visit.number] = visit
        with _disk_full_at(limit), contextlib.suppress(CacheError):
            self.promised.kept[visit.number] = self.terminal.desk.hand_in(visit.case)

    @precondition(lambda self: self.came.keys() - self.promised.kept.keys() - self.drafts.keys())
    @rule(pick=st.integers(0))
    def she_tries_again(self, pick: int) -> None:
        """The screen said that it could not be kept; she presses once more."""
        refused = sorted(self.came.keys() - self.promised.kept.keys() - self.drafts.keys())
        number = refused[pick % len(refused)]
        self.promised.kept[number] = self.terminal.desk.hand_in(self.came[number].case)

    @rule(limit=st.one_of(st.none(), st.integers(0, 200_000)))
    def page_is_confirmed(self, limit: int | None) -> None:
        """The first page of a visit that is not over yet, or its next one."""
        number = max(self.drafts, default=0)
        if not number or self.drafts[number] == len(self.came[number].pages):
            number = next(self.numbers)
            self.came[number], self.drafts[number] = visit_of(number), 0
        visit, place = self.came[number], self.drafts[number]
        with _disk_full_at(limit), contextlib.suppress(CacheError):
            self.terminal.desk.keep_page(visit.case.case_id, place, visit.pages[place])
            self.drafts[number] += 1

    @precondition(lambda self: self.promised.kept.keys() - self.promised.rated.keys())
    @rule(pick=st.integers(0), limit=st.one_of(st.none(), st.integers(0, 50_000)))
    def evaluate(self, pick: int, limit: int | None) -> None:
        unrated = sorted(self.promised.kept.keys() - self.promised.rated.keys())
        visit = self.came[unrated[pick % len(unrated)]]
        if visit.level is not None:
            said = Evaluation(level=Level(visit.level), at=datetime(2026, 11, 21, tzinfo=UTC))
            with _disk_full_at(limit), contextlib.suppress(CacheError):
                self.terminal.desk.keep_evaluation(visit.case.case_id, said)
                self.promised.rated[visit.number] = visit.level

    @rule(steps=st.integers(1, 6))
    def deliver(self, steps: int) -> None:
        for _ in range(steps):
            self.terminal.uploader.step()

    @rule(times=st.integers(1, 3), name=st.sampled_from(sorted(ON_THE_WAY)))
    def lie(self, times: int, name: str) -> None:
        method, path, fault = ON_THE_WAY[name]
        self.hall.link.fail(method, path, [fault] * times)

    @rule(name=st.sampled_from(sorted(VERDICTS)))
    def refuse(self, name: str) -> None:
        self.hall.link.fail("PUT", "/v1/cases/[^/]*", [VERDICTS[name]])

    @rule(at=st.integers(0, 70_000), method=st.sampled_from(["POST", "PATCH", "PUT", "PATCH"]))
    def cut(self, at: int, method: str) -> None:
        """After so many bytes of the next such request; when it is shorter, its reply is lost."""
        self.hall.link.fail(method, "/.*", [Cut(at)])

    @rule(up=st.booleans())
    def link(self, up: bool) -> None:
        self.hall.link.up = up

    @rule(seconds=st.sampled_from([0.5, 3.0, 70.0, 4000.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock.turn(seconds)

    @rule(year=st.sampled_from([1970, 2025, 2026, 2038]))
    def clock_jumps(self, year: int) -> None:
        self.clock.set_wall(datetime(year, 1, 1, tzinfo=UTC))

    @rule()
    def platform_restarts(self) -> None:
        self.hall.restart_platform()

    @rule(in_hand=st.booleans())
    def uploader_is_killed(self, in_hand: bool) -> None:
        if in_hand:
            self.terminal.outbox.claim(120)
        self.boots += 1
        self.terminal.machine.dead.add(self.terminal.machine.me)
        self.terminal.machine.me = f"worker-{self.boots}"
        self.terminal.uploader = self.terminal.new_uploader()

    @rule(database_lost=st.booleans(), half=st.booleans())
    def power_is_cut(self, database_lost: bool, half: bool) -> None:
        """`half`: in the middle of writing; `database_lost`: what stands there then is no database any more."""
        if half:
            (self.terminal.spool.folder / "1234.new").write_bytes(b"torn")
        self.terminal.close()
        if database_lost:
            for file in self.folder.glob("outbox.sqlite*"):
                if file.suffix in (".sqlite", ".sqlite-wal", ".sqlite-shm"):
                    file.rename(file.with_name(f"{file.name}.lost"))
        self.boots += 1
        self.terminal = Terminal(self.folder, self.hall, self.clock, self.boots)
        if database_lost:  # ratings lie nowhere else; a rating is not what a receipt promises
            delivered = {case.visit for case in held(self.hall.data) if case.level is not None}
            for number in self.promised.rated.keys() - delivered:
                del self.promised.rated[number]

    @precondition(lambda self: self.came)
    @rule(pick=st.integers(0))
    def technician_retries(self, pick: int) -> None:
        cases = self.terminal.outbox.list_cases(most=1000)
        if cases:
            self.terminal.outbox.retry(cases[pick % len(cases)].case_id)

    @invariant()
    def receipts_are_true(self) -> None:
        known = {each.case_id: each for each in self.terminal.outbox.list_cases(most=1000)}
        delivered = {case.manifest["case_id"]: case for case in held(self.hall.data)}
        for number, local_number in self.promised.kept.items():
            case_id = self.came[number].case.case_id
            assert case_id in known or case_id in delivered
            if case_id in known:
                assert known[case_id].local_number == local_number
        for case_id, record in known.items():
            if record.state is CaseState.DELIVERED:
                assert record.acceptance_number == delivered[case_id].number
        for number, pages in self.drafts.items():
            self._assert_pages_are_kept(self.came[number], pages)

    def _assert_pages_are_kept(self, visit: Visit, pages: int) -> None:
        there = {
            each.place: each for each in self.terminal.outbox.drafts() if each.visit == visit.case.case_id
        }
        for place in range(pages):
            assert self.terminal.outbox.open_draft(there[place]) == visit.pages[place]

    def teardown(self) -> None:
        try:
            self.everything_is_well_again()
        finally:
            self.terminal.close()
            self.hall.close()
            self.temporary.cleanup()
            self.lies["told"] += self.hall.link.lies_told

    def everything_is_well_again(self) -> None:
        self.hall.link.be_honest()
        self._drain()
        self.terminal.outbox.sweep()
        self._drain()
        result = reckon(self.promised, self.hall.data)
        assert result.clean, result.faults
        assert result.delivered == len(self.promised.kept)
        assert self.terminal.outbox.sweep() == 0
        assert [each.name for each in self.terminal.spool.folder.iterdir()] == [".lock"]
        assert self.terminal.outbox.verify() == []

    def _drain(self) -> None:
        outbox = self.terminal.outbox
        for case in outbox.list_cases(open_only=True, most=1000):
            outbox.retry(case.case_id)
        self.clock.turn(8000.0)
        for _ in range(200):
            while self.terminal.uploader.step():
                pass
            status = outbox.status()
            if not (status.waiting or status.stuck or status.evaluations_waiting):
                return
            self.clock.turn(15.0)
        raise AssertionError(outbox.status())


@contextlib.contextmanager
def _disk_full_at(limit: int | None) -> Iterator[None]:
    """No file grows beyond `limit` bytes: what is there of one stays, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_was_promised_arrives_once_and_whole() -> None:
    lies: Counter[str] = Counter()
    run_state_machine_as_test(
        lambda: Machine(lies),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert lies["told"] > 0
