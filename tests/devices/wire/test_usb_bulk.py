"""One wire over one or two pairs of bulk endpoints, through the whole of pyusb, on an emulated bus."""

import threading
from collections.abc import Iterator

import pytest
import usb.core

from devices.emulators.base import SerialEmulator
from devices.errors import Unreachable
from devices.rig import UsbBus, UsbRig
from devices.wire import open_wire
from devices.wire.usb_bulk import use_backend
from ground.clock import ManualClock, RealClock
from tests.conformance.leaks import nothing_left_behind

HEAD = bytes.fromhex("AA AA AA 96 69 00 04")  # announces four bytes more


class Echo(SerialEmulator):
    """Notes what it hears and says what it is told to."""

    def __init__(self, clock: ManualClock | RealClock) -> None:
        super().__init__(clock)
        self.heard: list[bytes] = []

    def receive(self, data: bytes) -> None:
        self.heard.append(data)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def bus(clock: ManualClock) -> Iterator[UsbBus]:
    with UsbBus(clock) as bus:
        yield bus


def test_both_ways_over_one_pair(bus: UsbBus, clock: ManualClock) -> None:
    """The pair is behind an interface with nothing but an interrupt endpoint."""
    echo = Echo(clock)
    wire = open_wire(UsbRig(bus, echo).url)
    wire.write(b"ping")
    assert echo.heard == [b"ping"]
    echo.say(b"pong")
    assert wire.read(4, 60.0) == b"pong"
    wire.close()
    wire.close()


def test_a_frame_is_cut_over_two_pairs(bus: UsbBus, clock: ManualClock) -> None:  # id_card_reader.md §1.2
    echo = Echo(clock)
    rig = UsbRig(bus, echo, split=True)
    wire = open_wire(rig.url)
    wire.write(HEAD + b"rest")
    assert echo.heard == [HEAD, b"rest"]
    for _ in range(2):
        echo.say(HEAD + b"1234")
        assert wire.read(7, 60.0) == HEAD
        assert wire.read(4, 60.0) == b"1234"
    echo.say(HEAD + b"1234" + HEAD + b"5678")
    assert wire.read(22, 60.0) == HEAD + b"1234" + HEAD + b"5678"


@pytest.mark.parametrize("size", [1, 63, 64, 65, 128, 1288, 2314])
@pytest.mark.parametrize("split", [True, False])
def test_no_size_makes_it_wait(bus: UsbBus, clock: ManualClock, size: int, split: bool) -> None:
    """Packets have 64 bytes; an answer of whole packets has no short one to end its transfer."""
    echo = Echo(clock)
    wire = open_wire(UsbRig(bus, echo, split=split).url)
    frame = HEAD[:5] + size.to_bytes(2, "big") + bytes(index % 251 for index in range(size))
    echo.say(frame)
    before = clock.instant()
    assert wire.read(7, 60.0) + wire.read(size, 60.0) == frame
    assert clock.instant() == before


def test_the_whole_frame_by_one_endpoint_although_there_are_four(bus: UsbBus, clock: ManualClock) -> None:
    echo = Echo(clock)
    rig = UsbRig(bus, echo, split=True)
    wire = open_wire(rig.url + "?split=0")
    wire.write(HEAD + b"rest")
    assert echo.heard == [HEAD + b"rest"]


def test_cutting_needs_all_four(bus: UsbBus, clock: ManualClock) -> None:
    rig = UsbRig(bus, Echo(clock))
    with pytest.raises(Unreachable):
        open_wire(rig.url + "?split=7")
    open_wire(rig.url).close()


def test_a_read_ends_at_its_deadline_with_what_there_is(bus: UsbBus, clock: ManualClock) -> None:
    echo = Echo(clock)
    wire = open_wire(UsbRig(bus, echo).url)
    echo.say(b"ab")
    echo.say(b"c", after_s=0.3)
    assert wire.read(4, 1.0) == b"abc"
    assert clock.instant() == pytest.approx(1.0, abs=0.003)
    assert wire.read(4, 0.0) == b""
    assert wire.read(0, 60.0) == b""
    assert clock.instant() == pytest.approx(1.0, abs=0.005)


def test_a_read_waits_for_its_last_byte(bus: UsbBus, clock: ManualClock) -> None:
    echo = Echo(clock)
    wire = open_wire(UsbRig(bus, echo).url)
    for place, byte in enumerate(b"abcd"):
        echo.say(bytes([byte]), after_s=place * 0.25)
    assert wire.read(4, 60.0) == b"abcd"
    assert clock.instant() == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize("split", [True, False])
def test_discarded_bytes_never_come(bus: UsbBus, clock: ManualClock, split: bool) -> None:
    echo = Echo(clock)
    wire = open_wire(UsbRig(bus, echo, split=split).url)
    echo.say(HEAD + b"late" + HEAD)
    assert wire.read(3, 1.0) == HEAD[:3]
    wire.discard()
    echo.say(b"6789")  # the rest of the frame that was begun, by the device's count
    wire.discard()
    echo.say(HEAD + b"1234")
    assert wire.read(11, 1.0) == HEAD + b"1234"


class Chatterbox(Echo):
    """Never stops."""

    def take(self) -> bytes:
        return b"x" * 64


def test_discard_ends_although_the_device_never_stops(bus: UsbBus) -> None:
    clock = RealClock()
    use_backend(bus, clock)
    wire = open_wire(UsbRig(bus, Chatterbox(clock)).url)
    before = clock.instant()
    wire.discard()
    assert clock.instant() - before < 60.0


def test_a_device_that_takes_nothing_more(bus: UsbBus, clock: ManualClock) -> None:
    rig = UsbRig(bus, Echo(clock))
    wire = open_wire(rig.url)
    rig.stalled = True
    with pytest.raises(Unreachable):
        wire.write(b"x")
    assert clock.instant() == pytest.approx(5.0, abs=0.2)


