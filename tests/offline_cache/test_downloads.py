"""Signed downloads: believed only when signed and newer, switched whole, the old one kept through every failure."""

import base64
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend import clock as platform_clock
from backend.downloads import Downloads as Published
from backend.downloads import Unpublishable, folder_content, recipients_content
from backend.publisher import Publisher
from ground.clock import ManualClock
from offline_cache.downloads import Downloads, Unfit
from offline_cache.errors import BadDownload, NotDurable, Unreachable
from offline_cache.keys import PublicKey
from offline_cache.outbox import Outbox
from offline_cache.recipients import NAME, KnownRecipients, read_list
from offline_cache.spool import Spool

FIRST = {"a.yaml": b"one", "deep/b.yaml": b"two"}
SECOND = {"a.yaml": b"one", "deep/c.yaml": b"three"}


class Shop:
    """The platform's side, asked as over the network; what it answers can be bent."""

    def __init__(self, folder: Path) -> None:
        self.clock = platform_clock.ManualClock()
        self.publisher = Publisher.kept(folder.parent / "publisher.key")
        self.published = Published(folder, self.publisher, self.clock)
        self.twist: Callable[[bytes], bytes] = lambda signed: signed
        self.twist_file: Callable[[bytes], bytes] = lambda content: content
        self.asked: list[str] = []

    def download(self, name: str) -> bytes:
        return self.twist(self.published.signed_list(name) or b"")

    def downloaded_file(self, name: str, sha256: str, most_bytes: int) -> bytes:
        self.asked.append(sha256)
        content = self.published.file(name, sha256)
        assert content is not None and len(content) <= most_bytes
        return self.twist_file(content)

    @property
    def key(self) -> PublicKey:
        return PublicKey.parse(self.publisher.public)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "platform")


@pytest.fixture
def downloads(tmp_path: Path, shop: Shop) -> Downloads:
    return Downloads(tmp_path / "terminal", [shop.key])


def content(downloads: Downloads, name: str = "catalogue") -> dict[str, bytes]:
    held = downloads.held(name)
    assert held is not None
    found = folder_content(held.folder)
    del found["list.json"]
    return found


def fine(folder: Path) -> None:
    """Nothing is wrong with it."""


def test_versions_follow_one_another(shop: Shop, downloads: Downloads) -> None:
    assert downloads.refresh(shop, "catalogue", fine) is None
    assert shop.published.publish("catalogue", FIRST) == 1
    taken = downloads.refresh(shop, "catalogue", fine)
    assert taken is not None and (taken.version, taken.made_at) == (1, shop.clock.now())
    assert content(downloads) == FIRST
    stamp = downloads.stamp("catalogue")
    assert downloads.refresh(shop, "catalogue", fine) is None
    assert shop.published.publish("catalogue", FIRST) == 1  # the same again is no new version
    shop.asked.clear()
    assert shop.published.publish("catalogue", SECOND) == 2
    assert downloads.refresh(shop, "catalogue", fine) is not None
    assert content(downloads) == SECOND
    assert len(shop.asked) == 1  # a.yaml is here already
    assert downloads.stamp("catalogue") != stamp


def told(signed: bytes) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(signed)
    return said


def resigned(shop: Shop, **instead: Any) -> Callable[[bytes], bytes]:
    """Changes members of the list, and signs it with the platform's own key."""

    def change(signed: bytes) -> bytes:
        payload = json.loads(base64.b64decode(told(signed)["payload"])) | instead
        return shop.publisher.signed(json.dumps(payload).encode())

    return change


def of_a_stranger(signed: bytes) -> bytes:
    said = told(signed)
    said["signatures"][0]["keyid"] = "0" * 16
    return json.dumps(said).encode()


def with_other_signature(signed: bytes) -> bytes:
    said = told(signed)
    said["signatures"][0]["sig"] = base64.b64encode(bytes(64)).decode()
    return json.dumps(said).encode()


def with_other_payload(signed: bytes) -> bytes:
    said = told(signed)
    payload = json.loads(base64.b64decode(said["payload"])) | {"version": 9}
    return json.dumps(said | {"payload": base64.b64encode(json.dumps(payload).encode()).decode()}).encode()


def of_another_kind(signed: bytes) -> bytes:
    return json.dumps(told(signed) | {"payloadType": "text/plain"}).encode()


