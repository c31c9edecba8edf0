"""The photograph of an ID card: 1024 bytes WLT to pixels, by a library that the operator supplies.

Source: shared protocol notes, id_card_reader.md §6: no free decoder and no description of the format is known; the
makers' closed libraries come in two styles. Without one there is a silhouette. A closed library may read
beyond its buffers, wait for a dongle or kill its process, so it never runs in this one: see `portrait_child`.
Proven on: invented libraries only.
"""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from pydantic import BaseModel, ConfigDict, Field

WLT_BYTES = 1024  # §6
WIDTH, HEIGHT = 102, 126  # §6: pixels

Pixels = NDArray[np.uint8]  #: (126, 102, 3), RGB, origin top left

_CHILD = Path(__file__).with_name("portrait_child.py")
_FINER = 4  # the silhouette is drawn so much larger and then reduced, for smooth edges


class PortraitDecoder(Protocol):
    """Whatever can make a picture of a WLT block."""

    def decode(self, wlt: bytes) -> Pixels | None:
        """The picture, or None when it cannot be had. Never raises for what is in `wlt`."""
        ...


class GetBmpSettings(BaseModel):
    """A library of the style `GetBmp(path, interface)`: reads a .wlt file and leaves a .bmp beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    style: Literal["get_bmp"]
    path: Path  #: the library, e.g. libWltRS.so
    symbol: str = "GetBmp"
    #: the second argument: 1 for a reader on a serial line, 2 on USB; some builds ask a licensed reader
    interface: int = 2
    #: where the two files are for a moment; must be memory and not a disk
    memory_folder: Path = Path("/dev/shm")
    timeout_s: float = Field(default=5.0, gt=0)


class UnpackSettings(BaseModel):
    """A library of the style `unpack(wlt, bgr, n)`: fills a buffer with 102×126 pixels, blue first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    style: Literal["unpack"]
    path: Path
    symbol: str = "_Z6unpackPcS_i"  # §6: the C++ name of unpack(char*, char*, int)
    third_argument: int = 708  # §6: 708 and 752 were seen, by build
    bottom_up: bool = False  #: whether the first row in the buffer is the lowest; not documented
    timeout_s: float = Field(default=5.0, gt=0)


LibrarySettings = Annotated[GetBmpSettings | UnpackSettings, Field(discriminator="style")]


class PortraitLibrary:
    """Implements `PortraitDecoder` by the operator's library, which is loaded in a child process at each call."""

    def __init__(self, settings: GetBmpSettings | UnpackSettings, child: Path = _CHILD) -> None:
        self._settings = settings
        self._child = child

    def decode(self, wlt: bytes) -> Pixels | None:
        """See `PortraitDecoder`. None also when the library is missing, crashes, or takes too long."""
        if len(wlt) != WLT_BYTES:
            return None
        try:
            with ExitStack() as stack:
                asked = self._settings.model_dump(mode="json")
                if self._settings.style == "get_bmp":  # ours, so that it is gone even if the child was killed
                    asked["folder"] = stack.enter_context(
                        TemporaryDirectory(dir=self._settings.memory_folder, prefix="portrait-")
                    )
                return self._asked(json.dumps(asked).encode() + b"\n" + wlt)
        except OSError:
            return None

    def _asked(self, question: bytes) -> Pixels | None:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-S", str(self._child)],
                input=question,
                capture_output=True,
                timeout=self._settings.timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        if done.returncode != 0 or len(done.stdout) != WIDTH * HEIGHT * 3:
            return None
        return np.frombuffer(done.stdout, np.uint8).reshape(HEIGHT, WIDTH, 3).copy()


def portrait_of(wlt: bytes, decoder: PortraitDecoder | None) -> Pixels:
    """The photograph in `wlt` where `decoder` can make it out, else the silhouette."""
    pixels = decoder.decode(wlt) if decoder is not None else None
    return pixels if pixels is not None else silhouette()


def silhouette() -> Pixels:
    """A neutral head and shoulders: nobody, and visibly so."""
    width, height = WIDTH * _FINER, HEIGHT * _FINER
    picture = Image.new("RGB", (width, height), (226, 230, 235))
    pen = ImageDraw.Draw(picture)
    grey = (158, 168, 180)
    pen.ellipse((width * 0.31, height * 0.20, width * 0.69, height * 0.58), fill=grey)
    pen.ellipse((width * 0.10, height * 0.64, width * 0.90, height * 1.36), fill=grey)
    return np.asarray(picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), np.uint8).copy()
