"""One emulated device of every kind in a process of its own: knobs and plugs for all, and what was printed.

`python -m tools.soak.cabinet --folder DIR --backend PORT --fit JSON` (slot of the configuration → driver) prints one
JSON line, {"urls": {slot: url}, "platform": url, "control": port}, and serves until it is told to end. Two more can be
steered: `link`, the way to the platform, and `citizen`, who lays her card on whichever reader is fitted and takes her
slips along.
"""

import argparse
import json
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from devices.emulators.escpos import EscposEmulator
from devices.rig.control import ControlServer, Plug, Steered
from ground.clock import RealClock
from tools.demo.link import Link
from tools.emulate import serve
from tools.out import say_json
from tools.soak.citizens import card_of

#: nobody is kept waiting by a chip that thinks or by a print head; names and values of knobs
_QUICK = {"sdt": {"find_s": 0.02, "select_s": 0.02, "read_s": 0.05}}
_ON_PTYS = ("sdt", "neutral_evaluator", "raw_key_evaluator", "input_keypad", "input_switch", "wedge_scanner",
            "serial_scanner", "modbus_signals", "input_headphones", "sse_card")  # fmt: skip


class CitizensHand:
    """What she carries: her card, and the slips that came out while she was here."""

    knobs: ClassVar[tuple[str, ...]] = ("card", "slips", "card_on")

    def __init__(self, reader: Any, printer: EscposEmulator) -> None:
        self._reader, self._printer = reader, printer

    @property
    def card(self) -> Any:
        """Set to what `tools.soak.citizens.Citizen.on_the_wire` tells of hers; never told again."""
        return None

    @card.setter
    def card(self, told: Any) -> None:
        self._reader.card = card_of(told)

    @property
    def card_on(self) -> bool:
        """Whether it lies on the reader."""
        return bool(self._reader.card_on)

    @card_on.setter
    def card_on(self, there: bool) -> None:
        self._reader.card_on = there

    @property
    def slips(self) -> Any:
        """The lines of everything that came out since she was asked last: she takes it along."""
        told = [list(slip.lines) for slip in (*self._printer.tickets, *self._printer.leftovers)]
        self._printer.tickets.clear()
        self._printer.leftovers.clear()
        return told


def main(arguments: list[str]) -> int:
    """Serve until ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--backend", type=int, required=True)
    parser.add_argument("--fit", type=json.loads, required=True)
    given = parser.parse_args(arguments)
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    with ExitStack() as stack:
        told = _serve(given.folder, given.backend, given.fit, stack)
        say_json(told)
        done.wait()
    return 0


def _serve(folder: Path, backend: int, fit: dict[str, str], stack: ExitStack) -> dict[str, Any]:
    clock, steered, plugs, urls = RealClock(), dict[str, Steered](), dict[str, Plug](), dict[str, str]()
    for slot, driver in fit.items():
        pty = folder / "dev" / slot if driver in _ON_PTYS else None
        served = serve(argparse.Namespace(driver=driver, pty=pty, tcp=None, udp=None), clock)
        stack.callback(served.close)
        steered[slot], plugs[slot], urls[slot] = served.physics, served.plug, served.url
        for knob, value in _QUICK.get(driver, {}).items():
            setattr(served.physics, knob, value)
        if isinstance(served.physics, EscposEmulator):
            served.physics.speed_mm_s = 0
    printer: Any = steered["receipt_printer"]
    steered["citizen"] = CitizensHand(steered["id_card"], printer)
    link = Link(("127.0.0.1", backend))
    stack.callback(link.close)
    steered["link"] = link
    control = ControlServer(steered, plugs)
    stack.callback(control.close)
    return {"urls": urls, "platform": f"http://127.0.0.1:{link.port}", "control": control.port}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
