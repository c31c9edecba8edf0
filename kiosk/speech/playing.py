"""Sound out of the loudspeaker: ALSA's own player, which is given the samples through memory, never through a file."""

import os
import shutil
import subprocess
from pathlib import Path

from kiosk.speech import SpeechFailed
from kiosk.speech.hush import Hush
from kiosk.speech.pcm import Pcm, format_wav

PACKAGE = "alsa-utils"
_CARDS = Path("/proc/asound/cards")  # the kernel's list; "--- no soundcards ---" when there is none
#: ALSA's name for a device that swallows everything: demonstrations on machines without sound. It keeps no time;
#: the player does, so that captions stay as long as they would be heard
_NOWHERE = "null"
_SLACK_S = 5.0  # chosen: opening a card and emptying its buffer takes less


def has_sound_card(cards: Path = _CARDS) -> bool:
    """Whether the kernel knows any."""
    try:
        known = cards.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(line.lstrip()[:1].isdigit() for line in known.splitlines())


class Player:
    """Plays one sound at a time through `program` on `device` (an ALSA name, such as default or plughw:1)."""

    def __init__(
        self, hush: Hush, device: str = "default", program: str = "aplay", cards: Path = _CARDS
    ) -> None:
        self._hush, self._device, self._program, self._cards = hush, device, program, cards

    def check(self) -> None:
        """Raises `SpeechFailed` when nothing could be heard."""
        if self._device == _NOWHERE:
            return
        if shutil.which(self._program) is None:
            raise SpeechFailed("T108", f"no {self._program}")
        if not has_sound_card(self._cards):
            raise SpeechFailed("T108", "no sound card")

    def play(self, sound: Pcm) -> None:
        """Play it to its end, or until the hush is pressed. Raises `SpeechFailed`."""
        self.check()
        if self._device == _NOWHERE:
            self._hush.waited(sound.seconds)
            return
        memory = os.memfd_create("voice")
        try:
            with open(memory, "wb", closefd=False) as file:
                file.write(format_wav(sound))
            os.lseek(memory, 0, os.SEEK_SET)
            self._run(memory, sound.seconds + _SLACK_S)
        finally:
            os.close(memory)

    def _run(self, memory: int, limit_s: float) -> None:
        command = [self._program, "-q", "-D", self._device, "-"]
        try:
            player = subprocess.Popen(
                command, stdin=memory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise SpeechFailed("T108", f"{self._program}: {error.strerror}") from error
        with player:
            exit_seen = os.pidfd_open(player.pid)
            try:
                hushed = self._hush.waited(limit_s, exit_seen)
                if player.poll() is None:
                    player.kill()
            finally:
                os.close(exit_seen)
            player.wait()
        if not hushed and player.returncode != 0:
            raise SpeechFailed("T108", f"{self._program} ended with {player.returncode}")
