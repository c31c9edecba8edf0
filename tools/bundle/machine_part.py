"""The machine in a bundle: our units, their journal, the kernel's words on USB, cards and heat, what hangs on USB.

Lines are not copied: what a pattern takes out of them is told. A line that no pattern knows is counted.
"""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from kiosk.care.tree import Tree
from tools.bundle.vocabulary import Vocabulary

UNITS: Final = (
    "tiantianshun-face.service", "tiantianshun-uploader.service", "tiantianshun-x.service",
    "tiantianshun-out-of-service.service", "tiantianshun-fetch.service", "tiantianshun-update.service",
    "tiantianshun-health.service",
)  # fmt: skip
_SHOWN: Final = (
    "LoadState", "ActiveState", "SubState", "Result", "UnitFileState", "NRestarts", "ExecMainStatus", "ExecMainCode",
    "MemoryCurrent", "MemoryPeak", "TasksCurrent", "WatchdogUSec",
)  # fmt: skip
_STATE: Final = re.compile(r"[a-z][a-z-]{0,30}|[0-9]{1,10}|infinity|\[not set\]")
_MOST_LINES: Final = 2_000
#: a line of ours begins with a code; what follows is not told
_CODE: Final = re.compile(r"\b([A-Z][0-9]{3})\b")
#: what systemd says of our units (its messages, v252)
_SYSTEMD: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("exited", re.compile(r"Main process exited, code=(?P<code>[a-z]{1,10}), status=(?P<status>[0-9]{1,3})")),
    ("failed", re.compile(r"Failed with result '(?P<result>[a-z-]{1,30})'\.")),
    ("restart", re.compile(r"Scheduled restart job, restart counter is at (?P<count>[0-9]{1,9})\.")),
    ("watchdog", re.compile(r"Watchdog timeout \(limit (?P<limit>[0-9a-z ]{1,20})\)!")),
    ("start_limit", re.compile(r"Start request repeated too quickly\.")),
    ("memory", re.compile(r"A process of this unit has been killed by the OOM killer\.")),
    ("started", re.compile(r"^Started (?:tiantianshun|Tiantianshun).*$")),
    ("stopped", re.compile(r"^Stopped (?:tiantianshun|Tiantianshun).*$")),
)  # fmt: skip
_PORT, _ID = r"^usb (?P<port>[0-9]+-[0-9.]+)", "[0-9a-f]{4}"
#: what the kernel says (Linux 5.10 to 6.12)
_KERNEL: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("usb_new", re.compile(rf"{_PORT}: New USB device.*idVendor=(?P<vendor>{_ID}), idProduct=(?P<product>{_ID})")),
    ("usb_gone", re.compile(rf"{_PORT}: USB disconnect")),
    ("usb_error", re.compile(rf"{_PORT}: device (?:descriptor|not accepting).*, error (?P<error>-?[0-9]{{1,4}})$")),
    ("usb_power", re.compile(r"^usb .*over-current")),
    ("mmc", re.compile(r"^(?P<card>mmc(?:blk)?[0-9])\S*: .*\b(?:error|timeout)\b")),
    ("disk", re.compile(r"(?:I/O|critical medium|Medium) error,? dev (?P<disk>[a-z]{2,8}[0-9a-z]{0,6})")),
    ("filesystem", re.compile(r"^EXT4-fs error|Remounting filesystem read-only")),
    ("heat", re.compile(r"thermal .*critical|[Tt]emperature above threshold|clock throttled")),
    ("voltage", re.compile(r"[Uu]nder-?voltage detected")),
    ("memory", re.compile(r"Out of memory: Killed process [0-9]+")),
    ("hung", re.compile(r"blocked for more than (?P<seconds>[0-9]{1,5}) seconds")),
    ("watchdog", re.compile(r"watchdog.*(?:lockup|did not stop)")),
)  # fmt: skip
_USB_FACTS: Final = {
    "vendor": ("idVendor", r"[0-9a-f]{4}"), "product": ("idProduct", r"[0-9a-f]{4}"),
    "class": ("bDeviceClass", r"[0-9a-f]{2}"), "mbit_s": ("speed", r"[0-9]{1,6}(\.[0-9])?"),
}  # fmt: skip
_DEADLINE_S: Final = 20.0

