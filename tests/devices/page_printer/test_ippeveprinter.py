"""End to end against Debian's ippeveprinter: an IPP server that shares no line with driver or emulator."""

import io
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from devices.errors import Condition, DeviceError, Refused, Unreachable
from devices.page_printer import Job, JobState
from devices.page_printer.ipp import IppPrinter, IppSettings
from devices.page_printer.to_the_end import print_pdf
from devices.status import State, Supply
from ground.clock import RealClock
from tests.devices.page_printer.conftest import TITLE, pdf
from tests.devices.page_printer.quiet_bus import QuietBus

PATIENCE_S = 60.0  # for what must happen, however busy the machine
CLOCK = RealClock()

# what ippeveprinter runs for each job: it waits at a gate, and what it writes becomes the printer's state
_COMMAND = """#!/bin/sh
case "$IPP_JOB_NAME" in
  *stuck*)
    echo "STATE: +media-empty,media-needed" >&2
    read -r opened < "{gate}"
    echo "STATE: -media-empty,media-needed" >&2 ;;
  *slow*)
    read -r opened < "{gate}" ;;
esac
echo "ATTR: marker-names=Black marker-types=toner marker-levels=7 marker-low-levels=10" >&2
echo "ATTR: job-impressions-completed=2" >&2
"""


