"""`devices test NAME`: let one device do what it is for, and let a person say whether it did.

What comes out is dated and kept (`Trials`), for the acceptance report. Nothing of what a card, a sheet or a code says
is kept: only that it was read, and how much.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from devices.catalog import Device
from devices.errors import DeviceError
from ground.clock import Clock
from kiosk.words import Words
from kiosk.workers import code_of
from tools.technician import chores
from tools.technician.fitted import built

Result = Literal["pass", "fail", "error"]
#: what a device does in a test: yields what it tells, line by line, as (words key, facts)
Chore = Callable[[Any, Clock], Iterator[chores.Told]]

CHORES: Final[Mapping[str, Chore]] = {
    "id_card": chores.read_a_card,
    "document_camera": chores.take_a_picture,
    "document_scanner": chores.scan_a_sheet,
    "receipt_printer": chores.print_a_slip,
    "page_printer": chores.print_a_page,
    "evaluator": chores.press_a_key,
    "code_scanner": chores.scan_a_code,
    "chip_card": chores.read_a_chip_card,
    "ups": chores.ask_for_power,
    "signals": chores.light_the_lamps,
    "watchdog": chores.feed_once,
    "keypad": chores.press_keys,
    "switch": chores.press_keys,
    "headphones": chores.plug_headphones,
}


def _nobody_looks(picture: bytes) -> None:
    """There is no glass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One test of one device."""

    at: datetime
    name: str
    driver: str
    url: str
    identity: str
    result: Result
    code: str = ""  #: of the error that ended it
    told: tuple[str, ...] = field(default=())  #: what it said of itself, as sentences without personal data
    person: str = ""  #: the number of whoever judged it on the glass; "" at the keyboard


def tried(
    name: str,
    settings: Any,
    words: Words,
    clock: Clock,
    say: Callable[[str], None],
    passed: Callable[[str], bool],
    build: Callable[[Any, Clock], Device] = built,
    show: Callable[[bytes], None] = _nobody_looks,
) -> Trial:
    """Do the chore of this kind of device; `passed` asks a person whether what it says happened.

    `show` is given a small JPEG of a self-test sheet; nobody keeps it.
    """
    device = build(settings, clock)
    lines: list[str] = []
    identity = code = ""
    result: Result
    try:
        device.open()
        identity = device.identity()
        for told in CHORES[name](device, clock):
            line = words(f"trial.{told.key}", **told.facts)
            say(line)
            if told.picture:
                show(told.picture)
            if told.kept:
                lines.append(line)
        result = "pass" if passed(words(f"trial.ask.{name}")) else "fail"
    except DeviceError as error:
        result, code = "error", code_of(error)
        say(f"{code} {words(f'errors.{code}.hint')}")
        if "held_by" in error.facts:
            say(words("trial.held", by=error.facts["held_by"]))
    finally:
        device.close()
    return Trial(
        at=clock.now().replace(microsecond=0),
        name=name,
        driver=settings.driver,
        url=settings.url,
        identity=identity,
        result=result,
        code=code,
        told=tuple(lines),
    )
