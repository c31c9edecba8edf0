"""A job is taken away."""

from devices.page_printer import JobState
from tests.devices.page_printer.conftest import TITLE, pdf


def test_in_mid_job_the_rest_stays_in(printer, emulator, clock) -> None:
    emulator.slow = 3.0
    job = printer.submit(pdf(5), TITLE)
    clock.turn(7)
    printer.cancel(job)
    report = printer.follow(job)
    assert (report.state, report.sheets_out, report.came_out) == (JobState.CANCELED, 2, False)
    assert report.reasons == ("job-canceled-by-user",)
    clock.turn(60)
    assert printer.status().readings["busy"] is False
    assert len(emulator.tray) == 2


def test_twice_and_after_the_end(printer, emulator) -> None:
    emulator.paper = 0
    job = printer.submit(pdf(), TITLE)
    printer.cancel(job)
    printer.cancel(job)
    emulator.paper = 10
    done = printer.submit(pdf(), "TTS-2")
    printer.cancel(done)
    assert printer.follow(done).state is JobState.COMPLETED


def test_a_cancelled_number_may_be_printed_after_all(printer, emulator) -> None:
    emulator.paper = 0
    first = printer.submit(pdf(), TITLE)
    printer.cancel(first)
    emulator.paper = 10
    second = printer.submit(pdf(), TITLE)
    assert second.number != first.number
    assert printer.follow(second).came_out is True
    assert printer.submit(pdf(), TITLE) == second
    assert len(emulator.tray) == 1
