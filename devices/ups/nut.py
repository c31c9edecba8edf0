"""Uninterruptible power supply behind NUT's upsd (TCP 3493).

Source: shared protocol notes, others.md §7; networkupstools.org, "Network protocol information". NUT has drivers for
most supplies on the market, Megatec/Q1 among them; this driver asks its server. Lines are in `nut_lines`.
Proven on: emulator only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.errors import Condition, DeviceError, Garbled, Refused, TimedOut, Unreachable
from devices.status import Capabilities, Reading, State, Status, Supply, state_of, status_of
from devices.ups import Power
from devices.ups.nut_lines import (
    FAREWELL,
    LIST_ENDS,
    LIST_UPS,
    LOGOUT,
    LONGEST_LINE,
    format_question,
    parse_list,
    parse_number,
    parse_on_mains,
    parse_value,
    parse_words,
)
from devices.wire import Wire, open_wire
from ground.clock import Clock

PORT: Final = 3493  # IANA
_LONGEST_LIST = 64  # lines; chosen: nobody has as many supplies
_LONGEST_RUNTIME_S = 30 * 24 * 3600  # beyond it a supply is talking nonsense (chosen)
_HIGHEST_V = 1000.0  # likewise
_IDENTITY = ("ups.mfr", "ups.model", "ups.serial")


class NutSettings(BaseModel):
    """Which supply, and where its server is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["nut"] = "nut"
    url: str = f"socket://127.0.0.1:{PORT}"
    #: the section's name in ups.conf; "" takes the only one there is
    ups: str = Field(default="", pattern=r'^[^\s"\\]*$')
    timeout_s: float = Field(default=2.0, gt=0)  #: for one answer; upsd answers from its memory
    #: below this the battery counts as low though the supply does not say so (§7: finish what is begun at 40 %)
    low_charge_percent: float = Field(default=40.0, ge=0, le=100)


class NutUps:
    """Implements `devices.ups.Ups`."""

    def __init__(self, settings: NutSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._wire: Wire | None = None
        self._ups = ""
        self._identity = ""
        self._is_open = False

    def open(self) -> None:
        """Connect and find the supply. Raises `Unreachable` (also: no such supply), `DeviceError`."""
        self.close()
        self._is_open = True
        try:
            self._ups = self._chosen()
            told = [self._asked(variable) or "" for variable in _IDENTITY]
            self._identity = " ".join(word for word in (self._ups, *told) if word)
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """Say goodbye and hang up. May be called twice."""
        wire, self._wire, self._is_open = self._wire, None, False
        if wire is None:
            return
        try:
            wire.write(LOGOUT)
        except DeviceError:  # it hung up first
            return
        finally:
            wire.close()

    def identity(self) -> str:
        """Its name in ups.conf, maker, model and serial number; "" before the first `open`."""
        return self._identity

    def power(self) -> Power:
        """Where the current comes from now. Raises `Refused` (OFFLINE: upsd has lost the supply), `DeviceError`."""
        flags = frozenset((self._asked("ups.status") or "").split())
        charge = parse_number(self._asked("battery.charge"), 0, 100)
        runtime = parse_number(self._asked("battery.runtime"), 0, _LONGEST_RUNTIME_S)
        return Power(
            on_mains=parse_on_mains(flags),
            charge_percent=charge,
            runtime_s=None if runtime is None else int(runtime),
            flags=flags,
            input_v=parse_number(self._asked("input.voltage"), 0, _HIGHEST_V),
        )

    def status(self) -> Status:
        """How it fares; BATTERY_LOW when the machine must go down. Raises `DeviceError` when upsd is silent."""
        try:
            power = self.power()
        except Refused as refused:
            return status_of(refused)
        supplies = {"battery": self._battery(power)}
        readings: dict[str, Reading] = {
            "on_mains": power.on_mains,
            "charge_percent": power.charge_percent,
            "runtime_s": power.runtime_s,
            "input_v": power.input_v,
            "replace_battery": power.replace_battery,
            "flags": " ".join(sorted(power.flags)),
        }
        if power.battery_low:
            condition = Condition.BATTERY_LOW
            return Status(state_of(condition), condition, supplies, readings)
        return Status(State.ONLINE, supplies=supplies, readings=readings)

    def capabilities(self) -> Capabilities:
        """What is asked of a supply; it need not know all of it."""
        return {
            "variables": ["ups.status", "battery.charge", "battery.runtime", "input.voltage"],
            "low_charge_percent": self._settings.low_charge_percent,
        }

    def _battery(self, power: Power) -> Supply:
        if power.battery_low or power.charge_percent == 0:
            return Supply.OUT
        if power.replace_battery or "LB" in power.flags:
            return Supply.LOW
        if power.charge_percent is None:
            return Supply.UNKNOWN
        return Supply.LOW if power.charge_percent < self._settings.low_charge_percent else Supply.FULL

    def _chosen(self) -> str:
        names = self._listed()
        if self._settings.ups in names:
            return self._settings.ups
        if self._settings.ups or len(names) != 1:
            reason = "no such supply" if self._settings.ups else "say which: set ups"
            raise Unreachable(url=self._settings.url, reason=reason, supplies=len(names))
        return names[0]

    def _must_be_open(self) -> None:
        if not self._is_open:
            raise Unreachable(url=self._settings.url, reason="not open")

    def _listed(self) -> tuple[str, ...]:
        with self._asking(LIST_UPS) as wire:
            lines: list[bytes] = []
            while len(lines) < _LONGEST_LIST:
                lines.append(self._line(wire))
                words = parse_words(lines[-1])
                if words == LIST_ENDS or words[0] == "ERR":
                    break
            return parse_list(lines)

    def _asked(self, variable: str) -> str | None:
        """The value of `variable`; None when the supply has none."""
        self._must_be_open()
        with self._asking(format_question(self._ups, variable)) as wire:
            return parse_value(self._line(wire), self._ups, variable)

    @contextmanager
    def _asking(self, question: bytes) -> Iterator[Wire]:
        """A wire on which nothing but the answer to `question` is under way.

        Answers bear no number, so a late one would be taken for the next. Therefore the connection is given up
        after every doubt, and with it what it still carries; the next question makes a new one.
        """
        wire, self._wire = self._wire or open_wire(self._settings.url), None
        whole = False
        try:
            wire.discard()
            wire.write(question)
            yield wire
            whole = True
        except Refused:
            whole = True
            raise
        finally:
            if whole:
                self._wire = wire
            else:
                wire.close()

    def _line(self, wire: Wire) -> bytes:
        """The next line, with its end. A farewell belongs to whoever spoke before on the same serial line."""
        deadline = self._clock.after(self._settings.timeout_s)
        while (said := self._one_line(wire, deadline)) == FAREWELL:
            continue
        return said

    def _one_line(self, wire: Wire, deadline: float) -> bytes:
        line = bytearray()
        while not line.endswith(b"\n"):
            byte = wire.read(1, self._clock.left(deadline))
            line += byte
            if not byte or len(line) > LONGEST_LINE:
                if line:
                    raise Garbled(url=self._settings.url, reason="no whole line", bytes=len(line))
                raise TimedOut(url=self._settings.url)
        return bytes(line)
