"""`soak`: visits by the thousand, with everything that can go wrong, in one run that a kill does not end for good."""

import argparse
import json
import random
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

from devices.rig.control import ControlRefused
from ground.clock import RealClock
from tools.out import complain, say
from tools.settings import BAD_INPUT
from tools.soak.citizens import Citizen, citizen_of, strangers
from tools.soak.clock import TurnedClock
from tools.soak.faults import Misfortune
from tools.soak.glass import Gone
from tools.soak.growth import slope
from tools.soak.hall import FITS, Hall
from tools.soak.hands import SAMPLES
from tools.soak.ledger import Ledger, Line
from tools.soak.orphans import end_all
from tools.soak.plan import Plan, plan_of
from tools.soak.real_face import RealFace
from tools.soak.reckon import Reckoning, left_behind, reckon
from tools.soak.walk import Cut, DeadEnd, Killer, Seen, Walk

_STATE = "soak.json"
_FIT_EVERY = 100  # visits of one cabinet, at most: then other makes of the same kinds are fitted
_GLASS_EVERY = 25  # given by the customer
_GLASS_KILL = 4  # of these one in so many is killed at the form
_TIDY_S = 5.0  # more than a desk takes to tidy up
_WELL_S = 1.5  # in which a desk notices that something works again
_DRAIN_S = 300.0
_DRAIN_TURN_S = 30.0  # whoever waits for the next try of the uploader is nobody


