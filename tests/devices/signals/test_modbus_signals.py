"""Inputs are read, lamps are lit: the driver on the emulated board."""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from devices.errors import Condition, Garbled, Refused, TimedOut, Unreachable
from devices.signals.contacts import USUAL_LAMPS, Contact
from devices.signals.modbus_signals import ModbusSignals, ModbusSignalsSettings
from devices.status import State
from tests.devices.signals.conftest import Cabinet

ALL_DARK = (False,) * 8


def test_somebody_comes_and_opens_the_door(cabinet: Cabinet, signals: ModbusSignals) -> None:
    assert signals.inputs() == {"presence": False, "door_open": False}
    cabinet.board.presence = True
    assert signals.inputs() == {"presence": True, "door_open": False}
    cabinet.board.door_open = True
    assert signals.inputs() == {"presence": True, "door_open": True}
    assert cabinet.board.contacts[:2] == (True, False), "the loop through the door is closed while it is shut"


def test_a_cut_cable_reads_as_an_open_door(cabinet: Cabinet, signals: ModbusSignals) -> None:
    cabinet.board.contacts = ALL_DARK
    assert signals.inputs()["door_open"]


def test_each_lamp_is_its_relay(cabinet: Cabinet, signals: ModbusSignals) -> None:
    for name, lamp in USUAL_LAMPS.items():
        signals.light(name, True)
        assert cabinet.board.relays == tuple(line == lamp.line for line in range(8))
        signals.light(name, False)
        assert cabinet.board.relays == ALL_DARK


def test_a_lamp_that_is_not_wired(cabinet: Cabinet, signals: ModbusSignals) -> None:
    sent = len(cabinet.line.sent)
    signals.light("fountain", True)
    assert len(cabinet.line.sent) == sent


def test_lights_out_at_once(cabinet: Cabinet, signals: ModbusSignals) -> None:
    cabinet.board.relays = (True,) * 8
    sent = len(cabinet.line.sent)
    signals.lights_out()
    assert cabinet.board.relays == (False,) * 5 + (True,) * 3, "what is no lamp stays"
    assert len(cabinet.line.sent) == sent + 1


def test_lights_out_passes_over_what_lies_between(cabinet: Cabinet) -> None:
    lamps = {"id_card": Contact(line=0), "printer": Contact(line=2, active_low=True)}
    signals = cabinet.signals(lamps=lamps)
    signals.open()
    cabinet.board.relays = (True,) * 8
    signals.lights_out()
    assert cabinet.board.relays == (False, True, True, *(True,) * 5), (
        "line 1 is a lock; lamp 2 is dark when on"
    )
    signals.light("printer", True)
    assert cabinet.board.relays[2] is False
    signals.close()


def test_a_bouncing_contact_changes_nothing(cabinet: Cabinet, signals: ModbusSignals) -> None:
    cabinet.board.bounces = 2  # one reading is wrong, the next is right again
    before = cabinet.clock.instant()
    assert signals.inputs() == {"presence": False, "door_open": False}
    assert cabinet.clock.instant() - before >= 0.05
    assert cabinet.board.bounces == 0


def test_steady_inputs_cost_one_question(cabinet: Cabinet, signals: ModbusSignals) -> None:
    sent = len(cabinet.line.sent)
    signals.inputs()
    assert cabinet.line.sent[sent:] == [bytes.fromhex("01 02 00 00 00 02 F9 CB")]


def test_status_and_capabilities(cabinet: Cabinet, signals: ModbusSignals) -> None:
    cabinet.board.presence = True
    status = signals.status()
    assert status.ready
    assert status.readings == {"presence": True, "door_open": False}
    assert signals.capabilities() == {
        "inputs": ["door_open", "presence"],
        "lamps": ["camera", "id_card", "printer", "receipt", "scanner"],
    }
    assert signals.identity() == "emu://signals#1"


