"""`kill -9` of the uploader at random moments, the link cut at random: nothing is lost and nothing is doubled."""

import random
import signal
from pathlib import Path

from tests.system.commands import end
from tests.system.premises import Premises, premises

CASES_BEFORE = 3  # wait already when the first uploader starts; one more comes with each kill
KILLS = 8
_SEED = 20261121
_LONGEST_LIFE_S = 0.4  # of an uploader that has begun to work


def test_killed_again_and_again_it_delivers_each_case_once(tmp_path: Path) -> None:
    rng = random.Random(_SEED)
    with premises(tmp_path / "premises") as place:
        handed_in = dict(_entry(place, rng) for _ in range(CASES_BEFORE))
        for _ in range(KILLS):
            handed_in |= [_entry(place, rng)]
            _kill_at_a_random_moment(place, rng)
        assert place.outbox.status().waiting > 0, "the kills came too late to hit anything"
        survivor = place.start_uploader()
        _cut_for_a_moment(place, rng)
        place.until_empty()
        assert end(survivor) == 0
        _assert_each_arrived_once(place, handed_in)


def _entry(place: Premises, rng: random.Random) -> tuple[str, str]:
    case, local_number = place.hand_in(rng)
    return case.case_id, local_number


def _kill_at_a_random_moment(place: Premises, rng: random.Random) -> None:
    uploader = place.start_uploader()
    place.clock.wait(rng.uniform(0.0, _LONGEST_LIFE_S))
    if rng.random() < 0.5:
        _cut_for_a_moment(place, rng)
    assert end(uploader, signal.SIGKILL) == -signal.SIGKILL


def _cut_for_a_moment(place: Premises, rng: random.Random) -> None:
    place.link.up = False
    place.clock.wait(rng.uniform(0.0, 0.2))
    place.link.up = True


def _assert_each_arrived_once(place: Premises, handed_in: dict[str, str]) -> None:
    held = place.held()
    assert held.keys() == handed_in.keys()
    assert len(held) >= CASES_BEFORE + KILLS
    assert len({case["acceptance_number"] for case in held.values()}) == len(held)
    for case_id, case in held.items():
        assert (case["copies"], case["pages"], case["evaluation"]) == (1, 3, 5)
        assert place.outbox.acceptance_number(case_id) == case["acceptance_number"]
        assert place.manifest(case_id)["local_number"] == handed_in[case_id]
    assert place.outbox.status().stuck == 0
    assert place.outbox.verify() == []
    assert [path.name for path in (place.folder / "spool").iterdir()] == [".lock"]
