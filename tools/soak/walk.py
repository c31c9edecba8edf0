"""One visit before the desk: looks, acts, lets things go wrong, and finds the way out whatever happens."""

from collections import Counter
from dataclasses import dataclass, field

from ground.clock import RealClock
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.views import Scene
from tools.soak.citizens import Citizen, strangers
from tools.soak.clock import TurnedClock
from tools.soak.faults import Misfortune
from tools.soak.glass import Glass
from tools.soak.hall import Hall
from tools.soak.hands import SAMPLES, Hands
from tools.soak.plan import Plan

_LOOK_S = 0.05
_AGAIN_S = 0.4  # an act that changed nothing is done again
_STUCK_S = 5.0  # so long on one screen, and whoever helps mends everything …
_LEAVES_S = 20.0  # … so long, and she leaves
_TURN_S, _TURNS_S = 2.0, 900.0  # patience: in steps, and how far at most
_DEAD_S = 90.0  # chosen: longer than any deadline of a worker


class DeadEnd(Exception):
    """Neither touches nor patience led to the idle screen."""


class Cut(Exception):
    """The desk was killed while she stood there."""


@dataclass
class Seen:
    """What she saw and was given; what of it is to be true afterwards."""

    local_number: str = ""  #: once the terminal promised
    case_number: str = ""
    digest: str = ""  #: first 16 hex digits of what she signed
    rated: int | None = None
    tickets: list[str] = field(default_factory=list)  #: numbers of reports that were taken
    strangers: list[str] = field(
        default_factory=list
    )  #: what she saw of somebody else: where, and of which kind
    views: Counter[str] = field(default_factory=Counter)
    ended: str = ""  #: by which way she left
    sorry: bool = False
    acts: int = 0
    last: str = ""  #: the view that was seen last
    why: list[str] = field(default_factory=list)  #: every trouble that a screen named


class Walk:
    """Of one citizen; `run` until the idle screen is back."""

    def __init__(
        self, hall: Hall, clock: TurnedClock, citizen: Citizen, plan: Plan, fate: Misfortune
    ) -> None:
        self._hall, self._clock, self._citizen, self._plan, self._fate = hall, clock, citizen, plan, fate
        self._real = RealClock()
        self._hands = Hands(citizen, plan, hall.device)
        self.seen = Seen()
        self._leaving = False
        self._mended = False

    def run(self, kill: "Killer") -> Seen:
        """Walk. Raises `DeadEnd`; `tools.soak.glass.Gone` when the desk ends by itself or by `kill`."""
        glass = self._glass()
        begun = False
        since, last = self._real.instant(), (-1, "")
        while True:
            scene, news = glass.look(_LOOK_S)
            for one in news:
                self._note(one)
            here = (scene.number, type(scene.view).__name__)
            if here != last:
                since, last = self._real.instant(), here
            waited = self._real.instant() - since
            if begun and isinstance(scene.view, views.Idle):
                self.seen.ended = self.seen.ended or "left"
                break
            if isinstance(scene.view, views.OutOfService) and begun:
                self.seen.ended = self.seen.ended or "out of service"
                break
            begun = begun or not isinstance(scene.view, views.Idle | views.OutOfService)
            self._help(waited)
            event = self._next(scene, waited)
            if event is None:
                continue
            for member in self._fate.act(self.seen.acts):
                kill(member)
                if member == "desk":
                    raise Cut
            self.seen.acts += 1
            glass.touch(event, scene.number)
            glass.settle(scene, _AGAIN_S)
        self._hands.take_all()
        return self.seen

    def _glass(self) -> Glass:
        assert self._hall.glass is not None
        return self._hall.glass

    def _help(self, waited: float) -> None:
        """Whoever looks after the hall mends what keeps her; at last she leaves."""
        if waited > _STUCK_S and not self._mended:
            self._fate.mend()
            self._mended = True
        if waited > _LEAVES_S:
            self._leaving = True
        if waited > _DEAD_S:
            raise DeadEnd
        if waited > _LEAVES_S * 2:
            self._clock.turn(_TURN_S)

    def _next(self, scene: Scene, waited: float) -> ev.CitizenEvent | None:
        plan, view = self._plan, scene.view
        promised = bool(self.seen.local_number)
        if plan.wish == "stand_there" and self.seen.acts >= plan.after and not promised:
            self._clock.turn(_TURN_S)
            self.seen.ended = "patience"
            return None
        if plan.wish == "leave" and self.seen.acts >= plan.after and not promised:
            self._leaving = True
        if isinstance(view, views.LeaveQuestion):
            return ev.Leave()
        if self._leaving and not isinstance(view, views.Goodbye | views.Done | views.Evaluate | views.Sorry):
            return ev.AskLeave() if scene.chrome.can_leave else ev.Stay() if _covers(view) else None
        return self._hands.act(scene)

    def _note(self, scene: Scene) -> None:
        view, seen = scene.view, self.seen
        name = type(view).__name__
        seen.views[name] += 1
        seen.last = name
        empty = isinstance(view, views.Idle | views.OutOfService)
        for kind in strangers(repr(scene), None if empty else self._citizen, SAMPLES):
            seen.strangers.append(f"{name}: {kind}")
        trouble = (
            getattr(view, "trouble", "") or getattr(view, "code", "") or getattr(view, "receipt_trouble", "")
        )
        if trouble and trouble not in seen.why:
            seen.why.append(str(trouble))
        match view:
            case views.Notice() if view.blocked:
                seen.ended = f"turned away: {view.blocked}"
            case views.SignView() if view.digest:
                seen.digest = view.digest
            case views.HandingIn(stage="saved"):
                seen.local_number = view.local_number or seen.local_number
            case views.Done():
                seen.case_number = view.number if view.received else seen.case_number
                seen.local_number = seen.local_number if view.received else view.number
            case views.Evaluate():
                seen.rated = None if view.level is None else view.level.value
            case views.Noted() if view.number and view.number not in seen.tickets:
                seen.tickets.append(view.number)
            case views.Goodbye():
                seen.ended = seen.ended or ("handed_in" if view.handed_in else "left")
            case views.Sorry():
                seen.sorry = True


def _covers(view: object) -> bool:
    return isinstance(view, views.StillThere | views.Help | views.LookChoice | views.Away)


class Killer:
    """Kills members of a hall, and lets them come back as their units would."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._clock = RealClock()
        self.back_s: list[float] = []  #: of the desk

    def __call__(self, member: str) -> None:
        """`kill -9`, and the next life."""
        began = self._clock.instant()
        self._hall.kill(member)
        self._hall.begin(member)
        if member == "desk":
            self._hall.until_lit()
            self.back_s.append(self._clock.instant() - began)