@pytest.mark.parametrize(
    ("code", "condition"),
    [
        (1, Condition.BAD_COMMAND),
        (2, Condition.BAD_COMMAND),
        (3, Condition.BAD_COMMAND),
        (4, Condition.OUT_OF_SERVICE),
        (5, Condition.BUSY),
        (6, Condition.BUSY),
    ],
)
def test_refusals(cabinet: Cabinet, signals: ModbusSignals, code: int, condition: Condition) -> None:
    cabinet.board.exception = code
    for ask in (signals.inputs, lambda: signals.light("camera", True), signals.lights_out):
        with pytest.raises(Refused) as caught:
            ask()
        assert caught.value.condition is condition
    assert signals.status().condition is condition
    cabinet.board.exception = 0
    assert signals.status().ready


def test_an_unknown_refusal(cabinet: Cabinet, signals: ModbusSignals) -> None:
    cabinet.board.exception = 0x55
    with pytest.raises(Garbled):
        signals.inputs()


def test_lines_that_the_board_has_not(cabinet: Cabinet) -> None:
    with pytest.raises(Refused) as caught:
        cabinet.signals(inputs={"presence": Contact(line=12)}).open()
    assert caught.value.condition is Condition.BAD_COMMAND


@pytest.mark.parametrize("at", range(6))
def test_a_spoilt_byte_is_never_believed(cabinet: Cabinet, signals: ModbusSignals, at: int) -> None:
    cabinet.board.flip_at = at
    with pytest.raises(Garbled):
        signals.inputs()
    assert signals.inputs() == {"presence": False, "door_open": False}


def test_a_late_answer_that_comes_after_the_line_was_cleared(
    cabinet: Cabinet, signals: ModbusSignals
) -> None:
    """It answers the very same question, so only asking something else first tells it apart."""
    late = bytearray()

    def keep(said: bytes) -> bytes:
        late.extend(said)
        return b""

    cabinet.line.hand = keep
    with pytest.raises(TimedOut):
        signals.inputs()
    cabinet.board.presence = True
    sent = len(cabinet.line.sent)

    def late_first(said: bytes) -> bytes:
        if len(cabinet.line.sent) == sent or not said:
            return said
        out, cabinet.line.hand = bytes(late) + said, bytes
        return out

    cabinet.line.hand = late_first
    assert signals.inputs() == {"presence": True, "door_open": False}


def test_the_line_is_silent_between_frames(cabinet: Cabinet, signals: ModbusSignals) -> None:
    cabinet.board.answer_s = 0.0
    began = cabinet.clock.instant()
    for _ in range(10):
        signals.light("camera", True)
    assert cabinet.clock.instant() - began >= 10 * 3.5 * 11 / 9600


def test_another_slave_is_not_this_one(cabinet: Cabinet) -> None:
    with pytest.raises(TimedOut):
        cabinet.signals(address=2).open()


@pytest.fixture
def relays(cabinet: Cabinet) -> Iterator[ModbusSignals]:
    driver = cabinet.signals(board="lcus")
    driver.open()
    yield driver
    driver.close()


def test_lcus_relays(cabinet: Cabinet, relays: ModbusSignals) -> None:
    relays.light("camera", True)
    assert cabinet.line.sent == [bytes.fromhex("A0 02 01 A3")]
    assert cabinet.board.relays == (False, True, *(False,) * 6)
    relays.lights_out()
    assert cabinet.board.relays == ALL_DARK
    assert relays.inputs() == {}
    assert relays.status().state is State.ONLINE
    assert relays.capabilities()["inputs"] == []
    cabinet.rig.unplug()
    with pytest.raises(Unreachable):
        relays.status()


def test_asked_while_closed(cabinet: Cabinet) -> None:
    signals = cabinet.signals()
    for ask in (signals.inputs, signals.lights_out, signals.status, lambda: signals.light("camera", True)):
        with pytest.raises(Unreachable, match="not open"):
            ask()


@pytest.mark.parametrize(
    "settings",
    [
        {"address": 0},
        {"address": 248},
        {"inputs": {"a": {"line": 0}, "b": {"line": 256}}},
        {"board": "lcus", "lamps": {"camera": {"line": 16}}},
        {"inputs": {"a": {"line": 0, "bias": "up"}}},
    ],
)
def test_settings_that_cannot_be(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ModbusSignalsSettings.model_validate({"url": "emu://signals", **settings})
