"""Document camera through OpenCV: V4L2 cameras, network streams, video files and folders of pictures.

Source: OpenCV's cap_v4l.cpp and the UVC facts retold in docs/devices/opencv.md.
Proven on: emulator only.
"""

import re
from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from devices.document_camera import Frame
from devices.document_camera.opencv_picture import Mode, Size
from devices.document_camera.opencv_reader import Reader
from devices.document_camera.opencv_sources import Distant, Source, known, public_name, source_for
from devices.document_camera.opencv_v4l2 import Controls
from devices.errors import Refused, Unreachable
from devices.status import Capabilities, State, Status
from ground.clock import Clock

_FLEETING = re.compile(r"^/dev/video\d+$")
_METADATA = re.compile(r"^/dev/.*-index[1-9]\d*$")
_LOOK_PATIENCE_S = 2.0  # chosen: a camera in the same hall takes a connection in some milliseconds
_CLOSE_PATIENCE_S = 3.0  # for a read that is under way; what hangs longer is left to its fate


class OpencvSettings(BaseModel):
    """How to reach one camera.

    `url` is `/dev/v4l/by-id/…-video-index0` or `/dev/v4l/by-path/…-video-index0` (a camera of this machine),
    `http://host:port/video.mjpg` (a network camera, asked for its size by `?width=&height=`), `rtsp://…`,
    `folder:/path` (pictures in the order of their names), or the path of a video file, with or without `file:`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["opencv"] = "opencv"
    url: str
    preview_size: Size = Field(default=(1280, 960), description="pixels")
    still_size: Size = Field(default=(4208, 3120), description="pixels; 13 MP is 300 dpi over A4")
    warm_up_frames: int = Field(
        default=15, ge=1, le=120, description="at most so many frames are thrown away while exposure settles"
    )
    timeout_s: float = Field(
        default=10.0, gt=0, le=120, description="seconds that opening, a preview or a still may take"
    )

    autofocus: Literal["lock", "continuous", "off"] = Field(
        default="lock", description="lock: the first still of a visit waits for the focus and then holds it"
    )
    exposure_ms: float | None = Field(default=None, gt=0, le=1000, description="none: as the camera has it")
    white_balance_k: int | None = Field(
        default=None, ge=2000, le=10000, description="kelvin; none: as the camera has it"
    )
    hub: str = Field(
        default="",
        description="heads that name the same hub never look at once; empty: told from the USB path",
    )

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        if not known(url):
            raise PydanticCustomError(
                "picture_source", "must be /dev/v4l/…, http://…, rtsp://…, folder:… or a video file"
            )
        if _FLEETING.match(url):
            raise PydanticCustomError(
                "fleeting_node",
                "the number changes with each plugging: take a name of /dev/v4l/by-id or by-path",
            )
        if _METADATA.search(url):
            raise PydanticCustomError(
                "no_picture_node", "this node carries no pictures: take the name that ends in -video-index0"
            )
        return url

    @field_validator("preview_size", "still_size")
    @classmethod
    def _sensible(cls, size: Size) -> Size:
        if not all(16 <= side <= 16384 for side in size):
            raise PydanticCustomError("picture_size", "width and height must lie between 16 and 16384 pixels")
        return size


class OpencvCamera:
    """A `DocumentCamera`. A reader thread of its own does the waiting, so every call keeps its deadline."""

    def __init__(
        self,
        settings: OpencvSettings,
        clock: Clock,
        make_source: Callable[[str, Clock, float, Controls], Source] = source_for,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._make_source = make_source
        self._reader: Reader | None = None
        self._preview = Mode("preview", settings.preview_size)
        self._still = Mode("still", settings.still_size)
        self._seen = 0
        self._resting = False

    def open(self) -> None:
        """Take the camera and wait for a well exposed frame. Raises Unreachable, TimedOut, Garbled."""
        if self._reader is not None:
            return
        self._resting = False
        settings = self._settings
        source = self._source()
        reader = Reader(source, self._clock, self.identity(), settings.warm_up_frames)
        self._reader, self._seen = reader, 0
        order = reader.want(self._preview)
        reader.start()
        opened = False
        try:
            reader.frame(order, newer_than=0, deadline=self._clock.after(settings.timeout_s))
            opened = True
        finally:
            if not opened:
                self.close()

    def close(self) -> None:
        """Let go of the camera; may be called twice and from any thread.

        Waits a little for a read that is under way. A camera that hangs longer is left to its fate: its thread
        lets go of it when OpenCV gives up, and what it still delivers reaches nobody.
        """
        reader, self._reader = self._reader, None
        self._resting = False
        if reader is not None:
            reader.stop(patience_s=min(_CLOSE_PATIENCE_S, self._settings.timeout_s + 1.0))

    def rest(self) -> None:
        """Let go of the lens until a picture is wanted again. Raises Unreachable, TimedOut when the device is gone."""
        if self._reader is None and not self._resting:
            return
        self.close()
        self._resting = True
        self.status()

    def status(self) -> Status:
        """Whether the device is there; a camera at rest stays at rest. Raises Unreachable, TimedOut when it is gone."""
        if self._reader is None and not self._resting:
            raise Unreachable(device=self.identity(), reason="not open")
        source = self._source()
        if self._resting and isinstance(source, Distant):
            source.reach(min(_LOOK_PATIENCE_S, self._settings.timeout_s))
        elif not source.present():
            raise Unreachable(device=self.identity(), reason="gone")
        return Status(State.ONLINE)

    def capabilities(self) -> Capabilities:
        """The sizes that are asked for, pixels."""
        return {
            "preview_size": list(self._settings.preview_size),
            "still_size": list(self._settings.still_size),
        }

    def identity(self) -> str:
        """The URL without user and password."""
        return public_name(self._settings.url)

    def preview(self) -> Frame:
        """The next preview frame that was not given yet. Raises Unreachable, TimedOut, Garbled."""
        reader = self._opened()
        deadline = self._clock.after(self._settings.timeout_s)
        self._seen, frame = reader.frame(reader.want(self._preview), newer_than=self._seen, deadline=deadline)
        return frame

    def still(self) -> Frame:
        """A full-size picture whose exposure began after this call. Raises Unreachable, TimedOut, Garbled.

        The camera is switched to its still mode for it and back afterwards, which takes about as long as the
        camera needs for three frames.
        """
        reader = self._opened()
        deadline = self._clock.after(self._settings.timeout_s)
        order = reader.want(self._still, anew=True)
        try:
            return reader.frame(order, newer_than=0, deadline=deadline)[1]
        finally:
            reader.want(self._preview)

    def _source(self) -> Source:
        settings = self._settings
        controls = Controls(settings.autofocus, settings.exposure_ms, settings.white_balance_k, settings.hub)
        return self._make_source(settings.url, self._clock, settings.timeout_s, controls)

    def _opened(self) -> Reader:
        if self._resting:
            try:
                self.open()
            except Refused:  # the hub's other head is looking: rest on, and try again when asked again
                self._resting = True
                raise
        if self._reader is None:
            raise Unreachable(device=self.identity(), reason="not open")
        return self._reader
