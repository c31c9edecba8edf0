"""The generated defects are the same each time, as grave as they say, and the good pages are not."""

import cv2
import numpy as np
import pytest

from bench.defects import case
from bench.defects.fine import GOOD
from bench.defects.spoilt import DEFECTS
from bench.verdicts import Tally
from kiosk.capture.judge import Verdict


def brightest(pixels: np.ndarray) -> float:  # type: ignore[type-arg]
    return float(np.percentile(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)[::4, ::4], 97))


def test_at_full_size_there_are_two_hundred_of_both_and_the_kiosk_knows_every_verdict() -> None:
    assert len(DEFECTS) * 16 >= 200
    assert len(GOOD) * 16 >= 200
    assert {wanted for wanted, _ in DEFECTS.values()} == {verdict.value for verdict in Verdict}
    assert not set(DEFECTS) & set(GOOD)


def test_the_same_picture_each_time() -> None:
    first, again = case("next_of_same_form", 0), case("next_of_same_form", 0)
    assert first.wanted is None
    assert np.array_equal(first.pixels, again.pixels)
    assert first.before is not None
    assert again.before is not None
    assert np.array_equal(first.before, again.before)


def test_dark_is_darker_than_dim() -> None:
    for number in range(2):
        assert brightest(case("dark", number).pixels) < 95
        assert brightest(case("dim", number).pixels) > 110


def test_what_is_blurred_has_lost_its_fine_detail() -> None:
    def detail(kind: str) -> float:
        return max(
            float(
                np.percentile(
                    np.abs(cv2.Laplacian(cv2.cvtColor(case(kind, number).pixels, 6), cv2.CV_32F)), 99
                )
            )
            for number in range(2)
        )

    sharp = detail("table")
    assert detail("out_of_focus") < 0.5 * sharp


def test_every_third_is_held_back() -> None:
    assert not case("nothing", 1).held_back
    assert case("nothing", 2).held_back


def test_an_unknown_kind_is_no_case() -> None:
    with pytest.raises(KeyError):
        case("stained", 0)


def test_a_good_page_hits_when_nothing_is_said_and_a_defect_when_the_wanted_is_among_the_said() -> None:
    tally = Tally()
    good, bad = case("dim", 0), case("dark", 2)
    tally.count(good, frozenset())
    tally.count(good, frozenset({"dark"}))
    tally.count(bad, frozenset({"dark", "blurred"}))
    tally.count(bad, frozenset({"blurred"}))
    assert tally.share(["dim"]) == (1, 2)
    assert tally.share(["dark"], held_back=True) == (1, 2)
    assert tally.share(["dark"], held_back=False) == (0, 0)
