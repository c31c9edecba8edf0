"""Judges who may enter: number and PIN, a card, a pass on a stick. Lives on one worker thread; everything is logged."""

from collections.abc import Callable
from pathlib import Path

from ground.clock import Clock
from ground.logbook import Event, Logbook
from kiosk.tending import passes, people
from kiosk.tending.events import Admitted, Rejected
from kiosk.tending.roles import Role
from kiosk.tending.tries import FREE, Tries, wait_after
from offline_cache.keys import PublicKey


class EntryDesk:
    """The door of one terminal. Every call may raise `CacheError`: what cannot be counted is not judged."""

    def __init__(
        self,
        folder: Path,
        terminal: str,
        operators: Callable[[], tuple[PublicKey, ...]],
        clock: Clock,
        logbook: Logbook,
        tries: Tries | None = None,
    ) -> None:
        """`folder`: tending in the data folder. `operators`: whose signature makes a pass."""
        self._folder, self._terminal, self._operators = folder, terminal, operators
        self._clock, self._logbook = clock, logbook
        self._tries = tries or Tries(folder, clock)

    def ways(self) -> tuple[str, ...]:
        """By which anybody could enter now; none: nobody was ever set up."""
        try:
            known = people.load(self._folder)
        except people.BadPeople:
            return ()
        pin = ("pin",) if any(one.pin for one in known.all.values()) else ()
        card = ("card",) if any(one.card for one in known.all.values()) else ()
        return (*pin, *card, *(("stick",) if self._operators() else ()))

    def wait_s(self) -> float:
        """How long no PIN is judged."""
        return self._tries.left_s()

    def by_pin(self, ticket: int, person: str, pin: str, way: str = "pin") -> Admitted | Rejected:
        """Number and PIN. `way`: what the log calls the place where they were typed."""
        wait = self._tries.left_s()
        if wait:
            return Rejected(ticket, "wait", wait)
        try:
            known = people.load(self._folder)
        except people.BadPeople:
            return self._refused(ticket, way, "unreadable")
        if not known.anybody:
            return self._refused(ticket, way, "unset")
        failures = self._tries.count()  # before it is judged: who pulls the plug has tried
        found = known.of_pin(person, pin)
        if found is None:
            wait = wait_after(failures)
            why = "wait" if wait else "wrong_last" if failures == FREE - 1 else "wrong"
            self._logbook.write(
                Event.TENDING_REFUSED, way=way, why="wrong", failures=failures, wait_s=round(wait)
            )
            return Rejected(ticket, why, wait)
        self._tries.right()
        return Admitted(ticket, found.id, found.role, way)

    def by_card(self, ticket: int, said: str) -> Admitted | Rejected:
        """What a card says of itself."""
        try:
            found = people.load(self._folder).of_card(said)
        except people.BadPeople:
            return self._refused(ticket, "card", "unreadable")
        if found is None:
            return self._refused(ticket, "card", "unknown_card")
        return Admitted(ticket, found.id, found.role, "card")

    def by_pass(self, ticket: int, text: str) -> Admitted | Rejected:
        """The line of a stick's file; it is used up by it."""
        try:
            one = passes.judged(text, self._operators(), self._terminal, self._clock.now())
            passes.spend(self._folder, one)
        except passes.BadPass as flaw:
            return self._refused(ticket, "stick", f"pass_{flaw}")
        return Admitted(ticket, one.person, Role(one.role), "stick")

    def _refused(self, ticket: int, way: str, why: str) -> Rejected:
        self._logbook.write(Event.TENDING_REFUSED, way=way, why=why, failures=0, wait_s=0)
        return Rejected(ticket, why)
