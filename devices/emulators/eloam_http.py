"""The document camera service of 良田 (Eloam): HTTP on 127.0.0.1, MJPEG preview, stills as base64 in JSON.

Source: shared protocol notes, document_camera.md §5.1. Two heads: the main one looks at the desk under the lamp, the
sub head at an empty one.
"""

import base64
import json
import threading
from collections.abc import Callable, Mapping
from io import BufferedIOBase
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from devices.emulators.desk import Scene
from devices.emulators.http_service import Asked, HttpServiceEmulator, Told
from devices.emulators.lamp_desk import LampDesk, stamped
from ground.clock import Clock

_FPS = 12  # chosen: a document camera over USB 2
_BOUNDARY = "eloam"
_SIZES = ((4160, 3120), (2592, 1944), (2048, 1536), (1280, 960), (640, 480))  # chosen from §1
_SUB_DESK = Scene(desk="plain")

Said = dict[str, Any]


class EloamEmulator(LampDesk, HttpServiceEmulator):
    """The knobs may be set at any time from any thread."""

    knobs: ClassVar[tuple[str, ...]] = (
        *LampDesk.scene_knobs, "connected", "stale_stills", "broken_stills", "fps", "frozen", "error_code", "mute",
    )  # fmt: skip

    def __init__(self, clock: Clock, port: int = 0) -> None:
        LampDesk.__init__(self)
        HttpServiceEmulator.__init__(self, clock, port)
        self.connected = True  #: False: the service runs and its camera is not there
        self.stale_stills = 0  #: so many of the next stills are the one that was taken before
        self.broken_stills = 0  #: so many of the next stills are no JPEG
        self.fps = float(_FPS)  #: preview pictures a second
        self.frozen = False  #: the preview stands still: no new pictures
        self.error_code = ""  #: the code of every answer; "" for the true one
        self._size = {"0": _SIZES[3], "1": _SIZES[4]}
        self._rotate = "0"
        self._viewers = {"0": 0, "1": 0}
        self._exposures = 0
        self._still: dict[str, bytes] = {}
        self._counting = threading.Lock()

    @property
    def size(self) -> tuple[int, int]:
        """What the main head is set to, pixels."""
        return self._size["0"]

    @property
    def viewers(self) -> int:
        """How many watch the preview of any head."""
        return sum(self._viewers.values())

    def answer(self, asked: Asked) -> Told:
        """What the service says; verbs are paths, arguments JSON."""
        place = urlsplit(asked.path).path
        if place.startswith("/video=stream"):
            return self._streamed(parse_qs(place.lstrip("/")).get("camidx", ["0"])[0])
        verbs: Mapping[str, Callable[[Said], Said]] = {
            "/video=status": self._status,
            "/video=close": lambda wish: {},
            "/video=grabimage": self._grab,
            "/video=rotate": self._turn,
            "/device=isconnect": lambda wish: {"data": str(2 if self.connected else 0)},
            "/device=getresolution": lambda wish: {"resolution": [f"{wide}*{high}" for wide, high in _SIZES]},
            "/device=setresolution": self._resize,
        }
        verb = verbs.get(place)
        try:
            wish = json.loads(asked.body)
        except ValueError:
            wish = None
        if verb is None or not isinstance(wish, dict):
            return Told(status=404)
        said = {"code": "0", "message": "success", **verb(wish)}
        if self.error_code:
            said = {"code": self.error_code, "message": ""}
        return Told(json.dumps(said).encode())

    def picture(self, head: str) -> bytes:
        """What a head sees at this moment, as a new exposure."""
        with self._counting:
            self._exposures += 1
            number = self._exposures
        wide, high = self._size[head]
        scene = self.scene() if head == "0" else _SUB_DESK
        return stamped(self.lit(scene, wide, high), number)

    def _status(self, wish: Said) -> Said:
        if not self.connected:
            return {"video0": "no", "video1": "no"}
        return {f"video{head}": "run" if viewers else "ok" for head, viewers in self._viewers.items()}

    def _grab(self, wish: Said) -> Said:
        head = str(wish.get("camidx", "0"))
        if not self.connected or head not in self._size:
            return {"code": "1", "message": "no video"}
        if self.broken_stills > 0:
            self.broken_stills -= 1
            return {"photoBase64": base64.b64encode(b"\xff\xd8\xff broken").decode()}
        if self.stale_stills > 0 and head in self._still:
            self.stale_stills -= 1
        else:
            self._still[head] = self.picture(head)
        return {"photoBase64": base64.b64encode(self._still[head]).decode()}

    def _turn(self, wish: Said) -> Said:
        self._rotate = str(wish.get("rotate", "0"))
        return {}

    def _resize(self, wish: Said) -> Said:
        size, head = (int(wish.get("width", 0)), int(wish.get("height", 0))), str(wish.get("camidx", "0"))
        if size not in _SIZES or head not in self._size:
            return {"code": "3", "message": "unsupported"}
        self._size[head] = size
        return {}

    def _streamed(self, head: str) -> Told:
        if not self.connected or head not in self._size:
            return Told(status=404)

        def stream(to: BufferedIOBase, ended: threading.Event) -> None:
            self._viewers[head] += 1
            try:
                self._play(head, to, ended)
            finally:
                self._viewers[head] -= 1

        return Told(content_type=f"multipart/x-mixed-replace;boundary={_BOUNDARY}", stream=stream)

    def _play(self, head: str, to: BufferedIOBase, ended: threading.Event) -> None:
        """Send pictures until the viewer leaves, dark ones first."""
        number = 0
        while not ended.is_set() and self.connected:
            if not (self.mute or self.frozen):
                wide, high = self._size[head]
                jpeg = self.frame(number, wide, high) if number < self.unsettled else self.picture(head)
                body = self.spoil(jpeg)
                to.write(
                    f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                )
                self.send(to, body, ended)
                to.write(b"\r\n")
                number += 1
            self.clock.wait(1 / self.fps)
