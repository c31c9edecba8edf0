"""Document camera behind the service of 捷宇 (JoyUsing "Doccamera"): texts over a WebSocket on 127.0.0.1:1818.

Source: shared protocol notes, document_camera.md §5.2, from several sources; whether an answer comes in one text or in
several is not said, so both are understood.
Proven on: emulator only.
"""

import queue
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from devices.document_camera import Frame
from devices.document_camera.joyusing_codec import PLAIN, START, STILL, STOP, Answer, Answers
from devices.document_camera.live_view import (
    LiveView,
    decoded,
    from_base64,
    settled,
    shows_another,
)
from devices.errors import DeviceError, Garbled, TimedOut, Unreachable
from devices.status import Capabilities, State, Status
from devices.wire.service_settings import WsServiceSettings
from ground.clock import Clock

if TYPE_CHECKING:
    from devices.wire.ws_service import WsLink

_UNDER_WAY = 2  # pictures that may have been taken before the call that waits for a new one


class JoyusingSettings(WsServiceSettings):
    """Where the service is, and which of its heads is meant."""

    driver: Literal["joyusing_ws"] = "joyusing_ws"
    url: str = "ws://127.0.0.1:1818"
    head: Literal["main", "sub"] = Field(
        default="main", description="main looks down, sub at the desk or face"
    )
    compare_still: bool = Field(
        default=True, description="false: believe a still even where it shows something else than the preview"
    )
    warm_up_frames: int = Field(
        default=15, ge=1, le=120, description="at most so many frames are thrown away while exposure settles"
    )
    deadline_s: float = Field(default=15.0, gt=0, le=120, description="seconds for opening, or for a still")


class _Session:
    """One connection with the thread that hears it."""

    def __init__(self, link: "WsLink", clock: Clock, name: str) -> None:
        self.view = LiveView(clock, name)
        self._clock = clock
        self._name = name
        self._link = link
        self._answers: queue.SimpleQueue[Answer | DeviceError] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._hear, name=f"joyusing {name}")
        self._thread.start()

    def say(self, text: str) -> None:
        """Send a command. Raises Unreachable."""
        self._link.say(text)

    def ask(self, verb: str, deadline: float) -> Answer:
        """Send a command and wait for its answer. Raises Unreachable, TimedOut, Garbled."""
        while not self._answers.empty():  # to commands that nobody waited for
            self._answers.get()
        self.say(verb)
        while True:
            try:
                answer = self._answers.get(timeout=max(0.001, self._clock.left(deadline)))
            except queue.Empty:
                raise TimedOut(device=self._name, verb=verb) from None
            if isinstance(answer, DeviceError):
                raise answer
            if answer.verb == verb:
                return answer

    def end(self) -> None:
        """Hang up and wait until the thread is gone."""
        with suppress(DeviceError):
            self._link.say(STOP)
        self._link.close()
        self._thread.join()

    def _hear(self) -> None:
        parts = Answers()
        try:
            for text in self._link.texts():
                match parts.feed(text):
                    case str(picture):
                        self.view.offer(from_base64(picture))
                    case Answer() as answer:
                        self._heard(answer)
        except DeviceError as error:
            self.view.end(error)
            self._answers.put(error)

    def _heard(self, answer: Answer) -> None:
        if answer.verb.startswith("bStartPlay") and answer.is_no:
            self.view.end(Unreachable(device=self._name, reason="the service has no camera"))
        self._answers.put(answer)


