"""Every verdict has a headline, an instruction in both languages, and a drawing that stays on its board."""

import tomllib
from pathlib import Path

import pytest

from kiosk.capture.judge import Verdict
from screens.widgets.verdict_drawings import BOARD, DRAWINGS, Box, Disc, Fan, Shape, Stroke

WORDS = Path(__file__).parents[2] / "config" / "words"
LONGEST_HEADLINE = 20  # characters: one line beside the drawing at the size of a headline


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("verdict", Verdict)
def test_said_shortly_and_told_what_to_do(verdict: Verdict, language: str) -> None:
    words = tomllib.loads((WORDS / language / "screens_b.toml").read_text("utf-8"))["verdict"][verdict.value]
    assert 0 < len(words["said"].strip()) <= LONGEST_HEADLINE
    assert words["do"].strip()


def test_nothing_is_drawn_or_said_that_no_judge_says() -> None:
    names = {verdict.value for verdict in Verdict}
    assert set(DRAWINGS) == names
    for language in ("zh-Hans", "en"):
        words = tomllib.loads((WORDS / language / "screens_b.toml").read_text("utf-8"))["verdict"]
        assert set(words) == names


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_page_from_elsewhere_is_not_sent_under_our_lamp(language: str) -> None:
    words = tomllib.loads((WORDS / language / "screens_b.toml").read_text("utf-8"))["verdict"]
    ours = {"zh-Hans": ("灯", "再按一次"), "en": ("lamp", "touch once more")}[language]
    elsewhere = {name for name, said in words.items() if any(word in said["do"] for word in ours)}
    assert elsewhere == {name for name, said in words.items() if "do_brought" in said}
    assert not any(word in words[name]["do_brought"] for name in elsewhere for word in ours)


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_stays_on_its_board(name: str) -> None:
    for shape in DRAWINGS[name]:
        for x, y in outermost(shape):
            assert -1 <= x <= BOARD[0] + 1 and -1 <= y <= BOARD[1] + 1, (name, shape)


def outermost(shape: Shape) -> list[tuple[float, float]]:
    """Points between which the shape lies."""
    match shape:
        case Box():
            half = max(shape.size) / 2 if shape.turn else None
            wide, high = (half, half) if half else (shape.size[0] / 2, shape.size[1] / 2)
            return [
                (shape.middle[0] - wide, shape.middle[1] - high),
                (shape.middle[0] + wide, shape.middle[1] + high),
            ]
        case Disc():
            x, y = shape.middle
            return [(x - shape.radius, y - shape.radius), (x + shape.radius, y + shape.radius)]
        case Stroke():
            half = shape.width / 2
            return [(x + sign * half, y + sign * half) for x, y in shape.points for sign in (-1, 1)]
        case Fan():
            return list(shape.points)
