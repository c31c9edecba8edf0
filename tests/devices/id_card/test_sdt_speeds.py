"""Five speeds: found, changed, and what each end hears while they differ (id_card_reader.md §1.1, §3)."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.emulators.sample_cards import WANG_XIAOMING
from devices.emulators.sdt import SdtEmulator
from devices.emulators.uart import heard_at
from devices.errors import DeviceError, Garbled, TimedOut
from devices.id_card.sdt import SdtReader, SdtSettings
from devices.id_card.sdt_connect import SPEEDS
from devices.id_card.sdt_frames import PREAMBLE, STATUS, format_request
from devices.rig import PtyRig, TcpRig, register_emulators
from ground.clock import ManualClock, RealClock

PATIENCE_S = 60.0


class Desk:
    """An emulator at some speed and a reader that is set otherwise."""

    def __init__(self, module_baud: int, **settings: object) -> None:
        self.clock = ManualClock()
        self.emulator = SdtEmulator(self.clock)
        self.emulator.baud = module_baud
        self.emulator.card_on = True
        self.rig = register_emulators({"reader": self.emulator})["reader"]
        self.reader = SdtReader(SdtSettings.model_validate({"url": self.rig.url, **settings}), self.clock)

    def reads(self) -> bool:
        """Whether a card that is laid down now is read."""
        self.emulator.card_on = False
        self.emulator.card_on = True
        return self.reader.read_card() == WANG_XIAOMING


@pytest.mark.parametrize("baud", SPEEDS)
def test_auto_finds_each_speed(baud: int) -> None:
    desk = Desk(baud, baud="auto")
    desk.reader.open()
    assert desk.reads()
    assert desk.reader.capabilities()["baud"] == baud
    before = desk.clock.instant()
    desk.reader.open()
    assert desk.clock.instant() - before < 0.2, "the speed that was found is tried first next time"


@pytest.mark.parametrize("baud", SPEEDS)
def test_a_set_speed_is_the_only_one_tried(baud: int) -> None:
    desk = Desk(baud, baud=baud)
    desk.reader.open()
    assert desk.reads()
    desk = Desk(baud, baud=next(other for other in SPEEDS if other != baud))
    with pytest.raises((TimedOut, Garbled)):
        desk.reader.open()


def test_auto_on_a_dead_line_gives_up_after_five_knocks() -> None:
    desk = Desk(115200, baud="auto")
    desk.emulator.mute = True
    with pytest.raises(TimedOut):
        desk.reader.open()
    assert 4.9 < desk.clock.instant() < 5.5
    desk.emulator.mute = False
    desk.reader.open()
    assert desk.reads()


@pytest.mark.parametrize("old", SPEEDS)
@pytest.mark.parametrize("new", SPEEDS)
def test_both_change_and_go_on(old: int, new: int) -> None:
    desk = Desk(old, baud=old, change_to_baud=new)
    desk.reader.open()
    assert desk.emulator.baud == new
    assert desk.reader.capabilities()["baud"] == new
    assert desk.reads()
    desk.reader.open()
    assert desk.reads(), "found again at the new speed"


def test_a_module_that_forgot_its_new_speed() -> None:
    desk = Desk(9600, baud=9600, change_to_baud=115200)
    desk.reader.open()
    desk.emulator.baud = 9600  # power was lost
    desk.reader.open()
    assert desk.emulator.baud == 115200
    assert desk.reads()


def test_a_module_that_will_not_change_is_served_as_it_is() -> None:
    desk = Desk(9600, baud=9600, change_to_baud=115200)
    desk.emulator.knows_set_baud = False
    desk.reader.open()
    assert desk.reader.capabilities()["baud"] == 9600
    assert desk.reads()


class HalfHearted(SdtEmulator):
    """Says yes to a new speed and stays at the old one."""

    @property
    def baud(self) -> int:  # type: ignore[override]
        return 19200

    @baud.setter
    def baud(self, baud: int) -> None:
        pass


def test_a_module_that_says_yes_and_stays() -> None:
    clock = ManualClock()
    emulator = HalfHearted(clock)
    url = register_emulators({"reader": emulator})["reader"].url
    reader = SdtReader(SdtSettings(url=url, baud=19200, change_to_baud=115200), clock)
    reader.open()
    emulator.card_on = True
    assert reader.read_card() == WANG_XIAOMING
    assert reader.capabilities()["baud"] == 19200


def test_the_answer_to_a_change_comes_at_the_old_speed() -> None:
    """§3: byte for byte, without a driver."""
    clock = ManualClock()
    emulator = SdtEmulator(clock)
    emulator.host_speed(115200)
    emulator.receive(bytes.fromhex("AA AA AA 96 69 00 03 60 04 67"))
    clock.turn(1)
    assert emulator.take() == bytes.fromhex("AA AA AA 96 69 00 04 00 00 90 94")
    assert emulator.baud == 9600
    emulator.receive(format_request(STATUS))
    clock.turn(1)
    assert emulator.take() == b""
    emulator.host_speed(9600)
    emulator.receive(format_request(STATUS))
    clock.turn(1)
    assert emulator.take() == bytes.fromhex("AA AA AA 96 69 00 04 00 00 90 94")


def test_a_device_server_is_never_left_behind(tmp_path: Path) -> None:
    """Nobody behind a TCP socket could follow a module that changes its speed."""
    emulator = SdtEmulator(RealClock())
    emulator.read_s = 0.05
    with TcpRig(emulator) as rig:
        reader = SdtReader(
            SdtSettings(
                url=rig.url,
                baud=115200,
                change_to_baud=9600,
                answer_timeout_s=PATIENCE_S,
                read_timeout_s=PATIENCE_S,
            ),
            RealClock(),
        )
        reader.open()
        emulator.card_on = True
        assert reader.read_card() == WANG_XIAOMING
        assert emulator.baud == 115200
        reader.close()


@pytest.mark.parametrize("baud", [38400, 9600])
def test_on_a_real_tty(tmp_path: Path, baud: int) -> None:
    """The rig reads the speed that pyserial has really set on the pty."""
    emulator = SdtEmulator(RealClock())
    emulator.baud, emulator.read_s = baud, 0.05
    with PtyRig(emulator, tmp_path / "reader") as rig:
        reader = SdtReader(
            SdtSettings(
                url=rig.url,
                baud="auto",
                change_to_baud=57600,
                answer_timeout_s=PATIENCE_S,
                read_timeout_s=PATIENCE_S,
            ),
            RealClock(),
        )
        for _ in range(10):  # a machine that stalls for a second misses a knock
            try:
                reader.open()
                break
            except DeviceError:
                continue
        emulator.card_on = True
        assert reader.read_card() == WANG_XIAOMING
        assert (emulator.baud, reader.capabilities()["baud"]) == (57600, 57600)
        reader.close()


@given(data=st.binary(max_size=200), baud=st.sampled_from(SPEEDS))
@settings(deadline=None)
def test_at_one_speed_everything_is_heard(data: bytes, baud: int) -> None:
    assert heard_at(data, baud, baud) == data


@pytest.mark.parametrize(
    ("data", "sent", "own", "heard"),
    [
        (b"\x00", 9600, 19200, b""),  # nine low bits are eighteen: it is low where the stop bit should be
        (b"\xff", 9600, 19200, b"\xfe"),  # one low bit of the sender is two of the receiver
        (b"\xff", 9600, 115200, b""),  # … and twelve: no stop bit
        (b"\x55", 19200, 9600, b"\xff"),  # every other bit is looked at, and all of those are high
    ],
)
def test_what_two_speeds_make_of_a_byte(data: bytes, sent: int, own: int, heard: bytes) -> None:
    assert heard_at(data, sent, own) == heard


@pytest.mark.parametrize("sent", SPEEDS)
@pytest.mark.parametrize("own", SPEEDS)
def test_no_frame_survives_a_wrong_speed(sent: int, own: int) -> None:
    assert (PREAMBLE in heard_at(format_request(STATUS), sent, own)) == (sent == own)
