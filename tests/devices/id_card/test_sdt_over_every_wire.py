"""The same visit over a real pty, over TCP and in-process; the real clock, so all patience is generous."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.emulators.sample_cards import LI_FENG, RARE_BEYOND_THE_BASIC_PLANE, WANG_XIAOMING
from devices.emulators.sdt import SAM_LABEL, SdtEmulator
from devices.errors import Unreachable
from devices.id_card.sdt import SdtReader, SdtSettings
from devices.rig import PtyRig, Rig, TcpRig, register_emulators
from ground.clock import RealClock
from tests.conformance.leaks import nothing_left_behind

PATIENCE_S = 60.0


def rig_of(kind: str, emulator: SdtEmulator, folder: Path) -> Rig:
    match kind:
        case "pty":
            return PtyRig(emulator, folder / "id-card")
        case "paced pty":
            return PtyRig(emulator, folder / "id-card", paced_baud=115200)
        case "tcp":
            return TcpRig(emulator)
    return register_emulators({"id_card": emulator})["id_card"]


@pytest.fixture(params=["pty", "paced pty", "tcp", "emu"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with nothing_left_behind():
        emulator = SdtEmulator(RealClock())
        emulator.read_s = 0.05
        rig = rig_of(request.param, emulator, tmp_path)
        yield rig
        rig.close()


def test_a_day_at_the_reader(rig: Rig) -> None:
    emulator = rig.emulator
    assert isinstance(emulator, SdtEmulator)
    settings = SdtSettings(url=rig.url, answer_timeout_s=PATIENCE_S, read_timeout_s=PATIENCE_S)
    reader = SdtReader(settings, RealClock())
    reader.open()
    try:
        assert reader.identity() == SAM_LABEL
        assert reader.read_card() is None
        emulator.card_on = True
        assert reader.read_card() == WANG_XIAOMING
        assert reader.card_present()
        emulator.card = RARE_BEYOND_THE_BASIC_PLANE
        assert reader.read_card() == RARE_BEYOND_THE_BASIC_PLANE
        emulator.card_on = False
        assert not reader.card_present()

        rig.unplug()
        with pytest.raises(Unreachable):
            reader.read_card()
        with pytest.raises(Unreachable):
            reader.open()
        rig.replug()
        emulator.card = LI_FENG
        emulator.card_on = True
        reader.open()
        assert reader.read_card() == LI_FENG
    finally:
        reader.close()
