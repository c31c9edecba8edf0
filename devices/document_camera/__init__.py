"""Document cameras (高拍仪): a live preview and a sharp still of what lies under the lamp."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from devices.status import Capabilities, Status


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture from the camera, straight from the lens."""

    pixels: NDArray[np.uint8] = field(repr=False)  #: (height, width, 3) uint8, BGR, origin top left
    taken_at: float  #: `Clock.instant()` when the frame was received
    #: the same picture as the camera itself coded it, a whole JPEG; None where the camera gives none
    jpeg: bytes | None = field(default=None, repr=False)

    @property
    def size(self) -> tuple[int, int]:
        """Width, height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]


class DocumentCamera(Protocol):
    """A camera with a quick preview mode and a slow, large still mode."""

    def open(self) -> None:
        """Take the camera and wait until it delivers usable frames. Raises `DeviceError`."""
        ...

    def close(self) -> None:
        """Let go of the camera. May be called twice."""
        ...

    def identity(self) -> str:
        """The camera's stable name."""
        ...

    def status(self) -> Status:
        """How it fares, asked now. Raises `DeviceError` only when it says nothing of use."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can do, as far as is known; asks nothing."""
        ...

    def preview(self) -> Frame:
        """The newest preview frame (about 1280 × 960); waits for the next one. Raises `DeviceError`."""
        ...

    def rest(self) -> None:
        """Nobody needs pictures now: stop looking and drop the last one; the next `preview` or `still` goes on.

        Raises `Unreachable` when the camera is known to be gone. Does nothing on a closed camera.
        """
        ...

    def still(self) -> Frame:
        """A fresh full-size picture, taken after this call (never a stale buffer). Raises `DeviceError`."""
        ...
