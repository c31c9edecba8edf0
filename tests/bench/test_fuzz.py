"""Every codec makes a value or `Garbled` of whatever comes; ten thousand frames in `make bench`, some hundreds here."""

import pytest

from bench.fuzz import FUZZ, SEEDS, frames, measure, outcomes
from devices.errors import Garbled

ROUNDS = 300


@pytest.mark.parametrize("name", FUZZ)
def test_a_value_or_garbled_and_nothing_else(name: str) -> None:
    ends = outcomes(FUZZ[name], SEEDS.get(name, ()), ROUNDS)
    assert ends.total() == ROUNDS
    assert set(ends) <= {"value", "Garbled"}, ends


@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_is_a_true_frame(name: str) -> None:
    """Else the damaged ones would be nothing but noise."""
    assert SEEDS[name]
    values = 0
    for seed in SEEDS[name]:
        try:
            FUZZ[name](seed)
            values += 1
        except Garbled:
            continue
    assert values >= len(SEEDS[name]) // 2


def test_the_same_frames_in_every_run() -> None:
    assert list(frames((b"abc",), 50)) == list(frames((b"abc",), 50))
    assert any(b"abc" in frame for frame in frames((b"abcabcabc",), 50))


def test_what_is_neither_is_counted() -> None:
    def broken(frame: bytes) -> object:
        if len(frame) % 2:
            raise IndexError
        raise Garbled

    ends = outcomes(broken, (), 100)
    assert ends["IndexError"] > 0
    assert ends["IndexError"] + ends["Garbled"] == 100


def test_one_figure_for_each_codec() -> None:
    told = measure(50)
    assert len(told) == len(FUZZ)
    assert all(ratio.verdict == "ok" for ratio in told), told
