"""How every driver of a service behaves when the service speaks, speaks nonsense, or says nothing.

The same promises as in `test_conversation.py` (house style, section 5), kept over real sockets and in real time:
only the tests that wait for a time-out set short ones, and no test needs the machine to be quick.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.catalog import DRIVERS, DriverEntry
from devices.emulators import SERVICES
from devices.errors import DeviceError, Garbled, Refused, TimedOut, Unreachable
from ground.clock import RealClock
from tests.conformance.leaks import nothing_left_behind
from tests.conformance.services import SERVED, SERVICE_EXCHANGES, ServiceStage, served, told

PATIENCE_S = 60.0  # for what must happen, however busy the machine
STALL_S = 10.0  # that a busy machine may add to a deadline; a driver without one takes for ever
SLACK = 1.1  # house style: a deadline may be overrun by a tenth

_WITH_EXCHANGE = [entry for entry in SERVED if entry.name in SERVICE_EXCHANGES and entry.name in SERVICES]
every_service = pytest.mark.parametrize("entry", SERVED, ids=lambda entry: entry.name)
every_driver = pytest.mark.parametrize("entry", _WITH_EXCHANGE, ids=lambda entry: entry.name)


def test_a_service_has_a_server_for_its_emulator() -> None:
    assert {entry.name for entry in SERVED} <= set(SERVICES)
    assert set(SERVICES) <= {entry.name for entry in DRIVERS if entry.reach != "wire"}


@every_service
def test_it_has_an_exchange(entry: DriverEntry) -> None:
    assert entry.name in SERVICE_EXCHANGES
    emulator = SERVICES[entry.name](RealClock(), 0)
    assert hasattr(emulator, "spoil") and hasattr(emulator, "halt_after")


@every_driver
def test_opens_and_closes_twice(entry: DriverEntry) -> None:
    with served(entry) as scene:
        for _ in range(2):
            scene.open_at_last()
            scene.exchange.prepare(scene.emulator)
            assert scene.at_last(scene.exchange.right)
            assert scene.device.identity()
            assert scene.device.capabilities()
            assert scene.device.status().ready
            scene.device.close()
            scene.device.close()
        assert isinstance(told(scene.ask), DeviceError)


@every_driver
def test_open_on_a_silent_service(entry: DriverEntry) -> None:
    with served(entry, impatient=True) as scene:
        scene.emulator.mute = True
        assert_gives_up(scene, scene.device.open, scene.exchange.open_deadline_s)
        scene.emulator.mute = False
        scene.open_at_last()
        scene.exchange.prepare(scene.emulator)
        assert scene.at_last(scene.exchange.right)


@every_driver
def test_a_service_that_falls_silent(entry: DriverEntry) -> None:
    with served(entry, impatient=True) as scene:
        scene.open_at_last()
        scene.emulator.mute = True
        for _ in range(2):
            assert_gives_up(scene, scene.ask, scene.exchange.deadline_s)


@every_driver
@pytest.mark.parametrize("passed", [0, 1, 20])
def test_an_answer_that_stops_half_way(entry: DriverEntry, passed: int) -> None:
    with served(entry, impatient=True) as scene:
        scene.open_at_last()
        scene.emulator.halt_after = passed
        assert_gives_up(scene, scene.ask, scene.exchange.deadline_s)
        scene.emulator.halt_after = None
        scene.exchange.prepare(scene.emulator)
        assert scene.at_last(scene.exchange.right)


def assert_gives_up(scene: ServiceStage, ask: object, deadline_s: float) -> None:
    """`ask` is `TimedOut` when its deadline has passed, and not much later."""
    assert callable(ask)
    clock = RealClock()
    before = clock.instant()
    said = told(ask)
    assert isinstance(said, TimedOut), said
    assert clock.instant() - before <= deadline_s * SLACK + STALL_S


@every_driver
def test_absent(entry: DriverEntry) -> None:
    with served(entry) as scene:
        scene.emulator.unplug()
        for _ in range(2):
            assert isinstance(told(scene.device.open), Unreachable)
        assert isinstance(told(scene.ask), Unreachable)


@every_driver
def test_arbitrary_bodies(entry: DriverEntry) -> None:
    """`Garbled`, a refusal or a value, nothing else; silence only where a body may be no answer at all."""
    with served(entry, impatient=True) as scene:

        @given(body=st.one_of(st.binary(max_size=80), st.text(max_size=40).map(str.encode), _json()))
        @settings(deadline=None, max_examples=scene.exchange.examples)
        def tried(body: bytes) -> None:
            check_spoilt(scene, lambda said: body)

        tried()


def _json() -> st.SearchStrategy[bytes]:
    """Texts that begin like an answer."""
    scraps = ['{"code":', '"0"', "0", "{}", "[", "]", "null", "}", '{"data":', '"', ",", "1e999", "callback("]
    return st.lists(st.sampled_from(scraps), max_size=8).map(lambda parts: "".join(parts).encode())


@every_driver
def test_damaged_bodies(entry: DriverEntry) -> None:
    """Bytes changed, lost and added anywhere in true answers end in an error or a value, not in a crash."""
    with served(entry, impatient=True) as scene:
        spot = st.tuples(st.floats(0, 1), st.integers(0, 2), st.binary(max_size=2))

        @given(spots=st.lists(spot, min_size=1, max_size=3))
        @settings(deadline=None, max_examples=scene.exchange.examples)
        def tried(spots: list[tuple[float, int, bytes]]) -> None:
            def damage(said: bytes) -> bytes:
                damaged = bytearray(said)
                for part, lost, added in spots:
                    at = int(part * max(0, len(damaged) - 1))
                    damaged[at : at + lost] = added
                return bytes(damaged)

            check_spoilt(scene, damage)

        tried()


def check_spoilt(scene: ServiceStage, spoil: object) -> None:
    """Ask and open while every body is spoilt."""
    allowed = (Garbled, Refused, TimedOut) if scene.exchange.speaks_unasked else (Garbled, Refused)
    for verb in (scene.ask, scene.device.open):
        scene.open_at_last()
        if verb != scene.ask:
            scene.device.close()
        scene.emulator.spoil = spoil
        said = told(verb)
        scene.emulator.spoil = bytes
        scene.device.close()
        assert not isinstance(said, DeviceError) or isinstance(said, allowed), said


@every_driver
def test_a_late_answer_is_not_the_next_one(entry: DriverEntry) -> None:
    released = threading.Event()

    def held(said: bytes) -> bytes:
        assert released.wait(PATIENCE_S)
        return said

    with served(entry, impatient=True) as scene:
        scene.open_at_last()
        scene.emulator.spoil = held
        try:
            assert isinstance(told(scene.ask), TimedOut)
            scene.exchange.change(scene.emulator)
        finally:
            scene.emulator.spoil = bytes
            released.set()
        answers = [told(scene.ask) for _ in range(4)]
        values = [answer for answer in answers if not isinstance(answer, DeviceError)]
        assert all(scene.exchange.changed(value) for value in values), values
        assert values or scene.at_last(scene.exchange.changed)


@every_driver
def test_unplugged_in_the_middle_of_an_answer(entry: DriverEntry) -> None:
    with served(entry) as scene, ThreadPoolExecutor(1) as worker:
        scene.open_at_last()
        spoke = threading.Event()

        def heard(said: bytes) -> bytes:
            spoke.set()
            return said

        scene.emulator.halt_after = 3
        scene.emulator.spoil = heard
        asked = worker.submit(told, scene.ask)
        assert spoke.wait(PATIENCE_S)
        scene.emulator.unplug()
        assert isinstance(asked.result(PATIENCE_S), Unreachable)
        scene.device.close()
        assert isinstance(told(scene.device.open), Unreachable)

        scene.emulator.spoil = bytes
        scene.emulator.halt_after = None
        scene.emulator.replug()
        scene.exchange.prepare(scene.emulator)
        scene.open_at_last()
        assert scene.at_last(scene.exchange.right)


@every_driver
def test_nothing_outlives_close(entry: DriverEntry) -> None:
    with served(entry) as scene:
        called_once(scene)
        with nothing_left_behind(PATIENCE_S):
            for _ in range(2):
                scene.open_at_last()
                scene.exchange.prepare(scene.emulator)
                assert scene.at_last(scene.exchange.right)
                scene.device.close()
                scene.device.close()


@every_driver
def test_nothing_outlives_an_open_that_failed(entry: DriverEntry) -> None:
    with served(entry, impatient=True) as scene:
        called_once(scene)
        with nothing_left_behind(PATIENCE_S):
            scene.emulator.mute = True
            assert isinstance(told(scene.device.open), DeviceError)
            scene.emulator.mute = False


def called_once(scene: ServiceStage) -> None:
    """A server's thread makes its own descriptors when it comes to run: they are there once it has served somebody."""
    scene.open_at_last()
    scene.device.close()
