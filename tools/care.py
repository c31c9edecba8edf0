"""Puts the terminal's care together from its configuration: what `doctor` and the face look at."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from config.load import check as check_files
from config.schema import TerminalConfig
from devices.errors import DeviceError
from ground.clock import Clock
from ground.log.check import Check as LogCheck
from ground.log.files import LogFile
from ground.log.head import LOCK, log_files, this_boot
from ground.log.reading import standing
from ground.logbook import Logbook
from kiosk.care import delivery, disk, growth, machine, supplies, timekeeping
from kiosk.care.check import Found, Probe, Round
from kiosk.care.codes import LOG_FLAWED, OVERDUE, SETTINGS_LEFT_OUT
from kiosk.care.desk import FACE, FOLDER, UPLOADER, USE, CareDesk
from kiosk.care.tree import MACHINE, Tree
from kiosk.health import Health
from kiosk.renewal import Plan, Renewal
from kiosk.retention import standing as kept_standing
from kiosk.words import Words
from kiosk.workers import Look, Worker
from offline_cache.errors import CacheError, UploadError
from offline_cache.glance import glance
from offline_cache.items import ClockState, OutboxStatus
from tools.downloads import SETTINGS_FILE, downloads_of
from tools.health.certificate import files_of, fingerprint
from tools.logs import believed, log_folder, signed_by
from tools.tidy import kept

_TIMES_ON_DISK = 2  # as storage.biggest_case_mb says
_LOOK_EVERY_S = 15.0
ERRORS = (DeviceError, CacheError, UploadError)


def outbox_status(config: TerminalConfig, clock: Clock) -> OutboxStatus | None:
    """The outbox's figures, read from outside; None while there is none. Raises `CacheError`."""
    return glance(config.storage.data_folder / "outbox.sqlite", clock)


def care_folder(config: TerminalConfig) -> Path:
    """Where care remembers."""
    return config.storage.data_folder / FOLDER


class Looks:
    """Everything that care looks at, as probes."""

    def __init__(
        self,
        config: TerminalConfig,
        clock: Clock,
        tree: Tree = MACHINE,
        *,
        file: Path | None = None,
        profile: str | None = None,
    ) -> None:
        """`file`, `profile`: what the configuration was read from; None: that is not looked at again."""
        self._config, self._clock, self._tree = config, clock, tree
        self._file, self._profile = file, profile
        self._care, self._folder = config.care, config.storage.data_folder

    def probes(self) -> Iterator[Probe]:
        """All, in the order in which a technician looks."""
        care, tree = self._care, self._tree
        yield Probe("queue", lambda: delivery.queue(self._status(), care.oldest_hours))
        yield Probe("link", lambda: delivery.link(self._status()))
        yield Probe("clock", self._wall_clock)
        yield Probe("rtc", self._board_clock)
        yield Probe("authorities", self._authorities)
        yield Probe("storage_write", lambda: disk.writing(self._folder, tree))
        yield Probe("storage_room", self._room)
        yield Probe("storage_health", lambda: disk.health(self._folder, tree, care.wear_percent))
        yield Probe("temperature", lambda: machine.temperature(tree, care.warm_c, care.hot_c))
        yield Probe("memory", lambda: machine.memory(tree))
        yield Probe("growth", lambda: self._growth(FACE))
        yield Probe("growth_uploader", lambda: self._growth(UPLOADER))
        yield Probe("watchdog_hardware", lambda: machine.watchdog(tree))
        yield Probe("display", lambda: machine.display(tree))
        yield Probe("event_log", self._event_log, live=False)
        yield Probe("retention", self._retention)
        if self._file is not None:
            yield Probe("config", partial(self._files, self._file))
        if self._config.health_view.listen:
            yield Probe("health_view", lambda: shown_at(self._config))
        yield from self._supplies()

    def _supplies(self) -> Iterator[Probe]:
        fitted, days = self._config.devices, self._care.supply_days
        book, now = use_book(self._config), self._clock.now
        if fitted.receipt_printer is not None:
            journal = self._folder / "prints.sqlite"
            yield Probe("slip_paper", lambda: supplies.found(supplies.slips(journal, book, now()), days))
        if fitted.page_printer is not None:
            yield Probe("page_paper", lambda: supplies.found(supplies.sheets(book, now()), days))
            yield Probe("page_toner", lambda: supplies.found(supplies.toner(book, now()), days))

    def _status(self) -> OutboxStatus | None:
        return outbox_status(self._config, self._clock)

    def _synchronised(self) -> bool | None:
        kernel: Callable[[], bool | None] = (
            timekeeping.kernel_synchronised if self._tree.root == MACHINE.root else lambda: None
        )
        return timekeeping.synchronised(self._tree, kernel)

    def _wall_clock(self) -> Found:
        status, last = self._status(), timekeeping.last_good(care_folder(self._config))
        told = None if status is None else status.clock
        return timekeeping.clock(told, self._synchronised(), self._clock.now(), last)

    def _board_clock(self) -> Found:
        status = self._status()
        right = status is not None and status.clock.state is ClockState.RIGHT
        return timekeeping.board_clock(
            self._tree, self._clock.now(), believed=right or self._synchronised() is True
        )

    def _authorities(self) -> Found:
        asked = self._config.platform
        return delivery.authorities(asked.ca_file, self._clock.now(), self._care.certificate_days)

    def _room(self) -> Found:
        needed = _TIMES_ON_DISK * self._config.storage.biggest_case_mb * 1024 * 1024
        return disk.room(disk.space_of(self._folder), needed, self._care.disk_low_percent)

    def _growth(self, name: str) -> Found:
        kept = growth.History(care_folder(self._config) / name).read()
        return growth.told_of(kept, self._care, self._clock.now())

    def _event_log(self) -> Found:
        return event_log(self._config)

    def _retention(self) -> Found:
        found = kept_standing(self._folder, kept(self._config), self._clock.now())
        overdue = [each.of.name for each in found if each.overdue]
        undated = sum(each.undated for each in found)
        if overdue:
            return Found("retention.overdue", {"classes": ", ".join(overdue)}, code=OVERDUE)
        if undated:
            return Found("retention.undated", {"items": undated}, soon=OVERDUE)
        return Found("retention.well")

    def _files(self, file: Path) -> Found:
        """The files were right, or nobody would be here; what the platform sent may contradict them since."""
        facts = {"file": file.name, "profile": self._profile or ""}
        held = downloads_of(self._config).held("config")
        if held is not None and check_files(file, self._profile, platform_file=held.folder / SETTINGS_FILE):
            return Found("config.left_out", facts | {"version": held.version}, code=SETTINGS_LEFT_OUT)
        return Found("config.with_profile" if self._profile else "config.valid", facts)


