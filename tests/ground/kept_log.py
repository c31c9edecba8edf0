"""A log in a folder, written by hand of a clock, with a key of its own; and its check."""

import base64
import functools
import hashlib
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ground.clock import ManualClock
from ground.log.chain import LogChain
from ground.log.check import Check
from ground.log.files import DEFAULT_RULES, Rules
from ground.log.flaws import Report
from ground.log.head import log_files
from ground.log.reading import standing
from ground.logbook import Event, Fact

BOOT = "b0070001"
LATER = "b0070002"  #: the same machine after a power cut
TERMINAL = "TM-1"
DAYS = 3  #: of the sample
A_DAY_S = 86400


class SampleKey:
    """An Ed25519 key as the terminal has one."""

    def __init__(self, seed: int = 1) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.raw = self._private.public_key().public_bytes_raw()
        self.key_id = hashlib.sha256(self.raw).hexdigest()[:16]

    @property
    def public(self) -> str:
        return base64.b64encode(self.raw).decode("ascii")

    def sign(self, content: bytes) -> bytes:
        return self._private.sign(content)


def signed_by(raw: bytes, content: bytes, signature: bytes) -> bool:
    """Ed25519, by the library itself."""
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, content)
    except InvalidSignature:
        return False
    return True


KEY = SampleKey()


def chain(
    folder: Path,
    clock: ManualClock,
    by: str = "face",
    key: SampleKey | None = KEY,
    rules: Rules = DEFAULT_RULES,
    boot: str = BOOT,
) -> LogChain:
    """A writer."""
    return LogChain(folder, clock, by, TERMINAL, lambda: key, rules, boot)


def write(log: LogChain, count: int = 1, **facts: Fact) -> None:
    """So many events, one by one."""
    for number in range(count):
        log.append([log.entry(Event.STEP_ENTERED, {"state": "home", "number": number} | facts)])


def checked(
    folder: Path, key: SampleKey | None = KEY, boot: str = BOOT, anchors: Mapping[int, str] | None = None
) -> Report:
    """What the check says of the log."""
    files, head = standing(folder)
    keys = {} if key is None else {key.key_id: key.raw}
    return Check(files, head, keys, signed_by, terminal=TERMINAL, boot=boot, anchors=anchors).run()


def codes(report: Report) -> set[str]:
    """What was found wrong."""
    return {flaw.code.value for flaw in report.flaws}


def several_days(folder: Path) -> None:
    """Two processes on three days, some records after the last seal."""
    clock = ManualClock(datetime(2026, 11, 21, 1, 41, tzinfo=UTC))
    face, uploader = chain(folder, clock, "face"), chain(folder, clock, "uploader")
    for day in range(DAYS):
        write(face, 3)
        write(uploader, 2)
        if day < DAYS - 1:
            face.seal()
            clock.turn(A_DAY_S)
    uploader.seal()
    write(face, 2)


@functools.cache
def _sample() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as name:
        several_days(Path(name))
        return {path.name: path.read_bytes() for path in Path(name).iterdir()}


def laid_out(folder: Path) -> list[Path]:
    """The sample in `folder`: its files."""
    for name, content in _sample().items():
        (folder / name).write_bytes(content)
    return log_files(folder)
