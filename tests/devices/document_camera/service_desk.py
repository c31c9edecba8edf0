"""A camera behind a maker's service, open on its emulator, and what all such cameras must do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from devices.catalog import driver
from devices.document_camera import DocumentCamera, Frame
from devices.document_camera.live_view import decoded, shows_another
from devices.emulators import SERVICES
from devices.errors import DeviceError, Garbled, TimedOut, Unreachable
from ground.clock import RealClock

PATIENCE_S = 60.0  # for what must happen, however busy the machine
_TRIES = 20


@dataclass
class CameraDesk:
    """The camera, and what is really under it."""

    emulator: Any
    camera: DocumentCamera  #: open

    def truth(self, frame: Frame) -> Any:
        """The desk as it is now, at the size of `frame`."""
        return decoded(self.emulator.lit(self.emulator.scene(), *frame.size))

    def shows_the_truth(self, frame: Frame) -> bool:
        """Whether `frame` shows what lies there now."""
        return not shows_another(frame.pixels, self.truth(frame))


def at_last(ask: Callable[[], Any]) -> Any:
    """The first answer that is no error: with short time-outs, a machine that stalls may cost a try."""
    for _ in range(_TRIES):
        with suppress(DeviceError):
            return ask()
    return ask()


@contextmanager
def camera_desk(name: str, **settings: object) -> Iterator[CameraDesk]:
    """The driver `name`, open on its running emulator, with a lease under the lamp."""
    clock = RealClock()
    emulator: Any = SERVICES[name](clock, 0)
    emulator.sheet = "lease-1"
    emulator.fps = 60.0
    emulator.start()
    try:
        entry = driver(name)
        patient = {"answer_timeout_s": PATIENCE_S, "deadline_s": PATIENCE_S}
        shown = {"driver": name, "url": emulator.url, **patient, **settings}
        camera: Any = entry.build(entry.settings.model_validate(shown), clock)
        at_last(camera.open)
        yield CameraDesk(emulator, camera)
        camera.close()
    finally:
        emulator.close()


def check_preview(desk: CameraDesk) -> None:
    """Well exposed from the first picture on, each given once, in order."""
    frames = [desk.camera.preview() for _ in range(4)]
    assert all(frame.pixels.mean() > 60 for frame in frames)
    assert [frame.taken_at for frame in frames] == sorted({frame.taken_at for frame in frames})
    assert desk.shows_the_truth(frames[-1])


def check_stills_are_new(desk: CameraDesk) -> None:
    """A service that hands out the picture from before is asked again: never the sheet before."""
    first = desk.camera.still()
    assert desk.shows_the_truth(first)
    assert first.jpeg is not None and np.array_equal(decoded(first.jpeg), first.pixels)
    desk.emulator.sheet = "deed"
    desk.emulator.stale_stills = 3
    second = desk.camera.still()
    assert desk.emulator.stale_stills == 0
    assert second.jpeg != first.jpeg
    assert desk.shows_the_truth(second)
    assert shows_another(second.pixels, first.pixels)


def check_only_old_stills(desk: CameraDesk) -> None:
    """A service that has nothing new is `TimedOut`, not believed."""
    at_last(desk.camera.still)
    desk.emulator.stale_stills = 1_000_000
    with pytest.raises(TimedOut):
        desk.camera.still()


def check_frozen(desk: CameraDesk) -> None:
    """A preview that stands still is a hung camera, for the preview and for the still."""
    desk.emulator.frozen = True
    for ask in (desk.camera.preview, desk.camera.still):
        with pytest.raises(TimedOut):
            for _ in range(3):  # what was under way may still come
                ask()


def check_silence(desk: CameraDesk) -> None:
    """However often a hung service is asked, it is `TimedOut`; when it is well again, so is the camera."""
    desk.emulator.mute = True
    for ask in (desk.camera.preview, desk.camera.still, desk.camera.preview, desk.camera.still):
        with pytest.raises(TimedOut):
            for _ in range(3):  # what was under way may still come
                ask()
    desk.emulator.mute = False
    assert desk.shows_the_truth(at_last(desk.camera.still))


def check_broken_still(desk: CameraDesk) -> None:
    """What is no JPEG is `Garbled`; the next one is well."""
    desk.emulator.broken_stills = 1
    with pytest.raises(Garbled):
        desk.camera.still()
    assert desk.shows_the_truth(desk.camera.still())


def check_rest(desk: CameraDesk) -> None:
    """At rest the service is left alone, answers for its status, and goes on when it is wanted."""
    desk.camera.preview()
    desk.camera.rest()
    desk.camera.rest()
    assert desk.camera.status().ready
    assert desk.shows_the_truth(desk.camera.preview())
    desk.camera.rest()
    assert desk.shows_the_truth(desk.camera.still())
    desk.emulator.unplug()
    with pytest.raises(Unreachable):
        desk.camera.rest()
    desk.emulator.replug()
    assert desk.shows_the_truth(desk.camera.preview())


def check_closed(desk: CameraDesk) -> None:
    """A closed camera gives nothing, and resting it does nothing."""
    desk.camera.close()
    for ask in (desk.camera.preview, desk.camera.still, desk.camera.status):
        with pytest.raises(Unreachable):
            ask()
    desk.camera.rest()


def check_no_camera(desk: CameraDesk) -> None:
    """The service runs and its camera is not there."""
    desk.camera.close()
    desk.emulator.connected = False
    with pytest.raises(Unreachable):
        desk.camera.open()
    desk.emulator.connected = True
    desk.camera.open()
    assert desk.shows_the_truth(desk.camera.still())