@pytest.mark.parametrize(
    ("twist", "why"),
    [
        (of_a_stranger, "publisher"),
        (with_other_signature, "signature"),
        (with_other_payload, "signature"),
        (of_another_kind, "signature"),
        (lambda signed: b"<html>log in</html>", "signature"),
        (lambda signed: b"[]", "signature"),
        (lambda signed: json.dumps(told(signed) | {"signatures": []}).encode(), "publisher"),
    ],
)
def test_what_is_not_signed_leaves_the_old_one_in_place(
    shop: Shop, downloads: Downloads, twist: Callable[[bytes], bytes], why: str
) -> None:
    shop.published.publish("catalogue", FIRST)
    downloads.refresh(shop, "catalogue", fine)
    shop.published.publish("catalogue", SECOND)
    shop.twist = twist
    with pytest.raises(BadDownload) as raised:
        downloads.refresh(shop, "catalogue", fine)
    assert raised.value.facts["why"] == why
    assert content(downloads) == FIRST
    shop.twist = lambda signed: signed
    assert downloads.refresh(shop, "catalogue", fine) is not None


@pytest.mark.parametrize(
    "instead",
    [
        {"name": "config"},
        {"schema": 2},
        {"files": []},
        {"files": [{"path": "../out", "sha256": "0" * 64, "bytes": 1}]},
        {"files": [{"path": "/etc/out", "sha256": "0" * 64, "bytes": 1}]},
        {"files": [{"path": "list.json", "sha256": "0" * 64, "bytes": 1}]},
        {"files": [{"path": "a", "sha256": "0" * 64, "bytes": 1}] * 2},
        {"files": [{"path": "a", "sha256": "0" * 64, "bytes": 10**9}]},
        {"made_at": "yesterday"},
    ],
)
def test_a_list_that_makes_no_sense_is_not_followed_although_it_is_signed(
    shop: Shop, downloads: Downloads, tmp_path: Path, instead: dict[str, Any]
) -> None:
    shop.published.publish("catalogue", FIRST)
    shop.twist = resigned(shop, **instead)
    with pytest.raises(BadDownload) as raised:
        downloads.refresh(shop, "catalogue", fine)
    assert raised.value.facts["why"] == "content"
    assert downloads.held("catalogue") is None
    assert not (tmp_path / "out").exists()


def test_an_older_list_is_never_taken_back(shop: Shop, downloads: Downloads) -> None:
    shop.published.publish("catalogue", FIRST)
    old = shop.published.signed_list("catalogue")
    assert old is not None
    downloads.refresh(shop, "catalogue", fine)
    shop.published.publish("catalogue", SECOND)
    downloads.refresh(shop, "catalogue", fine)
    shop.twist = lambda signed: old
    with pytest.raises(BadDownload) as raised:
        downloads.refresh(shop, "catalogue", fine)
    assert (raised.value.facts["why"], raised.value.facts["offered"], raised.value.facts["here"]) == (
        "version",
        1,
        2,
    )
    assert content(downloads) == SECOND


def test_nor_when_the_version_in_use_was_lost(shop: Shop, downloads: Downloads) -> None:
    shop.published.publish("catalogue", FIRST)
    old = shop.published.signed_list("catalogue")
    assert old is not None
    shop.published.publish("catalogue", SECOND)
    taken = downloads.refresh(shop, "catalogue", fine)
    assert taken is not None
    (taken.folder / "a.yaml").write_bytes(b"harmed")
    assert downloads.held("catalogue") is None
    shop.twist = lambda signed: old
    with pytest.raises(BadDownload):
        downloads.refresh(shop, "catalogue", fine)
    shop.twist = lambda signed: signed
    assert downloads.refresh(shop, "catalogue", fine) is not None  # the same version is fetched again
    assert content(downloads) == SECOND


def test_other_bytes_than_listed_are_not_taken(shop: Shop, downloads: Downloads, tmp_path: Path) -> None:
    shop.published.publish("catalogue", FIRST)
    downloads.refresh(shop, "catalogue", fine)
    shop.published.publish("catalogue", SECOND)
    shop.twist_file = lambda content: content[:-1]
    with pytest.raises(BadDownload) as raised:
        downloads.refresh(shop, "catalogue", fine)
    assert raised.value.facts["file"] == "deep/c.yaml"
    assert content(downloads) == FIRST
    assert sorted(path.name for path in (tmp_path / "terminal" / "catalogue").iterdir()) == [
        "1",
        "current",
        "floor",
    ]


