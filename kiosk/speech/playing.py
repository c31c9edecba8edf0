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
_SLACK_S = 5.0  # chosen: opening a card and emptying its buffer takes less


class Player:
    """Plays one sound at a time through `program` on `device` (an ALSA name, such as default or plughw:1)."""

    def __init__(
        self, hush: Hush, device: str = "default", program: str = "aplay", cards: Path = _CARDS
    ) -> None:
        self._hush, self._device, self._program, self._cards = hush, device, program, cards

    def check(self) -> None:
        """Raises `SpeechFailed` when nothing could be heard."""
        if shutil.which(self._program) is None:
            raise SpeechFailed("T108", f"no {self._program}")
        try:
            known = self._cards.read_text(encoding="utf-8", errors="replace")
        except OSError:
            known = ""
        if not any(line.lstrip()[:1].isdigit() for line in known.splitlines()):
            raise SpeechFailed("T108", "no sound card")

    def play(self, sound: Pcm) -> None:
        """Play it to its end, or until the hush is pressed. Raises `SpeechFailed`."""
        self.check()
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
