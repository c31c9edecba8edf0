"""Somebody looks after the terminal: the door, what may be done inside, and everything given back at the end.

It is no state of a visit (as a report is none, ADR 0050): it can only begin while nobody is here, and no visit begins
before it is over. Left alone, it ends by itself. Headless and single-threaded.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from ground.clock import Clock
from ground.logbook import Event as Log
from ground.logbook import Logbook
from kiosk.journey.events import Back
from kiosk.journey.views import View
from kiosk.tending import bundling
from kiosk.tending import events as te
from kiosk.tending import views as tv
from kiosk.tending.adjusting import Adjusting, Done
from kiosk.tending.door import Door
from kiosk.tending.knock import Corner, Knocks
from kiosk.tending.refills import REFILLS
from kiosk.tending.roles import MAY, TAKES_DEVICES, Act, Role
from kiosk.tending.stage import BundleTo, Page, TendingStage

#: seconds without a touch after which everything is given back; chosen: time to look behind the cabinet
CLOSE_S: Final = 180.0
#: the same at the door, where nobody is let in yet
DOOR_S: Final = 30.0
#: a device that does not confirm by then is told of as stuck
RELEASE_S: Final = 20.0
TOUCH_COLUMNS, TOUCH_ROWS = 4, 6
TOUCH: Final = "touch"
_ADJUST_S: Final = 1200.0  # of an act of setting up: a device that works keeps the screen open no longer
_TEST_S: Final = 300.0  # a test ends by its own limits sooner; then the worker is lost

Step = Literal[
    "shut",
    "door",
    "taking",
    "acts",
    "page",
    "mend",
    "refill",
    "test",
    "touch",
    "proof",
    "bundle",
    "adjust",
    "training",
]


@dataclass(slots=True)
class _Trial:
    """A test, or the last step of a refill."""

    name: str
    told: tuple[str, ...] = ()
    question: str = ""
    state: Literal["running", "asking", "pass", "fail", "error"] = "running"
    code: str = ""
    hint: str = ""
    picture: bytes = b""


class Tending:
    """One person at a time."""

    def __init__(
        self,
        stage: TendingStage,
        clock: Clock,
        logbook: Logbook,
        *,
        version: str = "",
        close_s: float = CLOSE_S,
        clean: Callable[[], None] = lambda: None,
    ) -> None:
        """`clean` begins the wiping of the glass."""
        self._stage, self._clock, self._logbook = stage, clock, logbook
        self._version, self._close_s, self._clean = version, close_s, clean
        self._knocks = Knocks(clock)
        self._step: Step = "shut"
        self._ticket = 0
        self._wanted = 0  #: the ticket whose answer is waited for
        self._forget()
        self._closes_at = self._limit_at = 0.0

    def _forget(self) -> None:
        self._door = Door()
        self._tender: tv.Tender | None = None
        self._page: Page = "health"
        self._lines: tuple[te.Line, ...] = ()
        self._loading, self._code, self._open_line = False, "", ""
        self._stuck: tuple[str, ...] = ()
        self._trial: _Trial | None = None
        self._refill, self._refill_step = "", 1
        self._hit: frozenset[int] = frozenset()
        self._proof: te.Signed | None = None
        self._bundling: tv.Bundling | None = None
        self._adjusting: Adjusting | None = None
        self._adjusted = ""  #: which act of setting up

    @property
    def open(self) -> bool:
        """Whether somebody is at it."""
        return self._step != "shut"

    @property
    def left_s(self) -> int:
        """Seconds until it ends by itself."""
        return math.ceil(self._clock.left(self._closes_at))

    @property
    def can_go_back(self) -> bool:
        """Whether 返回 leads somewhere."""
        if self._adjusting is not None:
            return self._adjusting.pump().chrome.can_go_back
        return self._step not in ("shut", "door", "taking", "acts")

    @property
    def tender(self) -> tv.Tender | None:
        """Who is in."""
        return self._tender

    # --- the sign ---

    def knock(self, corner: Corner) -> bool:
        """A corner of the glass, while nobody is here; whether the door is seen now."""
        seen = self._knocks.touched(corner)
        if seen:
            self._step, self._wanted = "door", self._new_ticket()
            self.touched()
            self._stage.open_door(self._wanted)
        return seen

    @property
    def knocking(self) -> bool:
        """Whether a sign is being given: a touch that would begin a visit waits."""
        return self._knocks.going_on

    def knock_given_up(self) -> bool:
        """Whether a sign came to nothing; told once."""
        given_up = self._knocks.given_up
        if given_up:
            self._knocks.forget()
        return given_up

    # --- what happens ---

    def touched(self) -> None:
        """Somebody is there."""
        self._closes_at = self._clock.after(DOOR_S if self._step == "door" else self._close_s)

    def act(self, event: te.TendingEvent) -> None:
        """What they do."""
        self.touched()
        match self._step, event:
            case _, te.Quit():
                self.close("left")
            case "door", te.Digit() if self._door.typed(event.key):
                self._door.state, self._wanted = "checking", self._new_ticket()
                self._stage.try_pin(self._wanted, *self._door.taken())
            case "acts", te.Choose():
                self._begin(event.key)
            case "page", te.Choose():
                self._choose(event.key)
            case "page", te.Proceed():
                self._load(self._page)
            case "refill", te.Proceed():
                self._next_step()
            case (("test" | "refill"), te.Judge()) if (
                self._trial is not None and self._trial.state == "asking"
            ):
                self._trial.state, self._trial.question = "running", ""
                self._stage.judge(event.passed)
            case "test", te.Proceed() if self._trial is not None and self._trial.state not in (
                "running",
                "asking",
            ):
                self._test(self._trial.name)
            case "bundle", te.Choose() if self._bundling is not None and self._bundling.state == "failed":
                self._choose_way(event.key)
            case "bundle", te.Proceed():
                self._bundle_on()
            case "touch", te.Dot():
                self._hit |= {event.number}
                if len(self._hit) == TOUCH_COLUMNS * TOUCH_ROWS:
                    self._keep_touch("pass")
            case "touch", te.Judge(passed=False):
                self._keep_touch("fail")
            case "training", te.Proceed():
                self._note(Act.TRAINING)
                self._stage.train()
                self.close("training")

    @property
    def adjusting(self) -> int:
        """Number of the scene of an act of setting up that is done again; 0 while there is none."""
        return 0 if self._adjusting is None else 1 + self._adjusting.pump().number

    def adjust(self, event: Done) -> None:
        """What they do in an act of setting up."""
        self.touched()
        if self._adjusting is not None:
            self._adjusting.touch(event, self._adjusting.pump().number)

    def back(self) -> None:
        """One step back; from the acts, out."""
        self.touched()
        match self._step:
            case "door" | "acts" | "taking":
                self.close("left")
            case "mend":
                self._step = "page"
            case "refill" if self._refill_step > 1 and self._trial is None:
                self._refill_step -= 1
            case "refill":
                self._stop_trial()
                self._load("refill")
            case "adjust" if self._adjusting is not None:
                self.adjust(Back())
            case "adjust":
                self._load("adjust")
            case "bundle":
                self._stop_bundle()
                self._load("bundle")
            case "test" | "touch":
                self._stop_trial()
                self._load("tests")
            case _:
                self._step = "acts"

    def hear(self, event: te.TendingAnswer) -> None:
        """What the terminal answers; a late answer goes by."""
        if event.ticket != self._wanted or not self.open:
            return
        match event:
            case te.DoorSeen():
                self._door.seen(event.ways, event.wait_s, self._clock)
            case te.Rejected():
                self._door.refused(event.why, event.wait_s, self._clock)
            case te.Admitted():
                self._enter(event)
            case te.Released() if self._step == "taking":
                self._stuck, self._step = event.stuck, "acts"
                self._logbook.write(Log.DEVICES_RELEASED, stuck=",".join(event.stuck), **self._who())
            case te.PageSeen():
                self._lines, self._loading = event.lines, False
            case te.BundleGoes() | te.BundleEnded() | te.TendingFailed() if self._bundling is not None:
                self.touched()
                self._bundling = bundling.heard(self._bundling, event)
            case te.AdjustReady() if event.adjusting is not None:
                self._adjusting = event.adjusting
            case te.TendingFailed() | te.AdjustReady() if self._step == "adjust":
                self._step, self._loading, self._code = "page", False, event.code
            case te.TendingFailed() if self._trial is not None:
                self._trial.state, self._trial.code = "error", event.code
            case te.TendingFailed():
                self._loading, self._code = False, event.code
            case te.Signed():
                self._proof = event
            case te.Told() | te.Shown() | te.Asked() | te.Tested() if self._trial is not None:
                self._hear_trial(self._trial, event)

    def _hear_trial(self, trial: _Trial, event: te.Told | te.Shown | te.Asked | te.Tested) -> None:
        self.touched()  # the device works: whoever watches it does not touch the glass
        match event:
            case te.Told():
                trial.told = (*trial.told, event.line)
            case te.Shown():
                trial.picture = event.picture
            case te.Asked():
                trial.state, trial.question = "asking", event.question
            case te.Tested():
                trial.code, trial.hint = event.code, event.hint
                trial.state = (
                    "pass" if event.result == "pass" else "fail" if event.result == "fail" else "error"
                )

    def tick(self) -> None:
        """Let time act."""
        if not self.open:
            return
        self._door.tick(self._clock)
        if self._step == "taking" and self._clock.due(self._limit_at):
            self.hear(te.Released(self._wanted, ("?",)))
        if self._adjusting is not None and self._adjusting.pump() and self._adjusting.over:
            self._end_adjusting(self._adjusting)
        running = (self._trial is not None and self._trial.state == "running") or (
            self._bundling is not None and self._bundling.state == "working"
        )
        if self._adjusting is not None and self._adjusting.busy:
            running = True
        if self._clock.due(self._closes_at) and not (running and not self._clock.due(self._limit_at)):
            self.close("alone")

    # --- in and out ---

    def _enter(self, who: te.Admitted) -> None:
        self._stage.close_door()
        self._tender = tv.Tender(who.person, who.role)
        self._logbook.write(Log.TENDING_ENTERED, way=who.way, **self._who())
        if who.role not in TAKES_DEVICES:
            self._step = "acts"
        else:
            self._step, self._wanted = "taking", self._new_ticket()
            self._limit_at = self._clock.after(RELEASE_S)
            self._stage.release(self._wanted)
        self.touched()

    def close(self, outcome: str) -> None:
        """Everything is given back, whatever it was at."""
        if not self.open:
            return
        self._stage.close_door()
        if self._tender is not None:
            self._stop_trial()
            self._stop_bundle()
            self._stop_adjusting()
            if self._tender.role in TAKES_DEVICES:
                self._stage.take_back()
            self._logbook.write(Log.TENDING_LEFT, outcome=outcome, **self._who())
        self._step, self._wanted = "shut", 0
        self._knocks.forget()
        self._forget()

    def _who(self) -> dict[str, str]:
        return (
            {} if self._tender is None else {"person": self._tender.person, "role": self._tender.role.value}
        )

    def _note(self, act: Act, of: str = "") -> None:
        self._logbook.write(Log.TENDING_ACT, act=act.value, of=of, **self._who())

    # --- the acts ---

    def _begin(self, key: str) -> None:
        role = None if self._tender is None else self._tender.role
        if role is None or key not in MAY[role]:
            return
        match Act(key):
            case Act.HEALTH | Act.TESTS | Act.REFILL | Act.LOG | Act.BUNDLE | Act.ADJUST:
                self._note(Act(key))
                page: Page = key  # type: ignore[assignment]
                self._load(page)
            case Act.VERSION:
                self._note(Act.VERSION)
                self._step, self._proof, self._wanted = "proof", None, self._new_ticket()
                self._stage.sign(self._wanted)
            case Act.CLEAN:
                self._note(Act.CLEAN)
                self.close("cleaning")
                self._clean()
            case Act.TRAINING:
                self._step = "training"

    def _load(self, page: Page) -> None:
        assert self._tender is not None
        if page != self._page:
            self._lines = ()
        self._step, self._page, self._loading, self._code = "page", page, True, ""
        self._refill, self._trial, self._wanted = "", None, self._new_ticket()
        self._stage.show(self._wanted, page, self._tender.role)

    def _choose(self, key: str) -> None:
        line = next((one for one in self._lines if one.key == key), None)
        if line is None:
            return
        match self._page:
            case "tests" if key == TOUCH:
                self._note(Act.TESTS, TOUCH)
                self._step, self._hit = "touch", frozenset()
            case "tests":
                self._test(key)
            case "bundle":
                self._choose_way(key)
            case "adjust":
                self._begin_adjusting(key)
            case "refill" if key in REFILLS:
                self._note(Act.REFILL, key)
                self._step, self._refill, self._refill_step, self._trial = "refill", key, 1, None
            case "health" if line.more:
                self._step, self._open_line = "mend", key

    def _test(self, name: str) -> None:
        assert self._tender is not None
        self._note(Act.TESTS, name)
        self._step, self._trial, self._wanted = "test", _Trial(name), self._new_ticket()
        self._limit_at = self._clock.after(_TEST_S)
        self._stage.test(self._wanted, name, self._tender.person)

    def _choose_way(self, key: str) -> None:
        to = bundling.way(key)
        if to is not None:
            self._bundle(to)

    def _bundle(self, to: BundleTo) -> None:
        assert self._tender is not None
        self._note(Act.BUNDLE, to)
        self._step, self._bundling, self._wanted = "bundle", bundling.begun(to), self._new_ticket()
        self._limit_at = self._clock.after(_TEST_S)
        self._stage.bundle(self._wanted, to, self._tender.person, self._tender.role)

    def _bundle_on(self) -> None:
        """Made: back to the acts. Failed: once more."""
        one = self._bundling
        if one is not None and one.state == "done":
            self._bundling, self._step = None, "acts"
        elif one is not None and one.state == "failed":
            self._bundle(one.to)

    def _stop_bundle(self) -> None:
        if self._bundling is not None and self._bundling.state == "working":
            self._stage.stop()
        self._bundling, self._wanted = None, 0

    def _begin_adjusting(self, key: str) -> None:
        assert self._tender is not None
        self._note(Act.ADJUST, key)
        self._step, self._adjusted, self._wanted = "adjust", key, self._new_ticket()
        self._loading, self._code = True, ""
        self._limit_at = self._clock.after(_ADJUST_S)
        self._stage.adjust(self._wanted, key, self._tender.person, self._tender.role)

    def _end_adjusting(self, one: Adjusting) -> None:
        if one.version:
            facts = {"of": self._adjusted, "version": one.version}
            self._logbook.write(Log.SETTINGS_CHANGED, **facts, **self._who())
            self._stage.renew()
        self._adjusting = None
        self._load("adjust")

    def _stop_adjusting(self) -> None:
        if self._adjusting is not None:
            self._adjusting.close()
            self._stage.stop()
            self._adjusting = None

    def _keep_touch(self, result: str) -> None:
        assert self._tender is not None
        self._stage.keep(TOUCH, result, self._tender.person)
        self._load("tests")

    def _stop_trial(self) -> None:
        if self._trial is not None and self._trial.state in ("running", "asking"):
            self._stage.stop()
        self._trial, self._wanted = None, 0

    def _next_step(self) -> None:
        assert self._tender is not None
        if self._refill_step < REFILLS[self._refill].steps:
            self._refill_step += 1
        elif self._trial is None or self._trial.state in ("fail", "error"):
            self._trial, self._wanted = _Trial(self._refill), self._new_ticket()
            self._limit_at = self._clock.after(_TEST_S)
            self._stage.refilled(self._wanted, self._refill, self._tender.person)
        elif self._trial.state == "pass":
            self._load("refill")

    def _new_ticket(self) -> int:
        self._ticket += 1
        return self._ticket

    # --- what there is to see ---

    def view(self) -> View:
        """What covers the idle screen."""
        if self._adjusting is not None:
            return self._adjusting.pump().view
        match self._step:
            case "door":
                return self._door.view(self._clock)
            case "taking":
                return tv.Handover()
            case "acts":
                return tv.TendingList("acts", self._acts(), code="D102" if self._stuck else "")
            case "mend":
                line = next(one for one in self._lines if one.key == self._open_line)
                steps = tuple(te.Line(f"step.{n}", said) for n, said in enumerate(line.more, 1))
                return tv.TendingList("mend", steps, title=line.name, code=line.note)
            case "refill":
                return self._refill_view()
            case "test" if self._trial is not None:
                one = self._trial
                return tv.DeviceTest(
                    one.name, one.told, one.question, one.state, one.code, one.hint, one.picture
                )
            case "touch":
                return tv.TouchTest(self._hit, TOUCH_COLUMNS, TOUCH_ROWS)
            case "proof":
                signed = self._proof
                return tv.VersionProof(
                    signed.text if signed else "", self._version, signed.code if signed else ""
                )
            case "bundle" if self._bundling is not None:
                return self._bundling
            case "training":
                return tv.TendingList("training", (), main="start")
            case _:
                again = "again" if self._page in ("health", "bundle") else ""
                return tv.TendingList(self._page, self._lines, self._loading, code=self._code, main=again)

    def _acts(self) -> tuple[te.Line, ...]:
        assert self._tender is not None
        return tuple(te.Line(act.value, "") for act in MAY[self._tender.role])

    def _refill_view(self) -> tv.Refilling:
        refill, trial = REFILLS[self._refill], self._trial
        if trial is None:
            return tv.Refilling(self._refill, self._refill_step, refill.steps)
        state: Literal["trying", "asking", "done", "failed"] = (
            "trying" if trial.state == "running" else "asking" if trial.state == "asking"
            else "done" if trial.state == "pass" else "failed"
        )  # fmt: skip
        return tv.Refilling(
            self._refill, refill.steps, refill.steps, state, trial.code, trial.told, trial.question
        )


def role_of(tending: Tending) -> Role | None:
    """Who is in; None while nobody is."""
    return None if tending.tender is None else tending.tender.role
