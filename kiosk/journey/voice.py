"""How she wants to be spoken to. Part of her `Look`: everything is as usual again when the visit ends."""

from dataclasses import dataclass
from typing import Final

LOUDEST: Final = 10
FASTEST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Whether the screens speak themselves, how loudly and how fast, and whether what is said can be read, too."""

    on: bool = False
    volume: int = 6  #: 0 (silent) to `LOUDEST`
    rate: int = 0  #: -`FASTEST` (slow) to `FASTEST`
    captions: bool = True
    asked: int = 0  #: how often she asked for a screen to be read again; each time it is

    def __post_init__(self) -> None:
        if not 0 <= self.volume <= LOUDEST or not -FASTEST <= self.rate <= FASTEST:
            raise ValueError(f"volume {self.volume}, rate {self.rate}")


USUAL_VOICE = Voice()
