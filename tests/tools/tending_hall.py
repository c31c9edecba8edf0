"""A whole terminal without its face, and whoever stands before it to look after it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.load import load_config
from ground.clock import RealClock
from ground.logbook import Event, MemoryLogbook
from kiosk.intake.mounts import MOUNT_TABLE
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.tending import events as te
from kiosk.tending import people
from kiosk.tending.knock import ORDER
from kiosk.tending.roles import Role
from tests.system.small_terminal import configuration
from tools.assemble import Terminal, assemble
from tools.settings import with_credentials
from tools.tending_bench import TendingBench

LONG_S = 30.0
NOWHERE = "http://127.0.0.1:9"
SILENT = '[voice]\nengine = "none"\n'

PIN = "204817"
PEOPLE = (("07", Role.TECHNICIAN), ("21", Role.STAFF), ("12", Role.AUDITOR))


class Hall:
    """The terminal, and whoever stands there."""

    def __init__(
        self,
        folder: Path,
        more: str = SILENT,
        *,
        platform: str = NOWHERE,
        mount_table: Path = MOUNT_TABLE,
        enrol: Callable[[Path], object] = lambda file: None,
    ) -> None:
        """`more`: further sections of terminal.toml. `enrol` is called once the file is written."""
        self.clock, self.logbook, self.folder = RealClock(), MemoryLogbook(), folder
        self.file, self._mount_table = folder / "terminal.toml", mount_table
        self.file.write_text(configuration(platform, folder / "data", more=more), encoding="utf-8")
        enrol(self.file)
        self.config = with_credentials(load_config(self.file, env={}))
        known = people.load(self.data / "tending")
        for person, role in PEOPLE:
            known = people.with_pin(known, person, role, PIN)
        people.save(self.data / "tending", known)
        self.terminal: Terminal = assemble(self.config, self.clock, self.logbook, bench=self._bench)
        self.terminal.begin()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def _bench(self, words: Any, health: Any, book: Any) -> TendingBench:
        return TendingBench(
            self.config, self.file, words, self.clock, health, self.logbook, book, self._mount_table
        )

    def until(self, met: Callable[[Any], bool]) -> Any:
        """What is seen once it is as wanted."""
        give_up = self.clock.after(LONG_S)
        while not met(view := self.terminal.pump().view):
            assert not self.clock.due(give_up), view
            self.clock.wait(0.01)
        return view

    def do(self, *events: ev.CitizenEvent) -> None:
        for event in events:
            self.terminal.touch(event, self.terminal.pump().number)
            self.terminal.pump()

    def come_in(self, person: str = "07") -> None:
        self.until(lambda view: isinstance(view, views.Idle))
        self.do(*(te.Knock(corner) for corner in ORDER))
        self.until(lambda view: view.state == "open")
        self.do(*(te.Digit(key) for key in (*person, "enter", *PIN, "enter")))
        self.until(lambda view: isinstance(view, views.TendingList))

    def page(self, key: str) -> Any:
        self.do(te.Choose(key))
        return self.until(
            lambda view: isinstance(view, views.TendingList) and view.page == key and not view.loading
        )

    @property
    def taken(self) -> bool:
        """Whether the citizens' side holds the printer."""
        worker = self.terminal.workers.receipt_printer
        return worker is not None and worker._life.thing is not None

    def in_service(self) -> bool:
        return self.terminal.health.ok("receipt_printer")

    def logged(self, event: Event) -> list[dict[str, Any]]:
        return [facts for each, facts in self.logbook.lines if each is event]
