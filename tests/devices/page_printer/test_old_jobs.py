"""What waits in the queue when the terminal starts belongs to somebody who has left."""

import pytest
from pyipp.enums import IppOperation

from devices.page_printer import JobState
from tests.devices.page_printer.conftest import TITLE, pdf


def test_they_are_gone_after_open_and_never_come_out(built, emulator) -> None:
    emulator.old_jobs = 3
    printer = built()
    printer.open()
    assert emulator.old_jobs == 0
    assert [sheet.title for sheet in emulator.tray] == []
    assert IppOperation.PURGE_JOBS not in emulator.asked  # the queue may be others' as well


def test_jobs_of_other_users_stay_unless_the_queue_is_ours(built, emulator) -> None:
    stranger = emulator.leave("report", user="office")
    built().open()
    assert stranger.state is JobState.HELD
    built(whole_queue=True).open()
    assert not emulator.jobs
    assert emulator.asked[-1] is IppOperation.PURGE_JOBS


@pytest.mark.parametrize("why", ["queue", "allows_admin"])
def test_a_printer_that_lacks_or_forbids_purging_gets_them_cancelled_one_by_one(
    built, emulator, why: str
) -> None:
    setattr(emulator, why, False)
    emulator.old_jobs = 4
    emulator.leave("report", user="office")
    built(whole_queue=True).open()
    assert [job.state for job in emulator.jobs] == [JobState.CANCELED] * 5
    assert emulator.asked.count(IppOperation.CANCEL_JOB) == 5


def test_purge_says_how_many_there_were(built, emulator) -> None:
    printer = built(purge_at_open=False)
    printer.open()
    emulator.old_jobs = 2
    assert emulator.old_jobs == 2
    assert printer.purge() == 2
    assert printer.purge() == 0


def test_a_job_of_this_run_survives_reopening(built, emulator) -> None:
    printer = built(whole_queue=True)
    printer.open()
    emulator.paper = 0
    job = printer.submit(pdf(), TITLE)
    emulator.old_jobs = 1
    printer.close()
    printer.open()
    assert printer.purge() == 1
    assert not printer.follow(job).state.over
    emulator.paper = 10
    assert printer.follow(job).came_out is True


def test_an_open_that_failed_purges_the_next_time(built, emulator) -> None:
    emulator.old_jobs = 1
    printer = built()
    emulator.takes_pdf = False
    with pytest.raises(Exception, match="cannot"):
        printer.open()
    assert emulator.old_jobs == 1
    emulator.takes_pdf = True
    printer.open()
    assert emulator.old_jobs == 0
