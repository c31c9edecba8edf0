"""What the event log costs whoever writes to it: the chained and sealed log against a plain line appended to a file.

The caller's side is what a face waits for: it hands an event over and goes on. The whole side is the thread's: a line
hashed, chained, written, indexed and, every 64, sealed and synced.
"""

import base64
import hashlib
import json
import tempfile
from io import TextIOWrapper
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.in_turns import MICRO, in_turns, paired
from bench.report import Ratio
from ground.clock import RealClock
from ground.log.book import ChainedLogbook
from ground.log.chain import LogChain
from ground.logbook import Event, Fact, redacted

ROUNDS = 15
EVENTS = 200  # a busy visit
FACTS: dict[str, Fact] = {"slot": "owner_id", "way": "camera", "accepted": True, "verdicts": ""}


class _Key:
    def __init__(self) -> None:
        self._private = Ed25519PrivateKey.generate()
        raw = self._private.public_key().public_bytes_raw()
        self.public, self.key_id = base64.b64encode(raw).decode("ascii"), hashlib.sha256(raw).hexdigest()[:16]

    def sign(self, content: bytes) -> bytes:
        return self._private.sign(content)


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """Both sides of the log against a plain append; a second or two."""
    clock, key = RealClock(), _Key()
    with tempfile.TemporaryDirectory(prefix="bench-log-") as name:
        folder = Path(name)
        plain = (folder / "plain.jsonl").open("a", encoding="utf-8", buffering=1)
        book = ChainedLogbook(folder / "book", clock, "face", "TM-1", lambda: key)
        chain = LogChain(folder / "chain", clock, "face", "TM-1", lambda: key)

        def handed() -> None:
            for _ in range(EVENTS):
                book.write(Event.PAGE_TAKEN, **FACTS)

        def written() -> None:
            for _ in range(EVENTS):
                chain.append([chain.entry(Event.PAGE_TAKEN, FACTS)])

        def appended() -> None:
            for _ in range(EVENTS):
                _append(plain, clock)

        waits, _, peer = in_turns(
            rounds, handed, book.flush, appended
        )  # nothing is being written while the peer is
        whole = in_turns(rounds, written, appended)
        book.close()
        plain.close()
    return [
        paired("event log: what the face waits for / a plain line", _each(waits, peer), 1.0, unit=MICRO),
        paired("event log: chained, sealed, synced / a plain line", _each(*whole), None, unit=MICRO),
    ]


def _append(plain: TextIOWrapper, clock: RealClock) -> None:
    """What the logbook was before there was a chain."""
    line = {"at": clock.now().isoformat(timespec="milliseconds"), "event": Event.PAGE_TAKEN.value}
    plain.write(json.dumps(line | {name: redacted(value) for name, value in FACTS.items()}) + "\n")
    plain.flush()


def _each(*sides: list[float]) -> list[list[float]]:
    """Seconds of one event."""
    return [[took / EVENTS for took in side] for side in sides]