class JoyusingCamera:
    """A `DocumentCamera`. A thread of its own hears the service; preview and stills come over one connection."""

    def __init__(self, settings: JoyusingSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._session: _Session | None = None
        self._resting = False
        self._seen = 0
        self._last_still = b""

    def open(self) -> None:
        """Start the preview and wait for a well exposed picture. Raises Unreachable, TimedOut, Garbled."""
        if self._session is not None:
            return
        self._resting = False
        settings = self._settings
        deadline = self._clock.after(settings.deadline_s)
        session = _Session(_connected(settings, settings.deadline_s), self._clock, self.identity())
        self._session, self._seen = session, 0
        opened = False
        try:
            session.say(PLAIN)
            session.say(START[settings.head])
            settled(session.view, settings.warm_up_frames, deadline)
            opened = True
        finally:
            if not opened:
                self.close()

    def close(self) -> None:
        """Stop the preview and hang up. May be called twice and from any thread."""
        session, self._session = self._session, None
        self._resting, self._last_still = False, b""
        if session is not None:
            session.end()

    def rest(self) -> None:
        """Let go of the lens until a picture is wanted again. Raises Unreachable when the service is gone."""
        if self._session is None and not self._resting:
            return
        self._doze()
        self.status()

    def identity(self) -> str:
        """The address and the head: no verb for a serial number is known."""
        return f"{self._settings.url}#{self._settings.head}"

    def status(self) -> Status:
        """Whether pictures come, or, at rest, whether the service lets callers in. Raises `DeviceError`."""
        session = self._session
        if session is not None:
            session.view.newest(session.view.count, self._clock.after(self._settings.answer_timeout_s))
        elif self._resting:
            _connected(self._settings, self._settings.answer_timeout_s).close()
        else:
            raise Unreachable(device=self.identity(), reason="not open")
        return Status(State.ONLINE)

    def capabilities(self) -> Capabilities:
        """The head; its size is the service's own affair."""
        return {"head": self._settings.head}

    def preview(self) -> Frame:
        """The next preview picture that was not given yet. Raises Unreachable, TimedOut, Garbled."""
        session = self._opened()
        deadline = self._clock.after(self._settings.answer_timeout_s)
        shot, pixels = session.view.picture(self._seen, deadline)
        self._seen = shot.number
        return Frame(pixels, shot.at)

    def still(self) -> Frame:
        """A full-size picture that was taken after this call. Raises Unreachable, TimedOut, Garbled.

        Guarded as with `eloam_http`: the preview must have moved on, the picture must be a new one, and it must not
        show another sheet than the preview. Answers carry no number: after one that did not come in time the
        connection is given up, so that it can never be taken for the next one.
        """
        session = self._opened()
        deadline = self._clock.after(self._settings.deadline_s)
        session.view.newest(session.view.count + _UNDER_WAY - 1, deadline)
        while True:
            jpeg = self._taken(session, deadline)
            taken = self._clock.instant()
            pixels = decoded(jpeg)
            seen = session.view.picture(0, deadline)[1] if self._settings.compare_still else None
            if jpeg != self._last_still and (seen is None or not shows_another(pixels, seen)):
                self._last_still = jpeg
                return Frame(pixels, taken, jpeg)
            if self._clock.due(deadline):
                raise TimedOut(device=self.identity(), reason="only old pictures")
            session.view.newest(session.view.count, deadline)

    def _taken(self, session: _Session, deadline: float) -> bytes:
        try:
            answer = session.ask(STILL, deadline)
        except TimedOut:
            self._doze()
            raise
        jpeg = from_base64(answer.payload)
        if not jpeg:
            raise Garbled(device=self.identity(), reason="no picture")
        return jpeg

    def _doze(self) -> None:
        """Hang up; the next picture that is wanted calls again."""
        self.close()
        self._resting = True

    def _opened(self) -> _Session:
        if self._resting:
            try:
                self.open()
            except DeviceError:
                self._resting = True
                raise
        if self._session is None:
            raise Unreachable(device=self.identity(), reason="not open")
        return self._session


def _connected(settings: JoyusingSettings, timeout_s: float) -> "WsLink":
    """Every face knows this driver's settings; only one that has such a camera reads in what speaks to it."""
    from devices.wire.ws_service import WsLink

    return WsLink(settings, timeout_s)
