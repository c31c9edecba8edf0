"""Document scanners through SANE: sheet-fed and flatbed, driven by Debian's `scanimage` as a child process.

Source: scanimage(1) and sane-test(5) of sane-utils 1.1.1, tried out (see the vectors in the tests); SANE standard 1.06.
A child, not a binding: a backend that hangs or crashes takes nothing of the kiosk with it, and can be killed.
Proven on: emulator only.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from devices.document_scanner import PaperSource, ScanJob, ScannedPage, Side
from devices.document_scanner.sane_codec import (
    LIST_FORMAT,
    SaneStatus,
    error_of,
    parse_devices,
    parse_pnm,
    real_resolution,
    status_in,
)
from devices.document_scanner.sane_options import Option, Plan, parse_options, plan_for, sources_of
from devices.document_scanner.sane_process import ScanProcess, page_folder, taken
from devices.errors import Condition, Garbled, Refused, Unreachable
from devices.status import Capabilities, State, Status, Supply, state_of
from ground.clock import Clock

_SCHEME = "sane:"
_PASSED_ON = ("PATH", "HOME", "USER", "LD_LIBRARY_PATH", "TZ")  # nothing else: settings may hold secrets
_COVERS = ("--cover-open", "--adf-open")  # sensors of the backends fujitsu and canon_dr, from memory
_PAPER = "--page-loaded"


class SaneSettings(BaseModel):
    """How to reach one scanner.

    `url` is `sane:` and SANE's name of the device (`sane:fujitsu:fi-7160:12345`, `sane:net:host:device`), or of
    its backend alone (`sane:genesys`: the first that it finds, under whatever number USB gave it), or nothing
    (`sane:`: the only scanner that is connected).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["sane"] = "sane"
    url: str = "sane:"
    sane_config_dir: Path | None = Field(default=None, description="instead of /etc/sane.d")
    sources: Mapping[PaperSource, str] = Field(
        default_factory=dict, description="the scanner's own names of its sources, where ours do not fit"
    )
    open_timeout_s: float = Field(
        default=30.0, gt=0, le=300, description="seconds for finding the scanner and for asking how it fares"
    )
    page_timeout_s: float = Field(
        default=60.0, gt=0, le=600, description="seconds that one page may take, warming up included"
    )
    program: str = Field(default="scanimage", min_length=1, description="its name or path")

    @field_validator("url")
    @classmethod
    def _of_sane(cls, url: str) -> str:
        if not url.startswith(_SCHEME) or url != url.strip() or "\x00" in url:
            raise PydanticCustomError(
                "sane_name", "must be sane: and a device name of `scanimage -L`, or sane: alone"
            )
        return url

    @property
    def device(self) -> str:
        """SANE's name; "" for the only one."""
        return self.url.removeprefix(_SCHEME)


