"""The printer goes away in mid-job and comes back: the job is found again, and never printed twice."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from pyipp.enums import IppOperation

from devices.errors import Garbled, TimedOut, Unreachable
from devices.page_printer import JobState
from devices.page_printer.ipp import IppPrinter, IppSettings
from devices.page_printer.to_the_end import print_pdf
from tests.devices.page_printer.conftest import TITLE, pdf


def lose_the_answer_to(emulator, operation: IppOperation) -> Callable[[bytes], bytes]:
    """A hand that swallows the answer to the next `operation`, once."""

    def hand(said: bytes) -> bytes:
        if emulator.asked[-1] is operation:
            emulator.spoil = bytes
            return b""
        return said

    return hand


def test_unplugged_and_back(printer, emulator, clock) -> None:
    emulator.slow = 3.0
    job = printer.submit(pdf(3), TITLE)
    clock.turn(4)
    emulator.unplug()
    for verb in (printer.status, lambda: printer.follow(job), lambda: printer.submit(pdf(3), TITLE)):
        with pytest.raises(Unreachable):
            verb()
    emulator.replug()
    assert printer.follow(job).sheets_out == 1
    assert printer.submit(pdf(3), TITLE) == job
    clock.turn(6)
    assert printer.follow(job).state is JobState.COMPLETED
    assert [sheet.number for sheet in emulator.tray] == [1, 2, 3]


def test_waiting_outlasts_an_absence(printer, emulator, clock) -> None:
    emulator.slow = 3.0
    away = 3

    class Flapping(IppPrinter):
        """Pulls the plug for three of its own looks."""

        def follow(self, job):
            nonlocal away
            if away == 3:
                emulator.unplug()
            away -= 1
            if away == 0:
                emulator.replug()
            return super().follow(job)

    flapping = Flapping(IppSettings(url=emulator.url, timeout_s=60.0), clock)
    flapping.open()
    report = print_pdf(flapping, pdf(3), TITLE, clock, within_s=60)
    assert report.came_out is True
    assert [sheet.number for sheet in emulator.tray] == [1, 2, 3]


def test_waiting_ends_when_it_never_comes_back(printer, emulator, clock) -> None:
    emulator.slow = 3.0
    job = printer.submit(pdf(3), TITLE)

    class Gone(IppPrinter):
        """Has sent the job, and then the printer is away."""

        def submit(self, document, title, *, copies=1, two_sided=False):
            emulator.unplug()
            return job

    gone = Gone(IppSettings(url=emulator.url, timeout_s=60.0), clock)
    gone.open()
    with pytest.raises(Unreachable):
        print_pdf(gone, pdf(3), TITLE, clock, within_s=20)
    assert clock.instant() >= 20


def test_a_lost_answer_to_the_document(printer, emulator) -> None:
    emulator.spoil = lose_the_answer_to(emulator, IppOperation.PRINT_JOB)
    with pytest.raises(Garbled):
        printer.submit(pdf(), TITLE)
    assert len(emulator.tray) == 1
    job = printer.submit(pdf(), TITLE)
    assert job.number == 1
    assert printer.follow(job).came_out is True
    assert len(emulator.tray) == 1


def test_a_lost_answer_after_a_restart_of_the_terminal(printer, built, emulator) -> None:
    emulator.spoil = lose_the_answer_to(emulator, IppOperation.PRINT_JOB)
    with pytest.raises(Garbled):
        printer.submit(pdf(), TITLE)
    restarted = built_and_open(built)
    assert restarted.follow(restarted.submit(pdf(), TITLE)).came_out is True
    assert len(emulator.tray) == 1


def test_a_lost_answer_and_a_printer_that_forgot_everything(printer, emulator) -> None:
    emulator.spoil = lose_the_answer_to(emulator, IppOperation.PRINT_JOB)
    with pytest.raises(Garbled):
        printer.submit(pdf(), TITLE)
    emulator.power_cycle()
    job = printer.submit(pdf(), TITLE)
    assert job.number is None
    report = printer.follow(job)
    assert (report.state, report.came_out) == (JobState.GONE, None)
    printer.cancel(job)
    assert len(emulator.tray) == 1  # it had come out; nobody could know
    printer.submit(pdf(), f"{TITLE}-copy")
    assert len(emulator.tray) == 2


def test_an_answer_that_is_too_late_for_the_document(emulator, clock, built) -> None:
    hurried = IppPrinter(IppSettings(url=emulator.url, timeout_s=60.0, submit_timeout_s=0.5), clock)
    hurried.open()

    def hand(said: bytes) -> bytes:
        emulator.halt_after = 4 if emulator.asked[-1] is IppOperation.PRINT_JOB else None
        return said

    emulator.spoil = hand
    answers = []
    while IppOperation.PRINT_JOB not in emulator.asked:  # a slow machine may not even come to the document
        with suppress(TimedOut):
            answers.append(hurried.submit(pdf(), TITLE).number)
    assert set(answers) <= {None}
    emulator.spoil, emulator.halt_after = bytes, None
    assert built_and_open(built).submit(pdf(), TITLE).number == 1
    assert len(emulator.tray) == 1


def built_and_open(built: Callable[..., IppPrinter]) -> IppPrinter:
    printer = built()
    printer.open()
    return printer


def test_what_was_never_sent_is_sent_when_it_is_back(printer, emulator) -> None:
    emulator.unplug()
    with pytest.raises(Unreachable):
        printer.submit(pdf(), TITLE)
    emulator.power_cycle()
    emulator.replug()
    assert printer.follow(printer.submit(pdf(), TITLE)).came_out is True


def test_another_job_under_the_same_number_is_not_ours(printer, emulator) -> None:
    emulator.paper = 0
    job = printer.submit(pdf(), TITLE)
    emulator.power_cycle()
    stranger = emulator.leave("report", user="office")
    assert stranger.number == job.number
    assert printer.follow(job).state is JobState.GONE
    printer.cancel(job)
    assert stranger.state is JobState.HELD


@pytest.mark.parametrize("quirk", ["forgets", "shows_names"])
def test_a_printer_that_tells_nothing_of_old_jobs_does_not_print_them_again(printer, emulator, quirk) -> None:
    setattr(emulator, quirk, not getattr(emulator, quirk))
    job = printer.submit(pdf(), TITLE)
    assert printer.submit(pdf(), TITLE) == job
    assert len(emulator.tray) == 1


def test_a_printer_that_hides_names_keeps_our_running_job_when_old_ones_go(printer, emulator) -> None:
    emulator.shows_names = False
    emulator.paper = 0
    job = printer.submit(pdf(), TITLE)
    emulator.old_jobs = 2
    assert printer.purge() == 2
    emulator.paper = 10
    assert printer.follow(job).came_out is True
