"""When the mains fail: nobody begins, who has begun may finish for a while, then the machine goes down in order.

Told by the supply (a thread), looked at by the main thread at each pump. What is unknown changes nothing: a supply
whose line is dead turns nobody away, and one that fell silent on battery is still on battery.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from devices.ups import Power, Ups
from ground.clock import Clock
from ground.logbook import Event, Logbook

#: mains: as always; battery: no new visit; ending: the visit must end now; down: the machine was asked to go down
Stage = Literal["mains", "battery", "ending", "down"]
#: codes of the screen: on battery, and going down; words `errors.<code>`
ON_BATTERY: Final = "W101"
GOING_DOWN: Final = "W102"
#: states that end by themselves within seconds, with something of hers half on the disk or half told
_WAIT_FOR: Final = ("handing_in", "sending", "goodbye", "sorry")
_GRACE_S: Final = 20.0  # chosen: a hand-in onto a worn-out disk, and the goodbye after it
_ASK_AGAIN_S: Final = 120.0  # chosen: a machine that has not gone down by then was not asked well


@dataclass(frozen=True, slots=True)
class PowerRules:
    """How long the battery is trusted."""

    finish_s: float = 300.0  #: on battery until visits are ended, and the machine goes down
    down_charge_percent: float = 50.0  #: or below so much
    down: Callable[[], None] = lambda: None  #: asks the machine to go down; returns at once


class PowerWatch:
    """What the supply told, and what follows."""

    def __init__(self, rules: PowerRules, clock: Clock, logbook: Logbook) -> None:
        self._rules, self._clock, self._logbook = rules, clock, logbook
        self._told: Power | None = None  #: written by the supply's thread; one reference, so never half
        self._since: float | None = None  #: on battery
        self._limit: float | None = None  #: the limit was reached, at this instant
        self._asked: float | None = None  #: the machine was asked to go down

    def look_at(self, supply: Ups) -> None:
        """Ask it. On the thread that owns it; raises `DeviceError`."""
        self._told = supply.power()

    @property
    def code(self) -> str:
        """Why no visit can begin; "" while one can."""
        if self._since is None:
            return ""
        return ON_BATTERY if self._limit is None else GOING_DOWN

    def see(self, state: str) -> Stage:
        """The journey is in this state; what holds now. "ending" is to be obeyed."""
        told = self._told
        if told is not None and told.on_mains is not None:
            self._mains(told) if told.on_mains else self._battery(told)
        if self._since is None:
            return "mains"
        if self._limit is None:
            return "battery"
        return self._going_down(state)

    def _mains(self, told: Power) -> None:
        if self._since is None:
            return
        self._since = self._limit = self._asked = None
        self._logbook.write(Event.POWER_CHANGED, on_mains=True, charge_percent=told.charge_percent)

    def _battery(self, told: Power) -> None:
        if self._since is None:
            self._since = self._clock.instant()
            self._logbook.write(Event.POWER_CHANGED, on_mains=False, charge_percent=told.charge_percent)
        why = self._reached(told, self._since)
        if self._limit is None and why:
            self._limit = self._clock.instant()
            self._logbook.write(Event.POWER_LIMIT, why=why, charge_percent=told.charge_percent)

    def _reached(self, told: Power, since: float) -> str:
        if told.battery_low:
            return "low"
        if told.charge_percent is not None and told.charge_percent < self._rules.down_charge_percent:
            return "charge"
        return "time" if self._clock.due(since + self._rules.finish_s) else ""

    def _going_down(self, state: str) -> Stage:
        assert self._limit is not None
        if state != "idle" and not self._clock.due(self._limit + _GRACE_S):
            return "battery" if state in _WAIT_FOR else "ending"
        if self._asked is None or self._clock.due(self._asked + _ASK_AGAIN_S):
            self._asked = self._clock.instant()
            self._logbook.write(Event.POWER_DOWN_ASKED)
            self._rules.down()
        return "down"
