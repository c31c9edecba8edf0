"""Every screen speaks itself: over all sample scenes, in both languages."""

import re
import typing
from dataclasses import replace

import pytest

from kiosk.journey import views
from kiosk.journey.views import Scene
from kiosk.speech.personal import personal, without
from kiosk.speech.telling import MOST_NAMED, Utterance, digits, for_the_ear
from kiosk.speech.what import TELLERS, what_to_say
from kiosk.words import Words
from screens import samples
from tools.assemble import WORDS

SCENES = samples.scenes()
LANGUAGES = ("zh-Hans", "en")
SAID = {language: Words.load(WORDS, language) for language in LANGUAGES}
MARKUP = re.compile(r"[\[\]{}<>《》“”*\n]")
#: longer numbers are read digit by digit; four digits are a year
LONG_NUMBER = re.compile(r"\d{5,}")


def heard(name: str, *, headphones: bool = False, language: str = "zh-Hans", **changes: object) -> Utterance:
    scene = dict(SCENES)[name]
    chrome = replace(scene.chrome, headphones=headphones)
    return what_to_say(replace(scene, view=replace(scene.view, **changes), chrome=chrome), SAID[language])  # type: ignore[type-var]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("headphones", [False, True])
def test_every_scene_says_something_that_an_ear_can_take(language: str, headphones: bool) -> None:
    for name, scene in SCENES:
        alone = replace(scene, chrome=replace(scene.chrome, headphones=headphones))
        said = what_to_say(alone, SAID[language])
        assert said.parts, name
        assert said.language == language
        for part in said.parts:
            assert not MARKUP.search(part.text), (name, part.text)
            assert not LONG_NUMBER.search(part.text), (name, part.text)


def test_every_kind_of_view_has_a_voice_and_a_sample() -> None:
    kinds = set(typing.get_args(views.View))
    assert kinds == set(TELLERS)
    assert kinds == {type(scene.view) for _, scene in SCENES}


def test_nothing_of_hers_is_said_aloud() -> None:
    for language in LANGUAGES:
        for name, scene in SCENES:
            said = what_to_say(scene, SAID[language]).text
            for hers in personal(scene):
                assert hers not in said, (name, hers)
                assert digits(hers) not in said or not hers.isdigit(), (name, hers)


def test_with_headphones_in_she_hears_what_she_wrote() -> None:
    assert "1 9 9 0 0 0 0 0 0 0 1" in heard("hardship-contact", headphones=True).text
    assert "后四位 0 0 2 1" in heard("confirm-identity", headphones=True).text
    assert "王某" in heard("confirm-identity", headphones=True).text
    assert "您的姓名和号码已显示在屏幕上" in heard("confirm-identity").text


def test_what_a_touchable_says_loses_what_is_hers() -> None:
    scene = dict(SCENES)["hardship-contact"]
    assert without("手机号码 19900000001", scene) == "手机号码"


def test_no_more_is_named_than_an_ear_keeps() -> None:
    said = heard("matters")
    assert len([part for part in said.parts if part.text.startswith("第")]) == MOST_NAMED
    assert said.parts[-1].text == "还有 3 项，都在屏幕上。"


def test_a_countdown_is_said_at_round_numbers_only() -> None:
    said = {seconds: heard("still-there", seconds=seconds) for seconds in range(1, 31)}
    assert len({utterance.text for utterance in said.values()}) == 4
    assert [part.text for part in said[9].since(said[11]).parts] == ["还有 10 秒。"]


def test_what_is_new_on_a_screen_is_known() -> None:
    before, after = heard("capture-none"), heard("capture-none", sheet="moving")
    assert [part.text for part in after.since(before).parts] == ["看到了，请放稳，手拿开"]


def test_sentences_without_facts_carry_their_key_and_others_do_not() -> None:
    parts = {part.key: part.text for part in heard("place-card").parts}
    assert parts["place_card.sentence"] == "请把身份证平放在亮灯的地方"
    assert all(not part.key for part in heard("situation").parts if part.text.startswith("第"))


@pytest.mark.parametrize(
    ("text", "ear"),
    [
        ("T-20260318-000123-4", "T, 2 0 2 6 0 3 1 8, 0 0 0 1 2 3, 4"),
        ("0728-12345", "0 7 2 8, 1 2 3 4 5"),
        ("2026-03-01", "2026年3月1日"),
        ("交件后 15 个工作日，还需约 3 分钟", "交件后 15 个工作日，还需约 3 分钟"),
        ("手机已打开\n请在手机上拍照", "手机已打开，请在手机上拍照"),
        ("凭条没打出来，\n不影响您的事", "凭条没打出来，不影响您的事"),
        ("429***********0021", "，后四位 0 0 2 1"),
        ("王*", "王某"),
        ("写下来，例如 20BB7", "写下来，例如 20BB7"),
    ],
)
def test_how_numbers_and_marks_are_read(text: str, ear: str) -> None:
    assert for_the_ear(text, SAID["zh-Hans"]) == ear


def test_the_same_scene_says_the_same() -> None:
    scene: Scene = dict(SCENES)["done"]
    assert what_to_say(scene, SAID["en"]) == what_to_say(scene, SAID["en"])
