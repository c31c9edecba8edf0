"""The reader on USB, with frames cut over two pairs of endpoints and whole over one (id_card_reader.md §1.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest

from devices.emulators.sample_cards import LI_FENG, WANG_XIAOMING
from devices.emulators.sdt import SAM_LABEL, SdtEmulator
from devices.errors import DeviceError, Garbled, TimedOut, Unreachable
from devices.id_card.sdt import SdtReader, SdtSettings
from devices.rig import UsbBus, UsbRig
from devices.wire.usb_bulk import use_backend
from ground.clock import ManualClock, RealClock
from tests.conformance.leaks import nothing_left_behind
from tests.conformance.stage import Line


@dataclass
class Desk:
    clock: ManualClock
    bus: UsbBus
    emulator: SdtEmulator
    line: Line  #: between the emulator and the bus
    rig: UsbRig
    reader: SdtReader  #: open


@pytest.fixture(params=["split", "single"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    clock = ManualClock()
    with nothing_left_behind(), UsbBus(clock) as bus:
        emulator = SdtEmulator(clock)
        line = Line(emulator)
        rig = UsbRig(bus, line, serial="S1", split=request.param == "split")
        reader = SdtReader(SdtSettings(url=rig.url, baud="auto", read_new_address=True), clock)
        reader.open()
        yield Desk(clock, bus, emulator, line, rig, reader)
        reader.close()


def lay_again(desk: Desk) -> None:
    desk.emulator.card_on = False
    desk.emulator.card_on = True


def test_a_visit(desk: Desk) -> None:
    assert desk.reader.identity() == SAM_LABEL
    assert desk.reader.read_card() is None
    desk.emulator.card_on = True
    assert desk.reader.read_card() == WANG_XIAOMING
    assert desk.reader.card_present()
    desk.emulator.card = LI_FENG
    assert desk.reader.read_card() == LI_FENG
    desk.emulator.card_on = False
    assert not desk.reader.card_present()


def test_fingerprints_fit_through(desk: Desk) -> None:
    desk.reader.close()
    reader = SdtReader(SdtSettings(url=desk.rig.url, read_fingerprints=True), desk.clock)
    reader.open()
    desk.emulator.fingers = 2
    desk.emulator.card_on = True
    card = reader.read_card()
    assert card is not None
    assert card.fingerprints == (bytes(512), bytes(512))
    reader.close()


def test_speed_means_nothing_here(desk: Desk) -> None:
    """No five knocks at a dead reader, and no change of a speed that nobody could follow."""
    desk.reader.close()
    wishes = SdtSettings(url=desk.rig.url, baud="auto", change_to_baud=9600)
    reader = SdtReader(wishes, desk.clock)
    reader.open()
    assert desk.emulator.baud == 115200
    desk.emulator.mute = True
    before = desk.clock.instant()
    with pytest.raises(TimedOut):
        reader.open()
    assert desk.clock.instant() - before <= wishes.answer_timeout_s * 1.1


def test_silence_ends_at_the_deadline(desk: Desk) -> None:
    desk.emulator.mute = True
    before = desk.clock.instant()
    with pytest.raises(TimedOut):
        desk.reader.read_card()
    assert 2.0 <= desk.clock.instant() - before <= 2.2


@pytest.mark.parametrize("at", [0, 6, 7, 10, 14, 15, 20, 33, 34, 40, 41, 1000, 1328])
def test_unplugged_after_so_many_bytes(desk: Desk, at: int) -> None:
    passed = 0

    def pull(said: bytes) -> bytes:
        nonlocal passed
        passed += len(said)
        if said and passed > at:
            desk.rig.unplug()
        return said[: max(0, len(said) - (passed - at))]

    desk.emulator.card_on = True
    desk.line.hand = pull
    with pytest.raises(Unreachable):
        desk.reader.read_card()
    with pytest.raises(Unreachable):
        desk.reader.open()
    desk.line.hand = bytes
    old = desk.rig.address
    desk.rig.replug()
    assert desk.rig.address != old
    desk.reader.open()
    lay_again(desk)
    assert desk.reader.read_card() == WANG_XIAOMING


@pytest.mark.parametrize("fault", ["flip_at", "drop_at", "add_at"])
@pytest.mark.parametrize("at", [0, 4, 5, 6, 7, 9, 13, 16, 18, 300, 1294])
def test_back_in_step_after_one_bad_byte(desk: Desk, fault: str, at: int) -> None:
    """Also where the bad byte is in the length, or moves the place at which a frame is cut."""
    desk.emulator.card_on = True
    setattr(desk.emulator, fault, at)
    try:
        first = desk.reader.read_card()
    except (Garbled, TimedOut):
        first = desk.reader.read_card()
    assert first == WANG_XIAOMING


@pytest.mark.parametrize("cut", [0, 1, 6, 7, 8, 14, 20, 100, 1328])
def test_answers_cut_short(desk: Desk, cut: int) -> None:
    desk.emulator.card_on = True
    desk.line.cut_after(cut)
    with pytest.raises((Garbled, TimedOut)):
        desk.reader.read_card()
    desk.line.hand = bytes
    assert desk.reader.read_card() == WANG_XIAOMING


def test_answers_in_single_bytes(desk: Desk) -> None:
    desk.emulator.card_on = True
    desk.line.trickle()
    assert desk.reader.read_card() == WANG_XIAOMING


def test_a_late_answer_is_not_the_next_one(desk: Desk) -> None:
    desk.emulator.card_on = True
    release = desk.line.hold()
    with pytest.raises(TimedOut):
        desk.reader.read_card()
    desk.emulator.card = LI_FENG
    release()
    seen = []
    for _ in range(4):
        try:
            seen.append(desk.reader.read_card())
        except DeviceError:
            continue
    assert LI_FENG in seen
    assert WANG_XIAOMING not in seen


def test_on_the_real_clock() -> None:
    clock = RealClock()
    with nothing_left_behind(), UsbBus(clock) as bus:
        emulator = SdtEmulator(clock)
        emulator.read_s = 0.02
        for build in (partial(UsbRig, split=True), UsbRig):
            rig = build(bus, emulator)
            reader = SdtReader(SdtSettings(url=rig.url, answer_timeout_s=60.0, read_timeout_s=60.0), clock)
            reader.open()
            emulator.card_on = False
            emulator.card_on = True
            assert reader.read_card() == WANG_XIAOMING
            reader.close()
            rig.close()


def test_two_buses_one_after_the_other() -> None:
    """The bus of a former assembly is not searched any more."""
    clock = ManualClock()
    old, new = UsbBus(clock), UsbBus(clock)
    UsbRig(old, SdtEmulator(clock))
    use_backend(new, clock)
    with pytest.raises(Unreachable):
        SdtReader(SdtSettings(url="usb://0400:C35A"), clock).open()
    use_backend(None)
