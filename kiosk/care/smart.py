"""What `smartctl --json` tells of a disk. It may be asked by root alone, so the face says that it does not know.

Source: smartmontools 7.x, `smartctl --json=c -i -H -A`; attribute numbers as its drivedb names them.
"""

import json
import subprocess
from dataclasses import dataclass
from typing import Any, Literal

from kiosk.care.tree import Tree

_LIMIT_S = 10.0  # a disk that sleeps, or hangs
_REALLOCATED, _PENDING, _UNCORRECTABLE = 5, 197, 198
#: attributes whose normalised value counts down from 100 as an SSD is used up: Wear_Leveling_Count,
#: SSD_Life_Left (two numbers), Media_Wearout_Indicator, Percent_Lifetime_Remain
_LIFE_LEFT = (231, 202, 233, 177, 169)

Unknown = Literal["no_smartctl", "not_allowed", "unreadable"]


@dataclass(frozen=True, slots=True)
class Smart:
    """A disk's own word on itself."""

    model: str
    failing: bool
    bad_sectors: int  #: reallocated, pending or uncorrectable; NVMe: media errors
    used_percent: int | None  #: of its life; may go beyond 100
    hours: int | None


def smart_of(disk: str, tree: Tree) -> Smart | Unknown:
    """What `disk` ("sda") says, or why that is not known."""
    program = tree.program("smartctl")
    if program is None:
        return "no_smartctl"
    command = [program, "--json=c", "-i", "-H", "-A", f"/dev/{disk}"]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_LIMIT_S, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unreadable"
    return parse_smart(done.stdout)


def parse_smart(output: bytes) -> Smart | Unknown:
    """Its JSON as a value."""
    try:
        told = json.loads(output)
        messages = str(told.get("smartctl", {}).get("messages", ""))
    except (ValueError, AttributeError):
        return "unreadable"
    if "Permission denied" in messages or "Operation not permitted" in messages:
        return "not_allowed"
    passed = _at(told, "smart_status", "passed")
    log = _at(told, "nvme_smart_health_information_log")
    if not isinstance(passed, bool) and not isinstance(log, dict):
        return "unreadable"  # a virtual disk has no SMART
    model, hours = _at(told, "model_name"), _number(_at(told, "power_on_time", "hours"))
    name = model if isinstance(model, str) else ""
    if isinstance(log, dict):
        warning, spare = _number(log.get("critical_warning")) or 0, _number(log.get("available_spare"))
        least = _number(log.get("available_spare_threshold"))
        failing = (
            passed is False or bool(warning) or (spare is not None and least is not None and spare < least)
        )
        return Smart(
            name, failing, _number(log.get("media_errors")) or 0, _number(log.get("percentage_used")), hours
        )
    table = _at(told, "ata_smart_attributes", "table")
    rows = (
        {row["id"]: row for row in table if isinstance(row, dict) and "id" in row}
        if isinstance(table, list)
        else {}
    )
    bad = sum(
        _number(_at(rows.get(number), "raw", "value")) or 0
        for number in (_REALLOCATED, _PENDING, _UNCORRECTABLE)
    )
    return Smart(name, passed is False, bad, _used(told, rows), hours)


def _used(told: Any, rows: dict[Any, Any]) -> int | None:
    """Per cent of an SSD's life; None for a disk that turns, and for one that does not tell."""
    endurance = _number(_at(told, "endurance_used", "current_percent"))
    if endurance is not None:
        return endurance
    if _number(_at(told, "rotation_rate")):
        return None
    left = next(
        (value for number in _LIFE_LEFT if (value := _number(_at(rows.get(number), "value"))) is not None),
        None,
    )
    return None if left is None else max(0, 100 - left)


def _at(told: Any, *keys: str) -> Any:
    for key in keys:
        told = told.get(key) if isinstance(told, dict) else None
    return told


def _number(told: Any) -> int | None:
    return told if isinstance(told, int) and not isinstance(told, bool) else None