def test_what_does_not_pass_its_check_is_not_used_and_not_fetched_again(
    shop: Shop, downloads: Downloads
) -> None:
    def unfit(folder: Path) -> None:
        if (folder / "deep" / "c.yaml").exists():
            raise Unfit("a matter twice")

    shop.published.publish("catalogue", FIRST)
    downloads.refresh(shop, "catalogue", unfit)
    shop.published.publish("catalogue", SECOND)
    with pytest.raises(BadDownload) as raised:
        downloads.refresh(shop, "catalogue", unfit)
    assert (raised.value.facts["why"], raised.value.facts["said"]) == ("check", "a matter twice")
    asked = len(shop.asked)
    assert downloads.refresh(shop, "catalogue", unfit) is None
    assert len(shop.asked) == asked
    assert content(downloads) == FIRST
    shop.published.publish("catalogue", FIRST)  # the platform takes it back by a newer version
    taken = downloads.refresh(shop, "catalogue", unfit)
    assert taken is not None and taken.version == 3


def test_a_cut_in_the_middle_changes_nothing(shop: Shop, downloads: Downloads) -> None:
    def cut(content: bytes) -> bytes:
        raise Unreachable(why="cut")

    shop.published.publish("catalogue", FIRST)
    downloads.refresh(shop, "catalogue", fine)
    shop.published.publish("catalogue", SECOND)
    shop.twist_file = cut
    with pytest.raises(Unreachable):
        downloads.refresh(shop, "catalogue", fine)
    assert content(downloads) == FIRST
    shop.twist_file = lambda content: content
    assert downloads.refresh(shop, "catalogue", fine) is not None


@settings(max_examples=int(os.environ.get("KIOSK_EXAMPLES", "12")), deadline=None)
@given(st.integers(min_value=0, max_value=60))
def test_killed_at_any_step_one_whole_version_is_in_use(
    tmp_path_factory: pytest.TempPathFactory, steps: int
) -> None:
    """What a kill leaves: every operation on the folder up to the n-th, none after it."""
    folder = tmp_path_factory.mktemp("killed")
    shop = Shop(folder / "platform")
    shop.published.publish("catalogue", FIRST)
    Downloads(folder / "terminal", [shop.key]).refresh(shop, "catalogue", fine)
    shop.published.publish("catalogue", SECOND)
    child = os.fork()
    if child == 0:
        _die_after(steps, folder / "terminal", shop)
    os.waitpid(child, 0)
    after = Downloads(folder / "terminal", [shop.key])
    assert content(after) in (FIRST, SECOND)
    after.refresh(shop, "catalogue", fine)
    assert content(after) == SECOND


def _die_after(steps: int, folder: Path, shop: Shop) -> None:
    """In a child: refresh, and die at the n-th audited operation (PEP 578) on a file of `folder`."""
    import sys

    left = steps

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event in ("open", "os.rename", "os.mkdir", "os.symlink", "os.remove", "os.rmdir") and str(
            arguments[0]
        ).startswith(str(folder)):
            left -= 1
            if left < 0:
                os._exit(9)

    sys.addaudithook(watch)
    try:
        Downloads(folder, [shop.key]).refresh(shop, "catalogue", fine)
    finally:
        os._exit(0)


def test_a_disk_that_fails_keeps_the_old_one(shop: Shop, downloads: Downloads, tmp_path: Path) -> None:
    shop.published.publish("catalogue", FIRST)
    downloads.refresh(shop, "catalogue", fine)
    shop.published.publish("catalogue", SECOND)
    blocked = tmp_path / "terminal" / "catalogue" / "current.new"
    blocked.mkdir()
    (blocked / "in the way").touch()
    with pytest.raises(NotDurable):
        downloads.refresh(shop, "catalogue", fine)
    assert content(downloads) == FIRST


def test_old_versions_do_not_pile_up(shop: Shop, downloads: Downloads, tmp_path: Path) -> None:
    for number in range(5):
        shop.published.publish("catalogue", {"a": str(number).encode()})
        downloads.refresh(shop, "catalogue", fine)
    kept = sorted(path.name for path in (tmp_path / "terminal" / "catalogue").iterdir())
    assert kept == ["4", "5", "current", "floor"]


@pytest.mark.parametrize(
    "files", [{}, {"../a": b""}, {"a b": b""}, {"list.json": b""}, {"a": bytes(5 * 1024 * 1024)}]
)
def test_the_platform_publishes_nothing_that_terminals_would_not_take(
    shop: Shop, files: dict[str, bytes]
) -> None:
    with pytest.raises(Unpublishable):
        shop.published.publish("catalogue", files)
    with pytest.raises(Unpublishable):
        shop.published.publish("elsewhere", FIRST)


# --- the keys to seal to ---


def new_key() -> str:
    return str(pyrage.x25519.Identity.generate().to_public())


