"""Document camera behind the service of 良田 (Eloam): HTTP and MJPEG on 127.0.0.1:38088.

Source: shared protocol notes, document_camera.md; section numbers below refer to it. The table of verbs (§5.1) is from
several sources; how resolutions are listed is not, and is parsed tolerantly.
Proven on: emulator only.
"""

import threading
from contextlib import suppress
from typing import Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from devices.document_camera import Frame
from devices.document_camera.eloam_codec import Size, accept, format_grab, parse_sizes
from devices.document_camera.live_view import (
    LiveView,
    Pixels,
    decoded,
    from_base64,
    settled,
    shows_another,
)
from devices.document_camera.mjpeg import MjpegParts
from devices.errors import Condition, DeviceError, Garbled, TimedOut, Unreachable
from devices.status import Capabilities, State, Status
from devices.wire.http_service import HttpService, Stream
from devices.wire.service_settings import ServiceSettings
from ground.clock import Clock

_STREAM = "video=stream&camidx="  # §5.1, all of these; the head follows
_CLOSE = "video=close"
_STATUS = "video=status"
_GRAB = "video=grabimage"
_RESOLUTIONS = "device=getresolution"
_RESOLUTION = "device=setresolution"
_MJPG = "1"  # §5.1: mode 0 is YUY2, which is small and slow
_HEADS = {"main": "0", "sub": "1"}
_THERE, _GONE = ("run", "ok"), "no"

_LONGEST_ANSWER = 64 << 20  # bytes; an 18 MP JPEG as base64 has 14 MB at most
_UNDER_WAY = 2  # pictures that may have been taken before the call that waits for a new one
_GOODBYE_S = 1.0  # a service that hangs must not hold up the closing


class EloamSettings(ServiceSettings):
    """Where the service is, and which of its heads is meant."""

    driver: Literal["eloam_http"] = "eloam_http"
    url: str = "http://127.0.0.1:38088"
    head: Literal["main", "sub"] = Field(
        default="main", description="main looks down, sub at the desk or face"
    )
    size: Size | None = Field(
        default=None, description="pixels of preview and still alike; absent: as the service has it"
    )
    quality: int = Field(
        default=1, ge=0, le=5, description="of the still: 1 best … 5 smallest, 0 the service's"
    )
    compare_still: bool = Field(
        default=True, description="false: believe a still even where it shows something else than the preview"
    )
    warm_up_frames: int = Field(
        default=15, ge=1, le=120, description="at most so many frames are thrown away while exposure settles"
    )
    deadline_s: float = Field(default=15.0, gt=0, le=120, description="seconds for opening, or for a still")

    @field_validator("size")
    @classmethod
    def _plausible(cls, size: Size | None) -> Size | None:
        if size is not None and not all(16 <= side <= 16384 for side in size):
            raise PydanticCustomError("picture_size", "width and height must lie between 16 and 16384 pixels")
        return size


