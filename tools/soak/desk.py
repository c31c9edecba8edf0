"""The face's process without its picture: the whole terminal, pumped as the face pumps it, behind a pane of glass.

`python -m tools.soak.desk --config FILE --time FILE --glass SOCKET` assembles what `run_kiosk.py run` assembles. Each
scene that is new goes out through the socket, pickled; ("touch", event, scene) comes in; it ends when the other side
does, or says ("end",). To ("rest",) it does what a face does a second after the last touch: it tidies up, and answers.
Patience and every other delay of a visit follow the turned clock, devices the machine's.
"""

import argparse
import sys
from multiprocessing.connection import Client, Connection
from pathlib import Path

from ground import frugal
from ground.clock import RealClock
from ground.logbook import Event
from screens.tidying import Tidying
from tools.assemble import Terminal, assemble
from tools.cli import parser
from tools.logs import open_logbook
from tools.settings import BAD_INPUT, settings
from tools.soak.clock import TurnedClock
from tools.soak.glass import RESTED
from tools.version import VERSION

_PUMP_EVERY_S = 1 / 60


def main(arguments: list[str]) -> int:
    """Serve until the glass is taken away."""
    own = argparse.ArgumentParser()
    for name in ("--config", "--time", "--glass"):
        own.add_argument(name, type=Path, required=True)
    given = own.parse_args(arguments)
    config = settings(parser().parse_args(["run", "--config", str(given.config)]))
    if config is None:
        return BAD_INPUT
    frugal.begin()
    clock = TurnedClock(given.time)
    logbook = open_logbook(config, clock, "face")
    logbook.write(Event.TERMINAL_STARTED, version=VERSION)
    terminal = assemble(config, clock, logbook, hands=TurnedClock(given.time, turns=False))
    terminal.begin()
    try:
        with Client(str(given.glass), "AF_UNIX") as glass:
            _serve(terminal, glass)
    finally:
        terminal.end()
    logbook.write(Event.TERMINAL_FINISHED, outcome="closed")
    logbook.close()
    return 0


def _serve(terminal: Terminal, glass: Connection) -> None:
    shown, clock = None, RealClock()
    tidying = Tidying(clock.instant())
    while True:
        try:
            while glass.poll(_PUMP_EVERY_S):
                said = glass.recv()
                if said[0] == "end":
                    return
                if said[0] == "rest":
                    tidying.tidy(clock.instant())
                    glass.send(RESTED)
                    continue
                tidying.touched(clock.instant())
                terminal.touch(said[1], said[2])
            tidying.tick(clock.instant())
            scene = terminal.pump()
            if scene != shown:
                glass.send(scene)
                shown = scene
        except (EOFError, ConnectionError):
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
