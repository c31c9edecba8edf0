"""What somebody between publisher and terminal, or with one stolen key, may try: each is refused with its code."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from ground.clock import ManualClock, RealClock
from tests.tools.release.publishing import OFFLINE, Publisher, Server
from tools.release.errors import (
    KeysMissing,
    Mixed,
    NotReached,
    OlderOffered,
    Stale,
    Untrusted,
    WrongContent,
)
from tools.release.keyring import new_key, signer
from tools.release.repository import Repository
from tools.release.trusted import Source, Trusted

Terminal = Callable[..., Trusted]


def _package(publisher: Publisher) -> Path:
    return next((publisher.folder / "targets/releases").glob("*.deb"))


def _metadata(publisher: Publisher, name: str) -> Path:
    return max((publisher.folder / "metadata").glob(f"*{name}.json"), key=lambda path: path.name)


def test_what_is_signed_is_found_and_comes_whole(
    server: Server, publisher: Publisher, terminal: Terminal, tmp_path: Path
) -> None:
    asked = terminal(server.url)
    offer = asked.offer("stable")
    assert (offer.version, offer.architecture, offer.database) == ("1.1.0", "amd64", 3)
    place = asked.package(offer, tmp_path / "there/release.deb")
    assert place.read_bytes() == _package(publisher).read_bytes()
    asked.mirror(offer, tmp_path / "mirror")
    again = terminal(folder=tmp_path / "mirror")  # what one fetched, another may judge anew
    assert again.offer("stable") == offer


def test_a_cut_line_goes_on_where_it_was(
    server: Server, publisher: Publisher, terminal: Terminal, tmp_path: Path
) -> None:
    server.cut_after = 70_000
    place = tmp_path / "release.deb"
    for _ in range(2):
        asked = terminal(server.url)
        with pytest.raises(NotReached):
            asked.package(asked.offer("stable"), place)
        assert not place.exists()
    asked = terminal(server.url)
    asked.package(asked.offer("stable"), place)
    assert place.read_bytes() == _package(publisher).read_bytes()
    ranges = [range_ for path, range_ in server.asked if path.endswith(".deb")]
    assert ranges == ["", "bytes=70000-", "bytes=140000-"]


def test_another_content_under_the_right_name(
    server: Server, publisher: Publisher, terminal: Terminal, tmp_path: Path
) -> None:
    package = _package(publisher)
    right = package.read_bytes()
    package.write_bytes(b"X" + right[1:])
    for _ in range(2):
        asked = terminal(server.url)
        with pytest.raises(WrongContent):
            asked.package(asked.offer("stable"), tmp_path / "release.deb")
        assert list((tmp_path / "state/work").glob("*.part")) == []
        assert not (tmp_path / "release.deb").exists()
    package.write_bytes(right)
    asked = terminal(server.url)
    assert asked.package(asked.offer("stable"), tmp_path / "release.deb").read_bytes() == right


@pytest.mark.parametrize("endless", ["timestamp.json", "stable.json", ".deb"])
def test_data_without_an_end(endless: str, server: Server, terminal: Terminal, tmp_path: Path) -> None:
    server.endless = endless
    asked = terminal(server.url)
    with pytest.raises(WrongContent):
        asked.package(asked.offer("stable"), tmp_path / "release.deb")
    assert not (tmp_path / "release.deb").exists()


def test_an_older_state_is_brought_back(server: Server, publisher: Publisher, terminal: Terminal) -> None:
    before = publisher.folder.with_name("before")
    shutil.copytree(publisher.folder, before)
    publisher.publish("1.2.0")
    assert terminal(server.url).offer("stable").version == "1.2.0"
    server.folder = before
    with pytest.raises(OlderOffered):
        terminal(server.url).offer("stable")


def test_newer_releases_are_withheld(server: Server, publisher: Publisher, terminal: Terminal) -> None:
    long_ago = ManualClock(RealClock().now() - timedelta(days=15))
    Repository(publisher.folder, long_ago).refresh(publisher.signer("online"))
    with pytest.raises(Stale):
        terminal(server.url).offer("stable")
    publisher.repository.refresh(publisher.signer("online"))
    assert terminal(server.url).offer("stable").version == "1.1.0"


@pytest.mark.parametrize("name", ["snapshot", "releases"])
def test_files_of_two_moments(name: str, server: Server, publisher: Publisher, terminal: Terminal) -> None:
    old = _metadata(publisher, name).read_bytes()
    publisher.publish("1.2.0")
    _metadata(publisher, name).write_bytes(old)
    with pytest.raises((Mixed, WrongContent)) as refused:
        terminal(server.url).offer("stable")
    assert refused.value.code in ("P105", "P106")


def test_somebody_else_publishes(server: Server, terminal: Terminal, tmp_path: Path) -> None:
    other = Publisher(tmp_path / "other", RealClock())
    other.begin()
    other.publish("6.6.6")
    server.folder = other.folder
    with pytest.raises(Untrusted):
        terminal(server.url).offer("stable")


def test_the_key_on_the_server_alone_releases_nothing(publisher: Publisher) -> None:
    with pytest.raises(Untrusted):
        publisher.publish("6.6.6", key="online")


def test_one_of_two_signatures_changes_no_keys(
    server: Server, publisher: Publisher, terminal: Terminal
) -> None:
    new_key(publisher.keys, "release2", "")
    publisher.repository.draft(publisher.holders(release="release2"))
    assert publisher.repository.sign(publisher.signer(OFFLINE[0])) == {"root": False, "targets": False}
    shutil.copy(publisher.folder / "pending/root.json", publisher.folder / "metadata/2.root.json")
    with pytest.raises(Untrusted):
        terminal(server.url).offer("stable")


def test_keys_are_rotated(server: Server, publisher: Publisher, terminal: Terminal) -> None:
    assert terminal(server.url).offer("stable").version == "1.1.0"
    for name in ("dora", "release2"):
        new_key(publisher.keys, name, "")
    publisher.repository.draft(publisher.holders("bo", "chen", "dora", release="release2"))
    for name in ("dora", "bo"):  # both count for the new; of the old holders only one has signed so far
        done = publisher.repository.sign(publisher.signer(name))
    assert done == {"root": False, "targets": True}
    assert publisher.repository.sign(publisher.signer("chen")) == {"root": True, "targets": True}
    with pytest.raises(Untrusted):
        publisher.publish("1.2.0")  # the old key no longer releases
    publisher.publish("1.2.0", key="release2")
    assert terminal(server.url).offer("stable").version == "1.2.0"


def test_a_stick_says_the_same_and_its_links_lead_nowhere(
    publisher: Publisher, terminal: Terminal, tmp_path: Path
) -> None:
    asked = terminal(folder=publisher.folder)
    place = asked.package(asked.offer("stable"), tmp_path / "release.deb")
    assert place.read_bytes() == _package(publisher).read_bytes()
    timestamp = publisher.folder / "metadata/timestamp.json"
    timestamp.unlink()
    timestamp.symlink_to("/etc/hostname")
    with pytest.raises(NotReached):
        terminal(folder=publisher.folder).offer("stable")


def test_a_server_that_keeps_us_waiting_is_left(server: Server, publisher: Publisher, tmp_path: Path) -> None:
    clock = ManualClock()
    server.drips = lambda: (clock.turn(30.0), RealClock().wait(0.002))
    asked = Trusted(tmp_path / "slow", publisher.root, Source(server.url), clock)
    with pytest.raises(NotReached):
        asked.package(asked.offer("stable"), tmp_path / "release.deb")
    asked.close()
    part = next((tmp_path / "slow/work").glob("*.part"))
    assert 0 < part.stat().st_size < 30_000, "and what came is kept"


def test_a_silent_server_is_told_as_such(terminal: Terminal) -> None:
    with pytest.raises(NotReached):
        terminal("http://127.0.0.1:9").offer("stable")


def test_a_sealed_key_needs_its_words(tmp_path: Path) -> None:
    path = new_key(tmp_path, "anna", "horse battery")
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED" in path.read_bytes()
    for words in ("", "donkey"):
        with pytest.raises(KeysMissing):
            signer(path, words)
    with pytest.raises(KeysMissing):
        new_key(tmp_path, "anna", "another")
    assert signer(path, "horse battery").public_key.keyid
