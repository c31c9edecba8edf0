"""The one-slot holder between the camera's thread and the face: the newest frame wins, nothing queues."""

import threading
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LivePicture:
    """A preview frame with what was found on it."""

    pixels: NDArray[np.uint8] = field(repr=False)  #: (height, width, 3) uint8, BGR, origin top left
    corners: NDArray[np.float32] | None = field(
        repr=False
    )  #: (4, 2) in pixels of this frame, clockwise; None: no sheet
    steady: float  #: 0..1, how far the automatic shot has counted; 1 = now

    def rgba(self) -> NDArray[np.uint8]:
        """The pixels as a texture takes them quickest, (height, width, 4): half the work of three colours."""
        return np.asarray(cv2.cvtColor(self.pixels, cv2.COLOR_BGR2RGBA), np.uint8)


class PreviewSlot:
    """Holds the newest picture. `take` gives each picture once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._picture: LivePicture | None = None

    def put(self, picture: LivePicture) -> None:
        """Replace whatever is there."""
        with self._lock:
            self._picture = picture

    def take(self) -> LivePicture | None:
        """The newest picture not yet taken, or None."""
        with self._lock:
            picture, self._picture = self._picture, None
            return picture

    def clear(self) -> None:
        """Forget the picture: the visit ended."""
        self.take()
