"""Emulators without any descriptor: `emu://name` opens a wire straight into the emulator.

No thread: the host's own read carries the bytes and lets the emulator's clock run, so that on a manual clock a
silent device costs its whole deadline and no real time.
"""

from collections.abc import Mapping

from devices.emulators.base import SerialEmulator
from devices.errors import Unreachable
from devices.rig.line_speed import tell_speed
from devices.wire import Wire, register_scheme

SCHEME = "emu"
_TICK_S = 0.005  # how often an emulator is asked whether it has something to say


class InProcessRig:
    """Serves `emulator` at `emu://name` to one host at a time."""

    def __init__(self, name: str, emulator: SerialEmulator) -> None:
        self.emulator = emulator
        self._name = name
        self._plugged = True
        self._host: InProcessWire | None = None

    @property
    def url(self) -> str:
        """The URL to open."""
        return f"{SCHEME}://{self._name}"

    @property
    def plugged(self) -> bool:
        """Whether the device is there."""
        return self._plugged

    def unplug(self) -> None:
        """Pull the plug: the open wire is dead from now on."""
        self._plugged = False
        self._host = None

    def replug(self) -> None:
        """Put the plug in again."""
        self._plugged = True

    def close(self) -> None:
        """The same as `unplug`: there is nothing else to let go of."""
        self.unplug()

    def open(self, baud: int = 115200) -> "InProcessWire":
        """A wire for the one host, whose port runs at `baud`. Raises `Unreachable` when unplugged or in use."""
        if not self._plugged:
            raise Unreachable(url=self.url, reason="unplugged")
        if self._host is not None:
            raise Unreachable(url=self.url, reason="in use")
        self.emulator.connected()
        tell_speed(self.emulator, baud)
        self._host = InProcessWire(self)
        return self._host

    def holds(self, wire: "InProcessWire") -> bool:
        """Whether `wire` is the one that leads here."""
        return self._host is wire

    def let_go(self, wire: "InProcessWire") -> None:
        """The host closed `wire`."""
        if self._host is wire:
            self._host = None


class InProcessWire:
    """Implements `devices.wire.Wire`."""

    def __init__(self, rig: InProcessRig) -> None:
        self._rig = rig
        self._arrived = bytearray()

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        self._connected().receive(data)

    def read(self, size: int, timeout_s: float) -> bytes:
        """Between 0 and `size` bytes; waits on the emulator's clock."""
        clock = self._connected().clock
        deadline = clock.after(timeout_s)
        while True:
            self._arrived += self._connected().take()
            if len(self._arrived) >= size or clock.due(deadline):
                break
            due = self._connected().next_due()
            clock.wait(min(_TICK_S, clock.left(deadline), _TICK_S if due is None else clock.left(due)))
        out = bytes(self._arrived[:size])
        del self._arrived[:size]
        return out

    def discard(self) -> None:
        """Throw away what has arrived and was not read."""
        self._connected().take()
        self._arrived.clear()

    def close(self) -> None:
        """Let go. May be called twice."""
        self._rig.let_go(self)

    def _connected(self) -> SerialEmulator:
        if not self._rig.holds(self):
            raise Unreachable(url=self._rig.url, reason="the other end is gone")
        return self._rig.emulator


def register_emulators(emulators: Mapping[str, SerialEmulator]) -> dict[str, InProcessRig]:
    """Make `emu://name` lead to each of `emulators`, instead of those registered before; their rigs by name."""
    rigs = {name: InProcessRig(name, emulator) for name, emulator in emulators.items()}

    def lead_to(url: str, baud: int) -> Wire:
        rig = rigs.get(url.removeprefix(f"{SCHEME}://"))
        if rig is None:
            raise Unreachable(url=url, reason="no such emulator")
        return rig.open(baud)

    register_scheme(SCHEME, lead_to)
    return rigs
