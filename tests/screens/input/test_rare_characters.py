"""Rare characters of names: found by strokes, by parts and by number, whole from the key to the printer's dots."""

from datetime import date
from pathlib import Path

import pytest

from devices.receipt_printer.escpos_slip import encoded
from devices.receipt_printer.glyphs import GlyphBook
from kiosk.catalogue.checks import problem
from kiosk.catalogue.model import Check, Field
from screens.input.draft import Draft
from screens.input.layouts import PARTS, STROKES, Kind
from screens.input.pinyin import SharedEngine, open_numbers
from screens.input.strokes import Finder, Numbers, StrokeTable, installed, table
from tools.fonts import FACES, SYSTEM_FONTS

NOTO = SYSTEM_FONTS / "opentype/noto/NotoSansCJK-Regular.ttc"
RARE_FONT = SYSTEM_FONTS / FACES[2].source
#: character → its parts, its strokes: extension A, extension B, the basic block's last, the zero of dates
RARE = {
    "㐂": ("七七七", "hzhzhz"),
    "𠮷": ("土口", "hshszh"),
    "䶮": ("龙天", "hpzpnhhpn"),
    "〇": ("", "z"),
    "㛃": ("", "hhhszpzph"),
    "𪨶": ("山", "szs"),
    "龘": ("龍龍龍", ""),
}
NOBODYS = "\U0003fffd"  #: no typeface has it: the box


def engines() -> SharedEngine:
    """As on a terminal, but for the typefaces of the face, which need Kivy."""
    return SharedEngine(openers={Kind.FIND: Finder, Kind.CODE: open_numbers})


def spelled(*signs: str) -> tuple[str, ...]:
    finder = Finder()
    for sign in signs:
        word = finder.type(sign)
    return word.candidates


@pytest.mark.parametrize("character", [c for c, (parts, _) in RARE.items() if len(parts) > 1])
def test_found_by_its_parts(character: str) -> None:
    assert character in spelled(*RARE[character][0])[:6]


@pytest.mark.parametrize("character", ["㐂", "𠮷", "䶮", "〇", "㛃"])
def test_found_by_its_strokes(character: str) -> None:
    assert character in spelled(*RARE[character][1])


@pytest.mark.parametrize(("parts", "character"), [("石", "硚"), ("山", "𪨶"), ("土", "㙍")])
def test_found_by_a_part_and_the_strokes_behind_it(parts: str, character: str) -> None:
    strokes = table().strokes_of(character)
    assert strokes.startswith(table().strokes_of(parts))
    rest = strokes.removeprefix(table().strokes_of(parts))
    assert character in spelled(*parts, *rest)[:20]


def test_a_part_within_another_is_found_too() -> None:
    assert "国" in spelled("口", "玉")


def test_every_key_of_the_keyboard_is_known_to_the_table() -> None:
    assert [part for part in "".join(PARTS) if not table().strokes_of(part)] == []
    assert set("".join(table().strokes_of(part) for part in "".join(PARTS))) <= set(STROKES)


def test_everyday_characters_come_first_and_none_twice() -> None:
    offered = spelled("h", "s", "h")
    assert offered[0] == "土"
    assert len(offered) == len(set(offered)) <= 180


def test_what_no_typeface_can_draw_is_not_offered() -> None:
    finder = Finder(drawable=lambda character: character != "𠮷")
    finder.type("土")
    assert "𠮷" not in finder.type("口").candidates


def test_parts_are_taken_back_whole() -> None:
    finder = Finder()
    finder.type("土")
    assert finder.type("口").spelled == "土口"
    assert finder.type("h").spelled == "土口一"
    finder.erase()
    assert finder.erase().spelled == "土"
    assert finder.erase().candidates == ()
    finder.type("龙")
    finder.clear()
    assert finder.type("七").spelled == "七"


def test_strokes_have_an_end() -> None:
    finder = Finder()
    for _ in range(200):
        word = finder.type("h")
    assert len(word.spelled) < 200
    assert word.candidates == ()


@pytest.mark.parametrize("character", RARE)
def test_found_by_its_number(character: str) -> None:
    draft = Draft(Kind.CODE, "王", 20, engines())
    for digit in f"{ord(character):X}":
        draft.press(digit)
    assert draft.word.candidates == (character,)
    draft.settle()
    assert draft.text == f"王{character}"


@pytest.mark.parametrize("digits", ["", "41", "D800", "FFFFFF", "110000", "E000", "1F600"])
def test_numbers_of_nothing_that_a_name_has(digits: str) -> None:
    numbers = Numbers()
    offered: tuple[str, ...] = ()
    for digit in digits:
        offered = numbers.type(digit).candidates
    assert offered == ()
    assert numbers.erase().spelled in ("", f"U+{digits[:-1]}")


def test_the_keys_write_a_name_with_a_rare_character() -> None:
    draft = Draft(Kind.FIND, "王", 20, engines())
    for key in ("土", "stroke.h", "delete", "口"):
        draft.press(key)
    draft.choose(draft.word.candidates.index("𠮷"))
    assert (draft.text, draft.composing, len(draft.text)) == ("王𠮷", False, 2)
    draft.press("delete")
    assert draft.text == "王"


@pytest.mark.parametrize("character", RARE)
def test_a_name_with_it_is_right(character: str) -> None:
    for check, value in ((Check.NAME, f"王{character}"), (Check.ADDRESS, f"天门市{character}村3组")):
        field = Field(name="name", label="姓名", check=check, section="")
        assert problem(field, value, date(2026, 11, 21)) is None


@pytest.mark.parametrize("character", RARE)
def test_it_is_printed_as_itself(character: str) -> None:
    """In GB18030 every character has a code; where printers' fonts differ it goes to the paper as dots."""
    assert character.encode("gb18030").decode("gb18030") == character
    carried = encoded(character, "gb18030")
    glyphs = GlyphBook((NOTO, RARE_FONT))
    assert carried is not None or glyphs.cell(character).tobytes() != glyphs.cell(NOBODYS).tobytes()
    if carried is not None:
        assert carried.decode("gb18030") == character


def test_a_machine_without_the_table_knows_it(tmp_path: Path) -> None:
    assert installed()
    assert not installed(tmp_path / "none.yaml")


def test_a_table_is_read_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "stroke.dict.yaml"
    file.write_text(
        "# a\n---\nname: stroke\n...\n\n天\thhpn\n夫\thhpn\n无\thhpz\n天\tnnnn\n词语\thhpn\n",
        encoding="utf-8",
    )
    read = StrokeTable(file)
    assert list(read.exactly("hhpn")) == ["天", "夫"]
    assert list(read.exactly("hhp")) == []
    assert read.beginning("hhp") == ["天", "夫", "无"]
    assert (read.strokes_of("天"), read.strokes_of("地")) == ("nnnn", "")
