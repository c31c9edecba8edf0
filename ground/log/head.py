"""The index that all writers of a log share: where its end is. One small file, written in place under one lock."""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

HEAD = "head"
LOCK = ".lock"
PREFIX = "events-"

_DIGITS = 12
_SIZE = 512  # one sector, so that a power cut leaves the old or the new one
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of the chain, as the last writer left it."""

    seq: int = 0  #: of the last record; 0: there is none
    hash: str = ""
    file: str = ""  #: name of the file that is written to
    size: int = 0  #: its bytes
    boot: str = ""  #: in which start of the machine this was written
    sealed: int = 0  #: seq of the last seal
    synced: int = 0  #: records up to this one were on the disk before this was written
    sealed_hash: str = ""  #: of that seal: synced before it stands here, so no power cut takes it back
    key: str = ""  #: id of the key of the last seal
    lost: int = 0  #: records that could not be written and are not told of in the log yet


def this_boot() -> str:
    """A name for this start of the machine, 8 hex digits."""
    try:
        return _BOOT_ID.read_text(encoding="ascii")[:8]
    except OSError:  # a container without /proc: then power cuts cannot be told from cuts
        return "00000000"


def encode_head(head: Head) -> bytes:
    """`_SIZE` bytes with a checksum at the end of the text."""
    return _checked(json.dumps(asdict(head)))


def _checked(body: str) -> bytes:
    text = f"{body} {hashlib.sha256(body.encode('ascii')).hexdigest()}"
    return text.ljust(_SIZE - 1).encode("ascii") + b"\n"


def decode_head(content: bytes) -> Head | None:
    """What `encode_head` of this or another version wrote; None when it is anything else."""
    try:
        body = content.decode("ascii").rstrip().rpartition(" ")[0]
        told = json.loads(body)
    except ValueError:
        return None
    if _checked(body) != content or not isinstance(told, dict):
        return None
    known = {field.name for field in fields(Head)}
    return Head(**{name: value for name, value in told.items() if name in known})


def file_name(first_seq: int) -> str:
    """The name of the file whose first record is `first_seq`: names sort as records do."""
    return f"{PREFIX}{first_seq:0{_DIGITS}d}.jsonl"


def first_of(name: str) -> int:
    """The number in such a name."""
    return int(name.removeprefix(PREFIX).removesuffix(".jsonl"))


def log_files(folder: Path) -> list[Path]:
    """Every file of the chain in `folder`, oldest first."""
    return sorted(folder.glob(f"{PREFIX}{'[0-9]' * _DIGITS}.jsonl"))


def read_head(folder: Path) -> Head | None:
    """The head of the log in `folder`; None when it is missing or harmed. Raises OSError."""
    try:
        return decode_head((folder / HEAD).read_bytes())
    except FileNotFoundError:
        return None


@contextlib.contextmanager
def locked(folder: Path, how: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Be the only writer (LOCK_EX), or keep writers out while looking (LOCK_SH). Raises OSError."""
    # flock dies with the process, so a kill leaves no stale lock behind.
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)
