"""One run: everything goes wrong at random for a while; then it is calm, and what was promised must be true."""

import contextlib
import hashlib
import random
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.crash.grounds import Grounds, enrol, grounds, until_healthy
from bench.crash.members import SHARES, Members
from bench.crash.reckoning import Promised, Reckoning, reckon
from bench.crash.visits import visit_of
from config.load import load_config
from ground.clock import RealClock
from offline_cache.drafts import Draft, Drafts, OwnKey
from offline_cache.errors import CacheError, Corrupt
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients
from tools.assemble import open_outbox
from tools.settings import with_credentials

KILLS_A_MINUTE = (
    48  # chosen: above the 30 that are asked for, and a life still is long enough to do something
)
_TICK_S = 0.05
_BADNESS = (0.0, 0.2, 0.5, 1.0)  # of the weather, for some seconds each
_CALLS_S = 5.0  # a technician looks this often, and retries what piles up
_PILE = 15
_DRAIN_S = 600.0  # chosen: fifty waiting cases take seconds; what is not delivered then counts as lost


@dataclass
class Told:
    """What a run tells besides its last line."""

    reckoning: Reckoning
    kills: dict[str, int]
    cuts: int
    minutes: float
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def last_line(self) -> str:
        """The line that everything is about."""
        result = self.reckoning
        return (
            f"{result.acknowledged} acknowledged, {result.delivered} delivered, {result.lost} lost, "
            f"{result.doubled} doubled, {result.corrupt} corrupt, {sum(self.kills.values())} kills, {self.cuts} cuts"
        )


