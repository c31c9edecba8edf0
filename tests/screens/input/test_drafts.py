"""Writing key by key, without a screen: texts, numbers, dates, and what the keyboards consist of."""

import pytest

from kiosk.catalogue.model import Check
from screens.input.draft import Draft
from screens.input.layouts import KIND_BY_CHECK, SWITCHES, TEXT_KINDS, Kind, grouped, rows
from screens.input.pinyin import SharedEngine
from screens.input.spelling import SpellingEngine, Tables

TABLES = Tables(
    characters={"tian": ("田", "天"), "men": ("们", "门")}, words={("tian", "men"): ("天门",)}, longest=2
)


def draft(kind: Kind, text: str = "", longest: int = 20) -> Draft:
    return Draft(kind, text, longest, SharedEngine(lambda: SpellingEngine(TABLES)))


def press(writing: Draft, keys: str) -> Draft:
    for key in keys:
        writing.press(key)
    return writing


def test_letters_become_characters_when_a_candidate_is_taken() -> None:
    writing = press(draft(Kind.PINYIN, "湖北"), "tianmen")
    assert (writing.text, writing.composing) == ("湖北", True)
    writing.choose(writing.word.candidates.index("天门"))
    assert (writing.text, writing.composing) == ("湖北天门", False)


def test_a_character_at_a_time() -> None:
    writing = press(draft(Kind.PINYIN), "tianmen")
    writing.choose(writing.word.candidates.index("天"))
    assert (writing.text, writing.word.spelled) == ("", "天men")
    writing.choose(writing.word.candidates.index("门"))
    assert writing.text == "天门"


def test_space_takes_the_first_candidate_and_parts_words_otherwise() -> None:
    writing = press(draft(Kind.PINYIN), "men")
    writing.press("space")
    assert writing.text == "们"
    writing.press("space")
    assert writing.text == "们 "


def test_a_digit_settles_what_was_spelled() -> None:
    assert press(draft(Kind.PINYIN), "men3").text == "们3"


def test_letters_that_spell_nothing_are_dropped() -> None:
    writing = press(draft(Kind.PINYIN, "田"), "zzz")
    writing.settle()
    assert (writing.text, writing.composing) == ("田", False)


def test_deleting_takes_letters_first_then_characters() -> None:
    writing = press(draft(Kind.PINYIN, "天门"), "me")
    for left in ("m", ""):
        writing.press("delete")
        assert (writing.text, writing.word.spelled) == ("天门", left)
    writing.press("delete")
    assert writing.text == "天"


def test_clearing_takes_everything() -> None:
    writing = press(draft(Kind.PINYIN, "天门"), "me")
    writing.press("clear")
    assert (writing.text, writing.composing) == ("", False)


def test_switching_the_keyboard_keeps_text_and_settles_letters() -> None:
    writing = press(draft(Kind.PINYIN), "men")
    writing.press("letters")
    writing.press("shift")
    writing.press("A")
    assert (writing.kind, writing.upper, writing.text) == (Kind.LETTERS, True, "们A")
    writing.press("symbols")
    assert press(writing, "，").text == "们A，"


def test_an_apostrophe_only_parts_syllables() -> None:
    writing = press(draft(Kind.PINYIN), "'")
    assert (writing.text, writing.composing) == ("", False)
    assert press(writing, "men'").word.spelled == "men"


def test_nothing_grows_past_its_longest() -> None:
    writing = press(draft(Kind.PINYIN, longest=2), "tianmen")
    writing.choose(0)
    assert (writing.text, writing.full) == ("天门", True)
    assert press(writing, "m3").text == "天门"
    assert not writing.composing
    writing.append("镇")
    assert writing.text == "天门"


def test_a_phone_number_has_eleven_digits() -> None:
    assert press(draft(Kind.PHONE), "1380000123499").text == "13800001234"


@pytest.mark.parametrize(
    ("keys", "text"),
    [("X", ""), ("42900619540312001X", "42900619540312001X"), ("4290061954031200X1", "42900619540312001")],
)
def test_x_is_only_the_last_sign_of_an_identity_number(keys: str, text: str) -> None:
    assert press(draft(Kind.ID_NUMBER), keys).text == text


def test_digits_stand_in_groups() -> None:
    assert grouped(Kind.PHONE, "1380000") == "138 0000"
    assert grouped(Kind.ID_NUMBER, "42900619540312001X") == "429006 19540312 001X"
    assert grouped(Kind.DIGITS, "12345678") == "12345678"


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("upper", [False, True])
def test_every_keyboard_can_end_and_has_no_key_twice(kind: Kind, upper: bool) -> None:
    names = [cap.name for row in rows(kind, upper=upper) for cap in row if not cap.gap]
    assert "done" in names
    assert {"clear", "wipe"} & set(names)
    assert len(names) == len(set(names))
    leads = [
        cap.name for row in rows(kind, upper=upper) for cap in row if cap.name in TEXT_KINDS - {Kind.CODE}
    ]
    assert leads == (list(SWITCHES) if kind in TEXT_KINDS else []), "one order, on every keyboard for text"


@pytest.mark.parametrize(
    "kind", [Kind.PINYIN, Kind.LETTERS, Kind.SYMBOLS, Kind.PHONE, Kind.ID_NUMBER, Kind.DIGITS]
)
def test_digits_are_always_in_sight_where_keys_are_pressed(kind: Kind) -> None:
    names = {cap.name for row in rows(kind) for cap in row}
    assert {"delete", *"0123456789"} <= names


def test_a_machine_without_a_keyboard_offers_no_way_to_it() -> None:
    switches = (Kind.PINYIN, Kind.LETTERS, Kind.SYMBOLS)
    names = {cap.name for row in rows(Kind.PINYIN, switches=switches) for cap in row}
    assert not {"handwriting", "find"} & names


def test_every_check_but_a_choice_opens_a_keyboard() -> None:
    assert set(KIND_BY_CHECK) == set(Check) - {Check.CHOICE}
