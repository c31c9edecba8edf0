"""A machine as the kernel lays it out, file by file in the kernel's own formats, below a folder of a test."""

import json
import os
from pathlib import Path
from typing import Any

from ground.clock import RealClock
from kiosk.care.tree import Tree

#: `smartctl --json=c -i -H -A` of smartmontools 7.3, shortened to what is read and a little around it
SATA: dict[str, Any] = {
    "json_format_version": [1, 0],
    "smartctl": {"version": [7, 3], "exit_status": 0},
    "device": {"name": "/dev/sda", "info_name": "/dev/sda [SAT]", "type": "sat", "protocol": "ATA"},
    "model_name": "SSD 128G",
    "rotation_rate": 0,
    "smart_status": {"passed": True},
    "ata_smart_attributes": {
        "revision": 16,
        "table": [
            {
                "id": 5,
                "name": "Reallocated_Sector_Ct",
                "value": 100,
                "worst": 100,
                "thresh": 10,
                "raw": {"value": 0},
            },
            {
                "id": 9,
                "name": "Power_On_Hours",
                "value": 99,
                "worst": 99,
                "thresh": 0,
                "raw": {"value": 4211},
            },
            {
                "id": 177,
                "name": "Wear_Leveling_Count",
                "value": 97,
                "worst": 97,
                "thresh": 0,
                "raw": {"value": 31},
            },
            {
                "id": 197,
                "name": "Current_Pending_Sector",
                "value": 100,
                "worst": 100,
                "thresh": 0,
                "raw": {"value": 0},
            },
        ],
    },
    "power_on_time": {"hours": 4211},
    "temperature": {"current": 36},
}
NVME: dict[str, Any] = {
    "json_format_version": [1, 0],
    "smartctl": {"version": [7, 3], "exit_status": 0},
    "device": {"name": "/dev/nvme0", "type": "nvme", "protocol": "NVMe"},
    "model_name": "NVMe 256G",
    "smart_status": {"passed": True, "nvme": {"value": 0}},
    "nvme_smart_health_information_log": {
        "critical_warning": 0,
        "temperature": 38,
        "available_spare": 100,
        "available_spare_threshold": 10,
        "percentage_used": 3,
        "power_on_hours": 912,
        "media_errors": 0,
    },
    "power_on_time": {"hours": 912},
}
PRESSURE = (
    "some avg10=0.00 avg60=0.12 avg300=0.05 total=1324\n"
    "full avg10=0.00 avg60=0.08 avg300={full:.2f} total=1190\n"
)
MEMINFO = (
    "MemTotal:        8049268 kB\nMemFree:          512340 kB\nMemAvailable:    {left:>7} kB\nBuffers: 8 kB\n"
)
MOUNTINFO = (
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n"
    "30 22 0:26 / /run rw,nosuid,nodev shared:5 - tmpfs tmpfs rw,size=804928k\n"
    "41 22 8:2 / {point} {options} shared:9 - ext4 /dev/sda2 {super_options}\n"
)


def put(root: Path, below: str, text: str) -> None:
    """One file of the kernel's; what stood there is replaced."""
    path = root / below
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def mounted(root: Path, data: Path, *, options: str = "rw,relatime", super_options: str = "rw") -> None:
    """The data folder on a partition of its own, /dev/sda2."""
    point = str(data.resolve()).replace(" ", "\\040")
    put(
        root,
        "proc/self/mountinfo",
        MOUNTINFO.format(point=point, options=options, super_options=super_options),
    )


def disk(root: Path, name: str, part: str, number: str) -> None:
    """A disk with one partition, as sys/dev/block and sys/block show it."""
    place = root / "sys/devices/pci0000:00" / name
    (place / part).mkdir(parents=True, exist_ok=True)
    put(root, f"sys/devices/pci0000:00/{name}/{part}/partition", "2\n")
    for link, target in ((f"sys/dev/block/{number}", place / part), (f"sys/block/{name}", place)):
        (root / link).parent.mkdir(parents=True, exist_ok=True)
        (root / link).symlink_to(os.path.relpath(target, (root / link).parent))


def smartctl(root: Path, told: dict[str, Any] | str, code: int = 0) -> None:
    """A program in smartctl's place that prints this."""
    text = told if isinstance(told, str) else json.dumps(told)
    put(root, "usr/sbin/smartctl", f"#!/bin/sh\ncat <<'END'\n{text}\nEND\nexit {code}\n")
    (root / "usr/sbin/smartctl").chmod(0o755)


def healthy(root: Path, data: Path) -> Tree:
    """A machine on which all is well, its data folder at `data`."""
    mounted(root, data)
    disk(root, "sda", "sda2", "8:2")
    smartctl(root, SATA)
    put(root, "sys/class/thermal/thermal_zone0/type", "x86_pkg_temp\n")
    put(root, "sys/class/thermal/thermal_zone0/temp", "47000\n")
    put(root, "sys/class/hwmon/hwmon1/name", "nvme\n")
    put(root, "sys/class/hwmon/hwmon1/temp1_input", "36850\n")
    put(root, "sys/class/hwmon/hwmon1/temp1_label", "Composite\n")
    put(root, "proc/pressure/memory", PRESSURE.format(full=0.0))
    put(root, "proc/meminfo", MEMINFO.format(left=4_024_634))
    put(root, "sys/class/watchdog/watchdog0/identity", "iTCO_wdt\n")
    put(root, "sys/class/watchdog/watchdog0/state", "active\n")
    put(root, "sys/class/watchdog/watchdog0/timeout", "60\n")
    put(root, "sys/class/drm/card0-HDMI-A-1/status", "connected\n")
    put(root, "sys/class/drm/card0-HDMI-A-1/modes", "1080x1920\n1920x1080\n")
    put(root, "sys/class/drm/card0-DP-1/status", "disconnected\n")
    put(root, "sys/class/rtc/rtc0/since_epoch", f"{int(RealClock().now().timestamp())}\n")
    put(root, "run/systemd/timesync/synchronized", "")
    return Tree(root)
