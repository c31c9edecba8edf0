"""The document camera service of 捷宇 (JoyUsing): texts over a WebSocket on 127.0.0.1.

Source: shared protocol notes, document_camera.md §5.2. Every text that is no answer is a preview picture as base64.
"""

import base64
import re
from typing import ClassVar

from devices.document_camera.joyusing_codec import format_answer
from devices.emulators.desk import Scene
from devices.emulators.lamp_desk import LampDesk, stamped
from devices.emulators.ws_service import Caller, WsServiceEmulator
from ground.clock import Clock

_FPS = 12  # chosen: a document camera over USB 2
_PREVIEW, _STILL = (1280, 960), (2048, 1536)
_SUB_DESK = Scene(desk="plain")
_COMMAND = re.compile(r"(\w+)(?:\((.*)\))?\s*\Z", re.S)
_PART = 100_000  # characters of an answer in one text, where it comes in several


class JoyusingEmulator(LampDesk, WsServiceEmulator):
    """The knobs may be set at any time from any thread."""

    knobs: ClassVar[tuple[str, ...]] = (
        *LampDesk.scene_knobs,
        "connected", "stale_stills", "broken_stills", "unanswered_stills", "fps", "frozen", "in_parts", "mute",
    )  # fmt: skip

    def __init__(self, clock: Clock, port: int = 0) -> None:
        LampDesk.__init__(self)
        WsServiceEmulator.__init__(self, clock, port)
        self.connected = True  #: False: the service runs and its camera is not there
        self.stale_stills = 0  #: so many of the next stills are the one that was taken before
        self.broken_stills = 0  #: so many of the next stills are no JPEG
        self.unanswered_stills = 0  #: so many of the next stills never come
        self.fps = float(_FPS)  #: preview pictures a second
        self.frozen = False  #: the preview stands still: no new pictures
        self.in_parts = False  #: answers come in several texts
        self.mode = 3  #: what `bSetMode` set; the vendor's programs leave 3, edges, behind
        self._exposures = 0
        self._still = b""

    def talk(self, caller: Caller) -> None:
        """Answer commands and show the preview in between."""
        playing, number = "", 0
        while True:
            said = caller.hear(1 / self.fps)
            command = _COMMAND.match(said) if said is not None else None
            if command is not None:
                playing, number = self._playing(command[1], playing, number)
                self._answer(caller, command[1], command[2] or "", playing)
            if playing and self.connected and not (self.frozen or self.mute):
                caller.say(base64.b64encode(self._preview(playing, number)).decode())
                number += 1

    def _playing(self, verb: str, playing: str, number: int) -> tuple[str, int]:
        """Which head plays after `verb`, and how many frames it has shown."""
        match verb:
            case "bStartPlay" | "bStartPlayRotate":
                return "main", 0
            case "bStartPlay2":
                return "sub", 0
            case "bStopPlay":
                return "", 0
            case _:
                return playing, number

    def _answer(self, caller: Caller, verb: str, argument: str, playing: str) -> None:
        match verb:
            case "bStartPlay" | "bStartPlay2" | "bStopPlay":
                self._say(caller, verb, "true" if self.connected else "false")
            case "bSetMode":
                self.mode = int(argument) if argument.isdigit() else self.mode
                self._say(caller, verb, "true")
            case "sGetBase64" if self.unanswered_stills > 0:
                self.unanswered_stills -= 1
            case "sGetBase64":
                self._say(caller, verb, self._taken(playing) if playing and self.connected else "")
            case _:
                return

    def _taken(self, playing: str) -> str:
        if self.broken_stills > 0:
            self.broken_stills -= 1
            return base64.b64encode(b"\xff\xd8\xff broken").decode()
        if self.stale_stills > 0 and self._still:
            self.stale_stills -= 1
        else:
            self._still = self._exposed(playing, _STILL)
        return base64.b64encode(self._still).decode()

    def _preview(self, playing: str, number: int) -> bytes:
        return self.frame(number, *_PREVIEW) if number < self.unsettled else self._exposed(playing, _PREVIEW)

    def _exposed(self, playing: str, size: tuple[int, int]) -> bytes:
        self._exposures += 1
        return stamped(self.lit(self.scene() if playing == "main" else _SUB_DESK, *size), self._exposures)

    def _say(self, caller: Caller, verb: str, payload: str) -> None:
        text = format_answer(verb, payload)
        if not self.in_parts:
            caller.say(text)
            return
        caller.say(f"Begin{verb}")
        for at in range(0, len(payload), _PART):
            caller.say(payload[at : at + _PART])
        caller.say(f"End{verb}")
