"""The reading process gives up what it does not need before it sees a page: memory, files, network, precedence.

It holds papers of people in its memory and decodes what strangers hand in. So it writes no file, opens no socket,
leaves no core dump, takes no more memory than its cap, and ends when the terminal ends.
"""

import os
import resource
import select
import sys
import threading
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
#: audit events (docs.python.org, "Audit events table") that lead out of this process; `socket.` stands for all of those
_FORBIDDEN = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty")
_STREAMS = (0, 1, 2)


class Confined(PermissionError):
    """The reading process tried to do what it has no business to do."""


def cap_memory(most_bytes: int) -> None:
    """No more than this of private memory (RLIMIT_DATA counts what malloc and mmap take, not files' pages)."""
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def step_back(niceness: int) -> None:
    """Let others on this machine go first: 0 (as the terminal itself) to 19."""
    os.nice(niceness)


def forbid_ways_out() -> None:
    """From now on no socket, no child and no file to write in this process; there is no way back."""
    sys.addaudithook(_refuse)


def end_with_parent() -> None:
    """End at once when nobody holds the other end of stdin any more, even in the middle of a page."""
    threading.Thread(target=_wait_for_hang_up, name="lifeline", daemon=True).start()


def _wait_for_hang_up() -> None:
    line = select.poll()
    line.register(0, 0)  # no event but POLLHUP, which cannot be left out
    line.poll()
    os._exit(0)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith("socket.") or event in _FORBIDDEN:
        raise Confined(event)
    if event == "open" and arguments[0] not in _STREAMS and _writes(arguments[1], arguments[2]):
        raise Confined(event)


def _writes(mode: str | None, flags: int) -> bool:
    return bool(flags & _WRITING) or (mode is not None and any(sign in mode for sign in "wax+"))
