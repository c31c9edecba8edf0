"""A job from the first look to the last, and what a printer that does not count leaves open."""

from devices.page_printer import JobReport, JobState
from devices.page_printer.to_the_end import print_pdf
from tests.devices.page_printer.conftest import TITLE, pdf


def test_sheet_by_sheet(printer, emulator, clock) -> None:
    emulator.slow = 2.0
    job = printer.submit(pdf(3), TITLE)
    seen = []
    for _ in range(4):
        report = printer.follow(job)
        seen.append((report.state, report.sheets_out))
        clock.turn(2)
    assert seen == [
        (JobState.PROCESSING, 0),
        (JobState.PROCESSING, 1),
        (JobState.PROCESSING, 2),
        (JobState.COMPLETED, 3),
    ]


def test_both_sides_take_half_the_sheets(printer, emulator) -> None:
    job = printer.submit(pdf(5), TITLE, two_sided=True)
    report = printer.follow(job)
    assert (report.sheets_out, report.impressions) == (3, 5)


def test_the_second_job_waits_for_the_first(printer, emulator, clock) -> None:
    emulator.slow = 2.0
    first, second = printer.submit(pdf(2), "TTS-1"), printer.submit(pdf(1), "TTS-2")
    clock.turn(3)
    assert printer.follow(second).state is JobState.PENDING
    clock.turn(3)
    assert {printer.follow(job).state for job in (first, second)} == {JobState.COMPLETED}
    assert [sheet.title for sheet in emulator.tray] == ["TTS-1", "TTS-1", "TTS-2"]


def test_completed_without_a_count_is_only_delivered(printer, emulator) -> None:
    emulator.counts = False
    report = printer.follow(printer.submit(pdf(), TITLE))
    assert (report.state, report.sheets_out, report.came_out) == (JobState.COMPLETED, None, None)


def test_a_queue_without_a_history_leaves_it_open(printer, emulator) -> None:
    emulator.forgets = True
    job = printer.submit(pdf(), TITLE)
    assert printer.follow(job) == JobReport(job, JobState.GONE)


def test_to_the_end(printer, emulator, clock) -> None:
    emulator.slow = 5.0
    report = print_pdf(printer, pdf(3), TITLE, clock, within_s=60, copies=2)
    assert (report.state, report.sheets_out) == (JobState.COMPLETED, 6)
    assert 30 <= clock.instant() < 32


def test_a_job_that_the_printer_gave_up(printer, emulator) -> None:
    emulator.paper = 0
    job = printer.submit(pdf(), TITLE)
    emulator.jobs[-1].state = JobState.ABORTED
    report = printer.follow(job)
    assert (report.state, report.came_out) == (JobState.ABORTED, False)
    assert report.reasons == ("aborted-by-system",)
