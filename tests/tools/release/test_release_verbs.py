"""The verbs of `release`, as a publisher and a technician type them; and an outbox that a newer release has changed."""

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from config.load import load_config
from ground.clock import RealClock
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from kiosk.journey.show import CHINA
from tests.system.cases import invented_case
from tests.tools.release.hall import Hall, systemd
from tests.tools.release.publishing import Publisher, serving
from tools.assemble import open_outbox
from tools.cli import main

_CONFIGURATION = """\
[site]
name = "示例服务点"
[terminal]
id = "release"
name = "示例终端"
[platform]
url = "http://127.0.0.1:9"
recipients = ["{recipient}"]
[storage]
data_folder = "{data}"
[release]
url = "{url}"
folder = "{opt}"
root_file = "{root}"
"""


def _configured(hall: Hall, url: str, root: Path) -> Path:
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    told = {"data": hall.data, "opt": hall.tree.folder, "url": url, "root": root, "recipient": recipient}
    path = hall.place / "terminal.toml"
    path.write_text(_CONFIGURATION.format(**told), encoding="utf-8")
    return path


@dataclass(frozen=True)
class Said:
    """How a verb ended and what it said."""

    code: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        return json.loads(self.stdout)


Typed = Callable[..., Said]


@pytest.fixture
def kiosk(capsys: pytest.CaptureFixture[str]) -> Typed:
    """`run_kiosk.py ARGUMENTS…`, in this process: each process costs a second of imports."""

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        code = main([str(each) for each in arguments])
        return Said(code, *capsys.readouterr())

    return run


def test_from_the_publisher_to_a_terminal(tmp_path: Path, kiosk: Typed) -> None:
    hall = Hall(tmp_path)
    hall.install("1.0")
    hall.tree.turn("1.0")
    keys, repository = tmp_path / "keys", tmp_path / "repository"
    for name in ("anna", "release", "online"):
        assert kiosk("release", "keys", "new", name, "--out", keys).code == 0
    public = ["--release", keys / "release.pub", "--online", keys / "online.pub", "--repository", repository]
    assert (
        kiosk("release", "keys", "draft", "--offline", keys / "anna.pub", "--threshold", 1, *public).code == 0
    )
    assert kiosk("release", "keys", "sign", "--key", keys / "anna.key", "--repository", repository).code == 0
    signed = ["--key", keys / "release.key", "--online", keys / "online.key", "--repository", repository]
    published = kiosk("release", "publish", hall.package("1.1"), *signed)
    assert (published.code, published.stderr) == (0, "")
    with serving(repository) as server:
        config = _configured(hall, server.url, repository / "metadata/1.root.json")
        asked = ("--json", "--config", config)
        assert kiosk("release", "check", *asked).json() == {"done": "newer", "version": "1.1", "newer": True}
        assert kiosk("release", "fetch", *asked).json()["done"] == "fetched"
    shutil.rmtree(hall.data / "releases/seen")  # root believes nothing of what the terminal's user holds
    assert kiosk("release", "install", *asked).json() == {"done": "installed", "version": "1.1"}
    told = kiosk("release", "status", *asked).json()
    assert (told["current"], told["wanted"], told["installed"]) == ("1.0", "1.1", ["1.0", "1.1"])
    refused = kiosk("release", "rollback", *asked)
    assert (refused.code, refused.json()["code"]) == (1, "P111")
    log = "".join(path.read_text("utf-8") for path in (hall.data / "log").glob("*.jsonl"))
    assert '"release_fetched"' in log and '"release_installed"' in log


def test_after_a_return_nothing_that_was_handed_in_is_lost(tmp_path: Path, kiosk: Typed) -> None:
    hall = Hall(tmp_path)
    path = _configured(hall, "http://127.0.0.1:9", tmp_path / "root.json")
    config, clock = load_config(path, None, {}), RealClock()
    outbox = open_outbox(config, clock)
    CaseDesk(outbox, Health(clock), "sample").hand_in(invented_case(random.Random(8)))
    outbox.close()
    with sqlite3.connect(hall.data / "outbox.sqlite") as db:  # as a newer release would have left it
        db.execute("ALTER TABLE cases RENAME COLUMN local_number TO number_here")
        db.execute("PRAGMA user_version = 99")
    db.close()
    shown = kiosk("outbox", "status", "--config", path)
    assert (shown.code, "S120" in shown.stderr) == (1, True), "an older release leaves it alone"
    assert kiosk("release", "readable", "--json", "--config", path).json() == {"done": "rebuilt"}
    assert kiosk("release", "readable", "--json", "--config", path).json() == {"done": "readable"}
    assert kiosk("outbox", "status", "--json", "--config", path).json()["waiting"] == 1
    aside = [
        each for each in hall.data.glob("outbox.sqlite.damaged-*") if each.name[-4:] not in ("-wal", "-shm")
    ]
    assert len(aside) == 1
    with sqlite3.connect(aside[0]) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (99,)
    db.close()


def _quiet(config: Path, begins: str, ends: str) -> None:
    kept = config.read_text("utf-8").partition("quiet_from")[0]
    said = f'quiet_from = "{begins}"\nquiet_until = "{ends}"\nprobation_h = 0\n'
    config.write_text(kept + said, encoding="utf-8")


def test_at_night_it_all_goes_by_itself(tmp_path: Path, kiosk: Typed, published: Publisher) -> None:
    hall, publisher = Hall(tmp_path), published.copy(tmp_path / "publisher")
    hall.install("1.2")
    hall.tree.turn("1.2")
    publisher.release(hall.package("1.3"))
    config = _configured(hall, "http://127.0.0.1:9", publisher.folder / "metadata/1.root.json")
    asked = ("--json", "--config", config)
    assert kiosk("release", "fetch", "--from", publisher.folder, *asked).json()["done"] == "fetched"
    now = RealClock().now().astimezone(CHINA)
    quiet = [(now + timedelta(hours=hours)).strftime("%H:%M") for hours in (-1, 1, 2)]
    with systemd(hall):
        health = hall.guard()._health
        hall.until(lambda: not health.look(hall.tree.release("1.2")).failing, "1.2 at work")
        _quiet(config, *quiet[1:])
        by_day = kiosk("release", "tend", *asked)
        assert (by_day.json()["current"], by_day.json()["wanted"]) == ("1.2", "1.3"), "only put beside"
        _quiet(config, *quiet[:2])
        told = kiosk("release", "tend", *asked).json()
    assert (told["current"], told["good"], told["trial"]) == ("1.3", "1.3", None)
    events = kiosk("log", "show", *asked).stdout
    for event in ("fetched", "installed", "switched", "well", "confirmed"):
        assert f"release_{event}" in events
