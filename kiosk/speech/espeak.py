"""espeak-ng, run directly: text through its standard input, a WAV from its standard output, and then played.

Source: `espeak-ng --help` of 1.51 (Debian 12), run here. The Mandarin voice `cmn` of that version spells most
characters in English letters (measured: 3,227 of the 3,755 of GB 2312's first level); `cmn-latn-pinyin` says them all.
"""

import shutil
import subprocess
from collections.abc import Mapping
from typing import Final

from kiosk.speech import SpeechFailed
from kiosk.speech.hush import Hush
from kiosk.speech.pcm import NotSound, Pcm, parse_wav
from kiosk.speech.playing import Player

PACKAGE = "espeak-ng"
#: language of the words → espeak-ng's voice
VOICES: Final[Mapping[str, str]] = {"zh-Hans": "cmn-latn-pinyin", "en": "en-gb"}
#: words a minute at rate 0. Chosen: slower than espeak-ng's 175, for who listens at 72
_WORDS_A_MINUTE = 150
_FASTER = 1.18  # chosen: a step that is heard; three steps up are 246, three down 91
_AMPLITUDE = 20  # of espeak-ng's 0 to 200 for each of our ten
_PATIENCE_S = 10.0  # it makes a minute of speech in a tenth of a second


class EspeakSpeaker:
    """Implements `Speaker` by one short process for each sentence."""

    def __init__(
        self, player: Player, hush: Hush, voices: Mapping[str, str] = VOICES, program: str = "espeak-ng"
    ) -> None:
        self._player, self._hush = player, hush
        self._voices = {**VOICES, **voices}
        self._program = program

    def check(self) -> None:
        """Raises `SpeechFailed` when it is not installed, or could not be heard."""
        if shutil.which(self._program) is None:
            raise SpeechFailed("T107", f"no {self._program}")
        self._player.check()

    def say(
        self, text: str, language: str, volume: int, rate: int, interrupt: bool = True, key: str = ""
    ) -> None:
        """See `Speaker`."""
        self._player.check()
        self._player.play(self.sound(text, language, volume, rate))

    def sound(self, text: str, language: str, volume: int, rate: int) -> Pcm:
        """What would be heard. Raises `SpeechFailed`."""
        speed = round(_WORDS_A_MINUTE * _FASTER**rate)
        command = [
            self._program, "-b", "1", "-v", self._voices.get(language, language), "-s", str(speed),
            "-a", str(volume * _AMPLITUDE), "--stdin", "--stdout",
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, input=text.encode(), capture_output=True, timeout=_PATIENCE_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SpeechFailed("T107", f"{self._program}: {type(error).__name__}") from None
        try:
            return parse_wav(done.stdout)
        except NotSound as error:
            raise SpeechFailed("T107", f"{self._program} ended with {done.returncode}: {error}") from error

    def stop(self) -> None:
        """See `Speaker`."""
        self._hush.press()

    def close(self) -> None:
        """It holds nothing."""
