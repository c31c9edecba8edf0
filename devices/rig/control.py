"""Steering emulators from another process: one JSON object per line over TCP on this machine.

    {"device": "id_card", "set": {"card_on": true}}      put the physics so
    {"device": "printer", "get": ["paper_mm"]}           what it is now; an empty list asks for everything
    {"device": "id_card", "do": "unplug"}                or "replug"
    {"list": "devices"}                                  the name of each, and whether it has a plug

answered by {"ok": true, "values": {...}} or {"ok": false, "error": "..."}. Only knobs that the emulator declares
can be set or read, and only to values of the kind that they hold.
"""

import json
import socket
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from devices.rig.line_server import LineServer

Value = bool | int | float | str | None | list[Any] | dict[str, Any]

_PATIENCE_S = 30.0  # a drawing emulator may think about a new sheet for a second; a busy machine for ten
_LONGEST_LINE = 65536


class Steered(Protocol):
    """An emulator with declared physics."""

    @property
    def knobs(self) -> tuple[str, ...]:
        """The names of the attributes that may be set."""
        ...


class Plug(Protocol):
    """What can be pulled out; every rig is one."""

    def unplug(self) -> None:
        """Pull the plug."""
        ...

    def replug(self) -> None:
        """Put it in."""
        ...


class ControlRefused(Exception):
    """The control server refused a request."""


class ControlServer:
    """Serves the knobs of `devices` and the plugs of `plugs`, both by device name, on 127.0.0.1."""

    def __init__(
        self, devices: Mapping[str, Steered], plugs: Mapping[str, Plug] | None = None, port: int = 0
    ) -> None:
        """Serving on return. Raises OSError."""
        self._devices = dict(devices)
        self._plugs = dict(plugs or {})
        self._one_at_a_time = threading.Lock()
        self._server = LineServer(self._converse, port, "control")

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.port

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and hang up on every client. May be called twice."""
        self._server.close()

    def answer(self, line: bytes) -> dict[str, Value]:
        """What is said to one request. Never raises for what a client may send."""
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise ControlRefused("a request is a JSON object")
            with self._one_at_a_time:
                return {"ok": True, "values": self._done(request)}
        except KeyError as error:  # its own text is only the key, in quotes
            return {"ok": False, "error": f"unknown: {error.args[0] if error.args else ''}"}
        except (ControlRefused, ValueError, TypeError, OSError, RecursionError) as error:
            return {"ok": False, "error": str(error) or type(error).__name__}

    def _converse(self, said: BinaryIO, answers: BinaryIO) -> None:
        while line := said.readline(_LONGEST_LINE):
            answers.write(json.dumps(self.answer(line)).encode() + b"\n")

    def _done(self, request: dict[str, Any]) -> dict[str, Value]:
        if request == {"list": "devices"}:
            return {name: name in self._plugs for name in self._devices}
        name = request.get("device")
        match {verb: wish for verb, wish in request.items() if verb != "device"}:
            case {"set": dict(wishes), **other} if not other:
                return self._set(self._device(name), wishes)
            case {"get": list(names), **other} if not other:
                device = self._device(name)
                return {knob: self._value(device, knob) for knob in names or device.knobs}
            case {"do": "unplug" | "replug" as action, **other} if not other:
                self._plug(name, action)
                return {}
        raise ControlRefused('say one of "set": {…}, "get": […], "do": "unplug" or "replug"')

    def _set(self, device: Steered, wishes: dict[str, Value]) -> dict[str, Value]:
        new = {knob: self._wished(device, knob, wish) for knob, wish in wishes.items()}
        for knob, value in new.items():
            setattr(device, knob, value)
        return {knob: self._value(device, knob) for knob in wishes}

    def _wished(self, device: Steered, knob: str, wish: Value) -> object:
        now = self._value(device, knob)
        if isinstance(getattr(device, knob), list):  # sheets in a feeder: as many as one likes
            if not isinstance(wish, list):
                raise ControlRefused(f"{knob} holds {json.dumps(now)}, not {json.dumps(wish)}")
            kind = now[0] if isinstance(now, list) and now else ""
            return [_like(kind, one, knob) for one in wish]
        return _like(now, wish, knob)

    def _device(self, name: object) -> Steered:
        if not isinstance(name, str) or name not in self._devices:
            raise ControlRefused(f"no device {name}; there are {', '.join(self._devices)}")
        return self._devices[name]

    def _plug(self, name: object, action: str) -> None:
        if not isinstance(name, str) or name not in self._plugs:
            raise ControlRefused(f"no plug {name}; there are {', '.join(self._plugs)}")
        if action == "unplug":
            self._plugs[name].unplug()
        else:
            self._plugs[name].replug()

    @staticmethod
    def _value(device: Steered, knob: object) -> Value:
        if not isinstance(knob, str) or knob not in device.knobs:
            raise ControlRefused(f"no knob {knob}; there are {', '.join(device.knobs)}")
        value = getattr(device, knob)
        return list(value) if isinstance(value, tuple) else value


def _like(now: Value, wish: Value, knob: str) -> object:
    """`wish` as the kind of value that the knob holds `now`. Raises `ControlRefused`."""
    match now, wish:
        case (bool(), bool()) | (str(), str()) | (None, _):
            return wish
        case (bool(), _) | (_, bool()):
            pass
        case (int(), int()):
            return wish
        case (float(), int() | float()):
            return float(wish)
        case (list(), list()) if len(now) == len(wish):
            return tuple(_like(old, new, knob) for old, new in zip(now, wish, strict=True))
    raise ControlRefused(f"{knob} holds {json.dumps(now)}, not {json.dumps(wish)}")


class ControlClient:
    """The other end of the line. Raises `ControlRefused` when refused, OSError when the server is gone."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._socket = socket.create_connection((host, port), timeout=_PATIENCE_S)
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def devices(self) -> dict[str, bool]:
        """Every device by name, and whether it can be unplugged."""
        return self._asked({"list": "devices"})

    def set(self, device: str, **knobs: Value) -> dict[str, Any]:
        """Put knobs; what they are now."""
        return self._asked({"device": device, "set": knobs})

    def get(self, device: str, *knobs: str) -> dict[str, Any]:
        """What the knobs are; all of them when none is named."""
        return self._asked({"device": device, "get": list(knobs)})

    def unplug(self, device: str) -> None:
        """Pull the device's plug."""
        self._asked({"device": device, "do": "unplug"})

    def replug(self, device: str) -> None:
        """Put the device's plug in."""
        self._asked({"device": device, "do": "replug"})

    def close(self) -> None:
        """Hang up. May be called twice."""
        self._lines.close()
        self._socket.close()

    def _asked(self, request: dict[str, Value]) -> dict[str, Any]:
        self._socket.sendall(json.dumps(request).encode() + b"\n")
        answer = json.loads(self._lines.readline() or b'{"ok": false, "error": "the server hung up"}')
        if not answer["ok"]:
            raise ControlRefused(answer["error"])
        values: dict[str, Any] = answer["values"]
        return values
