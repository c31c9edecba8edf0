"""The pages of an untrusted PDF, rendered in a child process that may do little and dies with its file."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from kiosk.capture.unreadable import Reason, Unreadable

MOST_PAGES = 60  # chosen: the longest statute of a company is about 40; a slot has far fewer
_CHILD = Path(__file__).with_name("pdf_child.py")


def rendered(data: bytes, most_pages: int = MOST_PAGES) -> Iterator[tuple[NDArray[np.uint8], int]]:
    """Each page as (height, width, 3) BGR and its dots per inch, when it is asked for. Raises `Unreadable`."""
    child = subprocess.Popen(
        [sys.executable, "-I", str(_CHILD), str(most_pages)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        _hand_over(data, child.stdin)
        yield from _pages(child.stdout)
    finally:
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        child.wait()


def _hand_over(data: bytes, pipe: IO[bytes]) -> None:
    try:
        pipe.write(data)
        pipe.close()
    except BrokenPipeError as error:
        raise Unreadable(Reason.BROKEN) from error


def _pages(pipe: IO[bytes]) -> Iterator[tuple[NDArray[np.uint8], int]]:
    """What the child says. That it stops without a word means that the file killed it."""
    for line in iter(pipe.readline, b""):
        said = json.loads(line)
        if "refused" in said:
            raise Unreadable(Reason(said["refused"]))
        if "done" in said:
            return
        width, height = int(said["width"]), int(said["height"])
        pixels = np.empty((height, width, 3), np.uint8)
        if pipe.readinto(pixels.reshape(-1).data) != pixels.size:  # type: ignore[attr-defined]
            break
        yield pixels, int(said["dpi"])
    raise Unreadable(Reason.TOO_COSTLY)
