"""The presence contact of the board becomes an event at each change; a board that fails hurries nobody."""

from collections.abc import Callable, Mapping
from typing import Any

from kiosk.journey.events import PresenceSeen
from kiosk.presence import INPUT, PresenceWatch


class Watched:
    """What a worker is given to watch, looked at by hand."""

    def watch(
        self, look: Callable[[Any], None], failed: Callable[[str], None], every_s: float, deadline_s: float
    ) -> None:
        self.look, self.failed = look, failed


class Board:
    def __init__(self, inputs: Mapping[str, bool]) -> None:
        self.state = dict(inputs)

    def inputs(self) -> Mapping[str, bool]:
        return self.state


def watched(**inputs: bool) -> tuple[Watched, Board, list[PresenceSeen]]:
    worker, told = Watched(), []
    PresenceWatch(worker, told.append).begin()  # type: ignore[arg-type]
    return worker, Board(inputs), told


def test_each_change_is_told_once() -> None:
    worker, board, told = watched(presence=True)
    for there in (True, True, False, False, True):
        board.state[INPUT] = there
        worker.look(board)
    assert told == [PresenceSeen(False), PresenceSeen(True)]


def test_a_board_that_fails_or_has_no_sensor_says_that_she_is_there() -> None:
    worker, board, told = watched(presence=False)
    worker.look(board)
    worker.failed("D101")
    assert told == [PresenceSeen(False), PresenceSeen(True)]
    worker, board, told = watched(door_open=False)
    worker.look(board)
    assert told == []


def test_a_cabinet_without_signals_watches_nothing() -> None:
    PresenceWatch(None, lambda event: None).begin()
