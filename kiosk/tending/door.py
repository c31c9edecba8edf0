"""The door: a number and a PIN are typed; nothing of either is in what is shown."""

import math
from typing import Literal

from ground.clock import Clock
from kiosk.tending.people import PERSON
from kiosk.tending.views import TendingDoor

_PERSON_LONGEST = 4
_PIN_LEAST, _PIN_LONGEST = 6, 12

State = Literal["asking", "open", "checking", "refused", "waiting", "closed"]


class Door:
    """What was typed so far."""

    def __init__(self) -> None:
        self.state: State = "asking"  #: whether anybody could enter at all
        self._field: Literal["person", "pin"] = "person"
        self._person = self._pin = ""
        self._ways: tuple[str, ...] = ()
        self._why, self._wait_until = "", 0.0

    def typed(self, key: str) -> bool:
        """A digit, "" for the last one away, or "enter"; whether there is something to be judged now."""
        if self.state not in ("open", "refused"):
            return False
        self.state, self._why = "open", ""
        if self._field == "person":
            self._type_person(key)
            return False
        if key == "enter":
            return len(self._pin) >= _PIN_LEAST
        if key == "" and not self._pin:
            self._field = "person"
        self._pin = self._pin[:-1] if key == "" else (self._pin + key)[:_PIN_LONGEST]
        return False

    def _type_person(self, key: str) -> None:
        if key == "enter":
            self._field = "pin" if PERSON.fullmatch(self._person) else "person"
        else:
            self._person = self._person[:-1] if key == "" else (self._person + key)[:_PERSON_LONGEST]

    def taken(self) -> tuple[str, str]:
        """Number and PIN, which is forgotten here."""
        pin, self._pin = self._pin, ""
        return self._person, pin

    def seen(self, ways: tuple[str, ...], wait_s: float, clock: Clock) -> None:
        """What the terminal says of its door."""
        self._ways = ways
        self.state = "open" if ways else "closed"
        if wait_s:
            self.refused("wait", wait_s, clock)

    def refused(self, why: str, wait_s: float, clock: Clock) -> None:
        """Not let in."""
        self._why, self._pin = why, ""
        self.state = "waiting" if wait_s else "closed" if why == "unset" else "refused"
        self._wait_until = clock.after(wait_s)

    def tick(self, clock: Clock) -> None:
        """A wait ends by itself."""
        if self.state == "waiting" and clock.due(self._wait_until):
            self.state, self._why = "open", ""

    def view(self, clock: Clock) -> TendingDoor:
        """What is shown."""
        wait = math.ceil(clock.left(self._wait_until)) if self.state == "waiting" else 0
        return TendingDoor(self._field, self._person, len(self._pin), self._ways, self.state, self._why, wait)
