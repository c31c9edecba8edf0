"""A real pointer on a real window: what counts as a touch, and what does not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Play = Callable[[str], dict[str, Any]]


@pytest.fixture
def play(face: Callable[..., None], fonts: Path, words: Path, tmp_path: Path) -> Play:
    """Plays a story of touch_probe.py and returns what the director was told, with the story's notes."""

    def played(story: str) -> dict[str, Any]:
        out = tmp_path / "told.json"
        face("touch_probe.py", str(out), str(fonts), str(words), story)
        return dict(json.loads(out.read_text(encoding="utf-8")))

    return played


def test_each_touch_is_posted_with_the_scene_that_was_seen(play: Play) -> None:
    told = play("through_the_notice")["told"]
    assert told == [["Start()", 1], ["ChooseMatter(code='N02')", 2], ["Continue()", 3]]


def test_a_keyboard_that_somebody_plugs_in_is_dead(play: Play) -> None:
    story = play("type_on_a_keyboard")
    assert story["nothing"]
    assert story["told"] == [["Start()", 1]]


def test_a_finger_that_slips_off_chooses_nothing(play: Play) -> None:
    story = play("slip_off")
    assert story["pressed"] == ["matter.N02"]
    assert story["after_slip"] == 0
    assert story["told"] == [["ChooseMatter(code='N02')", 1]]
    assert story["signs_of_life"] == 2  # she is there, whatever her finger hits


def test_a_double_tap_goes_on_by_one_screen_only(play: Play) -> None:
    assert play("double_tap")["told"] == [["Continue()", 1]]


def test_a_finger_lifted_on_the_next_screen_chooses_nothing(play: Play) -> None:
    story = play("lift_on_the_next")
    assert story["pressed"] == ["start"]
    assert story["told"] == []


def test_a_long_list_turns_by_button_and_a_dragging_finger_chooses_nothing(play: Play) -> None:
    story = play("turn_the_list")
    assert story["turned"] > 100
    assert story["dragged"] < story["turned"]
    assert story["after_drag"] == 0
    assert story["told"] == [["ChooseMatter(code='C02')", 1]]


def test_the_search_card_opens_the_keyboard_and_every_key_searches(play: Play) -> None:
    told = play("write_a_search")["told"]
    assert told[0] == ["Search(text='')", 1]
    assert told[1][0].startswith("Search(")


def test_a_character_is_written_on_the_glass_by_a_real_pointer(play: Play) -> None:
    told = [text for text, _ in play("write_by_hand")["told"]]
    assert told[-1] == "Search(text='中')"
    assert set(told[:-1]) == {"Search(text='')"}, (
        "patience sees each stroke, and nothing is searched before a choice"
    )


def test_an_exception_comes_out_of_run(
    face: Callable[..., None], fonts: Path, words: Path, tmp_path: Path
) -> None:
    with pytest.raises(AssertionError, match="ZeroDivisionError: on purpose"):
        face("touch_probe.py", str(tmp_path / "told.json"), str(fonts), str(words), "broken_director")


def test_a_held_corner_asks_and_a_long_wait_tells_itself(play: Play) -> None:
    story = play("hold_and_wait")
    assert [event for event, _ in story["told"]] == ["Start()", "Back()", "AskClean()"]
    assert story["paces"] == [5.0, 1.0, 5.0]
    assert story["before"] == 0 and story["shown_s"] > 0
    assert story["held_s"] >= 1.0 and story["at_the_end"] == 3, "letting go is no touch"


def test_nothing_is_written_to_the_users_home(
    face: Callable[..., None], fonts: Path, words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    face("touch_probe.py", str(tmp_path / "told.json"), str(fonts), str(words), "through_the_notice")
    assert [path for path in home.rglob("*") if "kivy" in path.name.lower()] == []
