"""The same page is known again in other light and turned round; another copy of the same form is not."""

import numpy as np
import pytest

from kiosk.capture.fingerprint import Seen, fingerprint
from tests.kiosk.capture.papers import empty, paper
from tests.kiosk.capture.shots import Taken, take, varied

WIDE = 2592


def mark_of(taken: Taken, turns: int = 0) -> bytes:
    return fingerprint(np.ascontiguousarray(np.rot90(taken.flat(), turns)))


@pytest.mark.parametrize("sort", ["contract", "form", "card front", "handwriting", "one line"])
@pytest.mark.parametrize("turns", [0, 1, 2])
def test_a_page_is_known_again(sort: str, turns: int) -> None:
    seen = Seen([mark_of(take(paper(sort, 5), varied(1, wide=WIDE)))])
    again = take(paper(sort, 5), varied(2, wide=WIDE, gain=0.65, shadow=0.3))
    assert seen.knows(mark_of(again, turns))


@pytest.mark.parametrize("sort", ["form", "booklet", "card front", "card back", "contract"])
def test_the_same_form_filled_in_by_another_is_another_page(sort: str) -> None:
    seen = Seen([mark_of(take(paper(sort, 5, copy=0), varied(1, wide=WIDE)))])
    assert not seen.knows(mark_of(take(paper(sort, 5, copy=1), varied(2, wide=WIDE))))


def test_a_corner_found_some_millimetres_off_does_not_matter() -> None:
    first, again = take(paper("form", 5), varied(1, wide=WIDE)), take(paper("form", 5), varied(2, wide=WIDE))
    again.corners[2] += 3 * again.px_per_mm
    assert Seen([mark_of(first)]).knows(mark_of(again))


def test_empty_pages_are_never_the_same() -> None:
    blank = mark_of(take(empty(1), varied(1, wide=WIDE)))
    assert not Seen([blank]).knows(blank)


def test_a_mark_is_small_and_coarse() -> None:
    """Two looks at most across a character 4 mm high on A4: nothing can be read from it."""
    mark = mark_of(take(paper("contract", 5), varied(1, wide=WIDE)))
    assert len(mark) < 12_000
    assert 297 / 176 > 1.6


def test_nothing_is_known_at_first_or_without_a_mark() -> None:
    seen = Seen()
    seen.add(b"")
    assert not seen.knows(mark_of(take(paper("form", 5), varied(1, wide=WIDE))))
