"""Sentences that somebody recorded, such as in 天门话: a folder of WAV or Ogg files, each named by its words key.

    tianmen/
        index.toml                  what it is, and what was said
        place_card.sentence.wav     the sentence of that key

A recording counts only while the sentence reads as it did when it was recorded (`[said]` of the index): else she would
hear something other than what stands on the screen. Sentences with facts in them cannot be recorded.
"""

import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kiosk.speech import SpeechFailed
from kiosk.speech.hush import Hush
from kiosk.speech.pcm import NotSound, Pcm, parse_wav
from kiosk.speech.playing import Player

INDEX: Final = "index.toml"
_ENDINGS: Final = (".wav", ".ogg")
_DECODER: Final = "oggdec"  # of Debian's vorbis-tools
PACKAGE = "vorbis-tools"
_PATIENCE_S = 10.0
_MOST_BYTES = 20 * 1024 * 1024  # chosen: two minutes of CD quality; a sentence lasts seconds


class Index(BaseModel):
    """What a pack says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=40)]  #: as people call it: 天门话
    language: Annotated[str, Field(max_length=20)] = "zh-Hans"  #: whose sentences it stands for
    sample: bool = False  #: made up by a machine, not spoken by a person of the place
    said: Mapping[str, str] = {}  #: words key → the sentence as it was recorded


@dataclass(frozen=True, slots=True)
class Pack:
    """One folder, read."""

    folder: Path
    index: Index
    files: Mapping[str, Path]  #: words key → recording

    @classmethod
    def load(cls, folder: Path) -> "Pack":
        """Raises `SpeechFailed` (T110) naming what is wrong."""
        try:
            tree = tomllib.loads((folder / INDEX).read_text(encoding="utf-8"))
            index = Index.model_validate(tree)
            found = sorted(path for path in folder.iterdir() if path.suffix in _ENDINGS and path.is_file())
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
            raise SpeechFailed("T110", f"{folder.name}: {type(error).__name__}") from error
        return cls(folder, index, {path.stem: path for path in reversed(found)})

    def has(self, key: str, text: str, language: str) -> bool:
        """Whether the sentence of `key`, which reads `text`, was recorded as it reads."""
        as_it_was = self.index.said.get(key, text)
        return language == self.index.language and key in self.files and as_it_was == text

    def sound(self, key: str) -> Pcm:
        """The recording. Raises `SpeechFailed`."""
        path = self.files[key]
        try:
            if path.stat().st_size > _MOST_BYTES:
                raise SpeechFailed("T110", f"{path.name}: too large")
            return parse_wav(path.read_bytes() if path.suffix == ".wav" else _decoded(path))
        except (OSError, NotSound) as error:
            raise SpeechFailed("T110", f"{path.name}: {error}") from error


def _decoded(path: Path) -> bytes:
    """An Ogg file as a WAV. Raises `SpeechFailed`."""
    if shutil.which(_DECODER) is None:
        raise SpeechFailed("T110", f"no {_DECODER}")
    try:
        command = [_DECODER, "-Q", "-o", "-", str(path)]
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SpeechFailed("T110", f"{path.name}: {type(error).__name__}") from error
    return done.stdout


class PackSpeaker:
    """Implements `Speaker` for what its packs hold, in their order. Their pace is the speaker's own."""

    def __init__(self, packs: tuple[Pack, ...], player: Player, hush: Hush) -> None:
        self._packs, self._player, self._hush = packs, player, hush

    def say(
        self, text: str, language: str, volume: int, rate: int, interrupt: bool = True, key: str = ""
    ) -> None:
        """See `Speaker`. Raises `SpeechFailed` also for what nobody has recorded."""
        for pack in self._packs:
            if key and pack.has(key, text, language):
                self._player.play(pack.sound(key).at(volume))
                return
        raise SpeechFailed("T110", "not recorded")

    def stop(self) -> None:
        """See `Speaker`."""
        self._hush.press()

    def close(self) -> None:
        """It holds nothing."""