def publish(shop: Shop, *recipients: tuple[str, datetime | None]) -> None:
    told = [{"key": key, "until": None if until is None else until.isoformat()} for key, until in recipients]
    shop.published.publish(NAME, recipients_content(told))


def test_the_platforms_list_replaces_what_enrolment_gave_at_once(shop: Shop, downloads: Downloads) -> None:
    enrolled, changed = new_key(), new_key()
    known = KnownRecipients([enrolled], downloads, ManualClock())
    assert known().keys == (enrolled,)
    publish(shop, (changed, None))
    downloads.refresh(shop, NAME, read_list)
    assert known().keys == (changed,)


def test_what_has_expired_is_left_out_while_something_has_not(shop: Shop, downloads: Downloads) -> None:
    clock = ManualClock()
    old, new = new_key(), new_key()
    publish(shop, (old, clock.now() + timedelta(days=5)), (new, clock.now() + timedelta(days=50)))
    downloads.refresh(shop, NAME, read_list)
    known = KnownRecipients([], downloads, clock)
    assert known().keys == (old, new)
    assert (known.outlook().days_left, known.outlook().soon) == (50, False)
    clock.turn(6 * 86400)
    assert known().keys == (new,)
    clock.turn(20 * 86400)
    assert (known.outlook().days_left, known.outlook().soon, known.outlook().code) == (24, True, "")


def test_when_all_have_expired_nothing_is_lost_and_it_is_said(
    shop: Shop, downloads: Downloads, tmp_path: Path
) -> None:
    clock = ManualClock()
    identity = pyrage.x25519.Identity.generate()
    publish(shop, (str(identity.to_public()), clock.now() + timedelta(days=1)))
    downloads.refresh(shop, NAME, read_list)
    known = KnownRecipients([], downloads, clock)
    clock.turn(3 * 86400)
    assert (known.outlook().code, known.outlook().expired, known.outlook().days_left) == ("S110", True, -2)
    outbox = Outbox(
        tmp_path / "outbox.sqlite", Spool(tmp_path / "spool", reserve_bytes=0), clock, recipients=known
    )
    draft = outbox.keep_draft("visit", 1, b"her page")  # she stands before the machine: nothing fails
    (file,) = (tmp_path / "drafts").glob("*.age")
    assert file.name == draft.file
    with Spool(tmp_path / "drafts").open(draft.file) as sealed:
        assert pyrage.decrypt(sealed.read(), [identity]) == b"her page"
    outbox.close()


def test_a_clock_that_is_known_to_be_wrong_proves_no_expiry(shop: Shop, downloads: Downloads) -> None:
    clock = ManualClock()
    publish(shop, (new_key(), clock.now() + timedelta(days=1)))
    downloads.refresh(shop, NAME, read_list)
    known = KnownRecipients([], downloads, clock)
    clock.set_wall(datetime(2099, 1, 1, tzinfo=UTC))
    assert known.outlook().code == "S110"
    assert known.outlook(clock_is_wrong=True).code == ""
    assert known() is not None


def test_the_next_thing_that_is_sealed_is_sealed_to_the_new_key(
    shop: Shop, downloads: Downloads, tmp_path: Path
) -> None:
    old, new = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    clock = ManualClock()
    known = KnownRecipients([str(old.to_public())], downloads, clock)
    outbox = Outbox(
        tmp_path / "outbox.sqlite", Spool(tmp_path / "spool", reserve_bytes=0), clock, recipients=known
    )
    outbox.keep_draft("visit", 1, b"first")
    publish(shop, (str(new.to_public()), None))
    downloads.refresh(shop, NAME, read_list)
    draft = outbox.keep_draft("visit", 2, b"second")
    with Spool(tmp_path / "drafts").open(draft.file) as sealed:
        opened = sealed.read()
    assert pyrage.decrypt(opened, [new]) == b"second"
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(opened, [old])
    outbox.close()


@pytest.mark.parametrize(
    "said", [{"recipients": []}, {"recipients": [{"key": "AGE-SECRET-KEY-1"}]}, {"schema": 2}]
)
def test_a_list_that_could_not_be_sealed_to_is_unfit(tmp_path: Path, said: dict[str, Any]) -> None:
    whole = {"schema": 1, "recipients": [{"key": new_key()}]} | said
    (tmp_path / "recipients.json").write_text(json.dumps(whole), encoding="ascii")
    with pytest.raises(Unfit):
        read_list(tmp_path)
    with pytest.raises(Unfit):
        read_list(tmp_path / "nowhere")
