"""The disk under the data folder: written to for good, told read-only, full, worn, failing, or saying nothing."""

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest

from kiosk.care import disk
from kiosk.care.codes import DISK_FAILING, DISK_WORN, LOW_ROOM
from kiosk.care.disk import Space
from kiosk.care.smart import Smart, parse_smart
from kiosk.care.tree import Tree
from offline_cache.errors import DiskFull, ReadOnlyDisk
from tests.kiosk.care import laid_out
from tests.kiosk.care.laid_out import NVME, SATA

GIGA = 10**9
PLENTY = Space(60 * GIGA, 100 * GIGA, 6_000_000, 6_400_000)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data folder"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def tree(tmp_path: Path, data: Path) -> Tree:
    return laid_out.healthy(tmp_path / "machine", data)


# --- writing ---


def test_a_block_is_really_written_and_nothing_of_it_stays(data: Path, tree: Tree) -> None:
    found = disk.writing(data, tree)
    assert (found.said, found.facts, found.code) == ("storage_write.ok", {"kind": "ext4"}, "")
    assert list(data.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "super_options"), [("ro,relatime", "rw"), ("rw,relatime", "ro,errors=remount-ro")]
)
def test_a_mount_that_is_read_only_is_told(data: Path, tree: Tree, options: str, super_options: str) -> None:
    laid_out.mounted(tree.root, data, options=options, super_options=super_options)
    with pytest.raises(ReadOnlyDisk):
        disk.writing(data, tree)


def test_the_mount_nearest_to_the_folder_counts(data: Path, tree: Tree) -> None:
    assert disk.mount_of(data.resolve(), tree) == disk.Mount("8:2", "/dev/sda2", "ext4", False)
    assert disk.mount_of(Path("/run/lock"), tree) == disk.Mount("0:26", "tmpfs", "tmpfs", False)
    assert disk.mount_of(Path("/home"), tree) == disk.Mount("8:1", "/dev/sda1", "ext4", False)


@pytest.mark.parametrize("table", [None, "", "41 22 8:2\n", "nonsense - \n- - -\n"])
def test_without_the_kernels_table_it_is_written_all_the_same(
    data: Path, tree: Tree, table: str | None
) -> None:
    path = tree.path("proc/self/mountinfo")
    path.unlink() if table is None else path.write_text(table, encoding="ascii")
    assert disk.writing(data, tree).facts == {"kind": "?"}


def test_a_folder_that_is_not_there_yet(tmp_path: Path, tree: Tree) -> None:
    assert disk.writing(tmp_path / "none", tree).said == "storage_write.none"
    assert not (tmp_path / "none").exists()


def test_files_of_another_user_are_named(data: Path) -> None:
    (data / "outbox.sqlite").write_bytes(b"")
    (data / "spool").mkdir()
    assert disk.strangers(data, os.getuid()) == []
    assert disk.strangers(data, os.getuid() + 1) == ["outbox.sqlite", "spool"]


# --- room ---


def test_room_is_that_of_the_file_system(data: Path) -> None:
    space = disk.space_of(data / "not" / "made" / "yet")
    told = os.statvfs(data)
    assert space.all_bytes == told.f_blocks * told.f_frsize
    assert 0 < space.free_bytes <= space.all_bytes


@pytest.mark.parametrize(
    ("space", "soon"),
    [
        (PLENTY, ""),
        (Space(9 * GIGA, 100 * GIGA, 6_000_000, 6_400_000), LOW_ROOM),
        (Space(60 * GIGA, 100 * GIGA, 300_000, 6_400_000), LOW_ROOM),
        (Space(60 * GIGA, 100 * GIGA, 0, 0), ""),  # btrfs counts no inodes
    ],
)
def test_little_room_is_told_in_time(space: Space, soon: str) -> None:
    found = disk.room(space, GIGA, 10)
    assert (found.code, found.soon) == ("", soon)


@pytest.mark.parametrize("space", [Space(GIGA - 1, 100 * GIGA, 9, 10), Space(60 * GIGA, 100 * GIGA, 0, 10)])
def test_no_room_for_the_biggest_case_is_a_fault(space: Space) -> None:
    with pytest.raises(DiskFull):
        disk.room(space, GIGA, 10)


# --- health ---


def health(tree: Tree, data: Path) -> tuple[str, str, str]:
    found = disk.health(data.resolve(), tree, 80)
    return found.said, found.code, found.soon


def test_a_sata_disk_tells_its_wear(tree: Tree, data: Path) -> None:
    found = disk.health(data.resolve(), tree, 80)
    assert found.facts == {"disk": "SSD 128G (sda)", "used": 3, "bad": 0, "hours": 4211}
    assert (found.code, found.soon) == ("", "")


def changed(told: dict[str, Any], **values: Any) -> dict[str, Any]:
    """SATA with other attributes: by number (`a197=3`: raw value, `v177=12`: value), or top-level keys."""
    new = copy.deepcopy(told)
    rows = {row["id"]: row for row in new.get("ata_smart_attributes", {}).get("table", [])}
    for name, value in values.items():
        if name[1:].isdigit() and name[0] == "a":
            rows[int(name[1:])]["raw"]["value"] = value
        elif name[1:].isdigit():
            rows[int(name[1:])]["value"] = value
        else:
            new[name] = value
    return new


def with_log(**values: Any) -> dict[str, Any]:
    return NVME | {"nvme_smart_health_information_log": NVME["nvme_smart_health_information_log"] | values}