class Soak:
    """One run in one folder."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed, self.folder = seed, folder
        self.clock = RealClock()
        self.hall = Hall(folder / "hall", self.clock)
        self.killer = Killer(self.hall)
        self.face: RealFace | None = None
        self.plan: Callable[[int, list[str]], Plan] = lambda visit, slots: plan_of(seed, visit, slots)

    def open(self, *, resume: bool) -> None:
        """Everything up. Raises RuntimeError when there is nothing to go on with."""
        for folder in (self.hall.out, self.folder / "glass"):
            end_all(folder / "members")
        if resume:
            if not self.hall.config.exists():
                raise RuntimeError(
                    f"{self.folder}: nothing to go on with; its small disk went with a restart"
                )
        else:
            self.hall.unmount()
            self.hall.prepare()
            self.hall.mount()
            (self.hall.out / "media").mkdir()
        self.ledger = Ledger(self.folder / "visits.jsonl")
        self.time = TurnedClock(self.hall.time)
        self.time.set_wrong(0.0)
        self.hall.clear()
        self.hall.begin("backend")
        self.hall.processes.until_healthy(self.hall.backend_url)
        if not resume:
            self.hall.enrol()
        self._fit(self.ledger.next_visit)
        self.hall.begin("uploader")
        self._light()

    def walk(self, visits: int) -> None:
        """Until so many visits are in the ledger."""
        while (number := self.ledger.next_visit) < visits:
            if number and number % _FIT_EVERY == 0:
                self.hall.leave()
                self._fit(number)
                self._light()
            if number % _GLASS_EVERY == _GLASS_EVERY - 1:
                self._through_the_glass(number)
            else:
                self._visit(number)

    def _through_the_glass(self, number: int) -> None:
        """The real face, which starts with the first visit through it."""
        if self.face is None:
            folder = self.folder / "glass"
            self.face = RealFace(self.hall, folder)
            self.face.open(resume=(folder / "terminal" / "terminal.toml").exists())
        citizen, began = citizen_of(number), self.clock.instant()
        line = Line(
            number,
            "hand_in",
            "N02",
            citizen.card.number,
            citizen.card.name,
            "",
            face="glass",
            life=self._life,
        )
        self.face.visit(citizen, line, killed=number // _GLASS_EVERY % _GLASS_KILL == _GLASS_KILL - 1)
        line.seconds = round(self.clock.instant() - began, 2)
        self.ledger.write(line)

    def _fit(self, number: int) -> None:
        """The first cabinet is the usual one; later ones are drawn."""
        rng = random.Random(f"{self.seed}/fit/{number // _FIT_EVERY}")
        some = {slot: makes[0] if number < _FIT_EVERY else rng.choice(makes) for slot, makes in FITS.items()}
        self.hall.fit_anew(some)

    def _light(self) -> None:
        self._life = self.ledger.life
        self.hall.begin("desk")
        self.hall.until_lit()

    def _visit(self, number: int) -> None:
        plan = self.plan(number, sorted(self.hall.fit))
        citizen = citizen_of(number)
        line = Line(
            number, plan.wish, plan.matter, citizen.card.number, citizen.card.name, "", life=self._life
        )
        began, happened = self.clock.instant(), Counter[str]()
        kills, backs = Counter(self.hall.kills), len(self.killer.back_s)
        self._lay_out(citizen)
        self._until_open()
        seen = self._walk(citizen, plan, line, happened)
        line.crashes += self.hall.revive()
        self._all_well()
        if seen.ended.startswith("turned away"):  # nobody comes in while the notice of it hangs there
            self.clock.wait(_WELL_S)
        self._take(seen, citizen, line)
        line.seconds = round(self.clock.instant() - began, 2)
        line.troubles = sorted(happened.elements())
        line.kills = sorted((self.hall.kills - kills).elements())
        line.back_s = [round(each, 2) for each in self.killer.back_s[backs:]]
        if "desk" in line.kills or "desk" in line.crashes:
            self._life = line.life + 1
            if "desk" in line.crashes:
                self.hall.until_lit()
        elif self.hall.glass is not None and self.hall.glass.tidied(_TIDY_S):
            line.holds = self.hall.holds("desk")
        self.ledger.write(line)

    def _walk(self, citizen: Citizen, plan: Plan, line: Line, happened: Counter[str]) -> Seen:
        """Her visit; once more when a kill of the face cut it short: she comes again with the same card."""
        fate = Misfortune(self.hall, self.time, list(plan.troubles), happened)
        for _ in range(2):
            walk = Walk(self.hall, self.time, citizen, plan, fate)
            try:
                return walk.run(self.killer)
            except Cut:
                fate.mend()
                if walk.seen.digest:  # handed in perhaps, and she was not told: nobody hands in twice
                    walk.seen.ended = "cut"
                    return walk.seen
            except DeadEnd:
                line.dead_end = f"{walk.seen.last} after {walk.seen.acts} acts: {walk.seen.why}"
                self.killer("desk")
                break
            except Gone:
                line.crashes += self.hall.revive()
                self.hall.until_lit()
                break
            finally:
                fate.mend()
        walk.seen.ended = walk.seen.ended or "broken off"
        return walk.seen

    def _until_open(self) -> None:
        """Nobody comes while the terminal says itself that it is closed; what was wrong is right again by now."""
        give_up = self.clock.after(60.0)
        glass = self.hall.glass
        assert glass is not None
        while not glass.idle():
            if self.clock.due(give_up):
                return
            glass.rest(0.1)

    def _lay_out(self, citizen: Citizen) -> None:
        hand = self.hall.device
        hand("citizen", card_on=False)
        hand("citizen", card=citizen.on_the_wire)
        hand("document_camera", sheet="")
        hand("receipt_printer", paper_mm=50_000.0)
        self.hall.knob("citizen", "slips")

    def _all_well(self) -> None:
        self.hall.clear()
        self.time.set_wrong(0.0)
        self.hall.device("link", up=True, cut_after=0)
        for slot in self.hall.fit:
            with suppress(ControlRefused):
                self.hall.plug(slot, there=True)

    def _take(self, seen: Seen, citizen: Citizen, line: Line) -> None:
        """What she saw, and her slips: only she may be named on them."""
        slips = self.hall.knob("citizen", "slips")
        text = "\n".join("\n".join(slip) for slip in slips)
        line.strangers = seen.strangers + [f"slip: {kind}" for kind in strangers(text, citizen, SAMPLES)]
        for name in ("local_number", "case_number", "digest", "rated", "tickets", "sorry", "why", "ended"):
            setattr(line, name, getattr(seen, name))
        line.views = dict(seen.views)

    # --- the end ---

    def close(self) -> tuple[Reckoning, list[str]]:
        """All calm; what waits is delivered; then both sides are compared."""
        self.hall.leave()
        if self.face is not None:
            self.face.close()
        halls = [self.hall, *([self.face.hall] if self.face else [])]
        self._drain(halls)
        for hall in reversed(halls):
            for name in ("uploader", "cabinet", "backend"):
                if name in hall.running:
                    hall.processes.end(name)
        result = reckon(self.ledger.lines, self.hall.backend)
        words = [
            hall.out / f"{name}.stderr" for hall in halls for name in ("desk", "face", "uploader", "backend")
        ]
        return result, left_behind(self.ledger.next_visit, *(hall.terminal for hall in halls), *words)

    def end(self) -> None:
        """However the run ends: no process outlives it. What it has come to stays."""
        if self.face is not None:
            self.face.end()
        self.hall.end()

    def _drain(self, halls: list[Hall]) -> None:
        give_up = self.clock.after(_DRAIN_S)
        while any(hall.waiting() for hall in halls) and not self.clock.due(give_up):
            for hall in halls:
                TurnedClock(hall.time).turn(_DRAIN_TURN_S)
                hall.revive()
            self.clock.wait(0.5)


def told(soak: Soak, result: Reckoning, left: list[str]) -> dict[str, Any]:
    """The contract's fields, and what else a run came to."""
    ledger = soak.ledger
    lines = ledger.lines
    failsafes = soak.hall.failsafes()
    return {
        "visits": len(lines),
        "seed": soak.seed,
        "crashes": sum(len(line.crashes) for line in lines) + len(failsafes),
        "rss_slope_kb_per_visit": slope(ledger.lives(0)),
        "fd_slope": slope(ledger.lives(1)),
        "thread_slope": slope(ledger.lives(2)),
        "wiped": not left,
        "lost": len(result.lost),
        "doubled": len(result.doubled),
        "corrupt": len(result.corrupt),
        "seen_of_others": len(result.mixed) + sum(len(line.strangers) for line in lines),
        "dead_ends": sum(bool(line.dead_end) for line in lines),
        "handed_in": result.promised,
        "delivered": result.delivered,
        "unthanked": result.unthanked,
        "reports": result.reports,
        "kills": dict(ledger.counted("kills")),
        "back_after_kill_s": _of(lines, "desk"),
        "face_back_after_kill_s": _of(lines, "glass"),
        "through_the_face": sum(line.face == "glass" for line in lines),
        "faults": dict(sorted(ledger.counted("troubles").items())),
        "ended": dict(Counter(line.ended for line in lines)),
        "sorry": sum(line.sorry for line in lines),
        "longest_life": max((len(life) for life in ledger.lives(0)), default=0),
        "seconds_per_visit": round(sum(line.seconds for line in lines) / max(1, len(lines)), 2),
        "wrong": [*result.lost, *result.doubled, *result.corrupt, *result.mixed, *left, *failsafes][:50]
        + [f"visit {line.visit}: {one}" for line in lines for one in (*line.strangers, line.dead_end) if one][
            :50
        ],
    }


