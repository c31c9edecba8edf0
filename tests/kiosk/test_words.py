"""Every sentence exists in both languages, says what its code needs, and can be filled with its facts."""

import importlib
import inspect
import re
import string
from pathlib import Path

import pytest

from config.sentences import LANGUAGES, SHIPPED, WordsError, load_sentences
from devices.errors import Condition
from kiosk.catalogue import checks
from kiosk.domain.identity import Doubt
from kiosk.journey import record
from kiosk.words import UnknownWords, Words

ROOT = SHIPPED.parents[1]
CHINESE, ENGLISH = (Words.load(SHIPPED, language) for language in LANGUAGES)
ERROR_MODULES = (
    "devices.errors",
    "offline_cache.errors",
    "config.load",
    "config.sentences",
    "kiosk.catalogue.errors",
)
OWN_FILES = ("errors", "evaluation", "form", "identity", "mistakes", "receipt")


def codes() -> list[str]:
    """The code of every error class of the product."""
    found = set()
    for name in ERROR_MODULES:
        module = importlib.import_module(name)
        for _, kind in inspect.getmembers(module, inspect.isclass):
            code = getattr(kind, "code", None)
            if issubclass(kind, Exception) and isinstance(code, str):
                found.add(code)
    return sorted(found)


def facts_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_there_are_codes_to_look_at() -> None:
    assert {"D101", "D201", "S101", "U101", "C100", "C108", "K100"} <= set(codes())


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=LANGUAGES)
@pytest.mark.parametrize("code", codes())
def test_every_error_has_a_sentence_for_the_citizen_and_a_hint_for_the_technician(
    code: str, words: Words
) -> None:
    assert words(f"errors.{code}.citizen")
    assert words(f"errors.{code}.hint")


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=LANGUAGES)
@pytest.mark.parametrize("condition", list(Condition))
def test_so_has_every_condition_of_a_device(condition: Condition, words: Words) -> None:
    assert words(f"errors.condition.{condition}.citizen")
    assert words(f"errors.condition.{condition}.hint")


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=LANGUAGES)
def test_so_has_every_mistake_that_the_code_can_name(words: Words) -> None:
    named = set()
    for folder in ("config", "kiosk/catalogue"):
        for file in (ROOT / folder).glob("*.py"):
            named |= set(re.findall(r'"([CK][0-9]{3})"', file.read_text(encoding="utf-8")))
    named -= {"C100", "C108", "K100"}  # the errors themselves
    assert len(named) > 30
    for code in named:
        assert f"mistakes.{code}" in words


def test_no_mistake_has_a_sentence_that_nobody_can_reach() -> None:
    source = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("config", "kiosk/catalogue", "tools")
        for file in (ROOT / folder).glob("*.py")
    )
    for key in CHINESE.under("mistakes"):
        assert key == "near" or f'"{key}"' in source


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=LANGUAGES)
def test_every_problem_of_a_field_and_every_doubt_has_words(words: Words) -> None:
    keys = set(
        re.findall(r'"(form\.problem\.[a-z_]+)"', inspect.getsource(checks) + inspect.getsource(record))
    )
    assert {key.rpartition(".")[2] for key in keys} == set(words.under("form.problem"))
    assert set(words.under("identity.doubt")) == {doubt.value for doubt in Doubt}


@pytest.mark.parametrize("file", OWN_FILES)
def test_both_languages_have_the_same_keys_and_facts(file: str, tmp_path: Path) -> None:
    tables = []
    for language in LANGUAGES:
        (tmp_path / language).mkdir()
        copy = tmp_path / language / f"{file}.toml"
        copy.write_bytes((SHIPPED / language / f"{file}.toml").read_bytes())
        tables.append(load_sentences(tmp_path, language))
    chinese, english = tables
    assert chinese.keys() == english.keys()
    for key, sentence in chinese.items():
        assert facts_in(sentence) == facts_in(english[key]), key


def test_all_files_together_have_the_same_keys() -> None:
    assert sorted(CHINESE.keys ^ ENGLISH.keys) == []


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=LANGUAGES)
def test_nobody_is_shouted_at(words: Words) -> None:
    for key in words.keys:
        assert not re.search(r"[!！]|温馨提示", words.raw(key)), key


def test_the_five_national_levels() -> None:
    assert list(CHINESE.under("evaluation.level").values()) == [
        "非常满意",
        "满意",
        "基本满意",
        "不满意",
        "非常不满意",
    ]
    assert "sample" in CHINESE("evaluation.version")


def test_facts_are_put_in_and_others_are_ignored() -> None:
    assert CHINESE("receipt.pages", count=3, other="x") == "3 页"


def test_a_missing_fact_is_an_error() -> None:
    with pytest.raises(UnknownWords, match="count"):
        CHINESE("receipt.pages")


def test_a_wrong_key_is_an_error_that_names_the_near_misses() -> None:
    with pytest.raises(UnknownWords, match=r"form\.problem\.phone"):
        CHINESE("form.problem.fone")


def test_what_stands_under_a_key() -> None:
    assert set(CHINESE.under("evaluation.reasons.good")) == {"clear", "quick", "few_papers", "easy"}
    assert CHINESE.under("evaluation.reasons") == {}


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        ("a = 'x'", "a = 'y'", "one.toml already"),
        ("a = 'x'", "b = 1", "not a sentence"),
        ("a = 'x'", "b = ''", "not a sentence"),
        ("a = 'x'", "b =", "two.toml"),
    ],
)
def test_words_that_cannot_be_used(tmp_path: Path, one: str, two: str, said: str) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "one.toml").write_text(one, encoding="utf-8")
    (tmp_path / "en" / "two.toml").write_text(two, encoding="utf-8")
    with pytest.raises(WordsError, match=said):
        Words.load(tmp_path, "en")


def test_a_language_that_is_not_there() -> None:
    with pytest.raises(WordsError):
        Words.load(SHIPPED, "fr")