@dataclass
class RealPrinter:
    """A running ippeveprinter and its folder."""

    folder: Path
    bus: str
    gate: io.FileIO
    formats: str = "application/pdf"
    port: int = field(default_factory=lambda: _free_port())
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    def start(self) -> None:
        """Run it, until it answers or is dead."""
        program = shutil.which("ippeveprinter", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        assert program, "ippeveprinter is missing: apt-get install cups-ipp-utils"
        command = [program, "-v", "-2", "-k", "-n", "localhost", "-p", str(self.port), "-f", self.formats]
        command += [
            "-d",
            str(self.spool),
            "-K",
            str(self.folder),
            "-c",
            str(self.folder / "command"),
            "Kiosk",
        ]
        environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.bus, "HOME": str(self.folder)}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = CLOCK.after(PATIENCE_S)
        while not self._listens():
            log_text = (self.folder / "log").read_text(errors="replace")
            assert self.process.poll() is None, f"ippeveprinter ended by itself: {log_text}"
            assert not CLOCK.due(deadline), f"ippeveprinter does not answer: {log_text}"
            CLOCK.wait(0.02)

    def kill(self) -> None:
        """Pull its plug, and that of whatever it runs."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE_S)
            self.process = None

    def open_gate(self) -> None:
        """Let the job that waits go on."""
        self.gate.write(b"open\n")

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S):
                return True
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def real() -> Iterator[RealPrinter]:
    # not tmp_path: the address of a socket in the file system has room for 107 characters
    with tempfile.TemporaryDirectory(prefix="ipp") as name:
        folder = Path(name)
        (folder / "spool").mkdir()
        os.mkfifo(folder / "gate")
        (folder / "command").write_text(_COMMAND.format(gate=folder / "gate"))
        (folder / "command").chmod(0o755)
        # for both ways, so that opening it waits for nobody
        with QuietBus(folder) as bus, io.FileIO(os.open(folder / "gate", os.O_RDWR), "w") as gate:
            printer = RealPrinter(folder, bus.address, gate)
            try:
                printer.start()
                yield printer
            finally:
                printer.kill()


@pytest.fixture
def printer(real: RealPrinter) -> IppPrinter:
    printer = IppPrinter(IppSettings(url=real.url, timeout_s=PATIENCE_S), CLOCK)
    printer.open()
    return printer


def until(printer: IppPrinter, job: Job, state: JobState) -> None:
    """Wait until the job is in `state`."""
    deadline = CLOCK.after(PATIENCE_S)
    while (report := printer.follow(job)).state is not state:
        assert not CLOCK.due(deadline), report
        CLOCK.wait(0.02)


def test_what_comes_out_is_what_was_sent(real: RealPrinter, printer: IppPrinter) -> None:
    document = pdf(2)
    report = print_pdf(printer, document, TITLE, CLOCK, within_s=PATIENCE_S)
    assert (report.state, report.impressions, report.sheets_out) == (JobState.COMPLETED, 2, 2)
    assert report.came_out is True
    [kept] = list(real.spool.glob("*.pdf"))
    assert kept.read_bytes() == document
    assert printer.submit(document, TITLE) == report.job
    assert [path.name for path in real.spool.glob("*.pdf")] == [kept.name]


def test_what_it_says_of_itself(real: RealPrinter, printer: IppPrinter) -> None:
    assert "urn:uuid:" in printer.identity()
    said = printer.capabilities()
    assert (said["two_sided"], said["media_known"], said["resume"]) == (True, True, False)
    status = printer.status()
    assert status.ready
    assert status.supplies["paper"] is Supply.FULL
    assert status.supplies["toner"] is Supply.UNKNOWN
    print_pdf(printer, pdf(), TITLE, CLOCK, within_s=PATIENCE_S)
    assert printer.status().supplies["toner"] is Supply.LOW
    assert printer.status().readings["toner_percent"] == 7


def test_paper_out_and_filled_again(real: RealPrinter, printer: IppPrinter) -> None:
    job = printer.submit(pdf(2), "TTS-stuck-1", two_sided=True)
    deadline = CLOCK.after(PATIENCE_S)
    while (status := printer.status()).condition is None:
        assert not CLOCK.due(deadline), status
        CLOCK.wait(0.02)
    assert (status.state, status.condition) == (State.USER_ERROR, Condition.PAPER_OUT)
    assert status.supplies["paper"] is Supply.OUT
    assert not printer.follow(job).state.over
    real.open_gate()
    until(printer, job, JobState.COMPLETED)
    assert printer.follow(job).sheets_out == 1  # two sides
    assert printer.status().ready


def test_old_jobs_are_taken_away_at_open(real: RealPrinter, printer: IppPrinter) -> None:
    job = printer.submit(pdf(), "TTS-slow-1")
    with pytest.raises(Refused) as caught:
        printer.submit(pdf(), "TTS-slow-2")  # it takes one job at a time
    assert caught.value.condition is Condition.BUSY
    printer.close()
    printer.open()  # the same run of the terminal: its jobs are not old
    assert not printer.follow(job).state.over

    after_restart = IppPrinter(IppSettings(url=real.url, timeout_s=PATIENCE_S), CLOCK)
    after_restart.open()
    real.open_gate()
    until(after_restart, job, JobState.CANCELED)
    assert after_restart.purge() == 0


def test_jobs_of_others_stay(real: RealPrinter, printer: IppPrinter) -> None:
    job = printer.submit(pdf(), "TTS-slow-1")
    neighbour = IppPrinter(IppSettings(url=real.url, user="kiosk-02", timeout_s=PATIENCE_S), CLOCK)
    neighbour.open()
    assert not printer.follow(job).state.over
    real.open_gate()
    until(printer, job, JobState.COMPLETED)


def test_switched_off_in_mid_job_and_on_again(real: RealPrinter, printer: IppPrinter) -> None:
    job = printer.submit(pdf(), "TTS-slow-1")
    real.kill()
    with pytest.raises(Unreachable):
        printer.follow(job)
    real.start()
    assert printer.follow(job).state is JobState.GONE
    stranger = IppPrinter(IppSettings(url=real.url, user="office", timeout_s=PATIENCE_S), CLOCK)
    stranger.open()
    same_number = stranger.submit(pdf(), "report")
    assert same_number.number == job.number
    assert printer.follow(job).state is JobState.GONE
    printer.cancel(job)
    until(stranger, same_number, JobState.COMPLETED)


def test_over_tls(real: RealPrinter) -> None:
    secret = IppPrinter(IppSettings(url=real.url.replace("ipp://", "ipps://"), timeout_s=PATIENCE_S), CLOCK)
    secret.open()
    assert secret.status().ready
    strict = IppPrinter(
        IppSettings(url=real.url.replace("ipp://", "ipps://"), timeout_s=PATIENCE_S, verify_tls=True), CLOCK
    )
    with pytest.raises(Unreachable):
        strict.open()


def test_it_refuses_what_it_cannot(real: RealPrinter, printer: IppPrinter) -> None:
    with pytest.raises(Refused) as caught:
        IppPrinter(IppSettings(url=f"{real.url}/no/queue", timeout_s=PATIENCE_S), CLOCK).open()
    assert caught.value.condition is Condition.OFFLINE
    real.kill()
    real.formats = "image/jpeg"
    real.start()
    with pytest.raises(DeviceError) as lacking:
        printer.open()
    assert lacking.value.facts["lacks"] == "application/pdf"
