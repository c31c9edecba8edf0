"""`kill -9` of a face that hands in: what was acknowledged is delivered once, everything else is whole or absent."""

import random
import signal
import subprocess
from pathlib import Path

from tests.system.commands import end, start
from tests.system.premises import Premises, premises

KILLS = 6
_SEED = 20261122
_LONGEST_S = 0.3  # from an acknowledgement to the kill


def test_every_acknowledged_case_is_delivered_exactly_once(tmp_path: Path) -> None:
    rng = random.Random(_SEED)
    with premises(tmp_path / "premises") as place:
        acknowledged: dict[str, str] = {}
        uploader = _uploader_with_something_to_do(place, rng)
        for seed in range(KILLS):
            acknowledged |= _handed_in_until_killed(place, seed, rng.uniform(0.0, _LONGEST_S))
        place.outbox.sweep()  # a unit that was whole but not committed yet is a case, too (ADR 0028)
        place.until_empty()
        assert end(uploader) == 0
        _assert_receipts_are_true(place, acknowledged)


def _uploader_with_something_to_do(place: Premises, rng: random.Random) -> subprocess.Popen[str]:
    place.hand_in(rng)
    return place.start_uploader()


def _handed_in_until_killed(place: Premises, seed: int, after_s: float) -> dict[str, str]:
    """Local numbers by case, as the killed process acknowledged them."""
    process = start("-m", "tests.system.desk_process", place.demo.config, seed)
    assert process.stdout is not None
    told = [process.stdout.readline()]
    place.clock.wait(after_s)
    process.kill()
    told += process.stdout.readlines()
    assert end(process) == -signal.SIGKILL
    whole = [line.split() for line in told if line.endswith("\n")]
    assert whole, "it was killed before it did anything"
    return {words[0]: words[1] for words in whole}


def _assert_receipts_are_true(place: Premises, acknowledged: dict[str, str]) -> None:
    assert len(acknowledged) >= KILLS
    records = {record.case_id: record for record in place.outbox.list_cases()}
    held = place.held()
    assert acknowledged.keys() <= held.keys() == records.keys()
    unacknowledged = len(held) - len(acknowledged) - 1  # one was handed in by the test itself
    assert 0 <= unacknowledged <= KILLS, "durable, but killed before it could say so: once a kill at most"
    numbers = {case_id: place.manifest(case_id)["local_number"] for case_id in held}
    assert acknowledged.items() <= numbers.items()
    assert len(set(numbers.values())) == len(numbers)
    assert all((case["copies"], case["pages"]) == (1, 3) for case in held.values())
    assert len({case["acceptance_number"] for case in held.values()}) == len(held)
    assert place.outbox.sweep() is not None
    assert place.outbox.verify() == []
    assert [path.name for path in (place.folder / "spool").iterdir()] == [".lock"]
