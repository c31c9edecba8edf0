"""A process whose system calls fail, by limits and filters of the kernel and not by a stand-in for our own code.

`python -m tests.offline_cache.failing_process FOLDER RECIPIENT HOW [CASE]` prints the code of each attempt.
"""

import ctypes
import errno
import json
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path

from ground.clock import RealClock
from offline_cache.errors import CacheError
from offline_cache.spool import Spool
from tests.offline_cache.bench_terminal import a_case
from tests.offline_cache.children import open_outbox

# From the kernel's headers: prctl.h, seccomp.h, bpf_common.h and the system call tables.
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NUMBERS = {"x86_64": {"fsync": 74, "fdatasync": 75}, "aarch64": {"fsync": 82, "fdatasync": 83}}


WAL_FRAME = 4096 + 24  # a page and its header (sqlite.org/fileformat2.html, 4.1)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def fail_call(name: str) -> None:
    """Let the kernel answer EIO to every `name` of this process from now on."""
    number = _NUMBERS[platform.machine()][name]
    steps = (
        (_LOAD, 0, 0, 0),
        (_JUMP_IF_EQUAL, 0, 1, number),
        (_RETURN, 0, 0, _ERRNO | errno.EIO),
        (_RETURN, 0, 0, _ALLOW),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    assert libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0, os.strerror(
        ctypes.get_errno()
    )


def limit_file_size(size: int = 1024 * 1024) -> None:
    """Let every write beyond `size` bytes of a file fail, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def code_of(attempt: Callable[[], object]) -> str:
    """The code of the error that `attempt` raises, or "done"."""
    try:
        attempt()
    except CacheError as error:
        return error.code
    return "done"


def main(folder: Path, recipient: str, how: str) -> None:
    outbox = open_outbox(folder, recipient)
    bare = Spool(folder / "bare-spool", reserve_bytes=0)
    case_id = how.rpartition(" ")[2]
    if how == "file size limit":
        limit_file_size()
    elif how == "database full":
        # Room for the two pages of the local number, not for those of the case: the commit itself fails.
        limit_file_size((folder / "outbox.sqlite-wal").stat().st_size + 3 * WAL_FRAME)
    elif how == "the folder is gone":
        (folder / "spool").rename(folder / "gone")
    else:
        fail_call(how.partition(" ")[0])
    evaluate = lambda: outbox.add_evaluation(case_id, 5, [], "screen", RealClock().now(), "1")  # noqa: E731
    reported = {
        "hand_in": code_of(
            lambda: outbox.hand_in(a_case(size=2_000 if how == "database full" else 2_000_000))
        ),
        "evaluation": code_of(evaluate),
        "file": code_of(lambda: bare.keep([bytes(2_000_000)])),
    }
    if how == "the folder is gone":
        (folder / "gone").rename(folder / "spool")
    json.dump(reported, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