class Storm:
    """Everything under test in one folder, and the hand that harms it."""

    def __init__(self, ground: Grounds, seed: int) -> None:
        self.clock = RealClock()
        self.rng = random.Random(seed)
        self.ground = ground
        self.members = Members(ground.place, self.rng, failing=shutil.which("strace") is not None)
        self.fills = 0
        self.page_faults: list[tuple[str, str]] = []
        self.pages_checked = 0
        self._checked = 0  # lives of faces whose pages were

    def begin(self) -> None:
        """Everything up, the terminal enrolled."""
        self.members.start("backend", calm=True)
        enrol(self.ground)
        self.config = with_credentials(load_config(self.ground.place.config, None, {}))
        self.outbox: Outbox = open_outbox(self.config, self.clock)
        recipients = Recipients.parse(self.config.platform.recipients)
        own = OwnKey(self.ground.own_key)
        self.drafts = Drafts(self.ground.terminal / "drafts", self.clock, recipients, own)
        self.members.start_all()

    def rage(self, minutes: float) -> float:
        """Harm it; how many minutes it took."""
        began = self.clock.instant()
        end = self.clock.after(minutes * 60)
        harms = [self._killing(), self._filling(), self._blowing(), self._calling()]
        while not self.clock.due(end):
            for harm in harms:
                next(harm)
            if self.rng.random() < 0.3:  # whoever is down stays so for a moment
                self._check_pages()
                self.members.start_all()
            self.clock.wait(_TICK_S)
        return (self.clock.instant() - began) / 60

    def calm(self) -> None:
        """All is well again: one last kill of everybody, then nothing but time."""
        self.ground.weather.bad = 0.0
        for disk in self.ground.disks:
            disk.clear()
        for name in ("face", "uploader", "backend"):
            self._kill(name)
        self.members.start("backend", calm=True)
        until_healthy(f"http://127.0.0.1:{self.ground.place.port}")
        self.members.start("uploader", calm=True)
        self._until_empty()
        self.outbox.sweep()  # enters what was written whole and killed before its commit (ADR 0028)
        self._until_empty()
        for name in ("uploader", "backend"):
            self.members.running.pop(name).end(signal.SIGTERM)

    def _killing(self) -> Iterator[None]:
        period = 60 / KILLS_A_MINUTE
        due = self.clock.after(period)
        while True:
            if self.clock.due(due):
                due = self.clock.after(self.rng.uniform(0.0, 2 * period))
                (name,) = self.rng.choices(list(SHARES), list(SHARES.values()))
                self._kill(name)
            yield

    def _kill(self, name: str) -> None:
        self.members.kill(name)
        self._check_pages()

    def _check_pages(self) -> None:
        """What a visit without a receipt had confirmed must still be there, page by page; then it goes by rule."""
        if self._checked == self.members.lives or self.members.runs("face"):
            return
        told = Promised()
        for life in range(self._checked + 1, self.members.lives + 1):
            pocket = self.ground.place.pockets / f"{life:05d}"
            if pocket.exists():
                told.add(pocket)
        self._checked = self.members.lives
        for number, places in told.pages.items():
            visit = visit_of(number)
            there = {draft.place: draft for draft in self.drafts.of(visit.case.case_id)}
            for at in places:
                self.pages_checked += 1
                if at not in there:
                    self.page_faults.append(("lost", f"page {at} of visit {number}"))
                elif self._hash_of(there[at]) != visit.page_hashes[at]:
                    self.page_faults.append(("corrupt", f"page {at} of visit {number}"))
        with contextlib.suppress(CacheError):
            for draft in self.drafts.all():
                self.drafts.drop(draft.visit)

    def _hash_of(self, draft: Draft) -> str:
        with contextlib.suppress(Corrupt):
            return _sha256(self.drafts.open(draft) or b"")
        return ""

    def _filling(self) -> Iterator[None]:
        while True:
            yield from self._pass(self.rng.uniform(4.0, 14.0))
            disk = self.rng.choice(self.ground.disks)
            if disk.small:
                disk.fill(int(2 ** self.rng.uniform(0, 21)))
                self.fills += 1
                yield from self._pass(self.rng.uniform(0.3, 2.0))
                disk.clear()

    def _blowing(self) -> Iterator[None]:
        while True:
            self.ground.weather.bad = self.rng.choice(_BADNESS)
            yield from self._pass(self.rng.uniform(1.0, 6.0))

    def _calling(self) -> Iterator[None]:
        while True:
            yield from self._pass(_CALLS_S)
            with contextlib.suppress(CacheError):
                if self.outbox.status().waiting >= _PILE:
                    self._retry_all()

    def _pass(self, seconds: float) -> Iterator[None]:
        end = self.clock.after(seconds)
        while not self.clock.due(end):
            yield

    def _retry_all(self) -> None:
        for case in self.outbox.list_cases(open_only=True, most=10_000):
            self.outbox.retry(case.case_id)

    def _until_empty(self) -> None:
        end, call = self.clock.after(_DRAIN_S), self.clock.instant()
        while not self.clock.due(end):
            status = self.outbox.status()
            if not (status.waiting or status.stuck or status.evaluations_waiting):
                return
            if self.clock.due(call):
                self._retry_all()
                call = self.clock.after(_CALLS_S)
            self.clock.wait(0.2)


def run(minutes: float, seed: int, folder: Path) -> Told:
    """The whole of it."""
    with grounds(folder, seed) as ground, contextlib.ExitStack() as stack:
        storm = Storm(ground, seed)
        stack.callback(storm.members.end_all)
        storm.begin()
        stack.callback(storm.outbox.close)
        took = storm.rage(minutes)
        at_the_end = storm.outbox.status()
        storm.calm()
        promised = Promised.read(ground.place.pockets)
        result = reckon(promised, ground.place.platform)
        for kind, what in storm.page_faults:
            result.note(kind, what)
        for flaw in storm.outbox.verify():
            result.note("corrupt", f"{flaw.what} {flaw.file or ''}")
        left = [each.name for each in (ground.terminal / "spool").iterdir() if each.name != ".lock"]
        if left:
            result.note("corrupt", f"{len(left)} files are left in the spool")
        members = storm.members
        facts: dict[str, object] = {
            "minutes": round(took, 1),
            "kills": dict(members.kills),
            "ended by themselves": dict(members.ended),
            "started by command": members.executed,
            "with failing syncs": members.failed_syncs,
            "disk filled": storm.fills,
            "refused to citizens": dict(promised.sorry),
            "delivered without a receipt": result.unthanked,
            "waiting when it was calm": at_the_end.waiting,
            "on the technician's list then": at_the_end.stuck,
            "pages of unfinished visits checked": storm.pages_checked,
        }
        return Told(result, dict(members.kills), ground.weather.cuts, took, facts)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