def shown_at(config: TerminalConfig) -> Found:
    """Where the health page is on the network, and the fingerprint that a browser must show there."""
    mark = fingerprint(files_of(config)[0])
    if not mark:
        return Found("health_view.none", {"address": config.health_view.listen})
    return Found("health_view.at", {"address": config.health_view.listen, "fingerprint": mark})


def event_log(config: TerminalConfig) -> Found:
    """The latest file of the event log: chain, seals, and that it ends where the index says. Raises OSError."""
    folder = log_folder(config)
    if not (folder / LOCK).is_file() or not log_files(folder):
        return Found("event_log.none")
    files, head = standing(folder)
    newest: list[LogFile] = files[-1:]
    report = LogCheck(
        newest,
        head,
        believed(config),
        signed_by,
        terminal=config.terminal.id,
        boot=this_boot(),
        tail=True,
    ).run()
    if report.flaws:
        codes = ", ".join(sorted({flaw.code.value for flaw in report.flaws}))
        return Found("event_log.flawed", {"flaws": len(report.flaws), "codes": codes}, code=LOG_FLAWED)
    return Found("event_log.sound", {"records": report.records, "sealed": report.sealed})


def plan_of(config: TerminalConfig) -> Plan:
    """When this terminal starts itself anew without need."""
    asked = config.care
    return Plan(asked.restart_from, asked.restart_until, asked.restart_after_visits, config.terminal.id)


def use_book(config: TerminalConfig) -> supplies.UseBook:
    """What was used and refilled. One for each process: it is what takes turns."""
    return supplies.UseBook(care_folder(config) / USE)


def care_desk(
    config: TerminalConfig,
    clock: Clock,
    health: Health,
    logbook: Logbook,
    words: Words,
    renewal: Renewal,
    book: supplies.UseBook,
) -> CareDesk:
    """The face's own care."""

    def clock_is_right() -> bool:
        wall = health.of("clock")
        told = wall is not None and wall.ok and wall.value == ClockState.RIGHT
        return told or timekeeping.synchronised(MACHINE) is True

    live = Round(Looks(config, clock).probes(), words, ERRORS)
    return CareDesk(
        care_folder(config), config.care, live, clock, health, logbook, renewal.ask, clock_is_right, book
    )


def care_worker(desk: CareDesk, clock: Clock, health: Health, logbook: Logbook) -> Worker[CareDesk]:
    """The one thread that care lives on."""
    return Worker(
        "care",
        start=lambda: desk,
        stop=lambda _: None,
        check=lambda one: Look(one.look()),
        check_every_s=_LOOK_EVERY_S,
        errors=(),
        clock=clock,
        health=health,
        logbook=logbook,
    )
