"""`release check|fetch|install|switch|confirm|rollback|list|status|tend|readable`: a terminal's verbs."""

import argparse
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from config.schema import TerminalConfig
from ground.clock import Clock, RealClock
from ground.logbook import Event, Fact
from kiosk.journey.show import CHINA
from kiosk.words import Words
from offline_cache.errors import NewerDatabase
from offline_cache.rebuild import move_aside
from tools.assemble import WORDS, open_outbox
from tools.delivery import metered_of
from tools.logs import open_logbook
from tools.out import complain, say, say_json
from tools.release.errors import Downgrade, NothingThere, ReleaseError
from tools.release.guard import Guard, Rules
from tools.release.health import Health
from tools.release.installing import install, require_room
from tools.release.tree import Tree, as_version
from tools.release.trusted import Offer, Source, Trusted
from tools.release.units import Units, owner_of
from tools.version import VERSION

_LOOK_S = 5.0  #: between two looks at a release that was just switched to
_WATCH_S = 540.0  #: one run of `tend`; the timer starts the next


class Terminal:
    """The releases of one terminal, as its configuration has them."""

    def __init__(self, config: TerminalConfig, config_file: Path, words: Words, clock: Clock) -> None:
        self.config, self.words, self.clock = config, words, clock
        self.tree = Tree(config.release.folder)
        self.data = config.storage.data_folder
        self.inbox = self.data / "releases" / "inbox"
        self._file = config_file

    def trusted(self, folder: Path | None, state: Path) -> Trusted:
        """A round with the stick in `folder`, else with the server. Raises `ReleaseError`."""
        asked = self.config.release
        try:
            root = asked.root_file.read_bytes()
        except OSError as error:
            raise NothingThere(what=asked.root_file.name) from error
        if folder is None and asked.url is None:
            raise NothingThere(what="release.url")
        verify = self.config.platform.ca_file
        source = Source(asked.url or "", folder)
        return Trusted(state, root, source, self.clock, None if verify is None else str(verify))

    def offer(self, folder: Path | None) -> tuple[Trusted, Offer]:
        """The newest release there. Close what is given."""
        trusted = self.trusted(folder, self.data / "releases" / "seen")
        try:
            return trusted, trusted.offer(self.config.release.channel)
        except BaseException:
            trusted.close()
            raise

    def news(self, offer: Offer) -> bool:
        """Whether it is newer than what runs, and was not refused by this terminal's own experience."""
        ledger, now = self.tree.ledger(), self.tree.link("current") or VERSION
        return as_version(offer.version) > as_version(now) and offer.version not in ledger.refused

    def install(self, folder: Path) -> str:
        """Believe nobody: judge what lies in `folder` anew, and put it beside. Hold `Tree.alone`."""
        trusted = self.trusted(folder, self.tree.folder / "seen")
        try:
            offer = trusted.offer(self.config.release.channel)
            if as_version(offer.version) < as_version(self.tree.ledger().good or self.tree.link("current")):
                raise Downgrade(version=offer.version)
            require_room(self.tree.folder, trusted.size(offer))
            package = self.tree.folder / "seen" / "work" / "release.deb"
            try:
                trusted.package(offer, package)
                install(self.tree, package, offer)
            finally:
                package.unlink(missing_ok=True)
        finally:
            trusted.close()
        self.tree.keep(replace(self.tree.ledger(), wanted=offer.version))
        self.note(Event.RELEASE_INSTALLED, version=offer.version)
        return offer.version

    def guard(self) -> Guard:
        """Who watches a trial."""
        asked, units = self.config.release, Units()
        health = Health(self.data, self._file, units, self.clock)
        rules = Rules(asked.healthy_within_s, asked.probation_h * 3600)
        return Guard(self.tree, units, health, self.clock, self.note, rules, self.data)

    def quiet(self) -> bool:
        """Whether a release may be switched to now without being asked."""
        now = self.clock.now().astimezone(CHINA).strftime("%H:%M")
        begins, ends = self.config.release.quiet_from, self.config.release.quiet_until
        return begins <= now < ends if begins <= ends else now >= begins or now < ends

    def note(self, event: Event, **facts: Fact) -> None:
        """Into the event log, as the user whose log it is: root's files would shut the face out."""
        user = owner_of(self.data)
        if not user:
            self._write(event, facts)
            return
        child = os.fork()
        if child == 0:
            with suppress(BaseException):  # nothing of this process may go on in the child
                os.setgroups(user["extra_groups"])
                os.setgid(user["group"])
                os.setuid(user["user"])
                self._write(event, facts)
            os._exit(0)
        os.waitpid(child, 0)

    def _write(self, event: Event, facts: dict[str, Fact]) -> None:
        with suppress(OSError):
            logbook = open_logbook(self.config, self.clock, "update")
            logbook.write(event, **facts)
            logbook.close()

    def status(self) -> dict[str, Any]:
        """What runs, what is on trial, what was refused."""
        ledger = self.tree.ledger()
        links = {name: self.tree.link(name) for name in ("current", "previous", "good")}
        return {"running": VERSION, **links, "installed": self.tree.versions(), **asdict(ledger)} | {
            "good": ledger.good or links["good"]
        }


