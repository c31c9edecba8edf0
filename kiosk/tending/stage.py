"""What tending may ask of the world. Nothing blocks; every answer comes as an event that bears the ticket."""

from typing import Literal, Protocol

from kiosk.tending.roles import Role

Page = Literal["health", "tests", "refill", "log", "bundle", "adjust"]
BundleTo = Literal["stick", "platform"]


class TendingStage(Protocol):
    """Implemented by `kiosk.tending.desk.TendingDesk`, and in tests by a stage that notes what was asked."""

    def open_door(self, ticket: int) -> None:
        """Posts `DoorSeen`; then watches for a card or a stick that opens: `Admitted`, `Rejected`."""
        ...

    def try_pin(self, ticket: int, person: str, pin: str) -> None:
        """Posts `Admitted` or `Rejected`. The try is counted before it is judged."""
        ...

    def close_door(self) -> None:
        """Neither card nor stick counts any more."""
        ...

    def release(self, ticket: int) -> None:
        """Asks the citizens' side to let go of every device; posts `Released` once each has answered."""
        ...

    def take_back(self) -> None:
        """Whatever runs is broken off, and the citizens' side opens its devices again."""
        ...

    def show(self, ticket: int, page: Page, role: Role) -> None:
        """Posts `PageSeen`."""
        ...

    def test(self, ticket: int, name: str, person: str) -> None:
        """Let a device do what it is for; posts `Told`, `Asked` and at last `Tested`. The dated result is kept."""
        ...

    def judge(self, passed: bool) -> None:
        """What a person says to `Asked`."""
        ...

    def stop(self) -> None:
        """Nobody waits for the test any more; it lets go of its device as soon as it can."""
        ...

    def keep(self, name: str, result: str, person: str) -> None:
        """Keep the dated result of a test that the glass made by itself."""
        ...

    def refilled(self, ticket: int, supply: str, person: str) -> None:
        """A supply is full again: its counter starts anew, and something is printed where it can be: as `test`."""
        ...

    def bundle(self, ticket: int, to: BundleTo, person: str, role: Role) -> None:
        """Make a support bundle and hand it over; posts `BundleGoes` and at last `BundleEnded`."""
        ...

    def adjust(self, ticket: int, act: str, person: str, role: Role) -> None:
        """Begin one act of setting up, by its key in `kiosk.setup.steps.AGAIN`; posts `AdjustReady`."""
        ...

    def renew(self) -> None:
        """terminal.toml was changed: once nobody is here the face becomes a fresh process, which reads it."""
        ...

    def sign(self, ticket: int) -> None:
        """Posts `Signed`."""
        ...

    def train(self) -> None:
        """As soon as everybody has left, the face begins again for training."""
        ...
