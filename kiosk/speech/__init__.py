"""The voice: every screen speaks itself. What is said is worked out from the scene; engines say it.

`telling` makes an `Utterance` of a scene, `desk` has it said on a thread of its own, `choosing` picks for each
sentence who says it: a recorded pack, speech-dispatcher, espeak-ng, or nobody. Text reaches an engine through a socket
or its standard input, never as an argument of a process or in a file, and nothing of it is logged.
"""

from typing import Protocol

#: the codes of this package, with what they mean; the words are in config/words, `errors.<code>`
CODES = {
    "T107": "No speech engine: neither speech-dispatcher nor espeak-ng can be used.",
    "T108": "No way to be heard: no sound card, or no program that plays.",
    "T109": "speech-dispatcher does not answer; espeak-ng speaks in its place.",
    "T110": "A pack of recorded sentences cannot be used.",
}


class SpeechFailed(Exception):
    """This engine did not say it; the next one is asked."""

    def __init__(self, code: str, why: str = "") -> None:
        """`why` names what is missing, never what was to be said."""
        super().__init__(f"{code} {why}".strip())
        self.code = code


class Speaker(Protocol):
    """Whoever can speak."""

    def say(
        self, text: str, language: str, volume: int, rate: int, interrupt: bool = True, key: str = ""
    ) -> None:
        """Say `text` and return when it was said, or was stopped. Raises `SpeechFailed`.

        `language`: zh-Hans or en. `volume` 0 to 10, `rate` -3 to 3 (`kiosk.journey.voice`). `interrupt`: what is
        being said ends first. `key`: the words key when the sentence is said as it stands there, else "".
        """
        ...

    def stop(self) -> None:
        """Be silent at once. From any thread; the `say` that is under way returns."""
        ...

    def close(self) -> None:
        """Let go of everything. May be called twice."""
        ...
