"""What this machine has on its buses, read from /dev and /sys under a root that is handed in."""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_PRINTER_CLASS = "07"  # USB base class of printers


@dataclass(frozen=True, slots=True)
class Port:
    """A device node with a name that stays."""

    path: str  #: the stable link, e.g. /dev/serial/by-id/…
    node: str  #: what it leads to now, e.g. /dev/ttyUSB0
    usb_id: str = ""  #: "1a86:7523", "" when it is not on USB
    label: str = ""  #: maker and product, as the device tells them


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """One device on USB."""

    usb_id: str  #: "0400:c35a"
    serial: str
    label: str
    classes: frozenset[str] = field(
        default_factory=frozenset
    )  #: base classes of its interfaces, two hex digits

    @property
    def printer(self) -> bool:
        """Whether it says that it is a printer."""
        return _PRINTER_CLASS in self.classes


class Machine:
    """The buses under `root` (the machine's own is "/")."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def serial_ports(self) -> list[Port]:
        """Serial ports, by id where that is unique, else by path."""
        return self._ports("dev/serial/by-id", "dev/serial/by-path")

    def cameras(self) -> list[Port]:
        """Cameras; only index 0, the others carry no picture. Two alike without a serial number: by path."""
        return [
            port
            for port in self._ports("dev/v4l/by-id", "dev/v4l/by-path")
            if port.path.endswith("video-index0")
        ]

    def keyboards(self) -> list[Port]:
        """Whatever types: keyboards, and code scanners that behave like one."""
        return [
            port
            for port in self._ports("dev/input/by-id", "dev/input/by-path")
            if port.path.endswith("-event-kbd")
        ]

    def nodes(self, pattern: str) -> list[str]:
        """Device nodes such as "usb/lp*", "watchdog", "gpiochip*"."""
        return [f"/dev/{found.relative_to(self._root / 'dev')}" for found in self._sorted("dev", pattern)]

    def usb(self) -> list[UsbDevice]:
        """Every device on USB."""
        found = []
        for folder in self._sorted("sys/bus/usb/devices", "*"):
            vendor, product = _text(folder / "idVendor"), _text(folder / "idProduct")
            if not vendor:
                continue
            classes = {_text(path) for path in folder.glob("*/bInterfaceClass")} - {""}
            label = " ".join(filter(None, (_text(folder / "manufacturer"), _text(folder / "product"))))
            found.append(
                UsbDevice(f"{vendor}:{product}", _text(folder / "serial"), label, frozenset(classes))
            )
        return found

    def _ports(self, by_id: str, by_path: str) -> list[Port]:
        named = {self._target(link): link for link in self._sorted(by_id, "*")}
        placed = {self._target(link): link for link in self._sorted(by_path, "*")}
        # a link by id that several alike devices fight over leads to one of them only; the others are found by path
        return [self._port(node, named.get(node) or placed[node]) for node in sorted({*named, *placed})]

    def _port(self, node: Path, link: Path) -> Port:
        shown = f"/{link.relative_to(self._root)}"
        label = re.sub(r"[-_]+", " ", re.sub(r"^usb-|-(if\d+.*|video-index\d+|event-kbd)$", "", link.name))
        return Port(shown, f"/dev/{node.name}", self._usb_id_of(node), label if "by-id" in shown else "")

    def _usb_id_of(self, node: Path) -> str:
        """Vendor and product of the USB device above the node, looked up in /sys/class."""
        for kind in ("tty", "video4linux", "input"):
            place = self._root / "sys/class" / kind / node.name
            if not place.exists():
                continue
            for folder in (place.resolve() / "device").resolve().parents:
                if (folder / "idVendor").is_file():
                    return f"{_text(folder / 'idVendor')}:{_text(folder / 'idProduct')}"
        return ""

    def _target(self, link: Path) -> Path:
        return Path(link.parent, link.readlink()) if link.is_symlink() else link

    def _sorted(self, folder: str, pattern: str) -> Iterator[Path]:
        yield from sorted((self._root / folder).glob(pattern))


def answers(port: int, host: str = "127.0.0.1", patience_s: float = 0.5) -> bool:
    """Whether somebody listens there."""
    try:
        with socket.create_connection((host, port), patience_s):
            return True
    except OSError:
        return False


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
