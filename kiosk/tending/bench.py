"""What the technician's screens need of the layers above: the health of everything, tests, the log, the statement."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kiosk.setup.job import Start
from kiosk.tending.events import Bundled, BundleStage, Line
from kiosk.tending.roles import Role
from kiosk.tending.stage import BundleTo, Page

if TYPE_CHECKING:
    from kiosk.tending.adjusting import Adjusting


class Stopped(Exception):
    """Whoever tested something went away."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a test ended."""

    result: str  #: pass, fail, error
    code: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """Between a test and whoever stands there. All are called on the bench's thread."""

    say: Callable[[str], None]
    ask: Callable[[str], bool]  #: waits for a person; raises `Stopped`
    stopped: Callable[[], bool]
    show: Callable[[bytes], None]  #: a small JPEG of a self-test sheet


#: stage, how much of it is done, of how much; raises `Stopped` when nobody waits any more
Goes = Callable[[BundleStage, int, int], None]


class Bench(Protocol):
    """Lives on one worker thread; every call may take its time."""

    def lines(self, page: Page, role: Role) -> tuple[Line, ...]:
        """What a page shows."""
        ...

    def test(self, name: str, person: str, talk: Talk) -> Outcome:
        """Let a device do what it is for; the dated result is kept. Raises `Stopped`."""
        ...

    def refill(self, supply: str, person: str, talk: Talk) -> Outcome:
        """Show that a refill is right, and let its counter begin anew. Raises `Stopped`."""
        ...

    def keep(self, name: str, result: str, person: str) -> None:
        """Keep a result that the glass made by itself."""
        ...

    def bundle(self, to: BundleTo, person: str, role: Role, goes: Goes) -> Bundled:
        """Make a support bundle and hand it over. Whatever keeps it from that is a code. Raises `Stopped`."""
        ...

    def adjusting(
        self, act: str, person: str, role: Role, start: Start, stopped: Callable[[], bool]
    ) -> "Adjusting | str":
        """One act of setting up, whose work is done where `start` says; a code where it cannot begin."""
        ...

    def statement(self) -> str:
        """The signed statement of what runs; "" where there is no key to sign with."""
        ...
