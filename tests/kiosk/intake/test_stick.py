"""A stranger's USB stick: what is offered, what is refused, and that nothing but reading ever happens."""

import os
from pathlib import Path

import pytest

from kiosk.capture.unreadable import Reason, Unreadable
from kiosk.intake.mounts import MOUNT_TABLE, mounts, stick_in
from kiosk.intake.stick import FileKind, Stick, StickGone, StickRules, StickUnsafe, kind_of, shortened
from tests.kiosk.intake.brought_files import PAGE_OF_THE_WEB, PROGRAM, jpeg, pdf, printed

SAFE = "ro,nosuid,nodev,noexec,relatime"
PICTURE = jpeg(printed(124, 175))


def table(folder: Path, options: str = SAFE, number: int = 77) -> str:
    escaped = str(folder).replace(" ", "\\040")
    return (
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        f"{number} 22 8:17 / {escaped} {options} shared:9 - vfat /dev/sdb1 ro,iocharset=utf8\n"
    )


class Slot:
    """A folder that plays the USB slot, and a table of mounts that says what is in it."""

    def __init__(self, folder: Path) -> None:
        self.media, self.table = folder / "media", folder / "mountinfo"
        self.root = self.media / "sdb1"
        self.root.mkdir(parents=True)
        self.put_in()

    def put_in(self, options: str = SAFE, number: int = 77) -> None:
        self.table.write_text(table(self.root, options, number), encoding="utf-8")

    def pull_out(self) -> None:
        self.table.write_text("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n", encoding="utf-8")

    def stick(self, **rules: int) -> Stick:
        return Stick(self.media, StickRules(**rules), self.table)


@pytest.fixture
def slot(tmp_path: Path) -> Slot:
    return Slot(tmp_path)


def names(stick: Stick) -> set[str]:
    return {"/".join(file.parts) for file in stick.files()}


# --- the table of mounts ---


def test_a_stick_comes_and_goes(slot: Slot) -> None:
    stick = slot.stick()
    mount = stick.mount()
    assert mount is not None and mount.number == "77" and mount.safe
    slot.pull_out()
    assert stick.mount() is None
    with pytest.raises(StickGone):
        stick.files()
    slot.put_in(number=81)
    again = stick.mount()
    assert again is not None and again.number == "81"


def test_a_place_with_a_blank_in_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "MY STICK"
    (tmp_path / "t").write_text(table(folder), encoding="utf-8")
    found = stick_in(tmp_path, tmp_path / "t")
    assert found is not None and found.point == str(folder)


def test_mounts_elsewhere_and_odd_lines_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "t").write_text("\nx\n1 2 3\n" + table(tmp_path / "media" / "a" / "b"), encoding="utf-8")
    assert stick_in(tmp_path / "media", tmp_path / "t") is None
    assert len(mounts((tmp_path / "t").read_text())) == 2


def test_without_a_table_there_is_no_stick(tmp_path: Path) -> None:
    assert Stick(tmp_path, StickRules(), tmp_path / "none").mount() is None


def test_the_kernels_own_table_is_understood() -> None:
    assert "/" in {mount.point for mount in mounts(MOUNT_TABLE.read_text())}


@pytest.mark.parametrize(
    "options", ["rw,nosuid,nodev,noexec", "ro,nosuid,nodev", "ro,nodev,noexec", "ro,nosuid,noexec"]
)
def test_one_that_is_not_mounted_safely_is_not_looked_at(slot: Slot, options: str) -> None:
    (slot.root / "a.jpg").write_bytes(PICTURE)
    slot.put_in(options)
    with pytest.raises(StickUnsafe):
        slot.stick().files()


# --- what is offered ---


def test_by_content_and_never_by_name(slot: Slot) -> None:
    (slot.root / "holiday.jpg").write_bytes(PICTURE)
    (slot.root / "no-ending").write_bytes(PICTURE)
    (slot.root / "really-a-pdf.txt").write_bytes(pdf(1))
    (slot.root / "photo.jpg.exe").write_bytes(PROGRAM)
    (slot.root / "virus.jpg").write_bytes(PROGRAM)
    (slot.root / "page.png").write_bytes(PAGE_OF_THE_WEB)
    (slot.root / "run.pdf").write_bytes(b"#!/bin/sh\n")
    (slot.root / "elf.jpg").write_bytes(b"\x7fELF" + bytes(100))
    (slot.root / "empty.jpg").touch()
    assert names(slot.stick()) == {"holiday.jpg", "no-ending", "really-a-pdf.txt"}
    kinds = {file.parts[-1]: file.kind for file in slot.stick().files()}
    assert kinds["really-a-pdf.txt"] is FileKind.PDF and kinds["no-ending"] is FileKind.PICTURE