def run(asked: argparse.Namespace, config: TerminalConfig) -> int:
    """Do one of them. Raises `ReleaseError`, OSError."""
    words = Words.load(WORDS, config.language.first)
    terminal = Terminal(config, asked.config.resolve(), words, RealClock())
    done: dict[str, Callable[[argparse.Namespace, Terminal], dict[str, Any]]] = {
        "check": _check,
        "fetch": _fetch,
        "install": _install,
        "switch": _switch,
        "confirm": _confirm,
        "rollback": _rollback,
        "tend": _tend,
        "readable": _readable,
    }
    do = done.get(asked.what)
    told = terminal.status() if do is None else do(asked, terminal)
    if asked.json:
        say_json(told)
    else:
        _say(asked.what, told, words)
    return 0


def _say(what: str, told: dict[str, Any], words: Words) -> None:
    if what == "list":
        for version in told["installed"]:
            marks = [name for name in ("current", "previous", "good") if told[name] == version]
            say(f"{version:16}{' '.join(marks)}")
        return
    if what == "status":
        trial = told["trial"]
        say(words("release.status", current=told["current"] or told["running"], good=told["good"] or "-"))
        if trial:
            hours = f"{trial['healthy_s'] / 3600:.1f}"
            say(words("release.on_trial", version=trial["version"], hours=hours, before=trial["came_from"]))
        for version, code in told["refused"].items():
            say(words("release.refused", version=version, code=code or "-"))
        return
    say(words(f"release.done.{told['done']}", **told))


def _check(asked: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    trusted, offer = terminal.offer(asked.folder)
    trusted.close()
    news = terminal.news(offer)
    return {"done": "newer" if news else "newest", "version": offer.version, "newer": news}


def _fetch(asked: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    if asked.folder is None and terminal.config.release.url is None:
        return {"done": "no_repository", "version": ""}
    if asked.folder is None and not metered_of(terminal.config).allowed().everything:
        return {"done": "metered", "version": ""}
    trusted, offer = terminal.offer(asked.folder)
    try:
        if not terminal.news(offer) or terminal.tree.complete(offer.version):
            return {"done": "newest", "version": offer.version}
        require_room(terminal.data, trusted.size(offer))
        trusted.mirror(offer, terminal.inbox)
    finally:
        trusted.close()
    terminal.note(Event.RELEASE_FETCHED, version=offer.version, way="stick" if asked.folder else "network")
    return {"done": "fetched", "version": offer.version}


def _install(asked: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    with terminal.tree.alone():
        return {"done": "installed", "version": terminal.install(asked.folder or terminal.inbox)}


def _switch(asked: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    with terminal.tree.alone():
        version = asked.version or terminal.tree.ledger().wanted
        if not version:
            raise NothingThere(what="installed")
        terminal.guard().switch(version, again=asked.again)
    return {"done": "switched", "version": version}


def _confirm(asked: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    with terminal.tree.alone():
        terminal.guard().confirm()
    return {"done": "confirmed", "version": terminal.tree.ledger().good}


def _rollback(asked: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    with terminal.tree.alone():
        ledger = terminal.tree.ledger()
        version = ledger.trial.came_from if ledger.trial else terminal.tree.link("previous")
        if not version or version in ledger.refused:
            raise NothingThere(what="previous")
        waits = terminal.guard().give_back(version, "technician")
    return {"done": "returning" if waits else "returned", "version": version}


def _tend(asked: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Everything that is due; stays while a release must be watched closely."""
    until = terminal.clock.after(_WATCH_S)
    with terminal.tree.alone():
        guard = terminal.guard()
        if not _under_way(terminal):
            with suppress(NothingThere):
                _take_in(terminal)
            wanted = terminal.tree.ledger().wanted
            if wanted and terminal.config.release.automatic and terminal.quiet():
                guard.switch(wanted)
        while guard.step() and not terminal.clock.due(until):
            terminal.clock.wait(_LOOK_S)
    return {"done": "tended"} | terminal.status()


def _under_way(terminal: Terminal) -> bool:
    ledger = terminal.tree.ledger()
    return ledger.trial is not None or bool(ledger.back)


def _take_in(terminal: Terminal) -> None:
    """Install what `fetch` brought, once; what cannot be installed is told once."""
    stamp = terminal.inbox / "metadata" / "timestamp.json"
    seen = terminal.tree.folder / "inbox.seen"
    if not stamp.exists():
        return
    now = f"{stamp.stat().st_mtime_ns}"
    with suppress(OSError):
        if seen.read_text(encoding="ascii") == now:
            return
    try:
        terminal.install(terminal.inbox)
        shutil.rmtree(
            terminal.inbox / "targets", ignore_errors=True
        )  # it lies beside now; the disk is not endless
    except ReleaseError as error:
        terminal.note(Event.RELEASE_REFUSED, code=error.code, **error.facts)
        complain(f"{error.code} {error}")
    seen.write_text(now, encoding="ascii")


def _readable(asked: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """After a return: a database that this release cannot read is set aside whole, and made anew from the spool."""
    path = terminal.data / "outbox.sqlite"
    inode = path.stat().st_ino if path.exists() else 0
    try:
        open_outbox(terminal.config, terminal.clock, to_deliver=True).close()
        return {"done": "readable"}
    except NewerDatabase:
        move_aside(path, terminal.clock, inode)
        open_outbox(terminal.config, terminal.clock, to_deliver=True).close()
        return {"done": "rebuilt"}
