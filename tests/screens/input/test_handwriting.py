"""Handwriting: strokes become characters, one after the other, whoever writes them, and nothing of them stays."""

import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import pi, sin
from pathlib import Path

import pytest

from screens.input import zinnia
from screens.input.draft import Draft
from screens.input.ink import MOST_STROKES, Ink
from screens.input.layouts import Kind
from screens.input.pinyin import SharedEngine
from screens.input.zinnia import NoModel, Point, Recognizer, Stroke, fitted, steadied

#: in their stroke order, on a square of 100 units
WRITTEN: dict[str, tuple[tuple[Point, ...], ...]] = {
    "中": (
        ((25, 30), (25, 60)),
        ((25, 30), (75, 30), (75, 60)),
        ((25, 60), (75, 60)),
        ((50, 8), (50, 95)),
    ),
    "王": (((20, 20), (80, 20)), ((25, 50), (75, 50)), ((50, 20), (50, 85)), ((12, 85), (90, 85))),
    "大": (((15, 40), (85, 40)), ((50, 10), (46, 45), (12, 92)), ((50, 42), (60, 65), (90, 92))),
    "十": (((12, 45), (90, 45)), ((50, 10), (50, 95))),
    "口": (((22, 25), (25, 80)), ((22, 25), (78, 25), (75, 80)), ((25, 75), (76, 75))),
}


def along(stroke: Sequence[Point], tremble: float = 0.0) -> list[Point]:
    """The points that a finger leaves, 24 on each line; a tremor swings six times on it."""
    path = [stroke[0]]
    for (x0, y0), (x1, y1) in pairwise(stroke):
        for step in range(1, 25):
            shake = tremble * sin(step * pi / 2)
            path.append((x0 + (x1 - x0) * step / 24 + shake, y0 + (y1 - y0) * step / 24 - shake))
    return path


def strokes(character: str, tremble: float = 0.0) -> list[list[Point]]:
    return [along(stroke, tremble) for stroke in WRITTEN[character]]


@pytest.fixture(scope="module")
def recognizer() -> Iterator[Recognizer]:
    opened = Recognizer()
    yield opened
    opened.close()


@pytest.mark.parametrize("character", WRITTEN)
def test_a_character_is_among_the_first_keys(recognizer: Recognizer, character: str) -> None:
    assert character in recognizer.candidates(strokes(character), 24)[:3]


@pytest.mark.parametrize("character", ["中", "大", "口"])
def test_a_trembling_finger_is_read(recognizer: Recognizer, character: str) -> None:
    assert character in recognizer.candidates(strokes(character, tremble=2.5), 24)[:7]


@pytest.mark.parametrize(("size", "left", "top"), [(0.2, 0, 0), (0.3, 900, 400), (6, 30, 10)])
def test_small_or_in_a_corner_is_the_same(
    recognizer: Recognizer, size: float, left: float, top: float
) -> None:
    moved = [[(x * size + left, y * size + top) for x, y in stroke] for stroke in strokes("中")]
    assert recognizer.candidates(moved, 24) == recognizer.candidates(strokes("中"), 24)


def test_candidates_come_after_each_stroke_and_as_many_as_asked_for(recognizer: Recognizer) -> None:
    offered = [recognizer.candidates(strokes("中")[:count], 9) for count in (1, 2, 3, 4)]
    assert [len(each) for each in offered] == [9] * 4
    assert "口" in offered[2]
    assert recognizer.candidates([], 9) == ()


def test_a_touch_is_a_stroke_too(recognizer: Recognizer) -> None:
    assert recognizer.candidates([[(50, 50)]], 5) == recognizer.candidates([[(50, 50), (50, 50)]], 5)


def test_strokes_are_centred_and_keep_their_shape() -> None:
    (line,) = fitted([[(100, 10), (300, 10)]])
    assert line[0][1] == line[-1][1] == 150
    assert (line[0][0] + line[-1][0]) / 2 == 150
    assert steadied([(0, 0), (1, 1), (2, 0), (3, 1), (40, 0)], 10)[0] == (0, 0)
    assert steadied([(0, 0), (1, 0), (2, 0)], 10) == [(0, 0), (2, 0)]


def test_a_closed_model_answers_nothing_and_closes_twice() -> None:
    opened = Recognizer()
    opened.close()
    opened.close()
    assert opened.candidates(strokes("中"), 5) == ()


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.model"
    broken.write_bytes(b"not a model")
    for model in (broken, tmp_path / "none.model"):
        with pytest.raises(NoModel):
            Recognizer(model)
    with pytest.raises(NoModel):
        Recognizer(library="libnothing.so.1")
    assert not zinnia.installed(model=tmp_path / "none.model")


