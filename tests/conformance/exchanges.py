"""One exchange per serial driver: what the conformance suite asks a device of which it knows nothing else.

A new driver in `devices.catalog` needs an entry here; without one, `test_catalogue.py` fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from devices.emulators.sample_cards import WANG_XIAOMING
from devices.emulators.sdt import SdtEmulator
from devices.evaluator.neutral_evaluator import NeutralEvaluator
from devices.receipt_printer import Sensors
from devices.receipt_printer.escpos import EscposPrinter
from devices.status import Supply
from devices.ups import Power


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
    speaks_unasked: bool = False  #: so that well-formed bytes need not be the answer that is waited for
    unsure: Callable[[object], bool] = lambda value: False  #: whether a value means "it did not tell"


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


def _asked_and_pressed(evaluator: NeutralEvaluator) -> object:
    """Asking is acknowledged; a key pressed in an earlier window is not this window's."""
    evaluator.ask(20)
    return ("asked", evaluator.pressed())


def _press(emulator: Any) -> None:
    emulator.press = 1


def _mains(emulator: Any, there: bool) -> None:
    emulator.mains = there


def _on_battery(power: object) -> bool:
    return isinstance(power, Power) and power.on_mains is False


EXCHANGES = {
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
}
