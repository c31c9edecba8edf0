"""An emulated cabinet in a process of its own: five devices on real ptys and sockets, and knobs for all of them.

`python -m tools.demo.cabinet --folder DIR --backend PORT` prints one JSON line with where everything is, and serves
until its standard input closes or it is told to end.
"""

import argparse
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from devices.emulators.escpos import EscposEmulator
from devices.emulators.input_keypad import InputKeypadEmulator
from devices.emulators.neutral_evaluator import NeutralEvaluatorEmulator
from devices.emulators.opencv import CameraEmulator
from devices.emulators.sdt import SdtEmulator
from devices.rig.control import ControlServer, Steered
from devices.rig.pty_rig import PtyRig
from devices.rig.tcp_rig import TcpRig
from ground.clock import RealClock
from tools.demo.link import Link
from tools.out import say_json

_CARD_BAUD = 115200


def main(arguments: list[str]) -> int:
    """Serve until ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--backend", type=int, required=True)
    given = parser.parse_args(arguments)
    clock, done = RealClock(), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    reader, printer, keypad = SdtEmulator(clock), EscposEmulator(clock), NeutralEvaluatorEmulator(clock)
    printer.out = given.folder
    keys = InputKeypadEmulator(clock)
    camera, link = CameraEmulator(clock), Link(("127.0.0.1", given.backend))
    with ExitStack() as stack:
        ports: dict[str, PtyRig | TcpRig] = {
            "id_card": PtyRig(reader, given.folder / "dev" / "id-card", paced_baud=_CARD_BAUD),
            "printer": TcpRig(printer),
            "evaluator": PtyRig(keypad, given.folder / "dev" / "evaluator"),
            "keypad": PtyRig(keys, given.folder / "dev" / "keypad"),
        }
        for rig in ports.values():
            stack.callback(rig.close)
        camera.start()
        stack.callback(camera.close)
        stack.callback(link.close)
        steered: dict[str, Steered] = {
            "id_card": reader,
            "printer": printer,
            "evaluator": keypad,
            "keypad": keys,
            "camera": camera,
            "link": link,
        }
        control = ControlServer(steered, {**ports, "camera": camera})
        stack.callback(control.close)
        say_json(
            {
                "id_card": ports["id_card"].url,
                "receipt_printer": ports["printer"].url,
                "evaluator": ports["evaluator"].url,
                "keypad": ports["keypad"].url,
                "document_camera": camera.url,
                "platform": f"http://127.0.0.1:{link.port}",
                "control": control.port,
            }
        )
        done.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
