"""`devices emulate`: one emulated device for other processes, with its physics to be switched while it runs."""

import argparse
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from devices.emulators import EMULATORS, SERVICES
from devices.emulators.base import SerialEmulator, ServiceEmulator
from devices.rig.control import ControlServer, Plug
from devices.rig.pty_rig import PtyRig
from devices.rig.seam_line import SeamServer
from devices.rig.seams import SEAMS
from devices.rig.tcp_rig import TcpRig
from devices.rig.udp_rig import UdpRig
from ground.clock import Clock, RealClock
from tools.out import complain, say

NOT_FINE, BAD_INPUT = 1, 2
_DATAGRAMS = ("s_command_evaluator",)  # these devices are on the office's network, not on a line


@dataclass(frozen=True, slots=True)
class Served:
    """An emulator that other processes reach."""

    url: str  #: to paste into the driver's settings
    physics: SerialEmulator | ServiceEmulator
    plug: Plug
    close: Callable[[], None]


def emulate(asked: argparse.Namespace) -> int:
    """Serve one emulator until interrupted."""
    if asked.driver not in EMULATORS and asked.driver not in SERVICES:
        complain(f"no emulator is called {asked.driver}; there are: {', '.join([*EMULATORS, *SERVICES])}")
        return BAD_INPUT
    if asked.pty is not None and not asked.pty.parent.is_dir():
        complain(f"there is no folder {asked.pty.parent}")
        return BAD_INPUT
    try:
        return _serve_on(asked)
    except OSError as error:  # a port that is taken, or a place where nothing may be made
        complain(f"cannot be served there: {error.strerror or error}")
        return NOT_FINE


def _serve_on(asked: argparse.Namespace) -> int:
    done = threading.Event()
    with ExitStack() as stack:
        served = serve(asked, RealClock())
        stack.callback(served.close)
        control: ControlServer | None = None
        if asked.control is not None:
            control = ControlServer(
                {asked.driver: served.physics}, {asked.driver: served.plug}, port=asked.control
            )
            stack.callback(control.close)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: done.set())
        say(served.url)
        if control is not None:
            say(f"control 127.0.0.1:{control.port}")
        done.wait()
    return 0


def serve(asked: argparse.Namespace, clock: Clock) -> Served:
    """Serve the emulator of `asked.driver` as its device is met: line, datagrams or service. Raises OSError."""
    if asked.driver in SERVICES:
        service = SERVICES[asked.driver](clock, asked.tcp or 0)
        service.start()
        if asked.driver not in SEAMS:
            return Served(service.url, service, service, service.close)
        seam = SEAMS[asked.driver](service.url, asked.tcp or 0)
        return Served(seam.url, service, service, lambda: _close_both(seam, service))
    emulator = EMULATORS[asked.driver](clock)
    rig = _rig(asked, emulator)
    return Served(rig.url, emulator, rig, rig.close)


def _close_both(seam: SeamServer, service: ServiceEmulator) -> None:
    seam.close()
    service.close()


def _rig(asked: argparse.Namespace, emulator: SerialEmulator) -> PtyRig | TcpRig | UdpRig:
    if asked.pty:
        return PtyRig(emulator, asked.pty)
    if asked.udp is not None or (asked.tcp is None and asked.driver in _DATAGRAMS):
        return UdpRig(emulator, port=asked.udp or 0)
    return TcpRig(emulator, port=asked.tcp or 0)
