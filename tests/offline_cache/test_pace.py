"""How fast, how much at once, and what at all: caps by the time of day, windows, chunks, metered lines."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground.clock import ManualClock
from offline_cache import pace_chunk, pace_window
from offline_cache.items import CaseJob, EvaluationJob, LinkState
from offline_cache.pace import Cap, Pace
from offline_cache.pace_chunk import Chunks
from offline_cache.pace_metered import EVERYTHING, Allowed, Metered, default_interfaces
from offline_cache.pace_window import Window
from tests.offline_cache.bench_terminal import BenchTerminal, a_case
from tests.offline_cache.loopback_platform import LoopbackPlatform

DAY = Cap(begins=time(8, 30), ends=time(17, 30), bytes_s=100_000.0)
NIGHT = Cap(begins=time(22), ends=time(6), bytes_s=1_000_000.0)


def _at(hour: int, minute: int) -> datetime:
    """A time of day in China."""
    return datetime(2026, 11, 20, (hour - 8) % 24, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "minute", "bytes_s"),
    [
        (8, 29, None),
        (8, 30, 100_000),
        (17, 29, 100_000),
        (17, 30, None),
        (22, 0, 1_000_000),
        (0, 0, 1_000_000),
        (5, 59, 1_000_000),
        (6, 0, None),
    ],
)
def test_caps_hold_by_the_time_of_day_in_china(hour: int, minute: int, bytes_s: float | None) -> None:
    pace = Pace((DAY, NIGHT), ManualClock(_at(hour, minute)))
    assert pace.bytes_s() == bytes_s


def test_with_no_time_to_believe_the_least_cap_holds() -> None:
    pace = Pace((DAY, NIGHT), ManualClock(), lambda: None)
    assert pace.bytes_s() == 100_000
    assert pace.piece_bytes() == 25_000
    assert Pace.free(ManualClock()).bytes_s() is None


def test_a_cap_is_kept_over_a_whole_file() -> None:
    clock = ManualClock(_at(9, 0))
    pace = Pace((DAY,), clock)
    sent = 0
    while sent < 3_000_000:
        pace.spend(pace.piece_bytes())
        sent += pace.piece_bytes()
    assert sent / clock.instant() == pytest.approx(100_000, rel=0.05)


def test_a_cap_that_ends_lets_go_at_once_and_a_stop_too() -> None:
    clock = ManualClock(_at(17, 29))
    pace = Pace((DAY,), clock)
    for _ in range(10):
        pace.spend(10_000_000)
    assert clock.instant() < 62
    pace = Pace((Cap(begins=time(0), ends=time(23, 59), bytes_s=1.0),), clock)
    pace.spend(1_000_000)
    before = clock.instant()
    pace.spend(1, lambda: True)
    assert clock.instant() == before


def test_a_capped_uploader_delivers_all_the_same(platform: LoopbackPlatform, tmp_path: Path) -> None:
    terminal = BenchTerminal(tmp_path, platform.url, platform.recipient)
    terminal.platform.uploads._pace = Pace(
        (Cap(begins=time(0), ends=time(23, 59), bytes_s=50_000),), terminal.clock
    )
    terminal.hand_in(a_case(pages=1, size=400_000))
    terminal.drain()
    assert len(platform.cases) == 1
    assert terminal.clock.instant() >= 7.0
    terminal.close()


@given(st.lists(st.one_of(st.integers(0, 50_000_000), st.none()), max_size=40))
def test_what_a_cut_can_cost_stays_a_share_of_what_went_through(steps: list[int | None]) -> None:
    window = Window()
    for step in steps:
        if step is None:
            window.cut()
        else:
            window.arrived(step)
        assert pace_window.LEAST_BYTES <= window.size <= pace_window.MOST_BYTES
        assert window.size <= pace_window.LEAST_BYTES + window.went_through * pace_window.SHARE


def test_chunks_follow_the_line() -> None:
    fast, slow = Chunks(), Chunks()
    for _ in range(12):
        fast.went(fast.size, fast.size / 50e6)
        slow.went(slow.size, slow.size / 200e3)
    assert fast.size == pace_chunk.MOST_BYTES
    assert slow.size == 400_000
    fast.cut()
    assert fast.size == pace_chunk.LEAST_BYTES
    for _ in range(200):
        fast.went(fast.size, fast.size / 50e6)
    assert fast.size == pace_chunk.MOST_BYTES
    assert Chunks(5).size == 5


ROUTE = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0102A8C0\t0003\t0\t0\t{eth}\t00000000\t0\t0\t0
wwan0\t00000000\t0102A8C1\t0003\t0\t0\t700\t00000000\t0\t0\t0
eth0\t0002A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
"""
ROUTE6 = (
    "0" * 32 + " 00 " + "0" * 32 + " 00 fe80000000000000 00000400 00000001 00000000 00000003    ppp0\n"
    "fe80"
    + "0" * 28
    + " 40 "
    + "0" * 32
    + " 00 "
    + "0" * 32
    + " 00000100 00000001 00000000 00000001    eth0\n"
    + "0" * 32
    + " 00 "
    + "0" * 32
    + " 00 "
    + "0" * 32
    + " ffffffff 00000001 00000000 00200200       lo\n"
)


