"""Paper ends in the middle of a job: nothing is lost, nothing comes out twice."""

import pytest

from devices.errors import Condition, Refused
from devices.page_printer import JobState
from devices.page_printer.to_the_end import print_pdf
from devices.status import State, Supply
from tests.devices.page_printer.conftest import TITLE, pdf


def sheets(emulator) -> list[int]:
    return [sheet.number for sheet in emulator.tray]


def test_a_driverless_printer_goes_on_by_itself(printer, emulator) -> None:
    emulator.paper = 2
    job = printer.submit(pdf(5), TITLE)
    report = printer.follow(job)
    assert (report.state, report.sheets_out, report.came_out) == (JobState.STOPPED, 2, False)
    assert report.reasons == ("printer-stopped",)
    status = printer.status()
    assert (status.state, status.condition) == (State.USER_ERROR, Condition.PAPER_OUT)
    assert status.supplies["paper"] is Supply.OUT

    emulator.paper = 100
    report = printer.follow(job)
    assert (report.state, report.sheets_out, report.came_out) == (JobState.COMPLETED, 5, True)
    assert sheets(emulator) == [1, 2, 3, 4, 5]
    assert printer.status().ready


def test_a_queue_that_stopped_is_resumed_and_the_job_comes_out_once(printer, emulator) -> None:
    emulator.pauses = True
    emulator.paper = 2
    job = printer.submit(pdf(5), TITLE)
    emulator.paper = 100
    assert printer.status().condition is Condition.QUEUE_STOPPED
    assert printer.follow(job).state is JobState.STOPPED
    assert sheets(emulator) == [1, 2]
    printer.resume()
    assert printer.follow(job).state is JobState.COMPLETED
    assert sheets(emulator) == [1, 2, 3, 4, 5]


def test_sending_it_again_while_it_waits_sends_nothing(printer, emulator) -> None:
    emulator.paper = 2
    job = printer.submit(pdf(5), TITLE)
    assert printer.submit(pdf(5), TITLE) == job
    emulator.paper = 100
    assert printer.submit(pdf(5), TITLE) == job
    assert sheets(emulator) == [1, 2, 3, 4, 5]


def test_a_plain_driver_begins_again_and_the_count_is_of_the_new_run(printer, emulator) -> None:
    emulator.pauses = emulator.starts_over = True
    emulator.paper = 2
    job = printer.submit(pdf(3), TITLE)
    emulator.paper = 100
    printer.resume()
    report = printer.follow(job)
    assert (report.state, report.sheets_out) == (JobState.COMPLETED, 3)
    assert sheets(emulator) == [1, 2, 1, 2, 3]  # docs/devices/ipp.md says so


def test_resuming_with_the_tray_still_empty_only_stops_again(printer, emulator) -> None:
    emulator.pauses = True
    emulator.paper = 0
    job = printer.submit(pdf(), TITLE)
    printer.resume()
    assert printer.follow(job).state is JobState.STOPPED
    assert printer.status().condition is Condition.PAPER_OUT


def test_waiting_in_vain_takes_the_rest_away(printer, emulator, clock) -> None:
    emulator.paper = 2
    with pytest.raises(Refused) as caught:
        print_pdf(printer, pdf(5), TITLE, clock, within_s=30)
    assert caught.value.condition is Condition.PAPER_OUT
    assert caught.value.facts == {"condition": "paper_out", "job": TITLE, "sheets_out": 2}
    assert clock.instant() >= 30
    emulator.paper = 100
    clock.turn(60)
    printer.submit(pdf(), "TTS-next")
    assert [(sheet.title, sheet.number) for sheet in emulator.tray] == [
        (TITLE, 1),
        (TITLE, 2),
        ("TTS-next", 1),
    ]


def test_little_paper_is_told_before(printer, emulator) -> None:
    emulator.paper = 12
    status = printer.status()
    assert (status.ready, status.supplies["paper"]) == (True, Supply.LOW)