class SaneScanner:
    """A `DocumentScanner`."""

    def __init__(self, settings: SaneSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._guard = threading.Lock()
        self._device = ""  #: SANE's name, "" while closed
        self._label = ""  #: maker and model, where they were asked
        self._options: Mapping[str, Option] = {}
        self._running: ScanProcess | None = None
        self._scanning = False
        self._ending: Literal["", "cancelled", "closed"] = ""

    def open(self) -> None:
        """Find the scanner and ask what it offers. Raises Unreachable, TimedOut, Refused (`busy`)."""
        if self._device:
            return
        device = self._settings.device or self._only_one()
        self._options = self._offered(device)
        self._device = device

    def close(self) -> None:
        """End what is under way and forget the scanner. May be called twice and from any thread."""
        self._device = ""
        self._end("closed")

    def identity(self) -> str:
        """Maker and model where SANE was asked for them, and the device's name."""
        name = self._device or self._settings.device or "sane"
        return f"{self._label} ({name})" if self._label else name

    def status(self) -> Status:
        """Ask the scanner's sensors, unless it is scanning. Raises Unreachable, TimedOut."""
        device = self._opened()
        if self._scanning:
            return Status(State.ONLINE)
        try:
            self._options = self._offered(device)
        except Refused as refusal:
            return Status(state_of(refusal.condition), refusal.condition)
        sensors = {name: option.now for name, option in self._options.items()}
        if any(sensors.get(name) == "yes" for name in _COVERS):
            return Status(State.USER_ERROR, Condition.COVER_OPEN)
        feeder = {"yes": Supply.FULL, "no": Supply.OUT}.get(sensors.get(_PAPER, ""))
        return Status(State.ONLINE, supplies={} if feeder is None else {"feeder": feeder})

    def capabilities(self) -> Capabilities:
        """Sources and resolutions; known once it was open."""
        resolution = self._options.get("--resolution")
        known: dict[str, list[str] | float | None] = {"sources": [*map(str, sources_of(self._options))]}
        if resolution is not None:
            offered = sorted(int(choice) for choice in resolution.choices if choice.isdigit())
            known["lowest_resolution_dpi"] = resolution.low if not offered else offered[0]
            known["highest_resolution_dpi"] = resolution.high if not offered else offered[-1]
        return known

    def scan(self, job: ScanJob) -> Iterator[ScannedPage]:
        """The pages of `job`, as `DocumentScanner.scan` promises."""
        device = self._opened()
        plan = plan_for(self._options, job, self._settings.sources)
        with self._guard:
            if self._scanning:
                raise Refused(Condition.BUSY, device=device)
            self._scanning, self._ending = True, ""
        try:
            with page_folder() as folder:
                yield from self._pages(device, job, plan, folder)
        finally:
            self._scanning = False

    def cancel(self) -> None:
        """End the job that is under way, at the scanner too. Does nothing without one."""
        self._end("cancelled")

    def _pages(self, device: str, job: ScanJob, plan: Plan, folder: Path) -> Iterator[ScannedPage]:
        count = 1 if job.source is PaperSource.FLATBED else job.most_pages
        batch = [f"--batch={folder}/%05d.pnm", "--batch-print", f"--batch-count={count}", "--format=pnm"]
        process = self._begin([f"--device-name={device}", *plan.arguments, *batch])
        number = 0
        try:
            while (line := process.line(self._clock.after(self._settings.page_timeout_s))) is not None:
                pixels = self._page(line, device)
                number += 1
                resolution = real_resolution(process.complaints(), plan.resolution_dpi)
                yield ScannedPage(pixels, resolution, _side(job.source, number), number)
            self._judge(process, device, number)
        finally:
            with self._guard:  # from here on nobody else may signal it: its number may become another's
                self._running = None
            process.end()

    def _page(self, line: str, device: str) -> NDArray[np.uint8]:
        try:
            return parse_pnm(taken(Path(line)))
        except OSError as error:
            raise Garbled(device=device, reason="the page is not there") from error

    def _judge(self, process: ScanProcess, device: str, pages: int) -> None:
        """Whether that was the end, or a fault. Raises DeviceError."""
        if self._ending == "closed":
            raise Unreachable(device=device, reason="closed")
        if self._ending == "cancelled":
            return
        code = process.exit_code(self._clock.after(self._settings.page_timeout_s))
        complaints = process.complaints()
        if pages and status_in(complaints, code) in (SaneStatus.GOOD, SaneStatus.NO_DOCS):
            return
        raise error_of(complaints, code, device)

    def _only_one(self) -> str:
        """The name of the one scanner that is connected. Raises Unreachable when there is none, or a choice."""
        found = parse_devices(self._ask([f"--formatted-device-list={LIST_FORMAT}"], "sane"))
        if len(found) != 1:
            raise Unreachable(device="sane", reason="several" if found else "none", found=len(found))
        self._label = f"{found[0].vendor} {found[0].model}".strip()
        return found[0].device

    def _offered(self, device: str) -> Mapping[str, Option]:
        options = parse_options(self._ask([f"--device-name={device}", "--all-options"], device))
        if not options:
            raise Garbled(device=device, reason="no options")
        return options

    def _ask(self, arguments: list[str], device: str) -> str:
        """What scanimage prints. Raises DeviceError."""
        deadline = self._clock.after(self._settings.open_timeout_s)
        process = self._start(arguments)
        try:
            said = process.everything(deadline)
            code = process.exit_code(deadline)
            if code != 0:
                raise error_of(process.complaints(), code, device)
            return said
        finally:
            process.end()

    def _begin(self, arguments: list[str]) -> ScanProcess:
        """Start the job, unless it was given up before it began."""
        process = self._start(arguments)
        with self._guard:
            self._running = process
            if self._ending:
                process.ask_to_end()
        return process

    def _start(self, arguments: list[str]) -> ScanProcess:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment["LC_ALL"] = "C"  # its complaints are read
        if self._settings.sane_config_dir is not None:
            environment["SANE_CONFIG_DIR"] = str(self._settings.sane_config_dir)
        return ScanProcess([self._settings.program, *arguments], environment, self._clock)

    def _end(self, how: Literal["cancelled", "closed"]) -> None:
        with self._guard:
            if self._scanning:
                self._ending = how
            running = self._running
            if running is not None:
                running.ask_to_end()

    def _opened(self) -> str:
        if not self._device:
            raise Unreachable(device=self.identity(), reason="not open")
        return self._device


def _side(source: PaperSource, number: int) -> Side:
    return Side.BACK if source is PaperSource.FEEDER_DUPLEX and number % 2 == 0 else Side.FRONT