def test_two_folders_deep_and_no_deeper(slot: Slot) -> None:
    deep = slot.root / "DCIM" / "100MEDIA" / "third"
    deep.mkdir(parents=True)
    for folder in (slot.root, slot.root / "DCIM", slot.root / "DCIM" / "100MEDIA", deep):
        (folder / "a.jpg").write_bytes(PICTURE)
    assert names(slot.stick()) == {"a.jpg", "DCIM/a.jpg", "DCIM/100MEDIA/a.jpg"}


def test_links_pipes_and_hidden_things_are_passed_by(slot: Slot, tmp_path: Path) -> None:
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(PICTURE)
    (slot.root / "link.jpg").symlink_to(secret)
    (slot.root / "folder").symlink_to(tmp_path)
    (slot.root / "up").symlink_to("..")
    os.mkfifo(slot.root / "pipe.jpg")  # opening it without care would wait for ever
    (slot.root / ".hidden.jpg").write_bytes(PICTURE)
    (slot.root / ".Trashes").mkdir()
    (slot.root / ".Trashes" / "gone.jpg").write_bytes(PICTURE)
    assert names(slot.stick()) == set()


def test_newest_first_and_not_too_many(slot: Slot) -> None:
    for number in range(8):
        file = slot.root / f"{number}.jpg"
        file.write_bytes(PICTURE)
        os.utime(file, (1_700_000_000 + number, 1_700_000_000 + number))
    files = slot.stick(most_files=3).files()
    assert [file.parts[0] for file in files] == ["7.jpg", "6.jpg", "5.jpg"]
    assert [file.number for file in files] == [1, 2, 3]


def test_too_large_is_not_offered(slot: Slot) -> None:
    (slot.root / "a.jpg").write_bytes(PICTURE)
    (slot.root / "large.jpg").write_bytes(PICTURE + bytes(25 * 1024 * 1024))
    assert names(slot.stick()) == {"a.jpg"}
    assert names(slot.stick(most_bytes=100)) == set()


def test_names_are_shown_in_part() -> None:
    assert shortened("王小明身份证正面扫描件2026.jpg") == "王小明身…026"
    assert shortened("a.jpg") == "a" and shortened("身份证.pdf") == "身…"
    assert shortened("evil\u202egpj.exe") == "evilg…"  # what turns text round is not shown
    assert "\n" not in shortened("two\nlines-of-text.jpg")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff\xd8",
        b"GIF89a",
        b"PK\x03\x04",
        b"BMW is no picture",
        b"RIFF....WAVE",
        b"\0\0\0\x18ftypheic",
    ],
)
def test_what_is_no_picture(head: bytes) -> None:
    assert kind_of(head) is None


# --- reading ---


def test_read_whole(slot: Slot) -> None:
    (slot.root / "DCIM").mkdir()
    (slot.root / "DCIM" / "a.jpg").write_bytes(PICTURE)
    (file,) = slot.stick().files()
    assert slot.stick().read(file) == PICTURE


def test_another_file_in_its_place_is_not_read(slot: Slot, tmp_path: Path) -> None:
    path = slot.root / "a.jpg"
    path.write_bytes(PICTURE)
    (file,) = slot.stick().files()
    path.unlink()
    (tmp_path / "secret").write_bytes(PICTURE)
    path.symlink_to(tmp_path / "secret")
    with pytest.raises(StickGone):
        slot.stick().read(file)
    path.unlink()
    path.write_bytes(PROGRAM)
    with pytest.raises(Unreadable) as refused:
        slot.stick().read(file)
    assert refused.value.reason is Reason.NOT_THERE


def test_pulled_out_before_it_is_read(slot: Slot) -> None:
    (slot.root / "a.jpg").write_bytes(PICTURE)
    (file,) = slot.stick().files()
    slot.pull_out()
    with pytest.raises(StickGone):
        slot.stick().read(file)


def test_nothing_is_changed_and_nothing_left_open(slot: Slot) -> None:
    (slot.root / "a.jpg").write_bytes(PICTURE)
    (slot.root / "b").mkdir()
    before, held = _state(slot.root), _descriptors()
    for file in slot.stick().files():
        slot.stick().read(file)
    assert _state(slot.root) == before and _descriptors() == held


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _state(folder: Path) -> list[tuple[str, int, int]]:
    return sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*"))
