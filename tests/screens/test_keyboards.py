"""Every keyboard by touch: how it looks, what a trembling finger writes, rare names, and that nothing stays.

`KIOSK_RECORD_GOLDEN=1` (make golden) records the pictures of the keyboards anew, at a third of their size: look first.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from PIL import Image

GOLDEN = Path(__file__).parent / "golden_keyboards"
RECORD = bool(os.environ.get("KIOSK_RECORD_GOLDEN"))
#: as for the screens, at a third of the size: a pixel counts as changed from this difference (of 255) on …
CHANGED_FROM = 72
#: … and this share may be: half a character
CHANGED_SHARE = 0.0004

#: the smallest side of a key, 15 mm at 3.65 pixels a millimetre
SMALLEST = 55
RARE = "㐂𠮷䶮〇㛃𪨶龘"


class Driven(NamedTuple):
    """What came of the drive, and its pictures."""

    told: dict[str, Any]
    pictures: Path


@pytest.fixture(scope="module")
def driven(
    face: Callable[..., None], fonts: Path, words: Path, tmp_path_factory: pytest.TempPathFactory
) -> Driven:
    """Everything that `drive_input.py` does, once."""
    folder = tmp_path_factory.mktemp("keyboards")
    out, pictures = folder / "out.json", folder / "pictures"
    face("drive_input.py", str(out), str(fonts), str(words), str(folder / "kivy"), str(pictures))
    return Driven(json.loads(out.read_text(encoding="utf-8")), pictures)


def test_keyboards_look_as_they_were_approved(driven: Driven) -> None:
    if RECORD:
        shutil.rmtree(GOLDEN, ignore_errors=True)
        shutil.copytree(driven.pictures, GOLDEN)
    names = {path.name for path in driven.pictures.glob("*.png")}
    assert {path.name for path in GOLDEN.glob("*.png")} == names
    changed = {name: share for name in names if (share := difference(name, driven)) > CHANGED_SHARE}
    assert changed == {}


def difference(name: str, driven: Driven) -> float:
    """The share of pixels that changed; all of them when the keyboard has another height."""
    one, other = (
        np.asarray(Image.open(folder / name).convert("RGB"), dtype=np.int16)
        for folder in (GOLDEN, driven.pictures)
    )
    if one.shape != other.shape:
        return 1.0
    return float((np.abs(one - other).max(axis=2) >= CHANGED_FROM).mean())


def test_every_key_is_large_and_alone(driven: Driven) -> None:
    keyboards = driven.told["every_keyboard"]
    assert len(keyboards) == 13
    for name, told in keyboards.items():
        assert told["smallest"] >= SMALLEST, name
        assert told["overlap"] == [], name
        assert told["on screen"], name
        assert told["torn"] == [], name


def test_english_captions_find_room_too(driven: Driven) -> None:
    assert len(driven.told["english"]) == 3
    assert {name: torn for name, torn in driven.told["english"].items() if torn} == {}


def test_the_pad_is_most_of_its_panel(driven: Driven) -> None:
    assert driven.told["every_keyboard"]["handwriting"]["pad"] >= 0.6


def test_the_date_board_does_not_jump_between_its_steps(driven: Driven) -> None:
    keyboards = driven.told["every_keyboard"]
    assert keyboards["date"]["height"] == keyboards["date-day"]["height"]


def test_what_the_demos_citizen_types_arrives(driven: Driven) -> None:
    assert driven.told["story"] == {
        "phone": "19900000001",
        "residence_address": "湖北省天门市岳口镇建设路8号",
        "residence_since": "2026-03-01",
    }


def test_characters_are_written_one_after_another_by_the_finger(driven: Driven) -> None:
    told = driven.told["writing"]
    assert told["first keys"] == ["，", "。", "、"]
    assert told["candidates grow"] == [True] * 4, "candidates after each stroke"
    assert told["same after undo"]
    assert told["pad is free"] == [0, 0], "after a choice, and after 重写"
    assert told["trembling"]
    assert told["done says"] == ["选第一个", "完成"]
    assert told["posted"] == ["中", "中·", "中"]


def test_a_palm_writes_nothing_and_ink_stays_on_the_pad(driven: Driven) -> None:
    assert driven.told["palm"] == [True, 2, True]


def test_a_place_and_a_day_are_chosen_without_writing(driven: Driven) -> None:
    told = driven.told["places_and_days"]
    assert told["here"] == "湖北省天门市岳口镇陈家巷社区8"
    assert told["kind"] == "handwriting", "behind the last place she writes the house herself"
    assert told["moved"] == "湖北省天门市多宝镇8", "another town, and the house number stays"
    assert told["far"] == "北京市东城区8"
    assert told["own"] == ["handwriting", "人民大道 8 号"], "what names no place is not taken for one"
    assert not told["second touch too early"]
    assert told["born"] == "1954-03-12"
    assert told["last"] == "Fill(name='since', value='1960-03-12')"


def test_rare_names_are_drawn_and_posted_whole(driven: Driven) -> None:
    assert driven.told["rare"] == {"boxes": [], "named": f"王{RARE}", "by parts": True}


def test_the_keyboard_forgets_with_the_visit(driven: Driven) -> None:
    told = driven.told["forgetting"]
    assert told["within the visit"] == ["晓名利", "pinyin"], "her word comes first, her keyboard opens"
    assert told["files"] == [1, 0]
    assert told["threads"] == []
    assert (told["habit"], told["strokes"]) == ("handwriting", 0)
    assert not told["the next one"]


def test_a_screen_that_goes_takes_its_keyboard_along(driven: Driven) -> None:
    assert driven.told["leaks"] == []


def test_digits_of_the_keypad_go_into_the_field(driven: Driven) -> None:
    told = driven.told["keys"]["number"]
    assert told["first"] == ["field.phone", []], "the first key shows where one is, and activates nothing"
    assert told["typed"] == ["138", "key.done"], "确认 ends the number"
    assert (told["corrected"], told["keyboard"], told["back at"]) == ("13", False, "field.phone")
    assert told["noted"], "patience knows of every key"
    assert told["louder"] == [1, -1]
    assert told["told"] == ["手机号码"]


def test_a_name_is_spelled_by_keys(driven: Driven) -> None:
    told = driven.told["keys"]["spelling"]
    assert told["opened"] == "key.pinyin", "no key leads onto the pad for a finger"
    assert told["chosen"], "while letters wait, a digit chooses"
    assert (told["then"], told["closed"]) == ("8", "field.contact"), "else it is written"


def test_a_pad_of_digits_alone_leads_everywhere(driven: Driven) -> None:
    assert driven.told["keys"]["no_arrows"] == [
        "field.phone",
        "field.number",
        "field.contact",
        "action.continue",
    ]


def test_one_switch_is_enough(driven: Driven) -> None:
    told = driven.told["keys"]["one_switch"]
    assert told["begun"] == ["choice.rented", []]
    assert told["moved"] == "choice.owned", "it moves on by itself"
    assert told["posted"] == "Answer(question='housing', choice='owned')"
    assert told["row"] > 1, "rows first, then what is in them"
    assert told["inside"]


def test_a_finger_takes_the_ring_away(driven: Driven) -> None:
    told = driven.told["keys"]["away"]
    assert told["posted"] == ["AskLeave", "AskHelp", "Back"]
    assert (told["ring"], told["focus"]) == ([True, False], None)


def test_the_focus_stays_when_the_look_changes_and_begins_anew_on_another_screen(driven: Driven) -> None:
    assert driven.told["keys"]["kept"] == ["look.theme.night", "part.situation"]
