"""From the glass to the platform: over real HTTP, and through everything that can go wrong on the way."""

import pytest

from ground.logbook import Event
from offline_cache.items import CaseState, LinkState
from tests.offline_cache.bench_terminal import BenchTerminal, a_case, assert_arrived
from tests.offline_cache.lies import ANYWHERE, ON_THE_WAY, VERDICTS
from tests.offline_cache.loopback_platform import PORTAL_PAGE, Fault, LoopbackPlatform, Says


def test_a_case_arrives_whole_and_its_files_are_deleted(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    case = a_case(size=200_000)
    handed_in = terminal.hand_in(case)
    terminal.drain()
    assert_arrived(platform, case, handed_in)
    assert terminal.outbox.acceptance_number(case.case_id) == platform.cases[case.case_id].acceptance_number
    assert list(terminal.spool.folder.glob("*.age")) == []
    assert terminal.outbox.status().delivered_today == 1
    assert terminal.events(Event.CASE_DELIVERED) == [{"case": case.case_id, "tries": 1, "files_deleted": 4}]


def test_an_evaluation_follows_its_case(terminal: BenchTerminal, platform: LoopbackPlatform) -> None:
    first = terminal.hand_in()
    at = terminal.clock.now()
    terminal.outbox.add_evaluation(first.case_id, 4, ["polite"], "screen", at, "2023.1")
    terminal.drain()
    assert platform.evaluations_before_their_case == 0
    assert platform.evaluations == {
        first.case_id: {
            "level": 4,
            "reasons": ["polite"],
            "channel": "screen",
            "at": "2026-11-21T01:41:00.000+00:00",
            "indicators_version": "2023.1",
        }
    }
    assert terminal.outbox.case(first.case_id).evaluation == "delivered"


@pytest.mark.parametrize("trouble", ON_THE_WAY.values(), ids=ON_THE_WAY.keys())
def test_trouble_on_the_way_delays_and_neither_loses_nor_doubles(
    terminal: BenchTerminal, platform: LoopbackPlatform, trouble: tuple[str, str, Fault]
) -> None:
    method, path, fault = trouble
    faults = [fault] * 3
    platform.fail(method, path, faults)
    case = a_case(size=150_000)
    handed_in = terminal.hand_in(case)
    terminal.drain()
    assert faults == []
    assert_arrived(platform, case, handed_in)
    assert len(platform.cases) == 1
    assert terminal.outbox.acceptance_number(case.case_id) == platform.cases[case.case_id].acceptance_number


@pytest.mark.parametrize("verdict", VERDICTS.values(), ids=VERDICTS.keys())
def test_a_refused_case_waits_for_the_technician_and_blocks_nobody(
    terminal: BenchTerminal, platform: LoopbackPlatform, verdict: Says
) -> None:
    poison, good = terminal.hand_in(), terminal.hand_in()
    platform.fail_once("PUT", f"/v1/cases/{poison.case_id}", verdict)
    terminal.drain()
    assert list(platform.cases) == [good.case_id]
    status = terminal.outbox.status()
    assert (status.stuck, status.waiting, status.delivered) == (1, 0, 1)
    assert status.last_error is not None and status.last_error.code == "U105"
    assert len(list(terminal.spool.folder.glob("*.age"))) == 4
    terminal.outbox.retry(poison.case_id)
    terminal.drain()
    assert set(platform.cases) == {good.case_id, poison.case_id}


def test_a_case_at_which_the_platform_always_fails_is_set_aside_once_others_got_through(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    poison = terminal.hand_in()
    platform.mood = lambda method, path: Says(500) if path == f"/v1/cases/{poison.case_id}" else None
    for turn in range(400):
        if turn % 4 == 0 and turn < 100:
            terminal.hand_in()
        while terminal.uploader.step():
            pass
        terminal.clock.turn(30.0)
    assert len(platform.cases) == 25
    assert terminal.outbox.case_state(poison.case_id) is CaseState.STUCK


def test_a_platform_that_fails_at_everything_for_days_condemns_nobody(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    cases = [terminal.hand_in() for _ in range(3)]
    platform.mood = lambda method, path: Says(500) if method == "PUT" else None
    asked = len(platform.asked)
    for _ in range(2 * 24 * 12):
        while terminal.uploader.step():
            pass
        terminal.clock.turn(300.0)
    assert terminal.outbox.status().waiting == 3
    puts = sum(method == "PUT" for method, _ in platform.asked[asked:])
    assert 3 <= puts <= 2 * 24 * 12 * 3
    platform.mood = lambda method, path: None
    terminal.drain()
    assert set(platform.cases) == {case.case_id for case in cases}


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT"])
def test_a_login_page_is_called_a_login_page(
    terminal: BenchTerminal, platform: LoopbackPlatform, method: str
) -> None:
    terminal.hand_in()
    platform.mood = lambda asked, path: PORTAL_PAGE if asked == method else None
    while terminal.uploader.step():
        pass
    status = terminal.outbox.status()
    assert status.link is LinkState.PORTAL
    assert status.last_error is not None and status.last_error.code == "U102"
    platform.mood = lambda asked, path: None
    terminal.drain()
    assert terminal.outbox.status().link is LinkState.UP


def test_a_link_that_is_down_is_tried_soon_then_seldom(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    platform.down()
    terminal.hand_in()
    tries, gaps, last = 0, [], terminal.clock.instant()
    for _ in range(6000):
        before = len(terminal.events(Event.LINK_CHANGED)), terminal.uploader._link_tries
        terminal.uploader.step()
        if terminal.uploader._link_tries != before[1]:
            gaps.append(terminal.clock.instant() - last)
            last, tries = terminal.clock.instant(), tries + 1
        terminal.clock.turn(0.1)
    assert gaps[1] <= 2.2
    assert all(gap <= 60.2 for gap in gaps)
    assert 10 <= tries <= 25
    assert terminal.outbox.status().link is LinkState.DOWN
    assert terminal.outbox.status().last_error.code == "U101"  # type: ignore[union-attr]
    assert len(terminal.events(Event.LINK_CHANGED)) == 1


def test_a_fresh_case_makes_a_dead_link_be_tried_at_once(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    platform.down()
    terminal.hand_in()
    for _ in range(20):
        terminal.uploader.step()
        terminal.clock.turn(30.0)
    terminal.uploader.step()
    platform.up()
    fresh = terminal.hand_in()
    for _ in range(8):
        while terminal.uploader.step():
            pass
        terminal.clock.turn(0.2)
    assert fresh.case_id in platform.cases


def test_retry_after_is_kept_even_for_a_fresh_case(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    terminal.hand_in()
    platform.fail_once("PUT", ANYWHERE, Says(503, b"", (("Retry-After", "300"),)))
    while terminal.uploader.step():
        pass
    terminal.hand_in()
    asked = len(platform.asked)
    for _ in range(295):
        assert not terminal.uploader.step()
        terminal.clock.turn(1.0)
    assert len(platform.asked) == asked
    terminal.drain()
    assert len(platform.cases) == 2


def test_a_revoked_terminal_keeps_everything_and_asks_seldom(
    terminal: BenchTerminal, platform: LoopbackPlatform
) -> None:
    platform.tokens.clear()
    case = terminal.hand_in()
    for _ in range(100):
        terminal.uploader.step()
        terminal.clock.turn(60.0)
    status = terminal.outbox.status()
    assert (status.waiting, status.stuck) == (1, 0)
    assert status.last_error is not None and status.last_error.code == "U104"
    platform.tokens.add("a-terminal-token")
    terminal.drain()
    assert list(platform.cases) == [case.case_id]
