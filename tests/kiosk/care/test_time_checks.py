"""Whether the time can be believed: against the platform, the network, the clock on the board, and yesterday."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.care import timekeeping
from kiosk.care.codes import CLOCK_BATTERY, CLOCK_WENT_BACK, NOT_SYNCHRONISED
from kiosk.care.tree import Tree
from offline_cache.errors import WrongClock
from offline_cache.items import ClockReading, ClockState
from tests.kiosk.care.laid_out import put

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


def reading(state: ClockState, off_s: float | None = 0.4) -> ClockReading:
    return ClockReading(state=state, off_s=off_s, since=NOW)


@pytest.mark.parametrize(
    ("told", "network", "said", "soon"),
    [
        (reading(ClockState.RIGHT), True, "clock.synchronised", ""),
        (reading(ClockState.RIGHT), False, "clock.alone", ""),
        (reading(ClockState.UNKNOWN, None), True, "clock.synchronised", ""),
        (reading(ClockState.UNKNOWN, None), False, "clock.alone", NOT_SYNCHRONISED),
        (reading(ClockState.UNKNOWN, None), None, "clock.unasked", ""),
        (None, True, "clock.synchronised", ""),
        (None, False, "clock.alone", NOT_SYNCHRONISED),
    ],
)
def test_a_clock_that_may_be_believed(
    told: ClockReading | None, network: bool | None, said: str, soon: str
) -> None:
    found = timekeeping.clock(told, network, NOW, NOW - timedelta(hours=1))
    assert (found.said, found.code, found.soon) == (said, "", soon)


@pytest.mark.parametrize("state", [ClockState.OFF, ClockState.IMPOSSIBLE, ClockState.JUMPED])
def test_what_the_platform_says_against_it_counts(state: ClockState) -> None:
    with pytest.raises(WrongClock, match=state.value):
        timekeeping.clock(reading(state, -3600), True, NOW, None)


def test_a_clock_before_this_program_was_made() -> None:
    with pytest.raises(WrongClock):
        timekeeping.clock(None, True, datetime(1970, 1, 1, tzinfo=UTC), None)


def test_a_clock_before_a_moment_that_was_right() -> None:
    found = timekeeping.clock(None, None, NOW, NOW + timedelta(minutes=30))
    assert (found.code, found.facts["minutes"]) == (CLOCK_WENT_BACK, "30")
    assert timekeeping.clock(None, None, NOW, NOW + timedelta(seconds=90)).code == ""


def test_what_was_held_for_right_yields_to_the_platform() -> None:
    found = timekeeping.clock(reading(ClockState.RIGHT), None, NOW, datetime(2099, 1, 1, tzinfo=UTC))
    assert found.code == ""


def test_the_right_moment_is_remembered(tmp_path: Path) -> None:
    assert timekeeping.last_good(tmp_path) is None
    timekeeping.note_good(tmp_path, NOW)
    assert timekeeping.last_good(tmp_path) == NOW
    timekeeping.note_good(tmp_path, NOW + timedelta(days=1))
    assert timekeeping.last_good(tmp_path) == NOW + timedelta(days=1)
    assert [path.name for path in tmp_path.iterdir()] == [timekeeping.GOOD]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"good": 7}', '{"good": "2026-12-01T03:00:00"}', '{"good": "soon"}']
)
def test_a_note_that_makes_no_sense_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / timekeeping.GOOD).write_text(text, encoding="ascii")
    assert timekeeping.last_good(tmp_path) is None


def test_timesyncd_leaves_a_file_and_any_daemon_tells_the_kernel(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    assert [timekeeping.synchronised(tree, lambda told=told: told) for told in (True, False, None)] == [  # type: ignore[misc]
        True,
        False,
        None,
    ]
    put(tmp_path, "run/systemd/timesync/synchronized", "")
    assert timekeeping.synchronised(tree, lambda: False) is True


def test_the_kernel_of_this_machine_can_be_asked() -> None:
    assert timekeeping.kernel_synchronised() in (True, False, None)


@pytest.mark.parametrize(
    ("off_s", "believed", "code"),
    [
        (0, True, ""),
        (-280, True, ""),
        (-400, True, CLOCK_BATTERY),
        (-400, False, ""),  # then it may be the system's clock that is wrong
        (-40 * 365 * 86400, False, CLOCK_BATTERY),  # before this program was made: nobody's guess
    ],
)
def test_the_clock_on_the_board(tmp_path: Path, off_s: int, believed: bool, code: str) -> None:
    put(tmp_path, "sys/class/rtc/rtc0/since_epoch", f"{int(NOW.timestamp()) + off_s}\n")
    found = timekeeping.board_clock(Tree(tmp_path), NOW, believed=believed)
    assert (found.said, found.code) == ("rtc.off", code)
    assert float(str(found.facts["off"])) == off_s


@pytest.mark.parametrize("told", [None, "", "noon\n"])
def test_a_machine_without_a_clock_on_the_board(tmp_path: Path, told: str | None) -> None:
    if told is not None:
        put(tmp_path, "sys/class/rtc/rtc0/since_epoch", told)
    assert timekeeping.board_clock(Tree(tmp_path), NOW, believed=True).said == "rtc.none"
