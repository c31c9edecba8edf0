"""Codes that somebody holds before the scanner; where there is none, under the document camera.

Gives texts as they are: what may be done with one is `kiosk.domain.scanned`'s to say.
"""

from collections.abc import Callable
from typing import Final

from devices.code_scanner import CodeScanner
from devices.document_camera import DocumentCamera
from devices.errors import Garbled
from kiosk.capture.codes import glanced
from kiosk.journey import events as ev
from kiosk.workers import Worker

_SCANNER_EVERY_S: Final = 0.1  # a scan returns within 50 ms
_CAMERA_EVERY_S: Final = 0.3  # chosen: nobody lays a slip down and lifts it sooner
_SCANNER_DEADLINE_S: Final = 5.0
_CAMERA_DEADLINE_S: Final = 12.0  # OpenCV itself may block 10 s (document_camera.md §3)
_LONGEST: Final = 512  # characters; of ours the longest has 69, and no longer text is looked at


class CodeDesk:
    """The codes of a visit. Called from the main thread."""

    def __init__(
        self,
        scanner: Worker[CodeScanner] | None,
        camera: Worker[DocumentCamera] | None,
        post: Callable[[ev.WorldEvent], None],
    ) -> None:
        self._scanner, self._camera, self._post = scanner, camera, post
        self._by_camera = False

    def watch(self, ticket: int, *, camera: bool) -> None:
        """Posts `CodeScanned` for each code, once while it is held there."""
        if self._scanner is not None:
            self._scanner.watch(
                _Scanning(self._post, ticket).look, _nobody, _SCANNER_EVERY_S, _SCANNER_DEADLINE_S
            )
        elif camera and self._camera is not None:
            self._by_camera = True
            self._camera.watch(
                _Glancing(self._post, ticket).look, _nobody, _CAMERA_EVERY_S, _CAMERA_DEADLINE_S
            )

    def stop(self) -> None:
        """The scanner rests."""
        if self._scanner is not None:
            self._scanner.unwatch()
            self._scanner.ask(lambda scanner: scanner.disarm(), _nobody, _SCANNER_DEADLINE_S)
        if self._by_camera and self._camera is not None:
            self._camera.unwatch()
        self._by_camera = False


class _Scanning:
    """One watch of a scanner. Lives on its thread."""

    def __init__(self, post: Callable[[ev.WorldEvent], None], ticket: int) -> None:
        self._post, self._ticket = post, ticket
        self._armed: CodeScanner | None = None

    def look(self, scanner: CodeScanner) -> None:
        """A scanner that was opened anew must be armed anew."""
        if self._armed is not scanner:
            scanner.arm()
            self._armed = scanner
        try:
            code = scanner.scan()
        except Garbled:
            self._post(ev.CodeScanned(self._ticket, ""))  # it said something that cannot be accepted
            return
        if code is not None:
            self._post(ev.CodeScanned(self._ticket, _accepted(code.text)))


class _Glancing:
    """One watch of the camera. Lives on its thread."""

    def __init__(self, post: Callable[[ev.WorldEvent], None], ticket: int) -> None:
        self._post, self._ticket = post, ticket
        self._last = ""

    def look(self, camera: DocumentCamera) -> None:
        """A code that lies still is told once."""
        seen = glanced(camera.preview().pixels)
        text = seen[0].text if seen else ""
        if text and text != self._last:
            self._post(ev.CodeScanned(self._ticket, _accepted(text)))
        self._last = text or self._last


def _accepted(text: str) -> str:
    return text if len(text) <= _LONGEST else ""


def _nobody(code: str) -> None:
    """Nobody waits for a scanner: whoever has no code touches the screen; health says that it is broken."""
