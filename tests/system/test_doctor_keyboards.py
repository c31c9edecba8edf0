"""A machine without the packages that people write with: `doctor` names each, and the keyboards do without."""

from dataclasses import replace
from pathlib import Path

import pytest

from config.load import load_config
from ground.clock import RealClock
from kiosk.words import Words
from screens.input import rime, strokes, zinnia
from screens.input.layouts import Kind
from screens.input.means import SYSTEM, Means
from screens.input.pinyin import SharedEngine, open_engine
from tools.assemble import WORDS
from tools.cli import ROOT
from tools.doctor import Doctor

NOWHERE = Path("/nonexistent")
LACKING = {
    "pinyin": replace(SYSTEM, pinyin_table=NOWHERE),
    "handwriting": replace(SYSTEM, handwriting_model=NOWHERE),
    "rare_characters": replace(SYSTEM, stroke_table=NOWHERE),
}
NO_LIBRARY = {
    "pinyin": replace(SYSTEM, pinyin_library="libnothing.so.1"),
    "handwriting": replace(SYSTEM, handwriting_library="libnothing.so.1"),
}


def told(means: Means) -> dict[str, tuple[str, str]]:
    """What the doctor says of the keyboards: name → code and hint."""
    config = load_config(ROOT / "config" / "terminal.toml", env={})
    doctor = Doctor(config, Words.load(WORDS, "zh-Hans"), RealClock(), means)
    return {check.name: (check.code, check.hint) for check in doctor.keyboards()}


def test_a_machine_with_all_packages_is_well() -> None:
    assert told(SYSTEM) == dict.fromkeys(("pinyin", "handwriting", "rare_characters"), ("", ""))


@pytest.mark.parametrize(
    ("name", "code", "packages"),
    [
        ("pinyin", "T103", ("librime1", "rime-data-pinyin-simp")),
        ("handwriting", "T105", zinnia.PACKAGES),
        ("rare_characters", "T106", (strokes.PACKAGE,)),
    ],
)
def test_what_is_missing_is_named_with_what_to_install(
    name: str, code: str, packages: tuple[str, ...]
) -> None:
    listed = (ROOT / "deploy" / "apt-packages.txt").read_text(encoding="utf-8")
    said = told(LACKING[name])
    assert [found for found in said if said[found][0]] == [name]
    assert said[name][0] == code
    for package in packages:
        assert package in said[name][1]
        assert f"\n{package} " in listed, "the set-up installs what the doctor asks for"


@pytest.mark.parametrize("name", NO_LIBRARY)
def test_data_without_its_library_is_missing_too(name: str) -> None:
    assert told(NO_LIBRARY[name])[name][0] in ("T103", "T105")


def test_without_librime_pinyin_is_written_by_our_own_table() -> None:
    engine = open_engine(means=LACKING["pinyin"])
    assert engine.name == "spelling"
    assert open_engine().name == rime.RimeEngine.name
    for letter in "wang":
        word = engine.type(letter)
    assert "王" in word.candidates[:12]


def test_a_keyboard_without_its_package_is_not_offered() -> None:
    assert all(SharedEngine().has(kind) for kind in Kind)
    lacking = {name: SharedEngine(means=means) for name, means in LACKING.items()}
    assert [kind for kind in Kind if not lacking["handwriting"].has(kind)] == [Kind.HANDWRITING]
    assert [kind for kind in Kind if not lacking["rare_characters"].has(kind)] == [Kind.FIND]
    assert all(lacking["pinyin"].has(kind) for kind in Kind)
