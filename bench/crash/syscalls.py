"""A child process whose system calls go by us one at a time, over all its threads: one can be failed, or be its last.

Why not `strace -e inject`: it counts for each thread by itself, and a hand-in writes with several. The kernel's user
notifications (seccomp_unotify(2), Linux 5.5) come in one order.
"""

import ctypes
import errno
import fcntl
import os
import platform
import select
import signal
import socket
import struct
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# From the kernel's headers: prctl.h, seccomp.h, filter.h.
_NO_NEW_PRIVS, _FILTER_MODE, _NEW_LISTENER = 38, 1, 1 << 3
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _NOTIFY = 0x7FFF0000, 0x7FC00000
_RECEIVE, _SEND, _CONTINUE = 0xC0502100, 0xC0182101, 1
_NOTICE = struct.Struct("QIIiIQ6Q")
_ANSWER = struct.Struct("QqiI")
_WRITE, _CLOSE, _FCNTL = 1, 3, 72
_SECCOMP = {"x86_64": 317, "aarch64": 277}

#: x86_64, arch/x86/entry/syscalls/syscall_64.tbl; only to tell them by name
NAMES = {
    0: "read",
    1: "write",
    3: "close",
    5: "fstat",
    6: "lstat",
    8: "lseek",
    9: "mmap",
    10: "mprotect",
    12: "brk",
    16: "ioctl",
    17: "pread64",
    18: "pwrite64",
    20: "writev",
    21: "access",
    25: "mremap",
    28: "madvise",
    32: "dup",
    39: "getpid",
    56: "clone",
    72: "fcntl",
    73: "flock",
    74: "fsync",
    75: "fdatasync",
    77: "ftruncate",
    79: "getcwd",
    82: "rename",
    83: "mkdir",
    87: "unlink",
    89: "readlink",
    90: "chmod",
    91: "fchmod",
    93: "fchown",
    107: "geteuid",
    137: "statfs",
    138: "fstatfs",
    202: "futex",
    217: "getdents64",
    221: "fadvise64",
    257: "openat",
    258: "mkdirat",
    262: "newfstatat",
    263: "unlinkat",
    264: "renameat",
    285: "fallocate",
    302: "prlimit64",
    316: "renameat2",
    318: "getrandom",
    332: "statx",
    435: "clone3",
}
#: rt_sigaction, rt_sigprocmask, rt_sigreturn, munmap, sched_yield, sendmsg, exit, sigaltstack, gettid, futex,
#: set_tid_address, clock_nanosleep, exit_group, tgkill, set_robust_list, getrandom, rseq: no kernel fails these for
#: want of a disk or of memory, and a process whose locks fail ends at once anyway.
_PASSED = (13, 14, 15, 11, 24, 46, 60, 131, 186, 202, 218, 230, 231, 234, 273, 318, 334)
_FULL = (1, 18, 20, 257, 258, 83, 82, 74, 75, 77, 285)  # calls that a full disk fails
_MEMORY = (9, 10, 12, 25, 28, 56, 435)


@dataclass(frozen=True, slots=True)
class Watched:
    """How the child fared."""

    calls: tuple[int, ...]  #: numbers of its system calls between the two marks, in order
    said: str  #: what its task returned; "" when it did not come to that
    status: int  #: as `os.waitpid` tells it
    hung: bool  #: it said nothing for `patience_s` after its call had failed, and was killed
    folder: bool  #: the call that was failed was about a folder, not about a file


def errors_of(call: int) -> tuple[int, ...]:
    """The errors that this call is failed with, a run for each."""
    if (
        call == _CLOSE
    ):  # a kernel lets go of the descriptor whatever it says; an error of ours would leave it open
        return ()
    if call in _MEMORY:
        return (errno.ENOMEM,)
    return (errno.EIO, errno.ENOSPC) if call in _FULL else (errno.EIO,)


def supported() -> bool:
    """Whether this machine is one that we know the numbers of."""
    return platform.machine() == "x86_64" and platform.system() == "Linux"


