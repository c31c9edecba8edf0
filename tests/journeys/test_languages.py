"""She chooses her language; all follows at once; what officials read stays Chinese; it ends with her visit."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.look import USUAL
from tests.journeys.walked_world import STROKES

ENGLISH = ev.ChooseLanguage("en")


def test_both_are_offered_by_their_own_names(world: Any) -> None:
    assert [(one.tag, one.name) for one in world.scene.chrome.languages] == [
        ("zh-Hans", "中文"),
        ("en", "English"),
    ]


def test_on_the_idle_screen_the_visit_begins_with_it(world: Any) -> None:
    assert isinstance(world.view, views.Idle)
    world.do(ENGLISH)
    assert isinstance(world.view, views.Home)
    assert world.scene.chrome.look.language == "en"


@pytest.mark.parametrize("state", ["home", "form", "review"])
def test_it_is_chosen_anywhere_and_seen_on_that_very_screen(world: Any, state: str) -> None:
    world.at(state)
    world.do(ev.AskLook(), ENGLISH)
    assert isinstance(world.view, views.LookChoice)
    world.do(ev.Stay())
    assert (world.journey.state, world.scene.chrome.look.language) == (state, "en")


def test_the_journeys_own_words_follow(world: Any) -> None:
    world.at("form")
    world.do(ENGLISH, ev.Report("callback"))
    assert next(entry.field.label for entry in world.view.asked) == "Mobile number"


def test_the_next_citizen_is_spoken_to_in_the_terminals_own(world: Any) -> None:
    world.at("form")
    world.do(ENGLISH, ev.Leave())
    assert world.scene.chrome.look.language == "en", "the goodbye is still hers"
    world.turn(DEFAULTS.goodbye_s + 1)
    assert world.scene.chrome.look == USUAL
    assert world.visit._words("language.name") == "中文"


def test_out_of_service_it_goes_back_by_itself(world: Any) -> None:
    world.around = replace(world.around, out_of_service="S101")
    world.do(ENGLISH)
    assert isinstance(world.view, views.OutOfService)
    assert world.scene.chrome.look.language == "en"
    world.turn(DEFAULTS.patience_s + 1)
    assert world.scene.chrome.look == USUAL


def test_a_language_that_is_not_there_is_the_terminals_own(world: Any) -> None:
    world.do(ev.ChooseLanguage("tlh"))
    assert world.visit._words("language.name") == "中文"


def test_what_is_printed_onto_the_papers_is_for_officials(world: Any) -> None:
    world.around = replace(world.around, watermark=True)
    world.at("review")
    world.do(ENGLISH, ev.Continue())
    assert {paper.watermark[:4] for paper in world.stage.papers} == {"仅供办理"}


def test_her_slip_is_hers_and_the_officials(world: Any) -> None:
    world.at("review")
    world.do(ENGLISH, ev.Continue(), ev.Sign(STROKES))
    world.answer(ev.Sealed(world.stage.ticket, "T-000001-3"))
    world.answer(ev.Delivered(world.stage.ticket, "429006-20261121-000001-7"))
    said = repr(world.stage.slip)
    for told in (
        "Receipt 收件回执",
        "Case number 办件编号",
        "Residence permit 居住证办理一件事",
        "Applicant's identity card 申报人身份证",
        "The papers go to the police, who examine them",
    ):
        assert told in said, told
    assert "材料送到公安机关审核" not in said


def test_the_whole_visit_is_seen_in_english(world: Any) -> None:
    """From the home screen to the goodbye no text of ours or of the catalogue is Chinese."""
    world.do(ENGLISH, ev.ChooseMatter("N02"))
    seen = [world.scene]
    for state in (
        "notice",
        "readiness",
        "consent",
        "situation",
        "overview",
        "form",
        "capture",
        "review",
        "done",
    ):
        world = type(world)(world.visit._catalogue, world.visit._words)
        world.at(state)
        world.do(ev.ChangeLook(replace(USUAL, language="en")))
        seen.append(world.scene)
    hers = {
        "王*",
        "天门市",
        "汉",
        "男",
        "女",
        "岳口镇",
        "某某街道",
    }  # hers, the place, and how an address is written
    left = {text for scene in seen for text in chinese_in(scene) if not any(own in text for own in hers)}
    assert left == set()


def chinese_in(scene: views.Scene) -> set[str]:
    """Every Chinese text of a scene but what it is drawn by."""
    found: set[str] = set()

    def look(seen: Any) -> None:
        if isinstance(seen, str) and any("\u4e00" <= one <= "\u9fff" for one in seen):
            found.add(seen)
        elif isinstance(seen, tuple):
            for one in seen:
                look(one)
        elif is_dataclass(seen):
            for part in fields(seen):
                look(getattr(seen, part.name))

    look(scene.view)
    return found
