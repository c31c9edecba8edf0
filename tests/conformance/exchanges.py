"""One exchange per serial driver: what the conformance suite asks a device of which it knows nothing else.

A new driver in `devices.catalog` needs an entry here; without one, `test_catalogue.py` fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from devices.code_scanner import Code
from devices.emulators.sample_cards import WANG_XIAOMING
from devices.emulators.sdt import SdtEmulator
from devices.emulators.sse_card import SOCIAL_CARDS, SseCardEmulator
from devices.evaluator import Evaluator, Level, Press
from devices.keypad import Key
from devices.receipt_printer import Sensors
from devices.receipt_printer.escpos import EscposPrinter
from devices.status import Supply
from devices.ups import Power
from devices.wire.input_events import EVENT_SIZE


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A question that a driver can ask, and how to tell its right answer."""

    ask: Callable[[Any], object]  #: what the device says, by one verb of its kind
    prepare: Callable[
        [Any], None
    ]  #: puts the emulator into the state that `right` knows; may be called again
    right: Callable[[object], bool]  #: whether that is the whole and true answer
    change: Callable[[Any], None]  #: puts the emulator into another state …
    changed: Callable[[object], bool]  #: … and whether the answer says so
    deadline_s: float  #: how long silence may last, with default settings, before the driver gives up
    open_deadline_s: float  #: the same for `open`
    shortest_answer: int  #: bytes; fewer are as good as silence
    tail: int = 0  #: bytes at the end of the answer that add nothing to it, such as a key that comes up again
    speaks_unasked: bool = False  #: so that well-formed bytes need not be the answer that is waited for
    unsure: Callable[[object], bool] = lambda value: False  #: whether a value means "it did not tell"
    #: the device hears nothing (a keypad, a code scanner): opening it proves only its port, silence is no error, and
    #: it answers because something is done to it: `begin` makes the driver listen, `speak` does it to the emulator
    speaks_only: bool = False
    begin: Callable[[Any], None] = lambda device: None
    speak: Callable[[Any], None] = lambda emulator: None

    def asked(self, device: Any, emulator: Any) -> object:
        """What `device` says when it is asked, or when `emulator` is made to speak."""
        if self.speaks_only:
            self.begin(device)
            self.speak(emulator)
        return self.ask(device)


def _lay_the_card_down_again(emulator: SdtEmulator) -> None:
    emulator.card_on = False
    emulator.card_on = True


def _lift_the_card(emulator: SdtEmulator) -> None:
    emulator.card_on = False


def _status(printer: EscposPrinter) -> Sensors:
    return printer.sensors()


def _nothing_is_wrong(status: object) -> bool:
    return status == Sensors(
        online=True,
        paper=Supply.FULL,
        cover_open=False,
        cutter_error=False,
        overheated=False,
        unrecoverable=False,
    )


def _cover(emulator: Any, is_open: bool) -> None:
    emulator.cover_open = is_open


def _is_open(status: object) -> bool:
    return isinstance(status, Sensors) and status.cover_open is True


def _asked_and_pressed(evaluator: Evaluator) -> object:
    """Asking is acknowledged; a key pressed in an earlier window is not this window's."""
    evaluator.ask(20)
    return ("asked", evaluator.pressed())


def _press(emulator: Any) -> None:
    emulator.press = 1


def _press_again(emulator: Any) -> None:
    """The key that was pressed last; the fifth at first."""
    emulator.press = emulator.press or 5


def _acknowledge_only_the_heartbeat(emulator: Any) -> None:
    """What a tablet says to other commands is not known, and the driver does not wait for it."""
    emulator.acknowledges = False


def _lay_again(emulator: Any) -> None:
    """What lies under the scanner is laid down once more."""
    emulator.code = emulator.code


def _lay(emulator: Any, code: str) -> None:
    emulator.code = code


def _says(code: object, text: str) -> bool:
    return isinstance(code, Code) and code.text == text


_LOOKS = 10  # at a device that only speaks, before its silence is believed


def _looked_at(look: Callable[[], object]) -> object:
    """The first thing that is there to see, or None."""
    for _ in range(_LOOKS):
        if (seen := look()) is not None:
            return seen
    return None


