"""An act of setting up that a technician does again: what `Tending` needs of it. Implemented in `kiosk.setup`."""

from typing import Protocol

from kiosk.journey.events import Back, Continue, Fill, Skip, TryAgain
from kiosk.journey.views import Scene
from kiosk.setup.events import SetupEvent

#: what is done in an act of setting up
Done = Back | Continue | Fill | Skip | TryAgain | SetupEvent


class Adjusting(Protocol):
    """Called from the main thread; nothing blocks."""

    @property
    def over(self) -> bool:
        """Whether it is done, or was left."""
        ...

    @property
    def busy(self) -> bool:
        """Whether a device works."""
        ...

    @property
    def version(self) -> str:
        """The number of the terminal.toml that came of it; "" when it was not changed."""
        ...

    def pump(self) -> Scene:
        """What there is to see."""
        ...

    def touch(self, event: Done, scene: int) -> None:
        """What they did on the scene with this number."""
        ...

    def close(self) -> None:
        """Nobody waits for it any more."""
        ...
