"""A terminal's offline cache on the bench: outbox, uploader and invented cases, on a manual clock."""

import hashlib
import json
import random
import uuid
from collections.abc import Mapping
from pathlib import Path

from ground.clock import ManualClock
from ground.logbook import Event, MemoryLogbook
from offline_cache.items import CaseToSeal, ClockState, HandedIn, PartToSeal
from offline_cache.link import Timeouts
from offline_cache.outbox import Outbox
from offline_cache.platform import Platform
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from offline_cache.uploader import Uploader
from tests.offline_cache.loopback_platform import TOKEN, LoopbackPlatform

# Invented; the number has a valid check digit (it is the example of GB 11643 itself).
NAME = "王小样"
NUMBER = "11010519491231002X"


class PretendMachine:
    """A machine that a test can restart, and whose workers it can kill."""

    def __init__(self, era: str = "boot-1", worker: str = "worker-1") -> None:
        self.boot = era
        self.me = worker
        self.dead: set[str] = set()

    def era(self) -> str:
        return self.boot

    def worker(self) -> str:
        return self.me

    def lives(self, worker: str) -> bool:
        return worker not in self.dead


class BenchTerminal:
    """Outbox and uploader in one folder."""

    def __init__(
        self, folder: Path, url: str, recipient: str, *, chunk_bytes: int = 64 * 1024, read_s: float = 30.0
    ) -> None:
        self.folder = folder
        self.clock = ManualClock()
        self.logbook = MemoryLogbook()
        self.machine = PretendMachine()
        self.spool = Spool(folder / "spool", reserve_bytes=0)
        self.recipients = Recipients.parse([recipient])
        self.outbox = self.open_outbox()
        self.platform = Platform(
            url, TOKEN, self.clock, timeouts=Timeouts(5.0, read_s), chunk_bytes=chunk_bytes
        )
        self.uploader = self.new_uploader()

    def open_outbox(self) -> Outbox:
        path = self.folder / "outbox.sqlite"
        return Outbox(path, self.spool, self.clock, recipients=self.recipients, machine=self.machine)

    def new_uploader(self) -> Uploader:
        return Uploader(self.outbox, self.platform, self.clock, self.logbook, random.Random(1))

    def hand_in(self, case: CaseToSeal | None = None) -> HandedIn:
        return self.outbox.hand_in(case or a_case())

    def drain(self, most_turns: int = 400) -> None:
        """Let the uploader work, turning the clock whenever it waits, until nothing waits."""
        for _ in range(most_turns):
            while self.uploader.step():
                pass
            status = self.outbox.status()
            if status.waiting == status.evaluations_waiting == 0:
                return
            self.clock.turn(15.0)
        raise AssertionError(f"not drained: {self.outbox.status()}, {self.logbook.lines[-3:]}")

    def events(self, event: Event) -> list[Mapping[str, object]]:
        return [facts for each, facts in self.logbook.lines if each is event]

    def close(self) -> None:
        self.platform.close()
        self.outbox.close()


def a_case(rng: random.Random | None = None, *, pages: int = 2, size: int = 3000) -> CaseToSeal:
    """A case of an invented citizen with `pages` documents of `size` bytes and a signature."""
    rng = rng or random.Random()
    contents = [rng.randbytes(size) for _ in range(pages + 1)]
    names = [f"p{at:02d}" for at in range(1, pages + 2)]
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    materials = [
        {"slot": "lease", "part": name, "sha256": digest}
        for name, digest in zip(names[:-1], digests, strict=False)
    ]
    return CaseToSeal(
        case_id=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        matter_code="N02",
        manifest={
            "schema": 1,
            "applicant": {"name": NAME, "number": NUMBER},
            "materials": materials,
            "signature": {"part": names[-1], "sha256": digests[-1]},
        },
        parts=tuple(
            PartToSeal(name_in_manifest=name, content=content)
            for name, content in zip(names, contents, strict=True)
        ),
    )


def assert_arrived(platform: LoopbackPlatform, case: CaseToSeal, handed_in: HandedIn) -> None:
    """The platform has exactly this case: its manifest and all parts, byte by byte."""
    taken = platform.cases[case.case_id]
    manifest = json.loads(taken.opened["p00"])
    assert manifest.pop("handed_in_clock", {"state": "unknown"})["state"] in set(ClockState)
    assert manifest == json.loads(case.stamped(handed_in.local_number, handed_in.handed_in_at))
    assert {name: taken.opened[name] for name in taken.opened if name != "p00"} == {
        part.name_in_manifest: part.content for part in case.parts
    }
