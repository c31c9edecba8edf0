"""What `doctor` looks at beside devices, on a terminal's own files: found as they are, and never made or changed."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Stop

import pytest

from config.care_settings import Care
from config.load import load_config
from config.schema import TerminalConfig
from ground.clock import ManualClock, RealClock
from ground.log.head import log_files
from ground.logbook import Event, MemoryLogbook
from kiosk.care.check import Check, Round
from kiosk.care.codes import CODES
from kiosk.care.tree import Tree
from kiosk.renewal import Reason
from kiosk.words import Words
from offline_cache.keys import FILE, TerminalKey
from tests.kiosk.care import laid_out
from tests.kiosk.care.laid_out import put
from tests.tools.small_terminal import write_settings
from tools.assemble import WORDS
from tools.care import ERRORS, Looks, event_log
from tools.logs import open_logbook
from tools.uploader import gets_on
from tools.watchdog import Watchdog

CHINESE = Words.load(WORDS, "zh-Hans")


@pytest.fixture
def config(tmp_path: Path) -> TerminalConfig:
    return load_config(write_settings(tmp_path / "terminal.toml", tmp_path / "data"), None, {})


def looks(config: TerminalConfig, tree: Tree, *, live: bool = False) -> dict[str, Check]:
    file = config.storage.data_folder.parent / "terminal.toml"
    probes = Looks(config, RealClock(), tree, file=file).probes()
    return {check.name: check for check in Round(probes, CHINESE, ERRORS).checks(live=live)}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return laid_out.healthy(tmp_path / "machine", tmp_path / "data")


def everything(folder: Path) -> Iterator[tuple[str, int, int]]:
    for path in sorted(folder.rglob("*")):
        told = path.lstat()
        yield path.relative_to(folder).as_posix(), told.st_size, told.st_mtime_ns


def test_a_terminal_before_its_first_start(config: TerminalConfig, tree: Tree) -> None:
    found = looks(config, tree)
    assert [check for check in found.values() if not check.ok] == []
    assert not config.storage.data_folder.exists(), "whoever looks, root above all, makes nothing"
    assert found["event_log"].value == CHINESE("care.event_log.none")


def test_a_terminal_that_has_served(config: TerminalConfig, tree: Tree) -> None:
    data = config.storage.data_folder
    data.mkdir()
    TerminalKey.new().save(data / FILE)
    logbook = open_logbook(config, RealClock(), "face")
    logbook.write(Event.VISIT_STARTED)
    logbook.close()
    before = list(everything(data))
    found = looks(config, tree)
    assert [(check.name, check.code) for check in found.values() if not check.ok] == []
    assert list(everything(data)) == before
    assert event_log(config).said == "event_log.sound"
    assert found["config"].value == CHINESE("care.config.valid", file="terminal.toml")


def test_a_log_that_somebody_edited(config: TerminalConfig, tree: Tree) -> None:
    logbook = open_logbook(config, RealClock(), "face")
    for _ in range(3):
        logbook.write(Event.CARD_READ, kind="resident", doubts="")
    logbook.close()
    newest = log_files(config.storage.data_folder / "log")[-1]
    newest.write_bytes(newest.read_bytes().replace(b"resident", b"visitor.", 1))
    flawed = looks(config, tree)["event_log"]
    assert (flawed.ok, flawed.code, flawed.hint) == (False, "M112", CHINESE("errors.M112.hint"))
    assert "L101" in flawed.value


def test_what_should_be_gone_is_named(config: TerminalConfig, tree: Tree) -> None:
    old = config.storage.data_folder / "drafts" / ("a" * 64 + ".age")
    old.parent.mkdir(parents=True)
    old.write_bytes(b"x")
    os.utime(old, (1_700_000_000, 1_700_000_000))
    overdue = looks(config, tree)["retention"]
    assert (overdue.code, overdue.value) == ("M115", CHINESE("care.retention.overdue", classes="drafts"))


def test_a_bare_machine_is_unknown_and_not_broken(config: TerminalConfig, tmp_path: Path) -> None:
    found = looks(config, Tree(tmp_path / "bare"))
    assert [check for check in found.values() if not check.ok] == []
    unknown = [name for name, check in found.items() if check.value.startswith("不知道")]
    assert {"temperature", "memory", "display", "rtc", "storage_health"} <= set(unknown)


def test_beside_a_visit_only_what_is_quick_is_looked_at(config: TerminalConfig, tree: Tree) -> None:
    assert "event_log" not in looks(config, tree, live=True)
    assert {"storage_health", "temperature", "queue", "growth"} <= set(looks(config, tree, live=True))


def test_every_code_of_care_has_its_sentences_in_both_languages() -> None:
    for language in ("zh-Hans", "en"):
        words = Words.load(WORDS, language)
        assert all(words(f"errors.{code}.hint") and words(f"errors.{code}.citizen") for code in CODES)


def test_every_sentence_of_care_is_said_somewhere() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("kiosk/care", "tools")
        for path in (WORDS.parents[1] / folder).glob("*.py")
    )
    for key in CHINESE.keys:
        if key.startswith("care."):
            group, _, last = key.removeprefix("care.").partition(".")
            said = f'"{group}.{last}"' if last else f'"{group}"'
            assert (
                said in source
                or (f'f"{group}.{{' in source and f'"{last}"' in source)
                or last in (*("up", "down", "portal", "limited"),)
            ), key


def test_an_uploader_that_grows_stops_and_says_why(config: TerminalConfig, tmp_path: Path) -> None:
    clock, logbook, stop, grown = ManualClock(), MemoryLogbook(), Stop(), list[Reason]()
    tree, own = Tree(tmp_path / "machine"), f"proc/{os.getpid()}"
    put(tree.root, f"{own}/status", "VmRSS:\t 90000 kB\nThreads:\t 400\n")
    put(tree.root, f"{own}/fd/0", "")
    watchdog = Watchdog("", 10.0, clock)
    roomy = config.model_copy(update={"care": Care(threads_most=401)})
    for limits in (roomy, config):
        assert not stop.is_set()
        alive = gets_on(limits, clock, logbook, watchdog, stop, grown, tree)
        alive()
        clock.turn(3600)
        alive()
    assert (stop.is_set(), grown) == (True, [Reason.THREADS])
    assert [event for event, _ in logbook.lines] == [Event.GROWTH_FOUND]
