"""How this terminal is, told to the platform once a minute and at each change; nothing personal.

The uploader sends it. What the face alone knows (devices, supplies) it leaves in the outbox as a note, at each change
and every half minute, so that a face that hangs is noticed although the uploader lives.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ground.clock import Clock
from offline_cache.errors import CacheError, Garbled, Refused, ServerTrouble
from offline_cache.items import ClockReading, LinkState, OutboxStatus
from offline_cache.outbox import Outbox
from offline_cache.platform import Platform
from offline_cache.retry import LONGEST_WAIT_S

EVERY_S = 60.0  # given by the customer: silent for five minutes is an alarm
LEAST_S = 5.0  # chosen: a device that fails and recovers all the time does not become a stream of messages
FACE_NOTE = "face"
_MEGA = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Board:
    """What the face knows, as it leaves it."""

    devices: Sequence[Mapping[str, Any]]  #: name, ok, code, state, since (ISO 8601), supplies {name: level}
    era: str
    instant: float

    def text(self) -> str:
        """As a note."""
        return json.dumps({"devices": list(self.devices), "era": self.era, "instant": self.instant})

    @classmethod
    def read(cls, text: str | None) -> "Board | None":
        """From a note; None when there is none that makes sense."""
        try:
            said = json.loads(text or "")
            return cls(list(said["devices"]), str(said["era"]), float(said["instant"]))
        except (ValueError, KeyError, TypeError):
            return None


class Heart:
    """Beats: when it is due, with what there is to say. One thread."""

    def __init__(
        self,
        outbox: Outbox,
        clock: Clock,
        version: str,
        bytes_s: Callable[[], float | None] = lambda: None,
        certificate_until: Callable[[], datetime | None] = lambda: None,
        log_end: Callable[[], Mapping[str, Any] | None] = lambda: None,
    ) -> None:
        """`bytes_s`: throughput as last measured; `certificate_until`: when the platform's certificate ends.

        `log_end`: seq, hash and key of the event log's last seal.
        """
        self._outbox = outbox
        self._clock = clock
        self._version = version
        self._bytes_s = bytes_s
        self._certificate_until = certificate_until
        self._log_end = log_end
        self._due = self._least = clock.instant()
        self._told = ""  #: what was said last, without what changes by itself

    def beat(self, platform: Platform, link: LinkState, clock: ClockReading) -> None:
        """Tell the platform, when it is due. What it does not take stops nothing.

        Raises `UploadError` when the way there is blocked, and `CacheError`.
        """
        body = self.due(link, clock)
        if body is not None:
            self._send(platform, body)

    def beat_meanwhile(self, platform: Platform, link: LinkState, clock: ClockReading) -> None:
        """Tell a platform that asked to be left alone: once a minute, news or not. Raises as `beat`."""
        if self._clock.due(self._due):
            self._rest(EVERY_S)  # however it ends
            self._send(platform, self.body(link, clock))

    def _send(self, platform: Platform, body: Mapping[str, Any]) -> None:
        try:
            platform.put_heartbeat(body)
        except ServerTrouble as error:
            self._rest(max(EVERY_S, min(error.retry_after_s or 0.0, LONGEST_WAIT_S)))
        except (Garbled, Refused):
            self._rest(EVERY_S)
        else:
            self.told(body)

    def _rest(self, seconds: float) -> None:
        self._due = self._least = self._clock.after(seconds)

    def told(self, body: Mapping[str, Any]) -> None:
        """It arrived."""
        self._told = _lasting(body)
        self._due = self._clock.after(EVERY_S)

    def due(self, link: LinkState, clock: ClockReading) -> dict[str, Any] | None:
        """What to say now; None when nothing is due. Raises `CacheError`."""
        if not self._clock.due(self._least):
            return None
        self._least = self._clock.after(LEAST_S)
        body = self.body(link, clock)
        return body if self._clock.due(self._due) or _lasting(body) != self._told else None

    def body(self, link: LinkState, clock: ClockReading) -> dict[str, Any]:
        """The heartbeat as docs/backend-api.md describes it. Raises `CacheError`."""
        status, until = self._outbox.status(), self._certificate_until()
        board = Board.read(self._outbox.noted(FACE_NOTE))
        return {
            "schema": 1,
            "at": self._clock.now().isoformat(timespec="seconds"),
            "version": self._version,
            "queue": _queue(status),
            "link": {"state": link.value, "code": "", "bytes_s": self._bytes_s()},
            "clock": {"state": clock.state.value, "off_s": clock.off_s},
            "disk": self._disk(),
            "devices": [] if board is None else list(board.devices),
            "face_s": self._age(board),
            "certificate_until": None if until is None else until.isoformat(timespec="seconds"),
            "log": self._log_end(),
        }

    def _age(self, board: Board | None) -> float | None:
        """Seconds since the face left its board; None when that was before this boot."""
        if board is None or board.era != self._outbox.era():
            return None
        return max(0.0, round(self._clock.instant() - board.instant, 1))

    def _disk(self) -> dict[str, int] | None:
        try:
            room = self._outbox.room_for_visit()
        except CacheError:
            return None
        return {"room_mb": room.room_bytes // _MEGA, "needed_mb": room.needed_bytes // _MEGA}


def _queue(status: OutboxStatus) -> dict[str, Any]:
    error = status.last_error
    return {
        "waiting": status.waiting,
        "stuck": status.stuck,
        "evaluations_waiting": status.evaluations_waiting,
        "messages_waiting": status.messages_waiting,
        "delivered_today": status.delivered_today,
        "bytes_waiting": status.bytes_waiting,
        "oldest_s": None if status.oldest_s is None else round(status.oldest_s),
        "last_error": "" if error is None else error.code,
    }


def _lasting(body: Mapping[str, Any]) -> str:
    """What of a heartbeat is news when it changes: states, codes and counts, not ages and moments."""
    clock, queue = body["clock"]["state"], body["queue"]
    counts = [queue["waiting"] > 0, queue["stuck"], queue["last_error"]]
    devices = [[each.get(name) for name in ("name", "ok", "code", "supplies")] for each in body["devices"]]
    return json.dumps([body["version"], counts, body["link"]["state"], clock, devices], sort_keys=True)
