"""What the face alone knows, its devices and their supplies, is left where the uploader finds it for the heartbeat.

A heartbeat tells how things are; what happened while the link was down travels as device events, one for each change.
"""

from collections.abc import Mapping
from typing import Any

from devices.status import State, Supply
from ground.clock import Clock
from kiosk.health import Health, Status
from offline_cache.heartbeat import FACE_NOTE, Board
from offline_cache.merging import DEVICE_EVENT
from offline_cache.outbox import Outbox

EVERY_S = 30.0  # chosen: half a heartbeat, so that a face that hangs is known after three minutes
#: supplies that somebody must look after; how the others fall is the heartbeat's
_SHORT = (Supply.LOW.value, Supply.OUT.value, Supply.JAMMED.value)
_WELL: Mapping[str, Any] = {"ok": True, "code": "", "state": State.ONLINE.value, "supplies": {}}
_KNOWN_OTHERWISE = ("link", "clock", "stick", "care")  # the uploader knows better, or it is nobody's business


class FaceBoard:
    """Leaves the board, at each change and every half minute. Lives on the outbox's thread."""

    def __init__(self, outbox: Outbox, health: Health, clock: Clock) -> None:
        self._outbox = outbox
        self._health = health
        self._clock = clock
        self._left: list[dict[str, Any]] = []
        self._due = clock.instant()

    def look(self) -> None:
        """Leave it if it is news. Raises `CacheError`."""
        devices = [_line(part) for part in self._health.all() if part.name not in _KNOWN_OTHERWISE]
        if devices == self._left and not self._clock.due(self._due):
            return
        for line in self._news(devices):
            self._outbox.add_message(DEVICE_EVENT, line)
        self._outbox.note(FACE_NOTE, Board(devices, self._outbox.era(), self._clock.instant()).text())
        self._left, self._due = devices, self._clock.after(EVERY_S)

    def _news(self, devices: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The devices that fare otherwise than before. How each begins is no event, unless it begins broken."""
        before = {line["name"]: line for line in self._left}
        told = [line for line in devices if line["state"] != State.STARTING.value]
        return [line for line in told if _verdict(line) != _verdict(before.get(line["name"], _WELL))]


def _verdict(line: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes a change worth an event."""
    if line["state"] == State.STARTING.value:
        return _verdict(_WELL)
    return line["ok"], line["code"], tuple(level for level in line["supplies"].items() if level[1] in _SHORT)


def _line(part: Status) -> dict[str, Any]:
    """One device as the platform is told of it; what it says of itself stays here."""
    return {
        "name": part.name,
        "ok": part.ok,
        "code": part.code,
        "state": part.state.value,
        "since": part.since.isoformat(timespec="seconds"),
        "supplies": {name: level.value for name, level in part.supplies.items()},
    }
