"""Sound as samples: out of a WAV file's bytes, made softer or louder, and back into a WAV. Pure."""

import io
import struct
import wave
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_HEAD: Final = struct.Struct("<4sI4s")
_CHUNK: Final = struct.Struct("<4sI")
_FORMAT: Final = struct.Struct("<HHIIHH")
_PLAIN = 1  # WAVE_FORMAT_PCM
#: chosen: a recording is heard as it was made at the usual volume
_USUAL_VOLUME = 6


class NotSound(ValueError):
    """These bytes are no WAV of 16 bits."""


@dataclass(frozen=True, slots=True)
class Pcm:
    """Samples of one channel or more."""

    samples: NDArray[np.int16]  #: (frames, channels)
    rate_hz: int

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.samples) / self.rate_hz

    @property
    def loudness(self) -> float:
        """Root mean square, 0 to 1; 0 is silence."""
        if not len(self.samples):
            return 0.0
        return float(np.sqrt(np.mean(np.square(self.samples.astype(np.float64) / 32768))))

    def at(self, volume: int) -> "Pcm":
        """The same at `volume` 0 to 10; 6 leaves it as it is."""
        louder = self.samples.astype(np.float32) * (volume / _USUAL_VOLUME)
        return Pcm(np.clip(louder, -32768, 32767).astype(np.int16), self.rate_hz)


def parse_wav(data: bytes) -> Pcm:
    """The samples of a WAV. Sizes in its head may be wrong, as in one that was piped: then the rest counts.

    Raises `NotSound`.
    """
    if len(data) < _HEAD.size or _HEAD.unpack_from(data)[::2] != (b"RIFF", b"WAVE"):
        raise NotSound("no RIFF WAVE")
    at, channels, rate_hz = _HEAD.size, 0, 0
    while at + _CHUNK.size <= len(data):
        name, size = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size
        if name == b"fmt " and at + _FORMAT.size <= len(data):
            form, channels, rate_hz, _, _, bits = _FORMAT.unpack_from(data, at)
            if form != _PLAIN or bits != 16 or channels not in (1, 2) or not 4000 <= rate_hz <= 192_000:
                raise NotSound(f"format {form}, {bits} bits, {channels} channels, {rate_hz} Hz")
        elif name == b"data" and channels:
            body = data[at : at + size]
            whole = len(body) - len(body) % (2 * channels)
            samples = np.frombuffer(body[:whole], "<i2").astype(np.int16)
            return Pcm(samples.reshape(-1, channels), rate_hz)
        at += size + size % 2
    raise NotSound("no samples")


def format_wav(sound: Pcm) -> bytes:
    """A WAV file of `sound`."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(sound.samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(sound.rate_hz)
        file.writeframes(sound.samples.astype("<i2").tobytes())
    return out.getvalue()
