"""Print and wait: for a test page, a report, and whoever has a thread to spare."""

from typing import NoReturn

from devices.errors import DeviceError, Refused, TimedOut, Unreachable
from devices.page_printer import Job, JobReport, PagePrinter
from ground.clock import Clock

_LOOK_S = 1.0  # between two looks at the job; chosen: a page takes 2 to 6 s


def print_pdf(
    printer: PagePrinter,
    pdf: bytes,
    title: str,
    clock: Clock,
    *,
    within_s: float,
    copies: int = 1,
    two_sided: bool = False,
) -> JobReport:
    """Submit and follow until the job is over, however it ended.

    A printer that is away for a while is waited for. At the deadline the job is taken away, so that the rest does
    not come out for the next citizen, and the reason is raised: `Refused` with what the printer says (PAPER_OUT,
    QUEUE_STOPPED, …), `TimedOut`, or the error of the last look.
    """
    deadline = clock.after(within_s)
    job = printer.submit(pdf, title, copies=copies, two_sided=two_sided)
    lost: DeviceError | None = None
    while True:
        try:
            report = printer.follow(job)
            lost = None
            if report.state.over:
                return report
        except (Unreachable, TimedOut) as error:
            lost = error
        if clock.due(deadline):
            _give_up(printer, job, lost)
        clock.wait(min(_LOOK_S, max(clock.left(deadline), 0.01)))


def _give_up(printer: PagePrinter, job: Job, lost: DeviceError | None) -> NoReturn:
    if lost is not None:
        raise lost
    condition = printer.status().condition
    report = printer.follow(job)
    printer.cancel(job)
    if condition is not None:
        raise Refused(condition, job=job.title, sheets_out=report.sheets_out)
    raise TimedOut(job=job.title, sheets_out=report.sheets_out)