class Slow:
    """A reader that answers when it may, with how many strokes it saw."""

    def __init__(self) -> None:
        self.may = threading.Event()
        self.closed = 0

    def candidates(self, strokes: Sequence[Stroke], most: int) -> tuple[str, ...]:
        self.may.wait(10)
        return (str(len(strokes)),)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def ink(slow: Slow) -> Iterator[Ink]:
    writing = Ink(lambda: slow)
    yield writing
    slow.may.set()
    writing.forget()


def test_the_finger_never_waits_for_the_recognition(ink: Ink, slow: Slow) -> None:
    assert ink.add([(0, 0)]).candidates == ()
    assert ink.look() is None
    assert ink.add([(1, 1)]).spelled == "··"
    slow.may.set()
    assert ink.wait().candidates == ("2",)
    seen = ink.look()
    assert seen is not None and seen.candidates == ("2",), (
        "the last answer counts, not one that was overtaken"
    )


def test_a_stroke_is_taken_back_and_all_of_them(ink: Ink, slow: Slow) -> None:
    slow.may.set()
    for place in range(3):
        ink.add([(place, place)])
    ink.erase()
    assert ink.wait().candidates == ("2",)
    ink.clear()
    assert ink.wait() == ink.look()
    assert (ink.wait().spelled, ink.wait().candidates) == ("", ())
    assert ink.erase().spelled == ""


def test_a_scribble_has_an_end(ink: Ink, slow: Slow) -> None:
    slow.may.set()
    for place in range(MOST_STROKES + 5):
        spelled = ink.add([(place, 0)]).spelled
    assert len(spelled) == MOST_STROKES


def test_after_the_visit_there_is_no_stroke_no_thread_and_no_model(ink: Ink, slow: Slow) -> None:
    slow.may.set()
    ink.add([(0, 0)])
    ink.wait()
    assert any(thread.name.startswith("handwriting") for thread in threading.enumerate())
    ink.forget()
    ink.forget()
    assert slow.closed == 1
    assert not any(thread.name.startswith("handwriting") for thread in threading.enumerate())
    assert ink.wait().candidates == ()
    ink.add([(0, 0)])
    assert ink.wait().candidates == ("1",), "the next visit opens it again"


@pytest.fixture
def engines() -> Iterator[SharedEngine]:
    shared = SharedEngine()
    yield shared
    shared.forget()


def drawn(draft: Draft, character: str) -> Draft:
    for stroke in strokes(character):
        draft.draw(stroke)
    while not draft.look():
        threading.Event().wait(0.01)
    return draft


def test_one_character_after_another(engines: SharedEngine) -> None:
    draft = Draft(Kind.HANDWRITING, "", 20, engines)
    for character in "大中":
        drawn(draft, character)
        draft.choose(draft.word.candidates.index(character))
        assert not draft.composing, "the area is free for the next"
    assert draft.text == "大中"
    draft.press("delete")
    assert draft.text == "大"


def test_done_takes_the_first_candidate_even_before_it_is_shown(engines: SharedEngine) -> None:
    draft = Draft(Kind.HANDWRITING, "王", 20, engines)
    for stroke in strokes("中"):
        draft.draw(stroke)
    draft.settle()
    assert (draft.text, draft.composing) == ("王中", False)


def test_strokes_that_nobody_chose_are_wiped_with_the_keyboard(engines: SharedEngine) -> None:
    draft = drawn(Draft(Kind.HANDWRITING, "王", 20, engines), "中")
    draft.press("pinyin")
    assert (draft.text, draft.composing, draft.kind) == ("王", False, Kind.PINYIN)
    draft = drawn(Draft(Kind.HANDWRITING, "王", 20, engines), "中")
    draft.put_away()
    assert (draft.text, engines.ink.wait().spelled) == ("王", "")


def test_undo_and_wipe(engines: SharedEngine) -> None:
    draft = drawn(Draft(Kind.HANDWRITING, "", 20, engines), "中")
    draft.press("undo")
    assert len(draft.word.spelled) == 3
    draft.press("wipe")
    draft.press("undo")
    assert not draft.composing


def test_nothing_is_drawn_into_a_full_field(engines: SharedEngine) -> None:
    draft = Draft(Kind.HANDWRITING, "王", 1, engines)
    draft.draw([(0, 0), (9, 9)])
    assert not draft.composing


def test_her_way_of_writing_is_remembered_until_she_goes(engines: SharedEngine) -> None:
    assert engines.way is None
    draft = Draft(Kind.HANDWRITING, "", 20, engines)
    draft.press("pinyin")
    draft.press("symbols")
    assert engines.way is Kind.PINYIN
    draft.press("handwriting")
    assert engines.way is Kind.HANDWRITING
    engines.forget()
    assert engines.way is None
