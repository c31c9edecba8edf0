"""Card on the reader to value in the kiosk, against the time that its bytes take on a wire of 115200 baud.

The emulator thinks for no time and sits on a pty whose bytes take ten bits each, both ways. What is above 1 is
everything that is not the wire: the driver, pyserial, the kernel's tty, and the rig itself.
"""

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.report import Ratio
from devices.emulators.sdt import SdtEmulator
from devices.id_card.sdt import SdtReader, SdtSettings
from devices.rig import PtyRig
from ground.clock import RealClock

BAUD = 115200
_BITS_PER_BYTE = 10  # 8N1
_WIRE_BYTES = 3 * 10 + 15 + 19 + 1295  # id_card_reader.md §3: three requests; find, select, read
#: seconds that these bytes take on the wire
WIRE_S = _WIRE_BYTES * _BITS_PER_BYTE / BAUD
ROUNDS = 15
_WARM_UP = 2
_GOAL = 1.02


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """Find, select and read of one card; median of all rounds. About two seconds."""
    times = card_on_the_reader_to_value(rounds)
    return [
        Ratio(
            "id_card: find + select + read / wire time",
            median(times) / WIRE_S,
            limit=_GOAL,
            detail=f"{median(times) * 1e3:.2f} ms (best {min(times) * 1e3:.2f}) / {WIRE_S * 1e3:.2f} ms",
        )
    ]


def card_on_the_reader_to_value(rounds: int) -> list[float]:
    """Seconds from asking for a card that lies there to its value, `rounds` times."""
    clock = RealClock()
    emulator = SdtEmulator(clock)
    emulator.find_s = emulator.select_s = emulator.read_s = emulator.answer_s = 0.0
    times = []
    with (
        tempfile.TemporaryDirectory() as folder,
        PtyRig(emulator, Path(folder) / "id-card", paced_baud=BAUD) as rig,
    ):
        reader = SdtReader(SdtSettings(url=rig.url, baud=BAUD), clock)
        reader.open()
        for _ in range(_WARM_UP + rounds):
            emulator.card_on = False
            emulator.card_on = True
            before = perf_counter()
            card = reader.read_card()
            times.append(perf_counter() - before)
            assert card == emulator.card
        reader.close()
    return times[_WARM_UP:]
