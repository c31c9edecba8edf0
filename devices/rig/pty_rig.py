"""An emulator on a pseudo-terminal: a real tty, really unplugged.

Each replug makes a fresh pty and moves the symlink to it, as udev does under /dev/serial/by-id: a pty that was
once opened cannot be re-opened with other line settings (house style, trap 1).
"""

import os
import termios
import tty
from contextlib import suppress
from pathlib import Path

from devices.emulators.base import SerialEmulator
from devices.rig.line_speed import tell_speed
from devices.rig.pump import PumpedRig

_CHUNK = 65536
_OSPEED = 5  # termios.tcgetattr: iflag, oflag, cflag, lflag, ispeed, ospeed, cc
_BAUDS = {
    getattr(termios, f"B{baud}"): baud
    for baud in (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400)
}


class PtyRig(PumpedRig):
    """Serves `emulator` at the stable path `link`."""

    def __init__(self, emulator: SerialEmulator, link: Path, paced_baud: int | None = None) -> None:
        """Plugged in on return. Replaces what a former run left at `link`. Raises OSError."""
        self._link = link
        self._host_end: int | None = None  # the side of the pty that belongs to the rig
        super().__init__(emulator, paced_baud)

    @property
    def url(self) -> str:
        """The stable path."""
        return str(self._link)

    def _watched(self) -> list[int]:
        # without a host the descriptor is readable for ever (EIO), so it is only looked at every tick
        return [self._host_end] if self._host_end is not None and self._host_is_there else []

    def _put_in(self) -> None:
        if self._host_end is not None:
            return
        host_end, device_end = os.openpty()
        try:
            tty.setraw(device_end)  # else what the emulator says before the host configures the tty is echoed
            os.set_blocking(host_end, False)
            self._point_to(os.ttyname(device_end))
        except OSError:
            os.close(host_end)
            raise
        finally:
            os.close(device_end)
        self._host_end = host_end

    def _pull_out(self) -> None:
        if self._host_end is None:
            return
        self._link.unlink(missing_ok=True)
        os.close(self._host_end)
        self._host_end = None

    def _hear(self) -> bytes | None:
        if self._host_end is None:
            return None
        try:
            heard = os.read(self._host_end, _CHUNK)
            self._tell_speed(self._host_end)
            return heard
        except BlockingIOError:
            return b""
        except OSError:  # EIO: nobody has the tty open
            return None

    def _say(self, data: bytes) -> None:
        if self._host_end is not None:
            with suppress(OSError):
                os.write(self._host_end, data)

    def _tell_speed(self, host_end: int) -> None:
        """A pty carries any speed; what the host has set it to is in the settings that both ends share."""
        with suppress(termios.error):  # the host let go meanwhile
            baud = _BAUDS.get(termios.tcgetattr(host_end)[_OSPEED])
            if baud is not None:
                tell_speed(self.emulator, baud)

    def _point_to(self, tty_name: str) -> None:
        """Move the symlink in one step, so that it never leads nowhere."""
        self._link.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._link.with_name(f".{self._link.name}.fresh")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(tty_name)
        fresh.replace(self._link)
