"""Every so-manieth visit goes through the real face: Kivy on a virtual screen, touched by a pointer of the X server.

It is a second terminal of the hall, with a cabinet, a queue and an uploader of its own and the same platform. Its
process lives on from visit to visit, as a leak would need it; now and then it gets `kill -9` in the middle of a visit,
and the seconds until the glass shows something again are counted.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ground.clock import Clock
from tools.cli import ROOT
from tools.demo.probe import Sight
from tools.demo.story import STORY
from tools.demo.walk import Lost, Visit
from tools.demo.xserver import Pointer, VirtualScreen
from tools.soak.brisk import Brisk
from tools.soak.citizens import Citizen, strangers
from tools.soak.hall import Hall
from tools.soak.hands import SAMPLES
from tools.soak.ledger import Line
from tools.soak.orphans import note

_ZOOM = 0.4
_SIZE = round(1080 * _ZOOM), round(1920 * _ZOOM)
_LOOK_S = 0.02
_BACK_S = 60.0
_FIT = {
    "id_card": "sdt",
    "document_camera": "opencv",
    "receipt_printer": "escpos",
    "evaluator": "neutral_evaluator",
    "keypad": "input_keypad",
}
#: what a walk calls the devices → what the cabinet calls them
_NAMES = {"id_card": "citizen", "camera": "document_camera", "printer": "receipt_printer"}
_FACE = f"fullscreen = false\nzoom = {_ZOOM}\nmax_fps = 60\nrenew_after_s = 0\n"


class ReadWalker(Brisk):
    """Reads along: whoever else is named on a screen is noted, and what she is promised."""

    def __init__(self, sight: Sight, pointer: Pointer, clock: Clock, citizen: Citizen, line: Line) -> None:
        super().__init__(sight, pointer, clock, Path())
        self._citizen, self._line = citizen, line
        self._begun = False

    def look(self) -> dict[str, Any]:
        """What is shown now."""
        return self._read(super().look())

    def view(self) -> str:
        """The view that is shown now."""
        return str(self.look()["view"])

    def until(self, met: Any, what: str) -> dict[str, Any]:
        """As of `Brisk`, reading. A visit of hers that was cut by the end of a soak is begun anew."""

        def wanted(seen: dict[str, Any]) -> bool:
            there = bool(met(self._read(seen)))
            if not there and seen["view"] == "unfinished" and seen["settled"]:
                left, top, width, height = seen["targets"]["action.start_over"]
                self._pointer.tap(left + width / 2, top + height / 2)
            return there

        return super().until(wanted, what)

    def _read(self, seen: dict[str, Any]) -> dict[str, Any]:
        line, facts = self._line, seen["facts"]
        own = None if seen["view"] in ("idle", "out_of_service") else self._citizen
        found = {f"{seen['view']}: {kind}" for kind in strangers("\n".join(seen["texts"]), own, SAMPLES)}
        line.strangers += sorted(found - set(line.strangers))
        line.views.setdefault(seen["view"], 1)
        if seen["view"] == "sorry":
            line.sorry = True
        if seen["view"] == "done":
            if facts["received"]:
                line.case_number = facts["number"]
            else:
                line.local_number = facts["number"]
        elif seen["view"] == "handing_in" and facts.get("local_number"):
            line.local_number = facts["local_number"]
        elif seen["view"] == "sign" and facts.get("digest"):
            line.digest = facts["digest"]
        elif seen["view"] == "evaluate":
            line.rated = facts.get("level")
        return seen


class RealFace:
    """The second terminal."""

    def __init__(self, main: Hall, folder: Path) -> None:
        self.hall = Hall(folder, main.clock, "G")
        self.hall.backend, self.hall.backend_port = main.backend, main.backend_port
        self._screen = VirtualScreen(*_SIZE)
        self.kills = 0

    def open(self, *, resume: bool) -> None:
        """Everything up, the idle screen lit."""
        if not resume:
            self.hall.prepare()
            self.hall.enrol()
            (self.hall.out / "media").mkdir()
        self.hall.more_of_the_face = _FACE
        self.hall.fit_anew(_FIT)
        self.hall.begin("uploader")
        self._screen.__enter__()
        note(self.hall.members, self._screen.pid)
        self._pointer = Pointer(self._screen.name, self.hall.clock)
        self._start()

    def close(self) -> None:
        """The face ends; its uploader goes on."""
        self._sight.close()
        self.hall.processes.end("face")
        self.hall.running.pop("face")
        self._pointer.close()

    def end(self) -> None:
        """However the run ends: no process outlives it."""
        self.hall.end()
        self._screen.__exit__(None, None, None)

    def visit(self, citizen: Citizen, line: Line, *, killed: bool) -> None:
        """A whole one; with `killed`, the face is killed before at her form, and she comes again. Never raises."""
        hand = self.hall.device
        hand("citizen", card_on=False)
        hand("citizen", card=citizen.on_the_wire)
        hand("document_camera", sheet="")
        hand("receipt_printer", paper_mm=50_000.0)
        self.hall.knob("citizen", "slips")
        try:
            if killed:
                self._story(citizen, line).until_form()
                line.back_s.append(round(self._kill(), 2))
                line.kills.append("face")
                hand("citizen", card_on=False)
                self._begin_anew(citizen, line)
            else:
                story = self._story(citizen, line)
                story.until_receipt()
                story.after_receipt()
                line.ended = "handed_in"
        except Lost as error:
            line.dead_end = str(error)[:300]
        except (OSError, ValueError) as error:
            line.crashes.append(f"face: {type(error).__name__}")
        if line.dead_end or line.crashes:
            self._kill()
        text = "\n".join("\n".join(slip) for slip in self.hall.knob("citizen", "slips"))
        line.strangers += [f"slip: {kind}" for kind in strangers(text, citizen, SAMPLES)]

    def _begin_anew(self, citizen: Citizen, line: Line) -> None:
        """She lays her card down again, is asked whether she goes on, and rather leaves."""
        walk = self._walker(citizen, line)
        Visit(walk, self._turn, self.hall.clock, situations={}, typed={}).until_identified()
        walk.see("unfinished", "situation")
        walk.tap_until("action.leave", walk.view())
        walk.tap_until("action.leave_now", "leave_question")
        walk.until(lambda look: look["view"] == "idle", "idle")
        line.ended = "left"

    def _story(self, citizen: Citizen, line: Line) -> Visit:
        typed: Mapping[str, tuple[str, ...]] = {
            **STORY.typed,
            "phone": (*(f"key.{digit}" for digit in citizen.phone), "key.done"),
        }
        walk = self._walker(citizen, line)
        return Visit(walk, self._turn, self.hall.clock, situations=STORY.situations, typed=typed)

    def _walker(self, citizen: Citizen, line: Line) -> ReadWalker:
        return ReadWalker(self._sight, self._pointer, self.hall.clock, citizen, line)

    def _turn(self, name: str, **knobs: Any) -> Any:
        return self.hall.device(_NAMES.get(name, name), **knobs)

    def _kill(self) -> float:
        """`kill -9`, and the next life; the seconds until something is on the glass again."""
        clock = self.hall.clock
        began = clock.instant()
        self.hall.kill("face")
        self._sight.close()
        return self._start(began)

    def _start(self, began: float | None = None) -> float:
        clock = self.hall.clock
        began = clock.instant() if began is None else began
        probe = self.hall.terminal / "probe"
        probe.unlink(missing_ok=True)
        told = os.path.relpath(probe, ROOT)
        process = self.hall.processes.start(
            "face",
            *("-m", "tools.soak.glass_face", "--config", str(self.hall.config), "--probe", told),
            DISPLAY=self._screen.name,
            LIBGL_ALWAYS_SOFTWARE="1",
            KIOSK_FAILSAFE="raise",
        )
        self.hall.put("face", process)
        give_up = clock.after(_BACK_S)
        while self._pointer.dark() and not clock.due(give_up):
            clock.wait(_LOOK_S)
        lit = clock.instant() - began
        self.hall.processes.until_there(probe, "face")
        self._sight = Sight(Path(told))
        return lit
