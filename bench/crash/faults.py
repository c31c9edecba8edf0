"""Every system call of what a citizen waits for, failed once at each place, and killed once at each place.

Never a hang, never a false thank-you: what was thanked for is there, whole; what was not is whole or absent.
"""

import argparse
import contextlib
import os
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyrage

from bench.crash.syscalls import NAMES, Watched, errors_of, supported, watch
from bench.crash.visits import Visit, visit_of
from ground.clock import RealClock
from offline_cache.drafts import OwnKey
from offline_cache.errors import CacheError
from offline_cache.items import CaseJob, CaseToSeal, PartToSeal
from offline_cache.outbox import Outbox, open_or_rebuild
from offline_cache.seal import Recipients
from offline_cache.spool import Spool

PATIENCE_S = 5.0  # what the issue allows
_AT = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)
_HERE, _NEW, _AFTER = visit_of(1), visit_of(2), visit_of(3)


@dataclass
class Kept:
    """A terminal's folder, made once and copied for each run, and the keys."""

    platform: pyrage.x25519.Identity = field(default_factory=pyrage.x25519.Identity.generate)
    own: str = field(default_factory=lambda: str(pyrage.x25519.Identity.generate()))

    def open(self, folder: Path) -> Outbox:
        """The outbox as the face opens it."""
        return open_or_rebuild(
            folder / "outbox.sqlite",
            Spool(folder / "spool", reserve_bytes=0),
            RealClock(),
            recipients=Recipients.parse([str(self.platform.to_public())]),
            own_key=OwnKey(self.own),
        )


@dataclass(frozen=True)
class Deed:
    """Something that is done to an outbox, and how to tell afterwards whether it was."""

    name: str
    do: Callable[[Kept, Path, Callable[[], None]], str]  #: gets the mark at which calls begin to count
    done: Callable[
        [Kept, Outbox], bool
    ]  #: whether it is done, and whole; raises AssertionError when it is half done


@dataclass
class Told:
    """What came of all runs."""

    runs: Counter[str] = field(default_factory=Counter)
    wrong: int = 0

    def add(self, what: str) -> None:
        """Something that may not be."""
        self.wrong += 1
        print(f"WRONG {what}", flush=True)


def run(asked: argparse.Namespace) -> int:
    """Print what came of it; 1 when anything was wrong."""
    if not supported():
        print("only on Linux on x86_64")
        return 2
    told, kept = Told(), Kept()
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name)
        prepared = folder / "prepared"
        with contextlib.closing(kept.open(prepared)) as outbox:
            outbox.hand_in(_sealing(_HERE))
        for deed in DEEDS:
            if asked.deeds and deed.name not in asked.deeds:
                continue
            before = told.runs.copy()
            for place, which in _places(kept, deed, prepared, folder, asked):
                _one(told, kept, deed, prepared, folder / "run", place, which)
            print(f"{deed.name}: {dict(told.runs - before)}", flush=True)
    print(f"{sum(told.runs.values())} places failed or killed, {told.wrong} wrong", flush=True)
    return 1 if told.wrong else 0


def _places(
    kept: Kept, deed: Deed, prepared: Path, folder: Path, asked: argparse.Namespace
) -> Iterator[tuple[int, int | None]]:
    """Each call of an unharmed run, with each of its errors, and as the last one (None)."""
    unharmed = _in_child(kept, deed, prepared, folder / "unharmed", 1 << 30, None)
    assert unharmed.said == "done", unharmed
    at = 0
    for place, call in enumerate(unharmed.calls):
        if asked.only not in (None, NAMES.get(call)):
            continue
        for which in (*range(len(errors_of(call))), None):
            if at % asked.every == 0:
                yield place, which
            at += 1


def _in_child(kept: Kept, deed: Deed, prepared: Path, folder: Path, place: int, which: int | None) -> Watched:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(prepared, folder)

    def task(begin: Callable[[], None]) -> str:
        try:
            return deed.do(kept, folder, begin)
        except CacheError as refused:
            return refused.code

    return watch(task, place, which, PATIENCE_S)


def _one(
    told: Told, kept: Kept, deed: Deed, prepared: Path, folder: Path, place: int, which: int | None
) -> None:
    seen = _in_child(kept, deed, prepared, folder, place, which)
    if seen.hung:  # once more: a busy machine may have held it up
        seen = _in_child(kept, deed, prepared, folder, place, which)
    call, how = _hit(seen, place, which)
    what = f"{deed.name}, call {place} ({call}): {how}: "
    outcome = _outcome(seen, which)
    told.runs[outcome.partition(":")[0]] += 1
    if outcome.startswith(("hung", "raised")):
        told.add(what + outcome)
    try:
        unsynced = how != "killed" and _counts(call, seen)
        _check(kept, deed, folder, thanked=outcome == "done", unsynced=unsynced)
    except (AssertionError, ValueError, CacheError) as wrong:
        told.add(f"{what}{outcome}: {type(wrong).__name__} {wrong}")


def _hit(seen: Watched, place: int, which: int | None) -> tuple[str, str]:
    """Which call it was this time (threads do not run in the same order each time), and what was done to it."""
    if place >= len(seen.calls):
        return "none", "nothing"
    call = seen.calls[place]
    errors = errors_of(call)
    told = "killed" if which is None else os.strerror(errors[which]) if which < len(errors) else "nothing"
    return NAMES.get(call, str(call)), told