def _has_level(press: object, level: Level) -> bool:
    return isinstance(press, Press) and press.level is level


def _mains(emulator: Any, there: bool) -> None:
    emulator.mains = there


def _on_battery(power: object) -> bool:
    return isinstance(power, Power) and power.on_mains is False


def _stand_before(emulator: Any, there: bool) -> None:
    emulator.presence, emulator.door_open = there, False


def _insert_the_card(emulator: SseCardEmulator) -> None:
    emulator.card_on = True


def _take_out_the_card(emulator: SseCardEmulator) -> None:
    emulator.card_on = False


def _press_key(emulator: Any, names: str) -> None:
    emulator.press = names


def _pressed_again(emulator: Any) -> None:
    """The key that was pressed last; Enter at first. A hand rests between two."""
    emulator.clock.wait(1.0)
    emulator.press = emulator.press or ("enter" if "enter" in emulator.keys else "1")


def _plug(emulator: Any, plugged: bool) -> None:
    emulator.headphones_in = plugged


#: how many changes a jack had told when it was last begun with
_TOLD: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


def _changes(jack: Any) -> int:
    return int(jack.status().readings["changes"])


def _note_changes(jack: Any) -> None:
    _TOLD[jack] = _changes(jack)


def _plugged_when_told(jack: Any) -> bool | None:
    """How it stands, if it has told so since; a switch that says nothing stays as it was."""
    plugged = jack.plugged()
    return bool(plugged) if _changes(jack) > _TOLD.get(jack, 0) else None


def _plugged_again(emulator: Any) -> None:
    """What is plugged in, or is not, moves in its jack."""
    emulator.headphones_in = emulator.headphones_in


def _keys(presses: object) -> list[Key]:
    return [press.key for press in presses] if isinstance(presses, tuple) else []