def test_the_line_in_use_is_that_of_the_least_metric(tmp_path: Path) -> None:
    assert default_interfaces(tmp_path) == []
    (tmp_path / "route").write_text(ROUTE.format(eth=100))
    assert default_interfaces(tmp_path) == ["eth0"]
    (tmp_path / "route").write_text(ROUTE.format(eth=900))
    (tmp_path / "ipv6_route").write_text(ROUTE6)
    assert default_interfaces(tmp_path) == ["wwan0", "ppp0"]


def test_what_may_go_over_a_line_that_costs(tmp_path: Path) -> None:
    (tmp_path / "route").write_text(ROUTE.format(eth=900))
    assert Metered(("eth*",), proc_net=tmp_path).allowed() == EVERYTHING
    assert Metered((), proc_net=tmp_path).allowed() == EVERYTHING
    assert Metered(("wwan*",), "everything", proc_net=tmp_path).allowed() == EVERYTHING
    assert Metered(("wwan*",), proc_net=tmp_path).allowed() == Allowed(kinds=("case", "evaluation"))
    assert Metered(("wwan?",), "small", 9, proc_net=tmp_path).allowed() == Allowed(most_bytes=9)


def test_over_a_line_that_costs_small_things_pass_the_big_ones(
    terminal: BenchTerminal, platform: LoopbackPlatform, tmp_path: Path
) -> None:
    proc = tmp_path / "net"
    proc.mkdir()
    (proc / "route").write_text(ROUTE.format(eth=900))
    terminal.uploader._metered = Metered(("wwan*",), "small", 100_000, proc_net=proc)
    big, small = terminal.hand_in(a_case(size=200_000)), terminal.hand_in()
    terminal.outbox.add_evaluation(small.case_id, 5, [], "screen", terminal.clock.now(), "1")
    for _ in range(20):
        terminal.uploader.step()
    assert list(platform.cases) == [small.case_id] == list(platform.evaluations)
    status = terminal.outbox.status()
    assert (status.link, status.waiting, status.stuck) == (LinkState.LIMITED, 1, 0)
    (proc / "route").write_text(ROUTE.format(eth=100))
    terminal.clock.turn(61.0)
    terminal.drain()
    assert big.case_id in platform.cases
    assert terminal.outbox.status().link is LinkState.UP


def test_what_is_claimed_is_only_of_the_kinds_allowed(terminal: BenchTerminal) -> None:
    terminal.outbox.add_message("device_event", {"device": "x"})
    case = terminal.hand_in()
    job = terminal.outbox.claim(60.0, allowed=Allowed(kinds=("case", "evaluation")))
    assert isinstance(job, CaseJob) and job.case_id == case.case_id
    assert terminal.outbox.claim(60.0, allowed=Allowed(kinds=("case",))) is None
    assert not isinstance(terminal.outbox.claim(60.0), CaseJob | EvaluationJob)
