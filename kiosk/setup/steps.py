"""The steps of setting a terminal up, in their order: what each asks, does, and wants in terminal.toml."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from config.locate import Place
from kiosk.setup import doing, questions
from kiosk.setup.asked import Answers, Ask
from kiosk.setup.doing import Bench
from kiosk.setup.held import Held

Asks = Callable[[Held, Answers, Bench], tuple[Ask, ...]]
Wants = Callable[[Answers, Held], Mapping[Place, Any]]
Work = Callable[[Bench, Answers], tuple[dict[str, str], Mapping[Place, Any]]]

DEVICE: Final = "device."  #: begins the key of a device's test


def nothing_asked(held: Held, answers: Answers, bench: Bench) -> tuple[Ask, ...]:
    """It only does something."""
    return ()


def no_problem(answers: Answers) -> dict[str, str]:
    """The answers fit each other."""
    return {}


def nothing_wanted(answers: Answers, held: Held) -> Mapping[Place, Any]:
    """terminal.toml stays as it is."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. Title `setup.step.<name>`, what to do `setup.do.<name>`."""

    key: str
    asks: Asks = nothing_asked
    #: of answers that do not fit each other: name → code
    fit: Callable[[Answers], dict[str, str]] = no_problem
    wants: Wants = nothing_wanted
    work: Work | None = None  #: slow; gives figures, and what it found out for terminal.toml
    undo: Callable[[Bench], None] | None = None  #: what the work left behind on this machine
    may_skip: bool = True

    @property
    def name(self) -> str:
        """By which its words are found: all devices have those of `device`."""
        return "device" if self.key.startswith(DEVICE) else self.key

    @property
    def kind(self) -> str:
        """Of a device's test: which."""
        return self.key.removeprefix(DEVICE) if self.key.startswith(DEVICE) else ""


def steps_of(held: Held) -> tuple[Step, ...]:
    """All steps; which devices there are decides which are tested and measured."""
    chosen = questions.chosen_devices(held.answers)
    listed = [*_FIRST, *(_device(kind) for kind in chosen)]
    if "document_camera" in chosen:
        listed.append(_CAMERA)
    listed.append(_TOUCH)
    if "page_printer" in chosen:
        listed += (_PAGE, _MARGINS)
    return (*listed, _SOUND, _FINISH)


# --- what is wanted in terminal.toml ---


def _as_answered(*names: str) -> Wants:
    """Answers whose names are places."""
    return lambda answers, held: {tuple(name.split(".")): answers.get(name, "") for name in names}


def _network_wants(answers: Answers, held: Held) -> Mapping[Place, Any]:
    mobile = answers.get("network.way") == "mobile"
    return {
        ("platform", "url"): answers["platform.url"].rstrip("/"),
        ("link", "metered_interfaces"): ["wwan*", "ppp*"] if mobile else [],
    }


def _devices_want(answers: Answers, held: Held) -> Mapping[Place, Any]:
    chosen = questions.chosen_devices(answers)
    return {("devices", kind): chosen.get(kind) for kind in questions.KINDS}


def _margins_want(answers: Answers, held: Held) -> Mapping[Place, Any]:
    right, down = doing.shift_of(answers)
    return {("paper", "shift_right_mm"): right, ("paper", "shift_down_mm"): down}


# --- the steps ---

_SITE_NAMES: Final = (
    "site.township", "site.name", "site.hours", "site.phone", "site.hotline", "terminal.name", "terminal.letters",
)  # fmt: skip

_FIRST: Final = (
    Step(key="language", asks=questions.language, wants=_as_answered("language.first"), may_skip=False),
    Step(key="site", asks=questions.site, wants=_as_answered(*_SITE_NAMES), may_skip=False),
    Step(
        key="network", asks=questions.network, fit=questions.gateways_fit, wants=_network_wants,
        work=doing.network, undo=doing.undo_network, may_skip=False,
    ),
    Step(key="time", asks=questions.time, work=doing.time, undo=doing.undo_time),
    Step(key="find", work=doing.find),
    Step(key="devices", asks=questions.devices, wants=_devices_want, work=doing.devices, may_skip=False),
    Step(key="enrol", asks=questions.enrol, work=doing.enrol),
)  # fmt: skip
_CAMERA: Final = Step(key="camera", work=doing.camera, undo=doing.undo_camera)
_TOUCH: Final = Step(key="touch", asks=questions.touch_points, work=doing.touched, undo=doing.undo_touch)
_PAGE: Final = Step(key="page", work=doing.page)
_MARGINS: Final = Step(
    key="margins", asks=questions.margins, fit=questions.page_not_scaled, wants=_margins_want
)
_SOUND: Final = Step(
    key="sound",
    asks=questions.sound,
    wants=lambda answers, held: {("voice", "volume"): int(answers["sound.volume"])},
    work=doing.sound,
)
_FINISH: Final = Step(key="finish", work=doing.finish, may_skip=False)


_SETTLE: Final = Step(key="settle", work=doing.settle, may_skip=False)


def _alone(step: Step) -> Step:
    """Who asked for this one does not skip it: leaving it is going back."""
    return replace(step, may_skip=False)


#: what may be done again without the rest; where terminal.toml follows from it, that is settled at the end
AGAIN: Final[Mapping[str, tuple[Step, ...]]] = {
    "touch": (_alone(_TOUCH),),
    "margins": (_PAGE, _alone(_MARGINS), _SETTLE),
    "sound": (_alone(_SOUND), _SETTLE),
    "camera": (_alone(_CAMERA),),
    "rollback": (Step(key="rollback", work=doing.roll_back, may_skip=False),),
}


@cache
def _device(kind: str) -> Step:
    return Step(key=f"{DEVICE}{kind}", work=doing.device_test(kind))