def watch(
    task: Callable[[Callable[[], None]], str], place: int, which: int | None, patience_s: float
) -> Watched:
    """Fork, let `task` run, and fail its call number `place` (from 0) with the `which`-th of its errors; None kills it
    there. A call that has no such error passes.

    `task` calls what it is given when its calls begin to count; what it returns is told. A `place` beyond the last
    call lets it run unharmed.
    """
    told, tell = os.pipe()
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        _be_watched(task, tell, theirs)
    os.close(tell)
    theirs.close()
    with ours:
        try:
            _, (listener, *_), _, _ = socket.recv_fds(ours, 1, 1)
        except ValueError as gone:
            os.waitpid(child, 0)
            raise RuntimeError("the kernel has no user notifications for us") from gone
    try:
        seen = _Watch(child, listener, tell, place, which, patience_s)
        hung = seen.until_its_end()
    finally:
        os.close(listener)
    _, status = os.waitpid(child, 0)
    with os.fdopen(told, "rb") as pipe:
        said = pipe.read().decode("utf-8").removeprefix("begin\n")
    return Watched(tuple(seen.calls), said, status, hung, seen.folder)


def _be_watched(task: Callable[[Callable[[], None]], str], tell: int, theirs: socket.socket) -> None:
    """The child; never returns."""
    try:
        listener = _install()
        socket.send_fds(theirs, [b"x"], [listener])
        os.close(listener)
        said = task(lambda: _write(tell, "begin\n"))
        _write(tell, said)
        os._exit(0)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is to be told
        where = "".join(f" < {Path(step.filename).name}:{step.lineno}" for step in _steps(error))
        _write(tell, f"raised {type(error).__name__}: {error}{where}")
        os._exit(1)


def _steps(error: BaseException) -> list[traceback.FrameSummary]:
    """The innermost first, without ours."""
    return traceback.extract_tb(error.__traceback__)[:2:-1]


def _write(descriptor: int, text: str) -> None:
    os.write(descriptor, text.encode("utf-8"))


class _Watch:
    """The other end of the child's system calls."""

    def __init__(
        self, child: int, listener: int, tell: int, place: int, which: int | None, patience_s: float
    ) -> None:
        self._child, self._listener, self._tell = child, listener, tell
        self._place, self._which, self._patience_s = place, which, patience_s
        self._counts = False
        self.calls: list[int] = []
        self.folder = False

    def until_its_end(self) -> bool:
        """Whether it hung."""
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        while True:
            ready = poll.poll(self._patience_s * 1000)
            if not ready:
                os.kill(self._child, signal.SIGKILL)
                return True
            if ready[0][1] & select.POLLHUP:
                return False
            if not self._answer_one():
                os.kill(self._child, signal.SIGKILL)
                return False

    def _answer_one(self) -> bool:
        """Let one call pass, or fail it; False when it was to be the last."""
        notice = bytearray(_NOTICE.size)
        try:
            fcntl.ioctl(self._listener, _RECEIVE, notice)
        except FileNotFoundError:
            return True  # the thread that called is gone
        number, thread, _, call, _, _, *arguments = _NOTICE.unpack(notice)
        error = 0
        if call == _WRITE and arguments[0] == self._tell:
            self._counts = not self._counts
        elif self._counts and not _unlocks(thread, call, arguments):
            self.calls.append(call)
            if len(self.calls) - 1 == self._place:
                if self._which is None:
                    return False
                self.folder = _is_folder(thread, arguments[0])
                error = dict(enumerate(errors_of(call))).get(self._which, 0)
        answer = _ANSWER.pack(number, 0, -error, 0 if error else _CONTINUE)
        try:
            fcntl.ioctl(self._listener, _SEND, answer)
        except FileNotFoundError:
            return True
        return True


def _is_folder(thread: int, descriptor: int) -> bool:
    return Path(f"/proc/{thread}/fd/{descriptor}").is_dir()


def _unlocks(thread: int, call: int, arguments: list[int]) -> bool:
    """Whether it lets go of a lock on a part of a file, which no local file system fails."""
    if call != _FCNTL or arguments[1] != fcntl.F_SETLK:
        return False
    with Path(f"/proc/{thread}/mem").open("rb", buffering=0) as memory:
        memory.seek(arguments[2])
        return struct.unpack("h", memory.read(2)) == (fcntl.F_UNLCK,)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _install() -> int:
    """Let every call but the passed ones be told; the descriptor at which."""
    steps = [(_LOAD, 0, 0, 0)]
    for at, number in enumerate(_PASSED):
        steps.append((_JUMP_IF_EQUAL, len(_PASSED) - at, 0, number))
    steps += [(_RETURN, 0, 0, _NOTIFY), (_RETURN, 0, 0, _ALLOW)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")
    listener = libc.syscall(
        _SECCOMP[platform.machine()], _FILTER_MODE, _NEW_LISTENER, ctypes.byref(program), 0
    )
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return int(listener)
