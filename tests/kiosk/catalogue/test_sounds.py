"""The small table of sounds says what the large one says."""

from datetime import date
from pathlib import Path

from pypinyin import lazy_pinyin

from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.sounds import SOUNDS, pinyin
from tools.sounds import table

SHIPPED = Path(__file__).parents[3] / "config" / "catalogue"


def test_the_table_is_as_it_would_be_made_today() -> None:
    assert SOUNDS.read_text(encoding="utf-8") == table()


def test_a_character_sounds_as_its_word_does() -> None:
    assert list(pinyin("银行卡")) == ["yin", "hang", "ka"]
    assert list(pinyin("行政")) == ["xing", "zheng"]
    assert list(pinyin("重新")) == ["chong", "xin"]
    assert list(pinyin("女")) == ["nv"]


def test_what_has_no_sound_stays_as_it_is() -> None:
    assert list(pinyin("、")) == ["、"]
    assert list(pinyin("")) == []


def test_every_text_of_the_catalogue_sounds_as_pypinyin_says() -> None:
    catalogue = load_catalogue(SHIPPED, date(2026, 11, 21))
    differ = []
    for matter in catalogue.matters:
        for name in (matter.name, *matter.aliases, *matter.synonyms, *(item.name for item in matter.items)):
            han = "".join(sign for sign in name if "\u4e00" <= sign <= "\u9fff")
            if list(pinyin(han)) != lazy_pinyin(han):
                differ.append((name, list(pinyin(han)), lazy_pinyin(han)))
    assert differ == []