@pytest.mark.parametrize(
    ("told", "code", "soon"),
    [
        (SATA, "", ""),
        (changed(SATA, smart_status={"passed": False}), DISK_FAILING, ""),
        (changed(SATA, a197=3), "", DISK_FAILING),
        (changed(SATA, v177=15), "", DISK_WORN),
        (changed(SATA, v177=0), DISK_WORN, ""),
        (changed(SATA, v177=0, rotation_rate=7200), "", ""),  # a disk that turns has no such life
        (SATA | {"endurance_used": {"current_percent": 91}}, "", DISK_WORN),
        (NVME, "", ""),
        (with_log(critical_warning=4), DISK_FAILING, ""),
        (with_log(available_spare=4), DISK_FAILING, ""),
        (with_log(percentage_used=104), DISK_WORN, ""),
        (with_log(percentage_used=85), "", DISK_WORN),
        (with_log(media_errors=2), "", DISK_FAILING),
    ],
)
def test_what_smart_tells_is_judged(
    tree: Tree, data: Path, told: dict[str, Any], code: str, soon: str
) -> None:
    laid_out.smartctl(tree.root, told, 8 if code else 0)
    assert health(tree, data) == ("storage_health.smart", code, soon)


def test_whoever_is_not_root_is_told_so(tree: Tree, data: Path) -> None:
    message = {"string": "Smartctl open device: /dev/sda failed: Permission denied", "severity": "error"}
    laid_out.smartctl(tree.root, {"smartctl": {"exit_status": 2, "messages": [message]}}, 2)
    assert health(tree, data) == ("storage_health.not_allowed", "", "")


@pytest.mark.parametrize("told", ["", "not JSON", "[]", "{}", '{"smart_status": 3}', '{"smartctl": 1}'])
def test_what_makes_no_sense_is_no_verdict(tree: Tree, data: Path, told: str) -> None:
    laid_out.smartctl(tree.root, told)
    assert health(tree, data) == ("storage_health.unreadable", "", "")


@pytest.mark.parametrize("table", [None, [], "x", [3], [{"id": 5}], [{"id": 5, "raw": "?"}]])
def test_attributes_that_are_missing_or_broken_count_as_unknown(table: Any) -> None:
    told = SATA | {"ata_smart_attributes": {"table": table}}
    assert parse_smart(json.dumps(told).encode()) == Smart("SSD 128G", False, 0, None, 4211)


def test_without_smartctl_nothing_is_known(tree: Tree, data: Path) -> None:
    tree.path("usr/sbin/smartctl").unlink()
    assert health(tree, data) == ("storage_health.no_smartctl", "", "")


def test_a_folder_on_no_disk_of_this_machine(tree: Tree) -> None:
    found = disk.health(Path("/run"), tree, 80)
    assert (found.said, found.facts) == ("storage_health.no_disk", {"kind": "tmpfs"})


def test_the_disk_lies_under_an_encrypted_volume(tree: Tree, data: Path) -> None:
    place = tree.path("sys/devices/virtual/block/dm-0")
    (place / "slaves").mkdir(parents=True)
    part = tree.path("sys/devices/pci0000:00/sda/sda2")
    (place / "slaves" / "sda2").symlink_to(os.path.relpath(part, place / "slaves"))
    link = tree.path("sys/dev/block/253:0")
    link.symlink_to(os.path.relpath(place, link.parent))
    assert disk.whole_disk(disk.Mount("253:0", "/dev/mapper/data", "ext4", False), tree) == "sda"


def test_a_file_system_without_a_device_number_is_found_by_its_source(tree: Tree) -> None:
    place = tree.path("sys/devices/pci0000:00/sda/sda2")
    link = tree.path("sys/class/block/sda2")
    link.parent.mkdir(parents=True)
    link.symlink_to(os.path.relpath(place, link.parent))
    assert disk.whole_disk(disk.Mount("0:45", "/dev/sda2", "btrfs", False), tree) == "sda"
    assert disk.whole_disk(disk.Mount("0:45", "/dev/sdz9", "btrfs", False), tree) is None


# --- eMMC ---


@pytest.mark.parametrize(
    ("life", "reserve", "said", "code", "soon"),
    [
        ("0x01 0x02", "0x01", "emmc", "", ""),
        ("0x08 0x01", "0x01", "emmc", "", ""),
        ("0x09 0x01", "0x01", "emmc", "", DISK_WORN),
        ("0x02 0x02", "0x02", "emmc", "", DISK_WORN),
        ("0x02 0x02", "0x03", "emmc", DISK_WORN, ""),
        ("0x0b 0x02", "0x01", "emmc", DISK_WORN, ""),
        ("0x00 0x00", "0x00", "no_estimate", "", ""),
        ("", "", "no_estimate", "", ""),
        ("worn out", "very", "no_estimate", "", ""),
        ("0x02 0x02", "very", "emmc", "", ""),
        (None, None, "no_estimate", "", ""),  # an SD card
    ],
)
def test_an_emmc_estimates_its_own_life(
    tree: Tree, data: Path, life: str | None, reserve: str | None, said: str, code: str, soon: str
) -> None:
    laid_out.disk(tree.root, "mmcblk0", "mmcblk0p2", "179:2")
    table = tree.path("proc/self/mountinfo")
    table.write_text(table.read_text(encoding="ascii").replace("8:2", "179:2"), encoding="ascii")
    if life is not None and reserve is not None:
        laid_out.put(tree.root, "sys/block/mmcblk0/device/life_time", life + "\n")
        laid_out.put(tree.root, "sys/block/mmcblk0/device/pre_eol_info", reserve + "\n")
        laid_out.put(tree.root, "sys/block/mmcblk0/device/name", "DG4016\n")
    assert health(tree, data) == (f"storage_health.{said}", code, soon)
