"""Anything may happen to a terminal, in any order; in the end each case that was handed in is there once, whole."""

import random
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from offline_cache.items import CaseState, CaseToSeal, HandedIn
from tests.offline_cache.bench_terminal import BenchTerminal, a_case, assert_arrived
from tests.offline_cache.lies import ON_THE_WAY, VERDICTS
from tests.offline_cache.loopback_platform import LoopbackPlatform


class Terminal(RuleBasedStateMachine):
    """One terminal, one platform that lies, and the receipts in people's pockets."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.platform = LoopbackPlatform()
        self.platform.up()
        self.is_up = True
        self.receipts: dict[str, tuple[CaseToSeal, HandedIn]] = {}
        self.evaluated: set[str] = set()
        self.workers = 1

    @initialize()
    def switch_on(self) -> None:
        self.terminal = BenchTerminal(
            self.folder, self.platform.url, self.platform.recipient, chunk_bytes=1024
        )

    @rule(seed=st.integers(0), pages=st.integers(0, 3), size=st.sampled_from([0, 1, 900, 5000]))
    def hand_in(self, seed: int, pages: int, size: int) -> None:
        case = a_case(random.Random(f"{seed}-{len(self.receipts)}"), pages=pages, size=size)
        self.receipts[case.case_id] = (case, self.terminal.hand_in(case))

    @precondition(lambda self: self.receipts.keys() - self.evaluated)
    @rule(pick=st.integers(0))
    def evaluate(self, pick: int) -> None:
        open_ones = sorted(self.receipts.keys() - self.evaluated)
        case_id = open_ones[pick % len(open_ones)]
        self.terminal.outbox.add_evaluation(case_id, 3, [], "screen", self.terminal.clock.now(), "1")
        self.evaluated.add(case_id)

    @rule(steps=st.integers(1, 6))
    def deliver(self, steps: int) -> None:
        for _ in range(steps):
            self.terminal.uploader.step()

    @rule(times=st.integers(1, 3), name=st.sampled_from(sorted(ON_THE_WAY)))
    def lie(self, times: int, name: str) -> None:
        method, path, fault = ON_THE_WAY[name]
        self.platform.fail(method, path, [fault] * times)

    @rule(name=st.sampled_from(sorted(VERDICTS)))
    def refuse(self, name: str) -> None:
        self.platform.fail_once("PUT", "/v1/cases/[^/]*", VERDICTS[name])

    @rule()
    def link(self) -> None:
        (self.platform.down if self.is_up else self.platform.up)()
        self.is_up = not self.is_up

    @rule(seconds=st.sampled_from([0.5, 3.0, 70.0, 4000.0]))
    def time_passes(self, seconds: float) -> None:
        self.terminal.clock.turn(seconds)

    @rule(year=st.sampled_from([1970, 2025, 2026, 2038]))
    def clock_jumps(self, year: int) -> None:
        self.terminal.clock.set_wall(datetime(year, 1, 1, tzinfo=UTC))

    @rule(in_hand=st.booleans())
    def uploader_is_killed(self, in_hand: bool) -> None:
        if in_hand:
            self.terminal.outbox.claim(120)
        self.terminal.machine.dead.add(self.terminal.machine.me)
        self.workers += 1
        self.terminal.machine.me = f"worker-{self.workers}"
        self.terminal.uploader = self.terminal.new_uploader()

    @rule(half_a_hand_in=st.booleans())
    def power_is_cut(self, half_a_hand_in: bool) -> None:
        if half_a_hand_in:
            self.terminal.spool.keep([b"sealed, and never committed"])
            (self.terminal.spool.folder / "1234.new").write_bytes(b"torn")
        self.terminal.close()
        self.workers += 1
        self.terminal = BenchTerminal(
            self.folder, self.platform.url, self.platform.recipient, chunk_bytes=1024
        )
        self.terminal.machine.boot = self.terminal.machine.me = f"boot-{self.workers}"

    @precondition(lambda self: self.receipts)
    @rule(pick=st.integers(0))
    def technician_retries(self, pick: int) -> None:
        self.terminal.outbox.retry(sorted(self.receipts)[pick % len(self.receipts)])

    @invariant()
    def receipts_are_true(self) -> None:
        if not hasattr(self, "terminal"):
            return
        assert {record.case_id for record in self.terminal.outbox.list_cases()} == self.receipts.keys()
        assert self.platform.cases.keys() <= self.receipts.keys()
        for case_id in self.platform.cases:
            assert_arrived(self.platform, *self.receipts[case_id])
        for record in self.terminal.outbox.list_cases():
            if record.state is CaseState.DELIVERED:
                assert record.acceptance_number == self.platform.cases[record.case_id].acceptance_number

    def teardown(self) -> None:
        try:
            if hasattr(self, "terminal"):
                self.everything_is_well_again()
                self.terminal.close()
        finally:
            self.platform.down()
            shutil.rmtree(self.folder)

    def everything_is_well_again(self) -> None:
        self.platform.mood = lambda method, path: None
        if not self.is_up:
            self.platform.up()
        for case_id in self.receipts:
            self.terminal.outbox.retry(case_id)
        self.terminal.clock.turn(8000.0)
        self.terminal.drain()
        self.receipts_are_true()
        assert self.platform.cases.keys() == self.receipts.keys()
        assert self.platform.evaluations.keys() == self.evaluated
        assert self.platform.evaluations_before_their_case == 0
        self.terminal.outbox.sweep()
        assert list(self.terminal.spool.folder.glob("*.*e*")) == []
        assert self.terminal.outbox.verify() == []


Terminal.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestTerminal = Terminal.TestCase
