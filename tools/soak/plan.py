"""What one citizen wants, and what happens to her: all of it from the seed and the number of her visit."""

import random
from dataclasses import dataclass

from tools.soak.faults import Trouble, soon, troubles_of

#: matters with a full package, and how often each; those with few papers come oftener, for each sheet takes its time
_MATTERS = {"N02": 8.0, "N03": 4.0, "N04": 2.0, "C02": 6.0, "C25": 8.0, "C29": 8.0, "C08": 0.2, "C12": 0.2, "C28": 0.1,
            "C32": 0.2, "C52": 0.2, "H01": 0.1}  # fmt: skip
#: a case has at least three pages, each of which takes some seconds of processor: most visits bring none
_WISHES = {"hand_in": 20, "leave": 26, "stand_there": 14, "report": 26, "take_home": 14}
_KILL = {"uploader": 0.05, "backend": 0.03, "desk": 1 / 90}
_TROUBLED = 0.55  # of the visits
_MOST = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """One visit."""

    visit: int
    matter: str
    wish: str  #: "hand_in"; "leave" or "stand_there" (until patience ends) after so many acts; "report"; "take_home"
    after: int  #: acts
    level: int | None  #: how she rates it
    dice: int  #: for every small choice on her way
    troubles: tuple[Trouble, ...]


def plan_of(seed: int, visit: int, slots: list[str], wish: str = "") -> Plan:
    """The plan of this visit; `slots`: what is fitted; `wish`: another than drawn."""
    rng = random.Random(f"{seed}/{visit}")
    (matter,) = rng.choices(list(_MATTERS), list(_MATTERS.values()))
    (drawn,) = rng.choices(list(_WISHES), list(_WISHES.values()))
    after, level = rng.randint(1, 30), rng.randint(1, 5) if rng.random() < 0.7 else None
    dice = rng.getrandbits(32)
    count = rng.randint(1, _MOST) if rng.random() < _TROUBLED else 0
    troubles = troubles_of(rng, slots, how_many=count)
    for member, share in _KILL.items():
        if rng.random() < share:
            at = soon(rng)
            troubles.append(Trouble("kill", at, at, member))
    return Plan(visit, matter, wish or drawn, after, level, dice, tuple(troubles))
