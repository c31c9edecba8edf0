"""What goes wrong during a visit, drawn: every fault of every emulator, the line, the disk, the clock, kills."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devices.rig.control import ControlRefused
from tools.soak.clock import TurnedClock
from tools.soak.hall import Hall

Knobs = Mapping[str, Any]

#: driver → its faults, each as knobs; a test holds this table against the emulators
DEVICE_FAULTS: dict[str, tuple[Knobs, ...]] = {
    "sdt": (
        {"mute": True}, {"self_test_failed": True}, {"unauthorised": True}, {"forced_sw3": 0x41},
        {"flip_at": 5}, {"drop_at": 3}, {"add_at": 4}, {"baud": 57600}, {"knows_set_baud": False},
        {"read_s": 3.0}, {"strict_refind": False},
    ),
    "meiding_http": (
        {"mute": True}, {"connected": False}, {"read_fails": True}, {"gives_once": True},
        {"error_code": "-97"}, {"wrong_json": True},
    ),
    "opencv": ({"mute": True}, {"plugged": False}, {"light": 0.0}, {"blur": 2.5}),
    "eloam_http": (
        {"mute": True}, {"connected": False}, {"stale_stills": 1}, {"broken_stills": 1}, {"frozen": True},
        {"error_code": "-97"}, {"light": 0.0}, {"blur": 2.5},
    ),
    "joyusing_ws": (
        {"mute": True}, {"connected": False}, {"stale_stills": 1}, {"broken_stills": 1},
        {"unanswered_stills": 1}, {"frozen": True}, {"in_parts": True}, {"light": 0.0}, {"blur": 2.5},
    ),
    "escpos": (
        {"mute": True}, {"paper_mm": 0.0}, {"paper_mm": 40.0}, {"paper_mm": 200.0}, {"cover_open": True},
        {"cutter_jam": True}, {"head_hot": True}, {"offline": True}, {"broken": True}, {"paper_jam": True},
        {"font": "none"}, {"ignores": "34"}, {"roll_sensor": False}, {"tells_end": False},
    ),
    "neutral_evaluator": ({"mute": True}, {"press": 2}),
    "raw_key_evaluator": (
        {"mute": True}, {"chatter": 3}, {"stuck": True}, {"noise": 3}, {"terminator": False}, {"press": 2},
    ),
    "s_command_evaluator": (
        {"mute": True}, {"late_s": 2.0}, {"doubled": True}, {"lose_said": 1}, {"lose_heard": 1}, {"restarted": True},
        {"acknowledges": False},
    ),
    "serial_scanner": ({"mute": True}, {"noise": 3}, {"half": True}, {"doubled": True}, {"code": "not of ours"}),
    "wedge_scanner": (
        {"mute": True}, {"noise": 3}, {"half": True}, {"doubled": True}, {"stuck": True}, {"code": "not of ours"},
    ),
    "ipp": (
        {"mute": True}, {"busy": True}, {"paper": 0}, {"toner": 0}, {"jam": True}, {"cover_open": True},
        {"offline": True}, {"stopped": True}, {"accepting": False}, {"slow": 2.0}, {"pauses": True},
        {"starts_over": True}, {"forgets": True}, {"counts": False}, {"takes_pdf": False}, {"old_jobs": 3},
    ),
    "modbus_signals": (
        {"mute": True}, {"bounces": 5}, {"exception": 4}, {"flip_at": 2}, {"answer_s": 1.0}, {"door_open": True},
        {"presence": False},
    ),
    "gpio_signals": ({"mute": True}, {"bounces": 5}, {"taken": True}, {"door_open": True}, {"presence": False}),
    "input_keypad": ({"mute": True}, {"press": "up down enter back"}),
    "input_switch": ({"mute": True},),
    "input_headphones": ({"mute": True}, {"headphones_in": True}, {"bounces": 3}, {"noise": 3}),
    "sse_card": ({"mute": True}, {"card_mute": True}, {"forced_status": 0x6A82}, {"answer_s": 1.5}),
    "nut": (
        {"mute": True}, {"mains": False}, {"charge_percent": 20.0}, {"low_battery": True},
        {"replace_battery": True}, {"ups_gone": "stale"}, {"tells_charge": False},
    ),
}  # fmt: skip
DEVICE_FAULTS["inspur_http"] = DEVICE_FAULTS["zhiwei_http"] = DEVICE_FAULTS["meiding_http"]

#: seconds by which the wall clock jumps: a nudge, a time zone, a flat battery, a typing error; both ways
_JUMPS_S = (90.0, 8 * 3600.0, 40 * 86400.0, 400 * 86400.0)
_KINDS = {"device": 10, "unplug": 4, "link": 3, "cut": 3, "disk": 1, "clock": 1}
_LATEST = 45  # a fault comes within so many of her acts; a visit has 20 to 60
_LASTS = 14  # acts at the most, of those that pass by themselves …
_PASSES = 0.4  # … which are so many; the others stay until somebody mends them
_NEVER = 10_000
_MET = ("id_card", "document_camera", "receipt_printer", "page_printer")  #: what a visit needs …
_NOTICED = 0.6  # … and how often it is one of these


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong from one of her acts to another."""

    kind: str  #: of _KINDS, or "kill"
    at: int  #: before which of her acts, from 0
    until: int
    where: str = ""  #: slot of the device, or the process to be killed
    which: float = 0.0  #: 0..1, chooses among what the fitted device knows


