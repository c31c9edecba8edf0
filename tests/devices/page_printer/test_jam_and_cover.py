"""Flaps and jams: what somebody who stands at the printer can mend."""

import pytest

from devices.errors import Condition
from devices.page_printer import JobState
from devices.status import State, Supply
from tests.devices.page_printer.conftest import TITLE, pdf


@pytest.mark.parametrize(
    ("fault", "condition", "paper"),
    [("jam", Condition.PAPER_JAM, Supply.JAMMED), ("cover_open", Condition.COVER_OPEN, Supply.FULL)],
)
def test_in_mid_job_and_cleared(printer, emulator, clock, fault, condition, paper) -> None:
    emulator.slow = 3.0
    job = printer.submit(pdf(4), TITLE)
    clock.turn(6.5)
    setattr(emulator, fault, True)
    report = printer.follow(job)
    assert (report.state, report.sheets_out) == (JobState.STOPPED, 2)
    status = printer.status()
    assert (status.state, status.condition) == (State.USER_ERROR, condition)
    assert status.supplies["paper"] is paper
    clock.turn(60)
    assert printer.follow(job).sheets_out == 2

    setattr(emulator, fault, False)
    assert printer.follow(job).state is JobState.PROCESSING
    clock.turn(6.5)
    assert printer.follow(job).state is JobState.COMPLETED
    assert [sheet.number for sheet in emulator.tray] == [1, 2, 3, 4]
    assert printer.status().ready


def test_a_jam_under_an_open_cover_is_first_a_cover(printer, emulator) -> None:
    emulator.jam = emulator.cover_open = True
    assert printer.status().condition is Condition.COVER_OPEN
    emulator.cover_open = False
    assert printer.status().condition is Condition.PAPER_JAM


def test_a_job_sent_to_a_jammed_printer_waits(printer, emulator) -> None:
    emulator.jam = True
    job = printer.submit(pdf(), TITLE)
    assert not printer.follow(job).state.over
    assert not emulator.tray
    emulator.jam = False
    assert printer.follow(job).came_out is True
