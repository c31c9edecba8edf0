"""The disk under the data folder: which it is, whether it may be written to, how much room, how worn it is.

Sources: proc(5), mountinfo; Documentation/ABI/testing/sysfs-bus-mmc and JEDEC eMMC 5.1 (JESD84-B51), EXT_CSD 267 to
269; smartctl(8) of smartmontools 7, `--json`.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from kiosk.care.check import Found
from kiosk.care.codes import DISK_FAILING, DISK_WORN, LOW_ROOM
from kiosk.care.smart import Smart, smart_of
from kiosk.care.tree import Tree
from offline_cache.disk import probe
from offline_cache.errors import DiskFull, NotAllowed, ReadOnlyDisk

_GIGA = 1000**3
_PER_STEP = 10  # per cent of life that one step of the eMMC's estimate stands for
_EXCEEDED = 0x0B  # DEVICE_LIFE_TIME_EST_TYP: beyond the estimated life
_PRE_EOL = {1: 0, 2: 80, 3: 90}  # PRE_EOL_INFO → per cent of the reserved blocks that are used at least


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a folder is mounted from."""

    device: str  #: "8:1"; "0:45" for what is no block device
    source: str  #: "/dev/sda1", "tmpfs"
    kind: str  #: file system
    read_only: bool


def mount_of(folder: Path, tree: Tree) -> Mount | None:
    """The mount under `folder`; None when the kernel's table cannot be read."""
    best, found = "", None
    for line in (tree.text("proc/self/mountinfo") or "").splitlines():
        before, dash, after = line.partition(" - ")
        fields, rest = before.split(), after.split()
        if not dash or len(fields) < 6 or len(rest) < 3:
            continue
        point = fields[4].encode("latin-1", "replace").decode("unicode_escape", "replace")  # \040 is a space
        if not folder.is_relative_to(point) or len(point) < len(best):
            continue
        read_only = "ro" in fields[5].split(",") or "ro" in rest[2].split(",")
        best, found = point, Mount(fields[2], rest[1], rest[0], read_only)
    return found


def whole_disk(mount: Mount, tree: Tree) -> str | None:
    """The disk's name, "sda" or "mmcblk0"; None for what lies on no disk of its own (tmpfs, overlay, a network)."""
    link = tree.path(f"sys/dev/block/{mount.device}")
    if not link.exists():
        name = Path(mount.source).name if mount.source.startswith("/dev/") else ""
        link = tree.path(f"sys/class/block/{name}")
        if not name or not link.exists():
            return None
    place = link.resolve()
    below = sorted((place / "slaves").glob("*"))  # an encrypted or a logical volume: the disk lies under it
    if below:
        place = below[0].resolve()
    if (place / "partition").exists():
        place = place.parent
    return place.name


def writing(folder: Path, tree: Tree) -> Found:
    """Write, sync and read back a block. Raises `CacheError`; also when files in the folder are another user's."""
    if not folder.is_dir():
        return Found("storage_write.none", {"folder": str(folder)})
    mount = mount_of(folder.resolve(), tree)
    if mount is not None and mount.read_only:
        raise ReadOnlyDisk(place=folder.name)
    probe(folder)
    others = strangers(folder, folder.stat().st_uid)
    if others:
        raise NotAllowed(place=others[0], files=len(others))
    return Found("storage_write.ok", {"kind": mount.kind if mount else "?"})


def strangers(folder: Path, owner: int) -> list[str]:
    """Names in the folder that are another user's than `owner`: root ran something here."""
    return [each.name for each in sorted(folder.iterdir()) if each.lstat().st_uid != owner]


@dataclass(frozen=True, slots=True)
class Space:
    """How much there is on a file system."""

    free_bytes: int
    all_bytes: int
    free_inodes: int
    all_inodes: int  #: 0 where they are not counted (btrfs)


def space_of(folder: Path) -> Space:
    """That of the file system under `folder`, or under what will hold it. Raises OSError."""
    while not folder.exists():
        folder = folder.parent
    told = os.statvfs(folder)
    size = told.f_frsize
    return Space(told.f_bavail * size, told.f_blocks * size, told.f_favail, told.f_files)


def room(space: Space, needed_bytes: int, low_percent: int) -> Found:
    """Whether the biggest case fits, and whether it will for some time. Raises `DiskFull`."""
    inodes = 100 * space.free_inodes // space.all_inodes if space.all_inodes else 100
    percent = 100 * space.free_bytes // max(1, space.all_bytes)
    if space.free_bytes < needed_bytes or space.free_inodes == 0 < space.all_inodes:
        raise DiskFull(free_mb=space.free_bytes // 10**6, needed_mb=needed_bytes // 10**6)
    facts = {"free_gb": f"{space.free_bytes / _GIGA:.1f}", "percent": percent, "inodes": inodes}
    return Found("storage_room", facts, soon=LOW_ROOM if min(percent, inodes) < low_percent else "")


def health(folder: Path, tree: Tree, wear_percent: int) -> Found:
    """What the disk says of itself: SMART, NVMe's log, or the eMMC's estimate."""
    mount = mount_of(folder.resolve(), tree)
    disk = whole_disk(mount, tree) if mount is not None else None
    if disk is None:
        return Found("storage_health.no_disk", {"kind": mount.kind if mount else "?"})
    if disk.startswith("mmcblk"):
        return emmc(disk, tree, wear_percent)
    smart = smart_of(disk, tree)
    if isinstance(smart, str):
        return Found(f"storage_health.{smart}", {"disk": disk})
    return judged(disk, smart, wear_percent)


def judged(disk: str, smart: Smart, wear_percent: int) -> Found:
    """What SMART told, as a finding."""
    facts = {
        "disk": f"{smart.model} ({disk})" if smart.model else disk,
        "hours": "?" if smart.hours is None else smart.hours,
        "used": "?" if smart.used_percent is None else smart.used_percent,
        "bad": smart.bad_sectors,
    }
    worn = smart.used_percent is not None and smart.used_percent >= wear_percent
    failing = DISK_FAILING if smart.failing else ""
    if smart.used_percent is not None and smart.used_percent >= 100:
        failing = failing or DISK_WORN
    soon = DISK_FAILING if smart.bad_sectors else DISK_WORN if worn else ""
    return Found("storage_health.smart", facts, code=failing, soon="" if failing else soon)


def emmc(disk: str, tree: Tree, wear_percent: int) -> Found:
    """An eMMC's own estimate; an SD card has none."""
    folder = f"sys/block/{disk}/device"
    steps = [_hex(word) for word in (tree.text(f"{folder}/life_time") or "").split()]
    known = [step for step in steps if step is not None and 0 < step <= _EXCEEDED]
    if not known:  # 0 is "not defined"
        return Found("storage_health.no_estimate", {"disk": disk})
    used = max(known) * _PER_STEP
    spare = _PRE_EOL.get(_hex(tree.text(f"{folder}/pre_eol_info") or "") or 0, 0)
    facts = {
        "disk": f"{tree.text(f'{folder}/name') or ''} ({disk})".strip(),
        "used": min(used, 100),
        "spare": spare,
    }
    over = max(known) >= _EXCEEDED or spare >= _PRE_EOL[3]
    worn = used > wear_percent or spare > 0  # a step is "up to": 0x08 says 70 to 80 per cent
    return Found(
        "storage_health.emmc",
        facts,
        code=DISK_WORN if over else "",
        soon=DISK_WORN if worn and not over else "",
    )


def _hex(word: str) -> int | None:
    try:
        return int(word, 16)
    except ValueError:
        return None
