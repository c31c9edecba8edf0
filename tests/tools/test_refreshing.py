"""How often the terminal asks for downloads, what it notes, and what `doctor` says of keys that expire."""

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from backend import clock as platform_clock
from backend.downloads import Downloads as Published
from backend.downloads import recipients_content
from backend.publisher import Publisher
from config.load import load_config
from config.schema import TerminalConfig
from ground.clock import ManualClock
from ground.logbook import Event, MemoryLogbook
from kiosk.words import Words
from offline_cache.downloads import Downloads
from offline_cache.errors import Revoked, ServerTrouble, Unreachable, UploadError
from offline_cache.keys import PublicKey, TerminalKey
from offline_cache.recipients import NAME, read_list
from tools.assemble import WORDS
from tools.doctor import Check, Doctor
from tools.downloads import EVERY_S, Refresher


class Shop:
    """A platform on the same machine; `trouble` is raised in place of an answer."""

    def __init__(self, folder: Path) -> None:
        self.publisher = Publisher.kept(folder / "publisher.key")
        self.published = Published(folder / "platform", self.publisher, platform_clock.ManualClock())
        self.trouble: UploadError | None = None
        self.twist: Callable[[bytes], bytes] = lambda signed: signed

    def download(self, name: str) -> bytes:
        if self.trouble is not None:
            raise self.trouble
        return self.twist(self.published.signed_list(name) or b"")

    def downloaded_file(self, name: str, sha256: str, most_bytes: int) -> bytes:
        return self.published.file(name, sha256) or b""

    def publish(self, until: datetime | None) -> str:
        key = str(pyrage.x25519.Identity.generate().to_public())
        told = {"key": key, "until": None if until is None else until.isoformat()}
        self.published.publish(NAME, recipients_content([told]))
        return key


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def logbook() -> MemoryLogbook:
    return MemoryLogbook()


@pytest.fixture
def refresher(shop: Shop, logbook: MemoryLogbook, tmp_path: Path) -> Refresher:
    downloads = Downloads(tmp_path / "downloads", [PublicKey.parse(shop.publisher.public)])
    source: Any = shop
    return Refresher(source, downloads, {NAME: read_list}, logbook, random.Random(1))


def test_ten_minutes_spread_by_a_fifth(refresher: Refresher) -> None:
    waits = [refresher.step() for _ in range(50)]
    assert 0.8 * EVERY_S <= min(waits) < 0.9 * EVERY_S < 1.1 * EVERY_S < max(waits) <= 1.2 * EVERY_S


@pytest.mark.parametrize("trouble", [Unreachable(why="dns"), Revoked(status=401), ServerTrouble(status=503)])
def test_trouble_on_the_way_costs_a_growing_wait_and_ends_with_it(
    refresher: Refresher, shop: Shop, trouble: UploadError
) -> None:
    shop.trouble = trouble
    waits = [refresher.step() for _ in range(12)]
    assert waits[0] <= 30.0
    assert 300.0 <= waits[-1] <= EVERY_S
    shop.trouble = None
    assert refresher.step() >= 0.8 * EVERY_S


def test_the_platforms_own_wish_is_kept(refresher: Refresher, shop: Shop) -> None:
    shop.trouble = ServerTrouble(status=503, retry_after_s=1200.0)
    assert refresher.step() >= 1200.0


def test_a_refusal_is_noted_once_and_again_when_it_is_another(
    refresher: Refresher, shop: Shop, logbook: MemoryLogbook
) -> None:
    shop.publish(None)
    shop.twist = lambda signed: signed.replace(b"sig", b"sgi")
    for _ in range(5):
        refresher.step()
    assert [facts["why"] for event, facts in logbook.lines if event is Event.DOWNLOAD_REFUSED] == [
        "signature"
    ]
    stranger = Publisher.kept(Path(shop.published.__dict__["_folder"]) / "stranger.key")
    shop.twist = lambda signed: stranger.signed(b"{}")
    refresher.step()
    refused = [facts["why"] for event, facts in logbook.lines if event is Event.DOWNLOAD_REFUSED]
    assert refused == ["signature", "publisher"]
    shop.twist = lambda signed: signed
    refresher.step()
    assert logbook.lines[-1] == (Event.DOWNLOAD_TAKEN, {"name": NAME, "version": 1})


def test_told_to_stop_it_stops(refresher: Refresher) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=refresher.run, args=(stop,))
    thread.start()
    stop.set()
    thread.join(30.0)
    assert not thread.is_alive()


# --- doctor ---


def doctor(tmp_path: Path, shop: Shop, clock: ManualClock) -> dict[str, Check]:
    file = tmp_path / "terminal.toml"
    file.write_text(
        f"""[site]
name = "示例"
[terminal]
id = "T-1"
name = "示例"
[platform]
url = "http://127.0.0.1:9"
publishers = ["{shop.publisher.public}"]
[storage]
data_folder = "{tmp_path}"
""",
        encoding="utf-8",
    )
    config: TerminalConfig = load_config(file, None, {})
    looking = Doctor(config, Words.load(WORDS, "zh-Hans"), clock)
    round_ = looking.round()
    wanted = (probe for probe in looking._services() if probe.name in ("signing", "recipients"))
    found = {probe.name: round_.look(probe) for probe in wanted}
    return found | {"recipients": looking._warning_soon(found["recipients"])}


def test_doctor_warns_a_month_ahead_and_says_so_when_it_is_too_late(
    tmp_path: Path, shop: Shop, refresher: Refresher
) -> None:
    clock = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
    assert doctor(tmp_path, shop, clock)["recipients"].value == "none before enrolment"
    shop.publish(clock.now() + timedelta(days=40))
    refresher.step()
    said = doctor(tmp_path, shop, clock)["recipients"]
    assert (said.ok, said.hint, said.value) == (True, "", "1 keys, 40 days left, list 1 of the platform")
    clock.turn(15 * 86400)
    said = doctor(tmp_path, shop, clock)["recipients"]
    assert said.ok and "25 天" in said.hint
    clock.turn(30 * 86400)
    said = doctor(tmp_path, shop, clock)["recipients"]
    assert (said.ok, said.code) == (False, "S110")


def test_doctor_knows_the_key_that_signs(tmp_path: Path, shop: Shop) -> None:
    clock = ManualClock()
    assert doctor(tmp_path, shop, clock)["signing"].code == "T104"
    made = TerminalKey.new()
    made.save(tmp_path / "terminal.key")
    assert doctor(tmp_path, shop, clock)["signing"].value == f"key {made.key_id}"
    (tmp_path / "terminal.key").write_bytes(b"")
    assert doctor(tmp_path, shop, clock)["signing"].code == "S109"