def _counts(call: str, seen: Watched) -> bool:
    """Whether this sync must not fail. SQLite ignores it when that of its folder fails (with fdatasync, when it makes
    its log), which is harmless: the store syncs that folder itself at the opening, with fsync."""
    return call == "fsync" or (call == "fdatasync" and not seen.folder)


def _outcome(seen: Watched, which: int | None) -> str:
    """done, refused, killed, died (the C library gave up), hung, or raised: what it raised."""
    if seen.hung:
        return "hung"
    if seen.said == "done" or seen.said.startswith("raised"):
        return seen.said
    if seen.said:
        return "refused"
    if which is None and os.WIFSIGNALED(seen.status) and os.WTERMSIG(seen.status) == signal.SIGKILL:
        return "killed"
    return "died"


def _check(kept: Kept, deed: Deed, folder: Path, *, thanked: bool, unsynced: bool) -> None:
    """After a restart: what was there is there, what was thanked for too, and the next citizen can be served."""
    assert not (thanked and unsynced), "thanked, though a sync had failed"
    with contextlib.closing(kept.open(folder)) as outbox:
        assert outbox.sweep() is not None
        done = deed.done(kept, outbox)
        assert done or not thanked, "a false thank-you"
        outbox.hand_in(_sealing(_AFTER))
        _assert_whole(kept, outbox, _AFTER)
        assert outbox.verify() == []
        named = {part.file for job in outbox.open_jobs() for part in getattr(job, "parts", ())}
        assert set(outbox_files(folder)) == named, "files that nobody names, or that are gone"


def outbox_files(folder: Path) -> list[str]:
    """Sealed files in the spool."""
    return [each.name for each in (folder / "spool").glob("*.age")]


def _sealing(visit: Visit) -> CaseToSeal:
    case = visit.case
    parts = tuple(PartToSeal(name_in_manifest=name, content=content) for name, content in case.parts)
    return CaseToSeal(case_id=case.case_id, matter_code=case.matter_code, manifest=case.manifest, parts=parts)


def _assert_whole(kept: Kept, outbox: Outbox, visit: Visit) -> None:
    jobs = [each for each in outbox.open_jobs() if isinstance(each, CaseJob)]
    (job,) = [each for each in jobs if each.case_id == visit.case.case_id]
    opened = {}
    for part in job.parts:
        with outbox.open_part(part) as file:
            opened[part.part] = pyrage.decrypt(file.read(), [kept.platform])
    opened.pop("p00")
    assert opened == dict(visit.case.parts), "other content"


def _knows(outbox: Outbox, visit: Visit) -> bool:
    return any(each.case_id == visit.case.case_id for each in outbox.list_cases(most=100))


def _hand_in(kept: Kept, folder: Path, begin: Callable[[], None]) -> str:
    outbox, case = kept.open(folder), _sealing(_NEW)
    begin()
    outbox.hand_in(case)
    return "done"


def _start_and_hand_in(kept: Kept, folder: Path, begin: Callable[[], None]) -> str:
    case = _sealing(_NEW)
    begin()
    kept.open(folder).hand_in(case)
    return "done"


def _first_start(kept: Kept, folder: Path, begin: Callable[[], None]) -> str:
    """On a terminal that never had a database: made anew, it takes in what the spool holds."""
    for file in folder.glob("outbox.sqlite*"):
        file.unlink()
    return _start_and_hand_in(kept, folder, begin)


def _handed_in(kept: Kept, outbox: Outbox) -> bool:
    _assert_whole(kept, outbox, _HERE)
    if not _knows(outbox, _NEW):
        return False
    _assert_whole(kept, outbox, _NEW)
    return True


def _keep_page(kept: Kept, folder: Path, begin: Callable[[], None]) -> str:
    outbox = kept.open(folder)
    begin()
    outbox.keep_draft(_NEW.case.case_id, 0, _NEW.pages[0])
    return "done"


def _page_kept(kept: Kept, outbox: Outbox) -> bool:
    drafts = outbox.drafts()
    assert all(outbox.open_draft(draft) == _NEW.pages[0] for draft in drafts), "other content"
    return len(drafts) == 1


def _rate(kept: Kept, folder: Path, begin: Callable[[], None]) -> str:
    outbox = kept.open(folder)
    begin()
    outbox.add_evaluation(_HERE.case.case_id, 5, [], "screen", _AT, "1")
    return "done"


def _rated(kept: Kept, outbox: Outbox) -> bool:
    _assert_whole(kept, outbox, _HERE)
    return outbox.case(_HERE.case.case_id).evaluation is not None


def _finish(kept: Kept, folder: Path, begin: Callable[[], None]) -> str:
    """The platform has just answered."""
    outbox = kept.open(folder)
    begin()
    outbox.claim(120.0)
    outbox.delivered(_HERE.case.case_id, "429006-1")
    return "done"


def _finished(kept: Kept, outbox: Outbox) -> bool:
    case = outbox.case(_HERE.case.case_id)
    if case.acceptance_number is None:
        _assert_whole(kept, outbox, _HERE)
        return False
    return case.acceptance_number == "429006-1"


DEEDS = (
    Deed("hand in", _hand_in, _handed_in),
    Deed("start and hand in", _start_and_hand_in, _handed_in),
    Deed("first start", _first_start, _handed_in),
    Deed("keep a page", _keep_page, _page_kept),
    Deed("rate", _rate, _rated),
    Deed("finish", _finish, _finished),
)
