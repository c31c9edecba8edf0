"""What this terminal has of the platform's downloads, how each is checked, and the thread that fetches them."""

import random
import threading
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from config.load import ConfigError, load_config
from config.schema import TerminalConfig
from ground.clock import Clock
from ground.logbook import Event, Logbook
from kiosk.catalogue.cache import load_cached
from kiosk.catalogue.errors import CatalogueError
from kiosk.catalogue.load import Catalogue, load_catalogue
from kiosk.journey.show import CHINA
from offline_cache import recipients
from offline_cache.downloads import Check, Downloads, Unfit
from offline_cache.errors import BadDownload, BadRecipient, CacheError, UploadError
from offline_cache.keys import PublicKey
from offline_cache.platform import Platform
from offline_cache.recipients import KnownRecipients
from offline_cache.retry import Backoff
from tools.cli import ROOT
from tools.credentials import own_key
from tools.version import VERSION

CATALOGUE = ROOT / "config" / "catalogue"
CATALOGUE_CACHE = "catalogue.json"  # in the data folder: the catalogue in force, parsed and checked
SETTINGS_FILE = "settings.toml"  # of the download `config`
EVERY_S = 600.0  # chosen: a new key or catalogue is everywhere within ten minutes; a look is one small request a name
_SPREAD = 0.2  # of a wait: a fleet that got its power back at once does not ask at once for long
_TROUBLE = Backoff(first_s=30.0, cap_s=EVERY_S)


def downloads_of(config: TerminalConfig) -> Downloads:
    """The downloads of this terminal; nothing in them is believed as long as no publisher is known."""
    publishers = [PublicKey.parse(text) for text in config.platform.publishers]
    return Downloads(config.storage.data_folder / "downloads", publishers)


def known_recipients(config: TerminalConfig, clock: Clock) -> KnownRecipients:
    """To whom this terminal seals, asked each time; to itself, too, where it must open what it sends.

    Raises `BadRecipient` when it must and has no key of its own.
    """
    also: tuple[str, ...] = ()
    if config.platform.takes == "opened":
        own = own_key(config)
        if own is None:
            raise BadRecipient(why="platform.takes is opened, and there is no own.key")
        also = (own.public,)
    suite = config.security.suite
    return KnownRecipients(config.platform.recipients, downloads_of(config), clock, also=also, suite=suite)


def catalogue_in_force(config: TerminalConfig, clock: Clock) -> tuple[Catalogue, str]:
    """The platform's catalogue, else the shipped one; and where it is from. Raises `CatalogueError`."""
    today = clock.now().astimezone(CHINA).date()
    cache = config.storage.data_folder / CATALOGUE_CACHE
    held = downloads_of(config).held("catalogue")
    if held is not None:
        try:
            catalogue = load_cached(held.folder, today, cache, VERSION)
        except CatalogueError:  # this program is older or newer than the one that checked it
            pass
        else:
            days = max(0, (clock.now() - held.made_at).days)
            return catalogue, f"version {held.version} of the platform, {days} days old"
    return load_cached(CATALOGUE, today, cache, VERSION), "shipped"


def checks(config_file: Path, profile: str | None, today: date) -> Mapping[str, Check]:
    """What must be right with each download before it is used."""

    def catalogue(folder: Path) -> None:
        try:
            load_catalogue(folder, today)
        except CatalogueError as error:
            raise Unfit(f"{len(error.mistakes)} mistakes") from error

    def settings(folder: Path) -> None:
        try:
            load_config(config_file, profile, platform_file=folder / SETTINGS_FILE)
        except ConfigError as error:
            raise Unfit(f"{len(error.mistakes)} mistakes") from error

    return {recipients.NAME: recipients.read_list, "catalogue": catalogue, "config": settings}


class Refresher:
    """Fetches what is new, name by name. For one thread, with a `Platform` of its own."""

    def __init__(
        self,
        platform: Platform,
        downloads: Downloads,
        checks: Mapping[str, Check],
        logbook: Logbook,
        rng: random.Random,
    ) -> None:
        self._platform = platform
        self._downloads = downloads
        self._checks = checks
        self._logbook = logbook
        self._rng = rng
        self._troubles = 0
        self._told: dict[str, object] = {}  #: name → what was refused last, so that it is noted once

    def step(self) -> float:
        """Ask for everything once; seconds until the next time."""
        try:
            for name, check in self._checks.items():
                self._refresh(name, check)
        except (UploadError, CacheError) as error:
            self._troubles += 1
            given = error if isinstance(error, UploadError) else UploadError()
            return _TROUBLE.seconds(self._troubles, given, self._rng)
        self._troubles = 0
        return EVERY_S * self._rng.uniform(1 - _SPREAD, 1 + _SPREAD)

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set; the first time within half a minute."""
        wait_s = self._rng.uniform(0.0, _TROUBLE.first_s)
        while not stop.wait(wait_s):
            wait_s = self.step()

    def _refresh(self, name: str, check: Check) -> None:
        try:
            taken = self._downloads.refresh(self._platform, name, check)
        except BadDownload as error:
            told = (error.facts.get("why"), error.facts.get("offered"))
            if self._told.get(name) != told:
                self._told[name] = told
                self._logbook.write(Event.DOWNLOAD_REFUSED, code=error.code, **{"name": name} | error.facts)
            return
        if taken is not None:
            self._told.pop(name, None)
            self._logbook.write(Event.DOWNLOAD_TAKEN, name=name, version=taken.version)
