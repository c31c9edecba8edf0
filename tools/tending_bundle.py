"""A support bundle from the technician's glass: onto a service stick, or to the platform."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from config.schema import TerminalConfig
from ground.clock import Clock
from ground.logbook import Event, Logbook
from kiosk.care.tree import Tree
from kiosk.health import Health
from kiosk.intake import stick_out
from kiosk.intake.mounts import MOUNT_TABLE
from kiosk.intake.stick import StickError, StickGone
from kiosk.journey.surroundings import CHINA
from kiosk.tending.bench import Goes
from kiosk.tending.events import Bundled, Line
from kiosk.tending.roles import TAKES_DEVICES, Role
from kiosk.tending.stage import BundleTo
from kiosk.words import Words
from offline_cache.errors import UploadError
from tools.assemble import open_platform
from tools.bundle.gather import Bundle, Gatherer, NotClean, TooLarge

_KB: Final = 1024
#: what a file system of any kind takes as a name
_NAMEABLE: Final = re.compile(r"[^A-Za-z0-9-]+")
#: nothing of this terminal failed by these: a stick, a line, a redaction
_KNOWN: Final = (StickError, UploadError, NotClean, TooLarge)


class BundleBench:
    """Makes and hands over. Lives on the bench's thread."""

    def __init__(
        self,
        config: TerminalConfig,
        config_file: Path,
        words: Words,
        clock: Clock,
        health: Health,
        logbook: Logbook,
        mount_table: Path = MOUNT_TABLE,
    ) -> None:
        self._config, self._config_file, self._words = config, config_file, words
        self._clock, self._health, self._logbook = clock, health, logbook
        self._folder, self._mount_table = config.intake.stick_folder, mount_table

    def lines(self) -> Iterator[Line]:
        """Where it could be handed over now, and what keeps it from that."""
        code = self._stick_code()
        mood = "good" if not code else "plain" if code == StickGone.code else "notice"
        yield Line("stick", self._words("bundling.to.stick"), self._said("stick", code), mood)
        link = self._health.of("link")
        fine = link is not None and link.ok
        code = "" if fine or link is None else link.code
        said = "fine" if fine else "unknown" if not code else "broken"
        note = self._words(f"bundling.platform.{said}", code=code)
        yield Line("platform", self._words("bundling.to.platform"), note, "good" if fine else "notice")

    def make(self, to: BundleTo, person: str, role: Role, goes: Goes) -> Bundled:
        """See `kiosk.tending.bench.Bench.bundle`. Devices are opened only for whom they were let go of."""
        try:
            if to == "stick":
                stick_out.writable(self._folder, self._mount_table)  # before anybody waits for nothing
            gatherer = Gatherer(
                self._config, self._config_file, self._clock, Tree(Path("/")), devices=role in TAKES_DEVICES
            )
            bundle = gatherer.bundle(goes=goes)
            goes("hand", 0, 1)
            name = self._hand_over(to, bundle, goes)
        except _KNOWN as error:
            return self._not_made(to, error.code, person)
        except OSError:
            return self._not_made(to, _UNREADABLE, person)
        kb = -(-len(bundle.content) // _KB)
        self._logbook.write(Event.BUNDLE_MADE, to=to, kb=kb, withheld=bundle.withheld, person=person)
        return Bundled("", name, kb, bundle.withheld)

    def _hand_over(self, to: BundleTo, bundle: Bundle, goes: Goes) -> str:
        if to == "stick":
            name = file_name(self._config.terminal.id, self._clock.now())
            stick_out.put(
                self._folder, name, bundle.content, lambda at, of: goes("hand", at, of), self._mount_table
            )
            return name
        platform = open_platform(self._config, self._clock)
        try:
            platform.put_bundle(bundle.content)
        finally:
            platform.close()
        return ""

    def _not_made(self, to: BundleTo, code: str, person: str) -> Bundled:
        self._logbook.write(Event.BUNDLE_NOT_MADE, to=to, code=code, person=person)
        return Bundled(code)

    def _stick_code(self) -> str:
        try:
            stick_out.writable(self._folder, self._mount_table)
        except StickError as error:
            return error.code
        return ""

    def _said(self, way: str, code: str) -> str:
        key = f"bundling.{way}.{code or 'fine'}"
        return self._words(key) if key in self._words else f"{code} {self._words(f'errors.{code}.hint')}"


#: something of this terminal could not be read for it; the log says what
_UNREADABLE: Final = "T132"


def file_name(terminal: str, at: datetime) -> str:
    """On the stick: which terminal, and when."""
    return f"tiantianshun-{_NAMEABLE.sub('-', terminal)}-{at.astimezone(CHINA):%Y%m%d-%H%M}.zip"
