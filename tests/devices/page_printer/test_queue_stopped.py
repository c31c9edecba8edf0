"""A queue that stopped once and then swallows everything in silence (pibooth #484): found, and brought back."""

import pytest
from pyipp.enums import IppOperation

from devices.errors import Condition, Refused
from devices.page_printer import JobState
from devices.status import State
from tests.devices.page_printer.conftest import TITLE, pdf


def test_a_paused_queue_is_no_ready_printer(printer, emulator) -> None:
    emulator.stopped = True
    status = printer.status()
    assert (status.state, status.condition) == (State.OFFLINE, Condition.QUEUE_STOPPED)
    assert status.readings["reasons"] == "paused"


def test_everything_sent_meanwhile_comes_out_once_in_its_order(printer, emulator) -> None:
    emulator.stopped = True
    jobs = [printer.submit(pdf(), f"TTS-{number}") for number in range(3)]
    assert {printer.follow(job).state for job in jobs} == {JobState.PENDING}
    printer.resume()
    assert {printer.follow(job).state for job in jobs} == {JobState.COMPLETED}
    assert [sheet.title for sheet in emulator.tray] == ["TTS-0", "TTS-1", "TTS-2"]
    assert printer.status().ready


def test_stopped_in_mid_job(printer, emulator, clock) -> None:
    emulator.slow = 2.0
    job = printer.submit(pdf(3), TITLE)
    clock.turn(3)
    emulator.stopped = True
    assert printer.follow(job).state is JobState.STOPPED
    printer.resume()
    clock.turn(4)
    assert printer.follow(job).state is JobState.COMPLETED
    assert [sheet.number for sheet in emulator.tray] == [1, 2, 3]


def test_a_queue_that_takes_no_jobs(printer, emulator) -> None:
    emulator.accepting = False
    assert printer.status().condition is Condition.QUEUE_STOPPED
    with pytest.raises(Refused) as caught:
        printer.submit(pdf(), TITLE)
    assert caught.value.condition is Condition.QUEUE_STOPPED
    printer.resume()
    assert printer.follow(printer.submit(pdf(), TITLE)).state is JobState.COMPLETED


def test_our_held_jobs_are_released_and_strangers_are_not(printer, emulator) -> None:
    emulator.stopped = True
    ours = printer.submit(pdf(), TITLE)
    emulator.jobs[-1].state = JobState.HELD
    stranger = emulator.leave("report", user="office")
    printer.resume()
    assert printer.follow(ours).state is JobState.COMPLETED
    assert stranger.state is JobState.HELD


def test_nothing_is_asked_of_a_queue_that_runs(printer, emulator) -> None:
    printer.resume()
    assert IppOperation.RESUME_PRINTER not in emulator.asked
    assert IppOperation.ENABLE_PRINTER not in emulator.asked


def test_where_only_administrators_may(printer, emulator) -> None:
    emulator.stopped = True
    emulator.allows_admin = False
    with pytest.raises(Refused) as caught:
        printer.resume()
    assert caught.value.facts["ipp_status"] == "error_not_authorized"


def test_a_driverless_printer_without_paper_says_why_it_cannot_be_resumed(built, emulator) -> None:
    emulator.queue = False
    printer = built()
    printer.open()
    emulator.paper = 0
    with pytest.raises(Refused) as caught:
        printer.resume()
    assert caught.value.condition is Condition.PAPER_OUT
