"""`kill -9` of the face and of the uploader at random instants, with a link that is cut and replies that get lost."""

import contextlib
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import offline_cache
from ground.clock import RealClock
from offline_cache.items import HandedIn
from offline_cache.outbox import Outbox
from tests.offline_cache.bench_terminal import a_case, assert_arrived
from tests.offline_cache.children import open_outbox
from tests.offline_cache.loopback_platform import Cut, Fault, LoopbackPlatform, LostReply, Says

KILLS = 16
FAULTS = 12
DEADLINE_S = 300.0  # generous: a busy machine needs seconds to start a process


class Child:
    """One process under test; its receipts are read as they come."""

    def __init__(self, role: str, folder: Path, platform: LoopbackPlatform, seed: int) -> None:
        self.role = role
        arguments = [role, str(folder), platform.recipient, platform.url, str(seed)]
        root = Path(offline_cache.__file__).parents[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.offline_cache.children", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        assert self.stdout.readline() == "ready\n"
        self.receipts: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        for line in self.stdout:
            self.receipts.append(line)
            with contextlib.suppress(OSError, ValueError):
                self.stdin.write("next\n")
                self.stdin.flush()

    def end(self, how: int) -> int:
        self.process.send_signal(how)
        code = self.process.wait(DEADLINE_S)
        self._reader.join()
        self.stdin.close()
        self.stdout.close()
        return code


def _bad_weather(rng: random.Random, platform: LoopbackPlatform) -> None:
    """Some faults, anywhere; not many, because the uploader rests a second or two after each."""
    left = iter(range(FAULTS))

    def mood(method: str, path: str) -> Fault | None:
        if method not in ("PUT", "PATCH", "POST") or rng.random() > 0.05 or next(left, None) is None:
            return None
        return rng.choice([Cut(rng.randrange(32 * 1024)), LostReply(), Says(500)])

    platform.mood = mood


@contextlib.contextmanager
def _outbox(folder: Path, platform: LoopbackPlatform) -> Iterator[Outbox]:
    outbox = open_outbox(folder, platform.recipient)
    yield outbox
    outbox.close()


def _wait_until_empty(outbox: Outbox) -> None:
    clock = RealClock()
    end = clock.after(DEADLINE_S)
    while (status := outbox.status()).waiting or status.evaluations_waiting:
        assert not clock.due(end), status
        clock.wait(0.05)


def test_nothing_is_lost_and_nothing_is_doubled(tmp_path: Path, platform: LoopbackPlatform) -> None:
    rng = random.Random(20261121)
    _bad_weather(random.Random(7), platform)
    children = {role: Child(role, tmp_path, platform, 0) for role in ("face", "uploader")}
    receipts: list[str] = []
    for kill in range(1, KILLS + 1):
        role = rng.choice(["face", "uploader"])
        with contextlib.suppress(subprocess.TimeoutExpired):
            children[role].process.wait(rng.uniform(0.0, 0.4))  # a random instant of its life
        assert children[role].end(signal.SIGKILL) == -signal.SIGKILL
        receipts += children[role].receipts
        children[role] = Child(role, tmp_path, platform, kill)
    children["face"].end(signal.SIGKILL)
    receipts += children["face"].receipts
    with _outbox(tmp_path, platform) as outbox:
        _wait_until_empty(outbox)
        assert (
            outbox.sweep() is not None
        )  # enters what was written whole and killed before its commit (ADR 0028)
        _wait_until_empty(outbox)
        assert children["uploader"].end(signal.SIGTERM) == 0
        assert outbox.sweep() is not None
        assert outbox.verify() == []
        assert list((tmp_path / "spool").glob("*.*e*")) == []
        _assert_receipts_are_true(receipts, outbox, platform)


def _assert_receipts_are_true(receipts: list[str], outbox: Outbox, platform: LoopbackPlatform) -> None:
    records = {record.case_id: record for record in outbox.list_cases(most=1_000_000)}
    assert records.keys() == platform.cases.keys()
    assert len({taken.acceptance_number for taken in platform.cases.values()}) == len(platform.cases)
    assert all(
        records[case].acceptance_number == taken.acceptance_number for case, taken in platform.cases.items()
    )
    assert len(receipts) >= KILLS
    assert 0 <= len(records) - len(receipts) <= KILLS + 1  # durable, but the kill came before the receipt
    assert platform.evaluations_before_their_case == 0
    assert len(platform.evaluations) == sum(record.evaluation == "delivered" for record in records.values())
    for receipt in receipts:
        seed, local_number, at = receipt.split()
        case_rng = random.Random(int(seed))
        case = a_case(case_rng, pages=case_rng.randint(1, 3), size=case_rng.choice([10, 5_000, 200_000]))
        record = records[case.case_id]
        assert record.local_number == local_number
        handed_in = HandedIn(
            case_id=case.case_id,
            local_number=local_number,
            parts=record.parts,
            bytes=record.bytes,
            handed_in_at=datetime.fromisoformat(at),
        )
        assert_arrived(platform, case, handed_in)
