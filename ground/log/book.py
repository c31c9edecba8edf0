"""The logbook of a process: hands events to a thread of its own, so that a slow disk never holds up the face."""

import contextlib
import queue
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ground.clock import Clock
from ground.log.chain import SEAL_AFTER_S, SEAL_EVERY, LogChain, Signer
from ground.log.files import DEFAULT_RULES, Rules
from ground.log.record import Entry
from ground.logbook import Event, Fact, redacted

_CLOSE_S = 5.0  # how long an ending process waits for a disk; systemd kills later than that
_RETRY_S = 2.0  # a lock, a full or a broken disk is tried again with the next event, or then


class ChainedLogbook:
    """Writes events to the log in a folder. Any thread may call it."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        by: str,
        terminal: str = "",
        signer: Callable[[], Signer | None] = lambda: None,
        rules: Rules = DEFAULT_RULES,
        seal_after_s: float = SEAL_AFTER_S,
    ) -> None:
        """`by`: the process, such as face. Raises OSError when the folder cannot be made."""
        self._chain = LogChain(folder, clock, by, terminal, signer, rules)
        self._clock, self._seal_after_s = clock, seal_after_s
        self._handed: queue.SimpleQueue[_Handed] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="logbook", daemon=True)
        self._thread.start()

    def write(self, event: Event, **facts: Fact) -> None:
        """See `Logbook`: it is noted when it happened, and written a moment later."""
        self._handed.put(self._chain.entry(event, facts))

    def flush(self, timeout_s: float = _CLOSE_S) -> bool:
        """Wait until all that was noted is written, sealed and on the disk, or the time is up; whether it is."""
        asked = _Asked()
        self._handed.put(asked)
        return asked.done.wait(timeout_s) and asked.durable

    def close(self) -> None:
        """Write and seal what is left, and end the thread. A disk that hangs is not waited for."""
        self._handed.put(None)
        self._thread.join(_CLOSE_S)

    def _run(self) -> None:
        seal_at: float | None = None
        while True:
            batch, asking, ended = self._next(None if seal_at is None else self._clock.left(seal_at))
            due = bool(asking) or ended or (seal_at is not None and self._clock.due(seal_at))
            try:
                unsealed = self._chain.append(batch) if batch else seal_at is not None
                if due:
                    self._chain.seal()
                    unsealed = False
                if unsealed:
                    seal_at = seal_at or self._clock.after(self._seal_after_s)
                else:
                    seal_at = None
            except OSError:  # what was lost is counted, and told of as soon as something can be written again
                seal_at, due = self._clock.after(_RETRY_S), False
            for each in asking:
                each.durable = due
                each.done.set()
            if ended:
                return

    def _next(self, wait_s: float | None) -> tuple[list[Entry], list["_Asked"], bool]:
        """What was handed over since, and whether that was all; nothing once `wait_s` is over."""
        batch: list[Entry] = []
        asking: list[_Asked] = []
        with contextlib.suppress(queue.Empty):
            handed = self._handed.get(timeout=wait_s)
            while handed is not None:
                if isinstance(handed, _Asked):
                    asking.append(handed)
                else:
                    batch.append(_clean(handed))
                if len(batch) >= SEAL_EVERY:
                    return batch, asking, False
                handed = self._handed.get_nowait()
            return batch, asking, True
        return batch, asking, False


class _Asked:
    """Somebody who waits until everything before is on the disk."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.durable = False


_Handed = Entry | _Asked | None  # an event, somebody who waits, or the end


def _clean(entry: Entry) -> Entry:
    """Without what could name a person, and nothing that JSON cannot hold."""
    return replace(entry, facts={name: redacted(_plain(value)) for name, value in entry.facts.items()})


def _plain(value: object) -> Fact:
    return value if value is None or isinstance(value, str | int | float) else str(value)
