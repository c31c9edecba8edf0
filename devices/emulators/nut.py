"""NUT's upsd with one supply behind it, as a client sees it.

Source: networkupstools.org, "Network protocol information"; shared protocol notes, others.md §7.
"""

from typing import ClassVar

from devices.emulators.base import SerialEmulator
from devices.ups.nut_lines import LONGEST_LINE, format_words
from ground.clock import Clock

_UPS = "kiosk"


class NutEmulator(SerialEmulator):
    """A supply called `kiosk`. Its words follow from its physics; pull the mains and it says so."""

    knobs: ClassVar[tuple[str, ...]] = (
        "mains", "charge_percent", "runtime_s", "low_battery", "replace_battery", "shutdown", "ups_gone",
        "tells_charge", "mute",
    )  # fmt: skip

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.mains = True
        self.charge_percent = 100.0
        self.runtime_s = 1800
        self.low_battery = False  #: the supply itself says that it will not last
        self.replace_battery = False
        self.shutdown = False  #: a forced shutdown has been announced
        #: "" for a supply that is there; else what upsd says: "stale" (lost), "driver" (its driver does not
        #: run), "unknown" (not in ups.conf)
        self.ups_gone = ""
        self.tells_charge = True  #: cheap supplies tell only whether there is mains
        self._held = bytearray()

    def connected(self) -> None:
        super().connected()
        self._held.clear()

    def receive(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\n")) >= 0:
            line = bytes(self._held[:end])
            del self._held[: end + 1]
            self.say(self._answer(line.decode("utf-8", "replace").split()))
        if len(self._held) > LONGEST_LINE:
            self._held.clear()

    def _answer(self, words: list[str]) -> bytes:
        match words:
            case ["LIST", "UPS"]:
                entry = b"" if self.ups_gone == "unknown" else format_words("UPS", _UPS, "Kiosk supply")
                return b"BEGIN LIST UPS\n" + entry + b"END LIST UPS\n"
            case ["GET", "VAR", ups, variable]:
                return self._variable(ups, variable)
            case ["LOGOUT"]:
                return b"OK Goodbye\n"
            case ["LIST" | "GET", *_]:
                return b"ERR INVALID-ARGUMENT\n"
            case _:
                return b"ERR UNKNOWN-COMMAND\n"

    def _variable(self, ups: str, variable: str) -> bytes:
        if ups != _UPS or self.ups_gone == "unknown":
            return b"ERR UNKNOWN-UPS\n"
        if self.ups_gone == "driver":
            return b"ERR DRIVER-NOT-CONNECTED\n"
        if self.ups_gone:
            return b"ERR DATA-STALE\n"
        value = self._values().get(variable)
        return b"ERR VAR-NOT-SUPPORTED\n" if value is None else format_words("VAR", ups, variable, value)

    def _values(self) -> dict[str, str]:
        values = {
            "ups.status": " ".join(self._flags()),
            "ups.mfr": "EMULATED",
            "ups.model": 'Line "Interactive" 1000',
            "ups.serial": "E0001",
            "input.voltage": "229.6" if self.mains else "0.0",
        }
        if self.tells_charge:
            values |= {
                "battery.charge": f"{self.charge_percent:g}",
                "battery.runtime": f"{self.runtime_s}",
            }
        return values

    def _flags(self) -> list[str]:
        flags = ["OL"] if self.mains else ["OB", "DISCHRG"]
        if self.mains and self.charge_percent < 100:
            flags.append("CHRG")
        signs = {"LB": self.low_battery, "RB": self.replace_battery, "FSD": self.shutdown}
        return flags + [flag for flag, shown in signs.items() if shown]