def test_two_hosts_at_one_device(bus: UsbBus, clock: ManualClock) -> None:
    rig = UsbRig(bus, Echo(clock))
    wire = open_wire(rig.url)
    with pytest.raises(Unreachable):
        open_wire(rig.url)
    wire.write(b"still mine")
    wire.close()
    open_wire(rig.url).close()


def test_the_kernels_driver_gets_its_device_back(bus: UsbBus, clock: ManualClock) -> None:
    rig = UsbRig(bus, Echo(clock))
    wire = open_wire(rig.url)
    assert not rig.kernel_driver
    wire.close()
    assert rig.kernel_driver


def test_a_device_that_nobody_configured(bus: UsbBus, clock: ManualClock) -> None:
    rig = UsbRig(bus, Echo(clock))
    rig.configured = False
    wire = open_wire(rig.url)
    assert rig.configured
    wire.write(b"x")


def test_the_right_one_of_two(bus: UsbBus, clock: ManualClock) -> None:
    first, second = Echo(clock), Echo(clock)
    UsbRig(bus, first, serial="A/1")
    UsbRig(bus, second, serial="B2")
    for url, echo in (
        ("usb://0400:c35a/A%2F1", first),
        ("usb://0400:C35A/B2", second),
        ("usb://0400:C35A", first),
    ):
        wire = open_wire(url)
        wire.write(b"x")
        assert echo.heard.pop() == b"x"
        wire.close()
    with pytest.raises(Unreachable) as caught:
        open_wire("usb://0400:C35A/C3")
    assert "serial" in str(caught.value)


@pytest.mark.parametrize(
    "url", ["usb://", "usb://0400", "usb://0400:C35", "usb://x:y", "usb://0400:C35A?split=3"]
)
def test_urls_that_say_nothing(bus: UsbBus, clock: ManualClock, url: str) -> None:
    UsbRig(bus, Echo(clock))
    with pytest.raises(Unreachable) as caught:
        open_wire(url)
    assert caught.value.facts["url"] == url


def test_this_user_may_not(bus: UsbBus, clock: ManualClock) -> None:
    rig = UsbRig(bus, Echo(clock), serial="1")
    rig.permitted = False
    for url in ("usb://0400:C35A", rig.url):
        with pytest.raises(Unreachable):
            open_wire(url)
    rig.permitted = True
    open_wire(rig.url).close()


@pytest.mark.parametrize("verb", ["read", "write", "discard"])
@pytest.mark.parametrize("split", [True, False])
def test_pulled_out_and_back_at_another_address(
    bus: UsbBus, clock: ManualClock, verb: str, split: bool
) -> None:
    echo = Echo(clock)
    rig = UsbRig(bus, echo, split=split)
    wire = open_wire(rig.url)
    first = rig.address
    rig.unplug()
    verbs = {"read": lambda: wire.read(1, 60.0), "write": lambda: wire.write(b"x"), "discard": wire.discard}
    for _ in range(2):
        with pytest.raises(Unreachable) as caught:
            verbs[verb]()
        assert caught.value.facts["url"] == rig.url
    with pytest.raises(Unreachable):
        open_wire(rig.url)
    rig.replug()
    assert rig.address not in (first, None)
    with pytest.raises(Unreachable):
        verbs[verb]()
    wire.close()
    fresh = open_wire(rig.url)
    echo.say(b"here")
    assert fresh.read(1, 1.0) == b"h"


@pytest.mark.parametrize("what", ["unplugged", "closed"])
def test_the_end_of_a_read_that_hangs(what: str) -> None:
    clock = RealClock()
    with nothing_left_behind(), UsbBus(clock) as bus:
        rig = UsbRig(bus, Echo(clock))
        wire = open_wire(rig.url)
        later = threading.Timer(0.05, rig.unplug if what == "unplugged" else wire.close)
        later.start()
        with pytest.raises(Unreachable):
            wire.read(1, 600.0)
        later.join()
        wire.close()


def test_used_after_close(bus: UsbBus, clock: ManualClock) -> None:
    wire = open_wire(UsbRig(bus, Echo(clock)).url)
    wire.close()
    with pytest.raises(Unreachable):
        wire.read(1, 0.0)


def test_nothing_outlives_close(bus: UsbBus, clock: ManualClock) -> None:
    rig = UsbRig(bus, Echo(clock), serial="1")
    other = UsbRig(bus, Echo(clock), serial="0")
    with nothing_left_behind():
        for _ in range(50):
            wire = open_wire(rig.url)
            rig.unplug()
            wire.close()
            rig.replug()
            with pytest.raises(Unreachable):
                open_wire(rig.url + "?split=7")
    assert (rig.kernel_driver, other.kernel_driver) == (True, True)


class NoLibrary:
    """A backend where libusb is missing."""

    def enumerate_devices(self) -> list[object]:
        raise usb.core.NoBackendError("No backend available")


def test_without_libusb() -> None:
    use_backend(NoLibrary())
    try:
        with pytest.raises(Unreachable) as caught:
            open_wire("usb://0400:C35A")
        assert "No backend" in str(caught.value)
    finally:
        use_backend(None)


def test_nothing_there_on_the_real_bus() -> None:
    """libusb itself, or its absence: either way nothing is at this address."""
    use_backend(None)
    with pytest.raises(Unreachable):  # loads libusb, which stays
        open_wire("usb://FFFF:FFFE")
    with nothing_left_behind(), pytest.raises(Unreachable) as caught:
        open_wire("usb://FFFF:FFFE/1")
    assert caught.value.facts["url"] == "usb://FFFF:FFFE/1"
