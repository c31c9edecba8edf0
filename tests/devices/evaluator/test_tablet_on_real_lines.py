"""One rating over real datagrams, and over one TCP connection for each command as by `adb forward`."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from devices.emulators.s_command_evaluator import SCommandEvaluatorEmulator
from devices.errors import DeviceError, Unreachable
from devices.evaluator import Level, Press
from devices.evaluator.s_command_evaluator import SCommandEvaluator, SCommandEvaluatorSettings
from devices.rig.udp_rig import UdpRig
from ground.clock import RealClock
from tests.conformance.leaks import nothing_left_behind

PATIENCE_S = 60.0


def rated(tablet: SCommandEvaluator, emulator: SCommandEvaluatorEmulator, key: int) -> Press:
    """The press that comes of touching `key`."""
    clock = RealClock()
    deadline = clock.after(PATIENCE_S)
    while not clock.due(deadline):
        if emulator.page == "rating" and not emulator.press:
            emulator.press = key
        if (press := tablet.pressed()) is not None:
            return press
        clock.wait(0.005)
    raise AssertionError("no press came")


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("agreed_port", [False, True])
@pytest.mark.parametrize("pushes", [False, True])
def test_over_datagrams(agreed_port: bool, pushes: bool) -> None:
    with nothing_left_behind():
        emulator = SCommandEvaluatorEmulator(RealClock())
        emulator.pushes, emulator.doubled, emulator.own_window_s = pushes, True, 1000.0
        with UdpRig(emulator, answer_port=free_port() if agreed_port else None) as rig:
            settings = SCommandEvaluatorSettings(url=rig.url, timeout_s=10, poll_s=0.2)
            tablet = SCommandEvaluator(settings, RealClock())
            tablet.open()
            assert tablet.identity().startswith("TIANMEN-TABLET")
            for key in (5, 2):
                tablet.ask(255)
                assert rated(tablet, emulator, key).level == key
            tablet.close()
            tablet.close()


def test_unplugged_and_back_on_the_same_port() -> None:
    with nothing_left_behind(), UdpRig(SCommandEvaluatorEmulator(RealClock())) as rig:
        tablet = SCommandEvaluator(SCommandEvaluatorSettings(url=rig.url, timeout_s=10), RealClock())
        tablet.open()
        port = rig.port
        rig.unplug()
        with pytest.raises(DeviceError):  # nobody listens there, and this machine says so
            tablet.status()
        tablet.close()
        with pytest.raises(Unreachable):
            tablet.open()
        rig.replug()
        assert rig.port == port
        tablet.open()
        assert tablet.status().ready
        tablet.close()


@contextmanager
def forwarded(emulator: SCommandEvaluatorEmulator) -> Iterator[str]:
    """`emulator` as `adb forward` shows it: it answers one command and hangs up. Gives the URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:  # the test is over
                return
            with caller:
                caller.settimeout(PATIENCE_S)
                emulator.receive(caller.recv(4096))
                while said := emulator.take():
                    caller.sendall(said)

    server = threading.Thread(target=serve)
    server.start()
    try:
        yield f"socket://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        server.join()


def test_one_connection_for_each_command() -> None:
    with nothing_left_behind():
        emulator = SCommandEvaluatorEmulator(RealClock())
        emulator.form, emulator.own_window_s = "usb", 1000.0
        with forwarded(emulator) as url:
            settings = SCommandEvaluatorSettings(url=url, form="usb", timeout_s=10, poll_s=0.2)
            tablet = SCommandEvaluator(settings, RealClock())
            tablet.open()
            assert tablet.status().ready
            assert tablet.identity() == f"TIANMEN-TABLET-1.00 {url}"
            tablet.ask(255)
            assert rated(tablet, emulator, 4).level is Level.SATISFIED
            tablet.cancel()
            tablet.close()
            with pytest.raises(Unreachable):
                tablet.ask(20)
        with pytest.raises(Unreachable):
            tablet.open()


def test_a_tablet_that_hangs_up_without_an_answer() -> None:
    emulator = SCommandEvaluatorEmulator(RealClock())
    emulator.mute = True
    with nothing_left_behind(), forwarded(emulator) as url:
        settings = SCommandEvaluatorSettings(url=url, form="usb", timeout_s=10)
        with pytest.raises(Unreachable):
            SCommandEvaluator(settings, RealClock()).open()
