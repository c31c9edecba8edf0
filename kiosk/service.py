"""What can be done now: which device each step of a visit needs, and so each matter.

What cannot be done is shown grey with its reason; everything else goes on. A receipt that cannot be printed is a QR
code on the screen and a keypad that is dead is replaced by the screen's own levels, so neither stops a matter.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import Final, Literal

from kiosk.catalogue.check_reach import MOST_WAYS, ways
from kiosk.catalogue.combine import combine
from kiosk.catalogue.model import Matter
from kiosk.power import GOING_DOWN, ON_BATTERY
from offline_cache.errors import BadKey, BadRecipient, RecipientsExpired, Revoked

#: kind of device → the code of what is wrong with it; kinds that work, or are still starting, are not in it
Faults = Mapping[str, str]
#: the steps without which no case can be made; words `service.<step>` say to a citizen what she cannot do here
Step = Literal["identify", "photograph", "keep", "staff", "hours"]
_Device = Literal["identify", "photograph"]  #: those that a device takes

#: why nothing at all can be done here; words `out_of_service.fault.<reason>`
OutReason = Literal["store", "keys", "revoked", "power", "power_down", "other"]
#: what cannot be done just now while all else goes on; words `limits.<limit>.cannot` and `.still`
Limit = Literal["network", "card", "camera", "storage", "slip", "safe"]
#: what this machine is for; words `idle.can.<ability>`
Ability = Literal["apply", "progress", "notice", "report"]
_KEYS: Final = (BadRecipient.code, BadKey.code, RecipientsExpired.code)

#: of `Faults`, though no device: the terminal keeps window hours and the window is closed; or nobody is behind it
CLOSED: Final = "hours"
NO_STAFF: Final = "staff"

#: step → the kinds of device of which one suffices
NEEDS: Final[Mapping[_Device, tuple[str, ...]]] = {
    "identify": ("id_card",),
    "photograph": ("document_camera", "document_scanner"),
}


def needed(matter: Matter) -> tuple[_Device, ...]:
    """The steps that every case of `matter` goes through and that need a device.

    A material that only some situations ask for does not count: who does not need it is not to be sent away.
    """
    steps: list[_Device] = []
    if not matter.by_hand:
        steps.append("identify")
    if _always_photographed(matter):
        steps.append("photograph")
    return tuple(steps)


@lru_cache(maxsize=512)
def _always_photographed(matter: Matter) -> bool:
    """Whether every way to answer the questions ends with a sheet to be handed in. Asked at each pump."""
    return all(
        any(material.min_pages for material in combine(matter, answers).materials)
        for answers in islice(ways(matter), MOST_WAYS)
    )


def blocked(matter: Matter, faults: Faults) -> Step | None:
    """The first step that no case of `matter` can get past now; None when it can be handed in here."""
    if not matter.complete:
        return None
    if CLOSED in faults:
        return "hours"  # no device: this terminal takes matters only while the window is open
    if matter.staff == "needed" and NO_STAFF in faults:
        return "staff"
    for step in needed(matter):
        if _dead(step, faults):
            return step
    if "storage" in faults and _always_photographed(matter):
        return "keep"  # no device: there is no room on the disk for the pages
    return None


def _dead(step: _Device, faults: Faults) -> bool:
    return all(kind in faults for kind in NEEDS[step])


def photographs(faults: Faults) -> bool:
    """Whether pages can be taken now, and be kept."""
    return not _dead("photograph", faults) and "storage" not in faults


def stopped_by(faults: Faults, matters: tuple[Matter, ...]) -> tuple[Matter, ...]:
    """The matters that cannot be handed in while there are these `faults`."""
    return tuple(matter for matter in matters if blocked(matter, faults) is not None)


def out_reason(code: str) -> OutReason:
    """What a fault with which no visit can begin means to whoever stands here."""
    if code in _KEYS:
        return "keys"
    if code == Revoked.code:
        return "revoked"
    if code in (ON_BATTERY, GOING_DOWN):
        return "power" if code == ON_BATTERY else "power_down"
    return "store" if code.startswith("S") else "other"


def limits(faults: Faults, *, online: bool, slips: bool, safe: bool = False) -> tuple[Limit, ...]:
    """What is degraded, the worst first. `slips`: the receipt printer is ready; `safe`: the face is in safe mode."""
    steps: tuple[tuple[Limit, _Device], ...] = (("card", "identify"), ("camera", "photograph"))
    found: list[Limit] = [limit for limit, step in steps if all(kind in faults for kind in NEEDS[step])]
    if "storage" in faults:
        found.append("storage")
    if not online:
        found.append("network")
    if not slips:
        found.append("slip")
    if safe:
        found.append("safe")
    return tuple(found)


def abilities(faults: Faults, *, online: bool) -> tuple[Ability, ...]:
    """What whoever comes now can do here. How far a case is only the platform can tell."""
    now = limits(faults, online=online, slips=True)
    apply: tuple[Ability, ...] = () if "card" in now and "camera" in now else ("apply",)
    progress: tuple[Ability, ...] = ("progress",) if online else ()
    return (*apply, *progress, "notice", "report")