def soon(rng: random.Random) -> int:
    """Before which of her acts: early ones oftener, for short visits have no others."""
    return int(_LATEST ** rng.random()) - 1


def troubles_of(rng: random.Random, slots: list[str], *, how_many: int) -> list[Trouble]:
    """So many, drawn."""
    drawn = []
    for kind in rng.choices(list(_KINDS), list(_KINDS.values()), k=how_many):
        at = soon(rng)
        until = at + rng.randint(2, _LASTS) if rng.random() < _PASSES else _NEVER
        where = rng.choice(_MET if rng.random() < _NOTICED else slots)
        drawn.append(Trouble(kind, at, until, where, rng.random()))
    return drawn


class Misfortune:
    """Lets the troubles of one visit come and go; notes how often each happened."""

    def __init__(
        self, hall: Hall, clock: TurnedClock, troubles: list[Trouble], happened: Counter[str]
    ) -> None:
        self._hall, self._clock = hall, clock
        self._due = sorted(troubles, key=lambda trouble: trouble.at)
        self._happened = happened
        self._on: list[tuple[int, str, Any]] = []  #: (until, how to mend it, with what)

    def act(self, number: int) -> list[str]:
        """Before her act `number`: what comes, what goes; the processes that are to be killed now."""
        for one in [one for one in self._on if one[0] <= number]:
            self._mend(one)
        killed = []
        while self._due and self._due[0].at <= number:
            trouble = self._due.pop(0)
            if trouble.kind == "kill":
                killed.append(trouble.where)
            else:
                self._begin(trouble)
        return killed

    def mend(self) -> None:
        """All well again, and nothing more to come but kills."""
        self._due = [trouble for trouble in self._due if trouble.kind == "kill"]
        for one in list(self._on):
            self._mend(one)

    def _begin(self, trouble: Trouble) -> None:
        hall, slot = self._hall, trouble.where
        match trouble.kind:
            case "device":
                faults = DEVICE_FAULTS[hall.fit[slot]]
                knobs = faults[int(trouble.which * len(faults))]
                before = {knob: hall.knob(slot, knob) for knob in knobs}
                hall.device(slot, **knobs)
                self._happened[f"{hall.fit[slot]}.{next(iter(knobs))}"] += 1
                self._on.append((trouble.until, "device", (slot, before)))
            case "unplug":
                hall.plug(slot, there=False)
                self._happened[f"{hall.fit[slot]}.unplug"] += 1
                self._on.append((trouble.until, "unplug", slot))
            case "link":
                hall.device("link", up=False)
                self._note(trouble, "link.down")
            case "cut":
                hall.device("link", cut_after=int(2 ** (4 + 14 * trouble.which)))
                self._note(trouble, "link.cut")
            case "disk":
                hall.fill(int(trouble.which * 65536))
                self._note(trouble, "disk.full")
            case _:
                jump_s = _JUMPS_S[int(trouble.which * len(_JUMPS_S))]
                self._clock.set_wrong(jump_s if int(trouble.which * 1000) % 2 else -jump_s)
                self._note(trouble, "clock.jump")

    def _note(self, trouble: Trouble, name: str) -> None:
        self._happened[name] += 1
        self._on.append((trouble.until, trouble.kind, None))

    def _mend(self, one: tuple[int, str, Any]) -> None:
        self._on.remove(one)
        _, kind, what = one
        match kind:
            case "device":
                slot, before = what
                if "paper_mm" in before:
                    before = {"paper_mm": 50_000.0}  # a new roll
                try:
                    self._hall.device(slot, **before)
                except ControlRefused:  # a knob that is pressed, not turned
                    return
            case "unplug":
                self._hall.plug(what, there=True)
            case "link":
                self._hall.device("link", up=True)
            case "cut":
                self._hall.device("link", cut_after=0)
            case "disk":
                self._hall.clear()
            case _:
                self._clock.set_wrong(0.0)