Ask = Callable[[Sequence[str]], str | None]


def ask_system(command: Sequence[str]) -> str | None:
    """What a program of the system says; None when it is not there, fails, or takes too long."""
    try:
        told = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_DEADLINE_S, check=False,
            env={"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.decode("utf-8", "replace") if told.returncode == 0 else None


def units(ask: Ask) -> dict[str, Any]:
    """The state of each of our units; empty where systemd does not answer."""
    found = {}
    for unit in UNITS:
        told = ask(["systemctl", "show", unit, f"--property={','.join(_SHOWN)}"])
        lines = (line.partition("=") for line in (told or "").splitlines())
        said = {name: value for name, _, value in lines if name in _SHOWN and _STATE.fullmatch(value)}
        if said:
            found[unit] = said
    return found


def journal(ask: Ask, vocabulary: Vocabulary) -> dict[str, Any]:
    """What the journal of our units says, as far as it is known; the rest as a number."""
    names = [argument for unit in UNITS for argument in ("-u", unit)]
    told = ask(["journalctl", *names, "-o", "json", "-n", str(_MOST_LINES), "--no-pager", "-q"])
    if told is None:
        return {"readable": False}
    lines, left = [], 0
    for entry in _entries(told):
        unit = entry.get("UNIT") or entry.get("_SYSTEMD_UNIT")
        message = entry.get("MESSAGE")
        found = _line(message, vocabulary) if isinstance(message, str) else None
        if found is None or unit not in UNITS:
            left += 1
        else:
            lines.append({"us": _moment(entry), "unit": unit, **found})
    return {"readable": True, "lines": lines, "not_told": left}


def _line(message: str, vocabulary: Vocabulary) -> dict[str, Any] | None:
    known = _matched(_SYSTEMD, message.partition(": ")[2] or message) or _matched(_SYSTEMD, message)
    if known is not None:
        return known
    code = _CODE.search(message[:200])
    if code is not None:
        return {"said": "code", "code": code[1]}
    return {"said": message} if message in vocabulary else None


def kernel(ask: Ask) -> dict[str, Any]:
    """What the kernel said of USB, cards, disks and heat since its start; by kind, and the last lines of each."""
    told = ask(["journalctl", "-k", "-b", "-o", "json", "-n", "20000", "--no-pager", "-q"])
    if told is None:
        return {"readable": False}
    counts: Counter[str] = Counter()
    lines = []
    for entry in _entries(told):
        message = entry.get("MESSAGE")
        found = _matched(_KERNEL, message) if isinstance(message, str) else None
        if found is not None:
            counts[found["said"]] += 1
            lines.append({"us": _moment(entry), **found})
    return {"readable": True, "counts": dict(sorted(counts.items())), "lines": lines[-_MOST_LINES:]}


def usb(tree: Tree) -> list[dict[str, str]]:
    """What hangs on USB: port, maker's and product's number, class, speed. Never a name or serial number."""
    found = []
    for place in tree.glob("sys/bus/usb/devices/*"):
        port = place.rpartition("/")[2]
        if not re.fullmatch(r"usb[0-9]+|[0-9]+-[0-9.]+", port):
            continue
        said = {"port": port}
        for name, (file, shape) in _USB_FACTS.items():
            value = tree.text(f"{place}/{file}") or ""
            if re.fullmatch(shape, value):
                said[name] = value
        found.append(said)
    return found


def _entries(told: str) -> Iterator[Mapping[str, Any]]:
    for line in told.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry


def _moment(entry: Mapping[str, Any]) -> int:
    text = str(entry.get("__REALTIME_TIMESTAMP", ""))
    return int(text) if re.fullmatch(r"[0-9]{1,17}", text) else 0


def _matched(patterns: tuple[tuple[str, re.Pattern[str]], ...], message: str) -> dict[str, Any] | None:
    for said, pattern in patterns:
        found = pattern.search(message)
        if found is not None:
            return {"said": said, **{name: value for name, value in found.groupdict().items() if value}}
    return None
