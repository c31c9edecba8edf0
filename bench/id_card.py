"""Card on the reader to value in the kiosk, against the time that its bytes take on a wire of 115200 baud.

The emulator thinks for no time and sits on a pty whose bytes take ten bits each, both ways. What is above 1 is
everything that is not the wire: the driver, pyserial, the kernel's tty, and the rig itself.
"""

import queue
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.report import Ratio
from devices.emulators.sdt import SdtEmulator
from devices.errors import DeviceError, Refused
from devices.id_card import IdCard
from devices.id_card.sdt import SdtReader, SdtSettings
from devices.rig import PtyRig
from ground.clock import Clock, RealClock
from ground.logbook import MemoryLogbook
from kiosk.device_stage import _CARD_EVERY_S as POLL_EVERY_S
from kiosk.health import Health
from kiosk.workers import Worker

BAUD = 115200
_BITS_PER_BYTE = 10  # 8N1
_WIRE_BYTES = 3 * 10 + 15 + 19 + 1295  # id_card_reader.md §3: three requests; find, select, read
#: seconds that these bytes take on the wire
WIRE_S = _WIRE_BYTES * _BITS_PER_BYTE / BAUD
ROUNDS = 15
_WARM_UP = 2
_GOAL = 1.02
#: what may lie between the card and the question that finds it: half of the 300 ms at which vendors advise to poll
_UNTIL_SEEN_S = 0.150
_PATIENCE_S = 60.0


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """Find, select and read of one card; then from laying it down to the inbox. Medians; about ten seconds."""
    times = card_on_the_reader_to_value(rounds)
    waits = card_laid_down_to_inbox(rounds)
    allowed = _GOAL * WIRE_S + _UNTIL_SEEN_S
    return [
        Ratio(
            "id_card: find + select + read / wire time",
            median(times) / WIRE_S,
            limit=_GOAL,
            detail=f"{median(times) * 1e3:.2f} ms (best {min(times) * 1e3:.2f}) / {WIRE_S * 1e3:.2f} ms",
        ),
        Ratio(
            "id_card: card laid down to value in the inbox / wire time + 150 ms",
            median(waits) / allowed,
            limit=1.0,
            detail=f"{median(waits) * 1e3:.1f} ms (slowest {max(waits) * 1e3:.1f}) / {allowed * 1e3:.1f} ms",
        ),
    ]


def card_on_the_reader_to_value(rounds: int) -> list[float]:
    """Seconds from asking for a card that lies there to its value, `rounds` times."""
    clock = RealClock()
    times = []
    with reader_on_a_wire(clock) as (emulator, reader):
        reader.open()
        for _ in range(_WARM_UP + rounds):
            lay_down(emulator)
            before = perf_counter()
            card = reader.read_card()
            times.append(perf_counter() - before)
            assert card == emulator.card
        reader.close()
    return times[_WARM_UP:]


def card_laid_down_to_inbox(rounds: int) -> list[float]:
    """Seconds from the card to its value in the inbox of whoever polls as the kiosk does, `rounds` times.

    Cards are laid down evenly over the polling interval, so that the wait for the next question is fairly shared.
    """
    clock = RealClock()
    inbox: queue.SimpleQueue[tuple[float, IdCard]] = queue.SimpleQueue()

    def look(reader: SdtReader) -> None:
        card = reader.read_card()
        if card is not None:
            inbox.put((perf_counter(), card))

    times = []
    with reader_on_a_wire(clock) as (emulator, reader):
        worker = polling(reader, clock)
        worker.watch(look, _nobody_waits, POLL_EVERY_S, _PATIENCE_S)
        worker.begin()
        for at in range(_WARM_UP + rounds):
            clock.wait(POLL_EVERY_S * (at + 0.5) / rounds % POLL_EVERY_S)  # since the last question
            before = perf_counter()
            lay_down(emulator)
            heard_at, card = inbox.get(timeout=_PATIENCE_S)
            times.append(heard_at - before)
            assert card == emulator.card
            emulator.card_on = False
        worker.end(_PATIENCE_S)
    return times[_WARM_UP:]


@contextmanager
def reader_on_a_wire(clock: Clock) -> Iterator[tuple[SdtEmulator, SdtReader]]:
    """A chip that thinks for no time at the far end of a wire, and the closed reader at this one."""
    emulator = SdtEmulator(clock)
    emulator.find_s = emulator.select_s = emulator.read_s = emulator.answer_s = 0.0
    with (
        tempfile.TemporaryDirectory() as folder,
        PtyRig(emulator, Path(folder) / "id-card", paced_baud=BAUD) as rig,
    ):
        yield emulator, SdtReader(SdtSettings(url=rig.url, baud=BAUD), clock)


def lay_down(emulator: SdtEmulator) -> None:
    """A card that was not there before."""
    emulator.card_on = False
    emulator.card_on = True


def polling(reader: SdtReader, clock: Clock) -> Worker[SdtReader]:
    """The kiosk's own worker, which asks for nothing but cards."""

    def start() -> SdtReader:
        reader.open()
        return reader

    return Worker(
        "id_card",
        start=start,
        stop=lambda thing: thing.close(),
        errors=(DeviceError,),
        refusals=(Refused,),
        clock=clock,
        health=Health(clock),
        logbook=MemoryLogbook(),
    )


def _nobody_waits(code: str) -> None:
    """A failure costs its card's time, which is measured."""