def _of(lines: list[Line], face: str) -> dict[str, float]:
    backs = [each for line in lines if line.face == face for each in line.back_s]
    return {"median": round(median(backs), 2), "worst": max(backs)} if backs else {}


def sound(result: dict[str, Any]) -> bool:
    """Whether nothing went wrong that was not meant to."""
    bad = ("crashes", "lost", "doubled", "corrupt", "seen_of_others", "dead_ends")
    return bool(result["wiped"] and not any(result[name] for name in bad))


def run(asked: argparse.Namespace) -> int:
    """The verb."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes are ended
    folder: Path = asked.folder.resolve()
    state = folder / _STATE
    if asked.resume and not state.exists():
        complain(f"{folder}: nothing to go on with")
        return BAD_INPUT
    if not asked.resume:
        if folder.exists() and any(folder.iterdir()) and not state.exists():
            complain(f"{folder} is not empty and no soak made it; name another folder")
            return BAD_INPUT
        Hall(folder / "hall", RealClock()).unmount()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        state.write_text(json.dumps({"seed": asked.seed}) + "\n", encoding="utf-8")
    soak = Soak(folder, json.loads(state.read_text(encoding="utf-8"))["seed"])
    try:
        soak.open(resume=asked.resume)
        soak.walk(asked.visits)
        result = told(soak, *soak.close())
    finally:
        soak.end()
    soak.ledger.close()
    soak.hall.unmount()
    say(json.dumps(result, ensure_ascii=False, indent=None if asked.json else 2))
    return 0 if sound(result) else 1
