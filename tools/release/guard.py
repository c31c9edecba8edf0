"""Lets a new release prove itself, and returns to the last good one when it does not (ADR 0079).

Every step is written down before it is done, so that a power cut between any two leaves a terminal that starts, and a
guard that knows where it was. It runs from the release that is known to be good, never from the one on trial.
"""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ground.clock import Clock
from ground.log.head import this_boot
from ground.logbook import Event
from tools.release.errors import Downgrade, NotHealthy, NothingThere
from tools.release.health import Health, Seen
from tools.release.tree import Ledger, Tree, Trial, as_version
from tools.release.units import FACE, UPLOADER, Units, kiosk

#: The longest time between two looks that counts as watched; the timer looks every five minutes.
_MOST_BETWEEN_S = 900.0
#: Starts of the machine without having been well once: it does not even get so far.
_MOST_BOOTS = 3
_JUST_NOW_S = 0.001

Note = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Rules:
    """How long."""

    healthy_within_s: float = 300.0  #: a release that is not well for so long is given up
    probation_s: float = 24 * 3600.0  #: watched and well for so long, it has proved itself


class Guard:
    """One terminal's releases. Hold `Tree.alone` around each call."""

    def __init__(
        self, tree: Tree, units: Units, health: Health, clock: Clock, note: Note, rules: Rules, data: Path
    ) -> None:
        """`note(event, **facts)` writes to the event log."""
        self._tree, self._units, self._health, self._clock = tree, units, health, clock
        self._note, self._rules, self._data = note, rules, data

    def switch(self, version: str, *, again: bool = False) -> None:
        """Put a release on trial. `again`: also one that failed before.

        Raises `Downgrade`, `NothingThere`, `NotHealthy` for one that failed before.
        """
        ledger, now = self._known(), self._tree.link("current")
        if ledger.trial is not None or ledger.back or version == now or not self._tree.complete(version):
            raise NothingThere(version=version, current=now)
        if as_version(version) < as_version(ledger.good):
            raise Downgrade(version=version, good=ledger.good)
        refused = dict(ledger.refused)
        if version in refused and not again:
            raise NotHealthy(version=version, code=refused[version])
        refused.pop(version, None)
        before = self._health.before(self._tree.release(now))
        trial = Trial(version, now, self._at(), before, boot=this_boot())
        self._tree.point("good", now)  # from which the guard is started, whatever `current` is
        self._tree.keep(replace(ledger, trial=trial, wanted="", refused=refused))
        self._note(Event.RELEASE_SWITCHED, version=version, before=now)
        self._turned(version)
        if not self._units.running(FACE):  # one that serves leaves by itself, when nobody is there
            self._units.restart(FACE)

    def step(self) -> bool:
        """Look at the release on trial once; whether it is to be looked at again soon."""
        ledger = self._known()
        if ledger.back:
            return self._go_back(ledger)
        trial = ledger.trial
        if trial is None:
            return False
        if self._tree.link("current") != trial.version:  # the power went between the ledger and the link
            self._turned(trial.version)
        trial = self._aged(trial)
        release = self._tree.release(trial.version)
        seen = self._health.look(release)
        if not (seen.waits or trial.uploader_told):  # after the face: both work on the same database
            self._units.restart(UPLOADER)
            trial = replace(trial, uploader_told=True)
            seen = replace(seen, failing=seen.failing | {"uploader_starts"})
        return self._judged(ledger, trial, seen)

    def _judged(self, ledger: Ledger, trial: Trial, seen: Seen) -> bool:
        new = seen.failing - set(trial.before)
        if seen.waits:
            trial = replace(trial, sick_s=0.0)
        elif not new and not seen.lost:
            if not trial.well:
                self._note(Event.RELEASE_WELL, version=trial.version)
            trial = replace(trial, well=True, sick_s=0.0, boots=0)
            if trial.healthy_s >= self._rules.probation_s:
                self.confirm()
                return False
        elif seen.lost or trial.sick_s >= self._rules.healthy_within_s or trial.boots >= _MOST_BOOTS:
            why = seen.lost or ", ".join(sorted(new))
            return self.give_back(trial.came_from, why, NotHealthy.code)
        self._tree.keep(replace(ledger, trial=trial))
        return bool(seen.waits or new or not trial.well)

    def confirm(self) -> None:
        """The release on trial is the good one from now on."""
        ledger = self._known()
        if ledger.trial is None:
            raise NothingThere(what="trial")
        version = ledger.trial.version
        self._tree.keep(replace(ledger, good=version, trial=None, last=self._last("confirmed", version)))
        self._tree.point("good", version)
        self._note(Event.RELEASE_CONFIRMED, version=version)
        self._tree.prune(set())

    def give_back(self, version: str, why: str, code: str = "") -> bool:
        """Return to a release; the one that is left is not tried again by itself. Raises `NothingThere`.

        True when somebody is being served: `step` ends it once she has gone.
        """
        ledger, left = self._known(), self._tree.link("current")
        if version == left or not self._tree.complete(version):
            raise NothingThere(version=version)
        back = {"version": version, "left": left, "why": why, "code": code}
        ledger = replace(ledger, back=back)
        self._tree.keep(ledger)
        return self._go_back(ledger)

    def _go_back(self, ledger: Ledger) -> bool:
        version, left = ledger.back["version"], ledger.back["left"]
        why, code = ledger.back["why"], ledger.back["code"]
        self._turned(version)
        if self._health.serves(self._tree.release(left)):
            return True  # it leaves by itself as soon as nobody is there
        for unit in (FACE, UPLOADER):
            self._units.stop(unit)
        self._readable(version)
        self._tree.point("good", version)
        last = self._last("returned", version, code)
        self._tree.keep(Ledger(good=version, refused=ledger.refused | {left: code}, last=last))
        self._note(Event.RELEASE_RETURNED, version=version, left=left, why=why, code=code)
        for unit in (FACE, UPLOADER):
            self._units.restart(unit)
        return False

    def _readable(self, version: str) -> None:
        """A database that a newer release has changed is set aside whole and made anew from the spool."""
        release = self._tree.release(version)
        try:
            words = ["release", "readable", "--json", "--config", str(self._health.config)]
            told = json.loads(kiosk(release, words, self._data).stdout)
        except (OSError, subprocess.SubprocessError, ValueError):
            return  # the release says by itself what is wrong when it starts
        if told.get("done") == "rebuilt":
            self._note(Event.RELEASE_DATABASE_ASIDE, version=version)

    def _turned(self, version: str) -> None:
        self._tree.turn(version)
        script = self._tree.release(version) / "deploy/install.sh"
        subprocess.run(["sh", str(script), "--settle"], capture_output=True, check=False)
        self._units.reload()

    def _known(self) -> Ledger:
        """The ledger; what was installed by hand, without a guard, counts as good."""
        ledger, now = self._tree.ledger(), self._tree.link("current")
        if ledger.trial is not None and now not in (ledger.trial.version, ledger.trial.came_from):
            ledger = replace(ledger, trial=None)  # a technician has put in another one meanwhile
        if ledger.trial is None and not ledger.back and now != ledger.good:
            ledger = replace(ledger, good=now)
        return ledger

    def _aged(self, trial: Trial) -> Trial:
        """The time since the last look, as far as this machine ran and somebody watched."""
        instant, boot = self._clock.instant(), this_boot()
        passed = 0.0
        if boot == trial.boot and trial.seen >= 0:
            passed = min(max(0.0, instant - trial.seen), _MOST_BETWEEN_S)
        boots = trial.boots + (boot != trial.boot)
        well = trial.well and trial.sick_s == 0.0
        return replace(
            trial,
            seen=instant,
            boot=boot,
            boots=boots,
            healthy_s=trial.healthy_s + (passed if well else 0.0),
            # counted from the first look that finds it so: a face that renews itself is away for two seconds
            sick_s=trial.sick_s + passed if trial.sick_s else _JUST_NOW_S,
        )

    def _at(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")

    def _last(self, what: str, version: str, code: str = "") -> dict[str, str]:
        return {"at": self._at(), "what": what, "version": version, "code": code}