class EloamCamera:
    """A `DocumentCamera`. A thread of its own reads the preview; stills go beside it, over another connection."""

    def __init__(self, settings: EloamSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._head = _HEADS[settings.head]
        self._service = HttpService(settings, clock, _LONGEST_ANSWER)
        self._stream: Stream | None = None
        self._thread: threading.Thread | None = None
        self._view: LiveView | None = None
        self._resting = False
        self._seen = 0
        self._last_still = b""

    def open(self) -> None:
        """Start the preview and wait for a well exposed picture. Raises Unreachable, TimedOut, Garbled, Refused."""
        if self._view is not None:
            return
        self._resting = False
        deadline = self._clock.after(self._settings.deadline_s)
        if self._state(deadline) == _GONE:
            raise Unreachable(device=self.identity(), reason="the service has no camera")
        if self._settings.size is not None:
            self.set_resolution(self._settings.size)
        view = self._watch()
        opened = False
        try:
            settled(view, self._settings.warm_up_frames, deadline)
            opened = True
        finally:
            if not opened:
                self.close()

    def close(self) -> None:
        """Let go of the camera, and tell the service if it listens. May be called twice and from any thread."""
        stream, self._stream = self._stream, None
        thread, self._thread = self._thread, None
        view, self._view = self._view, None
        self._resting, self._last_still = False, b""
        if stream is None or thread is None or view is None:
            return
        stream.abort()
        thread.join()
        if not view.lapsed:  # a service that hangs is not waited for once more
            with suppress(DeviceError):
                self._service.ask("POST", _CLOSE, {"camidx": self._head}, patience_s=_GOODBYE_S)

    def rest(self) -> None:
        """Let go of the lens until a picture is wanted again. Raises Unreachable when the service is gone."""
        if self._view is None and not self._resting:
            return
        self.close()
        self._resting = True
        if self.status().state is State.NO_DEVICE:
            raise Unreachable(device=self.identity(), reason="the service has no camera")

    def identity(self) -> str:
        """The address and the head: no verb for a serial number is known."""
        return f"{self._settings.url}#{self._settings.head}"

    def status(self) -> Status:
        """What the service says of its heads; a camera at rest stays at rest. Raises `DeviceError`."""
        if self._view is None and not self._resting:
            raise Unreachable(device=self.identity(), reason="not open")
        gone = self._state(self._clock.after(self._settings.answer_timeout_s)) == _GONE
        return Status(State.NO_DEVICE if gone else State.ONLINE)

    def capabilities(self) -> Capabilities:
        """The head, and the size that is asked for."""
        size = self._settings.size
        return {"head": self._settings.head, "size": list(size) if size else None}

    def preview(self) -> Frame:
        """The next preview picture that was not given yet. Raises Unreachable, TimedOut, Garbled."""
        view = self._opened()
        deadline = self._clock.after(self._settings.answer_timeout_s)
        shot, pixels = view.picture(self._seen, deadline)
        self._seen = shot.number
        return Frame(pixels, shot.at)

    def still(self) -> Frame:
        """A full-size picture that was taken after this call. Raises Unreachable, TimedOut, Garbled, Refused.

        Some services hand out a picture that they took before. So the preview must have moved on since the call, a
        still that was given already is not given again, and one that shows another sheet than the preview is refused;
        the service is then asked anew until the deadline.
        """
        view = self._opened()
        deadline = self._clock.after(self._settings.deadline_s)
        view.newest(view.count + _UNDER_WAY - 1, deadline)
        while True:
            jpeg = self._grab(deadline)
            taken = self._clock.instant()
            pixels = decoded(jpeg)
            if jpeg != self._last_still and not self._is_another(pixels, view, deadline):
                self._last_still = jpeg
                return Frame(pixels, taken, jpeg)
            if self._clock.due(deadline):
                raise TimedOut(device=self.identity(), reason="only old pictures")
            view.newest(view.count, deadline)

    def resolutions(self) -> list[Size]:
        """The sizes that the service offers for this head, pixels. Raises `DeviceError`."""
        said = self._service.ask("POST", _RESOLUTIONS, {"camidx": self._head, "mode": _MJPG})
        accept(said, _RESOLUTIONS, Condition.BAD_COMMAND)
        return parse_sizes(said)

    def set_resolution(self, size: Size) -> None:
        """Have preview and stills taken at `size`; only a frame tells what came of it. Raises `DeviceError`."""
        wish = {"camidx": self._head, "width": str(size[0]), "height": str(size[1]), "mode": _MJPG}
        accept(self._service.ask("POST", _RESOLUTION, wish), _RESOLUTION, Condition.BAD_COMMAND)

    def _state(self, deadline: float) -> str:
        said = self._service.ask("POST", _STATUS, {}, deadline=deadline)
        state = said.get(f"video{self._head}")
        if state not in (*_THERE, _GONE):
            raise Garbled(path=_STATUS, reason="no state")
        return str(state)

    def _watch(self) -> LiveView:
        view = LiveView(self._clock, self.identity())
        stream = self._service.stream(_STREAM + self._head)
        thread = threading.Thread(target=_read, args=(stream, view), name=f"eloam {self._settings.head}")
        self._stream, self._thread, self._view, self._seen = stream, thread, view, 0
        thread.start()
        return view

    def _grab(self, deadline: float) -> bytes:
        said = self._service.ask(
            "POST",
            _GRAB,
            format_grab(self._head, self._settings.quality),
            patience_s=max(0.001, self._clock.left(deadline)),
            deadline=deadline,
        )
        accept(said, _GRAB, Condition.OUT_OF_SERVICE)
        picture = said.get("photoBase64")
        if not isinstance(picture, str) or not picture:
            raise Garbled(path=_GRAB, reason="no picture")
        return from_base64(picture)

    def _is_another(self, still: Pixels, view: LiveView, deadline: float) -> bool:
        if not self._settings.compare_still:
            return False
        return shows_another(still, view.picture(0, deadline)[1])

    def _opened(self) -> LiveView:
        """The preview; a camera at rest, and one whose service was silent for too long, is opened anew."""
        if self._view is not None and self._view.lapsed:
            self.close()
            self._resting = True
        if self._resting:
            try:
                self.open()
            except DeviceError:
                self._resting = True
                raise
        if self._view is None:
            raise Unreachable(device=self.identity(), reason="not open")
        return self._view


def _read(stream: Stream, view: LiveView) -> None:
    """Fill the view from the stream; the camera's thread."""
    parts = MjpegParts()
    try:
        for piece in stream.pieces():
            for jpeg in parts.feed(piece):
                view.offer(jpeg)
    except DeviceError as error:
        view.end(error)
    else:
        view.end(Unreachable(path=_STREAM, reason="the stream ended"))
