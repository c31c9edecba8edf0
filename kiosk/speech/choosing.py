"""Who says a sentence: a recording of it, speech-dispatcher, espeak-ng, or nobody, in this order, for each anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from ground.clock import Clock
from kiosk.speech import Speaker, SpeechFailed
from kiosk.speech.hush import Hush

#: an engine that hung is not asked again for so long, else each sentence would begin with its time-out
_REST_S: Final = 30.0
#: captions in silence stay as long as it takes to read them slowly; chosen: five characters a second and one to look
_READ_S: Final = 0.2
_LOOK_S: Final = 1.0


class SilentSpeaker:
    """Says nothing, for as long as the words take to be read: captions go on without a sound."""

    def __init__(self, hush: Hush) -> None:
        self._hush = hush

    def say(
        self, text: str, language: str, volume: int, rate: int, interrupt: bool = True, key: str = ""
    ) -> None:
        """See `Speaker`."""
        self._hush.waited(_LOOK_S + _READ_S * len(text))

    def stop(self) -> None:
        """See `Speaker`."""
        self._hush.press()

    def close(self) -> None:
        """It holds nothing."""


class Checked(Speaker, Protocol):
    """A speaker that can be asked whether it works."""

    def check(self) -> None:
        """Raises `SpeechFailed` when it does not."""
        ...


@dataclass(slots=True)
class _Engine:
    speaker: Checked
    rests_until: float = float("-inf")


class ChosenSpeaker:
    """Implements `Speaker` by the first that can: `recorded`, then `engines` in their order, then silence."""

    def __init__(
        self, clock: Clock, hush: Hush, recorded: Speaker | None, engines: Sequence[Checked]
    ) -> None:
        self._clock, self._hush = clock, hush
        self._recorded = recorded
        self._engines = [_Engine(engine) for engine in engines]
        self._silent = SilentSpeaker(hush)
        self.spoke: Speaker = self._silent  #: who said the last sentence

    def say(
        self, text: str, language: str, volume: int, rate: int, interrupt: bool = True, key: str = ""
    ) -> None:
        """See `Speaker`. Never raises: silence is the last that is asked."""
        for engine in self._able(key):
            try:
                self.spoke = engine
                engine.say(text, language, volume, rate, interrupt, key)
            except SpeechFailed:
                self._rest(engine)
                if self._hush.pressed:
                    return
            else:
                return
        self.spoke = self._silent
        self._silent.say(text, language, volume, rate, interrupt, key)

    def check(self) -> str:
        """The name of the engine that would speak. Raises `SpeechFailed` with the code of the last that cannot."""
        failed = SpeechFailed("T107", "no engine is wanted")
        for engine in self._engines:
            try:
                engine.speaker.check()
            except SpeechFailed as error:
                failed = error
            else:
                return type(engine.speaker).__name__
        raise failed

    def stop(self) -> None:
        """See `Speaker`."""
        self._hush.press()

    def listen(self) -> None:
        """From now on it may speak again after `stop`."""
        self._hush.clear()

    def close(self) -> None:
        """See `Speaker`."""
        for engine in self._engines:
            engine.speaker.close()
        self._hush.close()

    def _able(self, key: str) -> list[Speaker]:
        rested = [engine.speaker for engine in self._engines if self._clock.due(engine.rests_until)]
        return [self._recorded, *rested] if key and self._recorded is not None else list(rested)

    def _rest(self, failed: Speaker) -> None:
        for engine in self._engines:
            if engine.speaker is failed:
                engine.rests_until = self._clock.after(_REST_S)
