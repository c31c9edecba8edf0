"""From situation to goodbye: every screen updates in place, lets go of everything, and posts what was touched."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
#: a generous limit for a busy machine; the drive takes some thirty seconds
DEADLINE_S = 300


@pytest.fixture(scope="module")
def came_of_it(display: str, fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the drive wrote: scenario → result."""
    folder = tmp_path_factory.mktemp("drive")
    out = folder / "out.json"
    script = Path(__file__).parent / "drive_b.py"
    command = [
        sys.executable,
        str(script),
        str(out),
        str(fonts),
        str(ROOT / "config" / "words"),
        str(folder / "kivy"),
    ]
    environment = os.environ | {
        "DISPLAY": display,
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "default",
    }
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(out.read_text(encoding="utf-8"))


def test_every_screen_takes_a_second_scene_in_place(came_of_it: Any) -> None:
    assert came_of_it["updates"] == []


def test_no_screen_leaves_clock_events_or_itself_behind(came_of_it: Any) -> None:
    assert came_of_it["leaks"] == []


def test_an_answer_is_one_touch_and_the_main_action_only_comes_with_an_answer(came_of_it: Any) -> None:
    offered, answered, went_on = came_of_it["situation"]
    assert not offered
    assert answered == ["Answer(question='housing', choice='owned')"]
    assert went_on == ["Continue()"]


def test_a_number_is_posted_key_by_key_with_its_row_in_sight(came_of_it: Any) -> None:
    assert came_of_it["form_numbers"] == {
        "posted": [f"Fill(name='phone', value='{text}')" for text in ("1", "13", "138", "1380", "138")],
        "row stays above the keys": True,
        "main action while writing": False,
        "leaving while writing": True,
        "keyboard gone": True,
        "main action back": True,
    }


def test_an_address_is_written_by_pinyin_suggestion_and_digit(came_of_it: Any) -> None:
    candidate, suggestion, posted = came_of_it["form_pinyin"]
    assert (candidate, suggestion) == ("天门", "天门市")
    texts = ("天门", "天门天门市", "天门天门市8")
    assert posted == [f"Fill(name='residence_address', value='{text}')" for text in texts]


def test_letters_that_wait_are_settled_before_the_keyboard_goes(came_of_it: Any) -> None:
    still_open, settled, on_another_field = came_of_it["form_half_spelled"]
    assert still_open
    assert settled == on_another_field == "Fill(name='residence_address', value='天门')"


def test_a_date_and_a_choice(came_of_it: Any) -> None:
    posted, row_in_sight = came_of_it["form_date"]
    assert posted == "Fill(name='residence_since', value='2026-09-05')"
    assert row_in_sight
    assert came_of_it["form_choice_and_continue"] == [
        "Fill(name='residence_purpose', value='family')",
        "Continue()",
    ]


def test_what_is_known_unfolds_masked_and_folds_again(came_of_it: Any) -> None:
    unfolded, anything_open, folded_again = came_of_it["form_known"]
    assert {"王*", "429*** ******** 0021", "1990 年 01 月 01 日"} <= set(unfolded)
    assert not anything_open
    assert folded_again


def test_the_countdown_does_not_close_the_keyboard(came_of_it: Any) -> None:
    assert came_of_it["form_keeps_the_keyboard_over_updates"] == ["Fill(name='phone', value='13')", True]


def test_pages_are_taken_kept_and_deleted_only_after_a_question(came_of_it: Any) -> None:
    assert came_of_it["capture"] == {
        "question": [False, True, False],
        "deleted": ["DeletePage(slot='01', index=0)"],
        "take": ["TakePicture()"],
        "more": ["TakePicture()"],
        "done": ["Continue()"],
        "broken": ["TryAgain()"],
        "take when broken": False,
    }


def test_the_live_picture_has_one_texture_an_outline_and_leaves_nothing(came_of_it: Any) -> None:
    live = came_of_it["live_picture"]
    left, bottom, wide, high = live["frame"]
    outer_left, outer_bottom, outer_wide, outer_high = live["preview"]
    assert live["textures"] == 1
    assert live["steady"] == pytest.approx(0.8)
    assert live["outline"] == [8, 0]
    assert not live["left in the slot"]
    assert wide / high == pytest.approx(960 / 720, abs=0.01)
    assert outer_left - 1 <= left and left + wide <= outer_left + outer_wide + 1
    assert outer_bottom - 1 <= bottom and bottom + high <= outer_bottom + outer_high + 1


def test_a_good_page_is_advised_to_be_kept_a_doubtful_one_to_be_taken_again(came_of_it: Any) -> None:
    said, keeping_is_larger = came_of_it["check_page"]
    assert said == ["Retake()", "Continue()"]
    assert keeping_is_larger == {"check-page": True, "check-page-blurred": False}


def test_every_part_of_the_review_leads_to_its_place(came_of_it: Any) -> None:
    parts = ("situation", "form", "material:02")
    assert came_of_it["review"] == [*(f"GoTo(part='{part}')" for part in parts), "Continue()"]


def test_a_signature_needs_ink_is_kept_in_pad_units_and_forgotten(came_of_it: Any) -> None:
    signed = came_of_it["sign"]
    assert signed["offered"] == [[], ["action.clear"], []], "a short touch is no signature"
    assert signed["points"] == [20, 2]
    assert signed["first"] == pytest.approx([100, 200], abs=2)
    assert signed["last"] == pytest.approx([480, 295], abs=2)
    assert signed["clamped"] == pytest.approx([300, 0], abs=2), "ink ends at the pad's edge; y counts down"
    assert signed["again empty"]


def test_the_qr_code_is_always_there_and_large_without_paper(came_of_it: Any) -> None:
    done = came_of_it["done"]
    assert done["said"] == ["Continue()", "Skip()"]
    assert done["qr"]["done"] >= 200
    assert done["qr"]["done-no-paper"] > 1.4 * done["qr"]["done"]


def test_rating_is_equal_free_and_can_be_taken_back(came_of_it: Any) -> None:
    offered, sizes, said = came_of_it["evaluate"]
    assert offered == ["action.skip"], "nothing can be sent before a level is chosen; skipping always works"
    assert sizes == 1, "five faces of one size"
    assert said == [
        "Rate(level=<Level.VERY_DISSATISFIED: 1>)",
        "Skip()",
        "Rate(level=None)",
        "ToggleReason(code='clear')",
        "Continue()",
    ]


def test_goodbye_names_the_slip_only_when_one_came_out(came_of_it: Any) -> None:
    assert came_of_it["goodbye"] == [[True, False], ["Continue()"]]


def test_a_trembling_finger_counts_once(came_of_it: Any) -> None:
    assert came_of_it["double_tap"] == ["Skip()"]