EXCHANGES = {
    "input_headphones": Exchange(
        speaks_only=True,
        speak=_plugged_again,
        begin=_note_changes,
        ask=lambda jack: _looked_at(lambda: _plugged_when_told(jack)),
        prepare=lambda emulator: _plug(emulator, True),
        right=lambda plugged: plugged is True,
        change=lambda emulator: _plug(emulator, False),
        changed=lambda plugged: plugged is False,
        unsure=lambda plugged: plugged is None,
        deadline_s=1.5,
        open_deadline_s=0.0,
        shortest_answer=EVENT_SIZE,
        tail=EVENT_SIZE,  # its report
    ),
    "input_keypad": Exchange(
        speaks_only=True,
        speak=_pressed_again,
        ask=lambda keypad: _looked_at(lambda: keypad.pressed() or None),
        prepare=lambda emulator: None,
        right=lambda presses: _keys(presses)[:1] == [Key.ENTER],
        change=lambda emulator: _press_key(emulator, "up"),
        changed=lambda presses: _keys(presses)[-1:] == [Key.UP],
        unsure=lambda presses: presses is None,
        deadline_s=1.5,
        open_deadline_s=0.0,
        shortest_answer=EVENT_SIZE,
        tail=3 * EVENT_SIZE,  # its report, its coming up, the report of that
    ),
    "input_switch": Exchange(
        speaks_only=True,
        speak=_pressed_again,
        ask=lambda switch: _looked_at(lambda: switch.pressed() or None),
        prepare=lambda emulator: None,
        right=lambda presses: _keys(presses)[:1] == [Key.SWITCH],
        change=lambda emulator: _press_key(emulator, "2"),
        changed=lambda presses: _keys(presses)[-1:] == [Key.SWITCH],
        unsure=lambda presses: presses is None,
        deadline_s=1.5,
        open_deadline_s=0.0,
        shortest_answer=EVENT_SIZE,
        tail=3 * EVENT_SIZE,
    ),
    "raw_key_evaluator": Exchange(
        speaks_only=True,
        begin=lambda keypad: keypad.ask(20),
        speak=_press_again,
        ask=lambda keypad: _looked_at(keypad.pressed),
        prepare=lambda emulator: None,
        right=lambda press: _has_level(press, Level.VERY_SATISFIED),
        change=_press,
        changed=lambda press: _has_level(press, Level.VERY_DISSATISFIED),
        unsure=lambda press: press is None,
        deadline_s=0.4,
        open_deadline_s=0.0,
        shortest_answer=2,
    ),
    "s_command_evaluator": Exchange(
        ask=_asked_and_pressed,
        prepare=_acknowledge_only_the_heartbeat,
        right=lambda answer: answer == ("asked", None),
        change=_press,
        changed=lambda answer: answer == ("asked", None),
        deadline_s=3.0,
        open_deadline_s=3.0,
        shortest_answer=5,
        speaks_unasked=True,
    ),
    "serial_scanner": Exchange(
        speaks_only=True,
        begin=lambda scanner: scanner.arm(),
        speak=_lay_again,
        ask=lambda scanner: _looked_at(scanner.scan),
        prepare=lambda emulator: _lay(emulator, "TTS1:T-000123-7"),
        right=lambda code: _says(code, "TTS1:T-000123-7"),
        change=lambda emulator: _lay(emulator, "TTS1:T-000124-5"),
        changed=lambda code: _says(code, "TTS1:T-000124-5"),
        unsure=lambda code: code is None,
        deadline_s=0.4,
        open_deadline_s=0.0,
        shortest_answer=2,
    ),
    "wedge_scanner": Exchange(
        speaks_only=True,
        begin=lambda scanner: scanner.arm(),
        speak=_lay_again,
        ask=lambda scanner: _looked_at(scanner.scan),
        prepare=lambda emulator: _lay(emulator, "Tt1"),
        right=lambda code: _says(code, "Tt1"),
        change=lambda emulator: _lay(emulator, "Ab2"),
        changed=lambda code: _says(code, "Ab2"),
        unsure=lambda code: code is None,
        deadline_s=0.4,
        open_deadline_s=0.0,
        shortest_answer=96,
        tail=3 * EVENT_SIZE,  # the report of Enter, Enter going up, its report
    ),
    "sdt": Exchange(
        ask=lambda reader: reader.read_card(),
        prepare=_lay_the_card_down_again,
        right=lambda card: card == WANG_XIAOMING,
        change=_lift_the_card,
        changed=lambda card: card is None,
        deadline_s=2.0,
        open_deadline_s=2.0,
        shortest_answer=11,
    ),
    "escpos": Exchange(
        ask=_status,
        prepare=lambda emulator: _cover(emulator, False),
        right=_nothing_is_wrong,
        change=lambda emulator: _cover(emulator, True),
        changed=_is_open,
        deadline_s=0.5,
        open_deadline_s=0.5,
        shortest_answer=1,
        speaks_unasked=True,
        unsure=lambda status: isinstance(status, Sensors) and None in (status.online, status.cutter_error),
    ),
    "neutral_evaluator": Exchange(
        ask=_asked_and_pressed,
        prepare=lambda emulator: None,
        right=lambda answer: answer == ("asked", None),
        change=_press,
        changed=lambda answer: answer == ("asked", None),
        deadline_s=1.5,
        open_deadline_s=1.5,
        shortest_answer=6,
        speaks_unasked=True,
    ),
    "nut": Exchange(
        ask=lambda ups: ups.power(),
        prepare=lambda emulator: _mains(emulator, True),
        right=lambda power: power == Power(True, 100.0, 1800, frozenset({"OL"}), 229.6),
        change=lambda emulator: _mains(emulator, False),
        changed=_on_battery,
        deadline_s=2.0,
        open_deadline_s=2.0,
        shortest_answer=1,
    ),
    "modbus_signals": Exchange(
        ask=lambda signals: signals.inputs(),
        prepare=lambda emulator: _stand_before(emulator, False),
        right=lambda inputs: inputs == {"presence": False, "door_open": False},
        change=lambda emulator: _stand_before(emulator, True),
        changed=lambda inputs: inputs == {"presence": True, "door_open": False},
        deadline_s=0.5,
        open_deadline_s=0.5,
        shortest_answer=1,
    ),
    "sse_card": Exchange(
        ask=lambda reader: reader.read_card(),
        prepare=_insert_the_card,
        right=lambda card: card == SOCIAL_CARDS["wang_xiaoming"],
        change=_take_out_the_card,
        changed=lambda card: card is None,
        deadline_s=2.0,
        open_deadline_s=2.0,
        shortest_answer=2,
    ),
}
