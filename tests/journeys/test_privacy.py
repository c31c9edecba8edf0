"""What is hers is seen by her alone: masked, shown for some seconds, covered while she is away or somebody helps."""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from kiosk.catalogue.model import Check, Field
from kiosk.catalogue.secrets import HIDDEN, is_secret, veiled
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.look import USUAL, Look
from kiosk.journey.privacy import Veil, blurred
from tests.journeys.walked_world import PERSON, STATES

HELPED = Look(companion=True)
#: in these nothing of hers is known yet
NOBODY_KNOWN = (
    "home",
    "matters",
    "notice",
    "readiness",
    "consent",
    "card",
    "finding",
    "take_home",
    "case_number",
    "own_card",
)


def field(check: Check, **more: Any) -> Field:
    return Field(name="x", label="x", check=check, section="", **more)


@pytest.mark.parametrize(
    ("check", "value", "seen"),
    [
        (Check.ID_NUMBER, "429006199001010021", "429***********0021"),
        (Check.PHONE, "19900000001", "199****0001"),
        (Check.BANK_CARD, "6222020200012345678", "***************5678"),
        (Check.ADDRESS, "湖北省天门市岳口镇健康路 12 号", "湖北省天门市岳口镇****"),
        (Check.ADDRESS, "天门市竟陵街道人民大道 8 号", "天门市竟陵街道****"),
        (Check.ADDRESS, "健康路 12 号", HIDDEN),
        (Check.NAME, "王小明", "王小明"),
        (Check.TEXT, "小吃店", "小吃店"),
        (Check.PHONE, "", ""),
    ],
)
def test_what_may_be_seen(check: Check, value: str, seen: str) -> None:
    assert veiled(field(check), value) == seen
    assert veiled(field(check), seen) == seen, "veiling twice is veiling once"


def test_the_dictionary_has_the_last_word() -> None:
    assert veiled(field(Check.PHONE, secret="none"), "12345") == "12345"
    assert veiled(field(Check.TEXT, secret="whole"), "肝炎") == HIDDEN
    assert veiled(field(Check.TEXT, secret="name"), "王小明") == "王*"
    assert not is_secret(field(Check.TEXT))


# --- shown for some seconds ---


def reviewed(world: Any) -> dict[str, str]:
    view = world.view
    assert isinstance(view, views.Review)
    return dict(view.fields)


def test_the_review_masks_and_shows_for_some_seconds(world: Any) -> None:
    world.at("review")
    before = reviewed(world)
    assert PERSON.number not in before.values()
    world.do(ev.Reveal("review"))
    assert PERSON.number in reviewed(world).values() and world.view.secrets == "seen"
    world.turn(DEFAULTS.reveal_s - 1)
    assert PERSON.number in reviewed(world).values()
    world.turn(1)
    assert reviewed(world) == before and world.view.secrets == "masked"


def test_a_second_touch_or_leaving_the_view_hides_it(world: Any) -> None:
    world.at("review")
    before = reviewed(world)
    world.do(ev.Reveal("review"), ev.Reveal("review"))
    assert reviewed(world) == before
    for away in (ev.AskHelp(), ev.AskLook(), ev.AskLeave()):
        world.do(ev.Reveal("review"), away, ev.Stay())
        assert reviewed(world) == before
    world.do(ev.Reveal("review"), ev.Continue(), ev.Back())
    assert reviewed(world) == before


def test_what_is_known_is_shown_one_by_one(world: Any) -> None:
    world.at("form")
    number = next(one.field.name for one in world.view.known if one.field.check is Check.ID_NUMBER)
    world.do(ev.Reveal(f"field.{number}"))
    seen = {one.field.name: one.shown for one in world.view.known}
    assert seen[number] == PERSON.number and PERSON.name not in seen.values()
    world.turn(DEFAULTS.reveal_s)
    assert all(one.shown != PERSON.number for one in world.view.known)


def test_what_she_wrote_is_masked_in_the_form_too(world: Any) -> None:
    world.at("form")
    view = world.do(ev.Fill("phone", "19900000001"))
    phone = next(one for one in view.asked if one.field.name == "phone")
    assert (phone.shown, phone.value) == ("199****0001", "19900000001")


# --- somebody helps her ---


def test_beside_a_helper_nothing_is_shown(world: Any) -> None:
    world.at("review")
    world.do(ev.AskLook(), ev.ChangeLook(HELPED), ev.Stay())
    before = reviewed(world)
    world.do(ev.Reveal("review"))
    assert reviewed(world) == before and world.view.secrets == ""
    world.do(ev.AskLook(), ev.ChangeLook(USUAL), ev.Stay(), ev.Reveal("review"))
    assert PERSON.number in reviewed(world).values()
    world.do(ev.AskLook(), ev.ChangeLook(HELPED), ev.Stay())
    assert reviewed(world) == before, "what was shown is hidden at once"


def test_pages_lose_their_letters() -> None:
    page = np.full((320, 226, 3), 255, np.uint8)
    cv2.putText(page, "429006", (10, 200), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0, 0, 0), 3)
    jpeg = bytes(cv2.imencode(".jpg", page)[1])
    soft = cv2.imdecode(np.frombuffer(blurred(jpeg), np.uint8), cv2.IMREAD_GRAYSCALE).astype(int)
    assert np.abs(np.diff(soft, axis=1)).max() < 16, "no edge is left that could be a letter's"
    assert blurred(b"no picture") == b""
    veil, card = Veil(), views.PageCard(jpeg)
    view = views.Review("m", (), (), (), (views.ReviewMaterial("01", "x", (card, card)),))
    seen = veil.over(view)
    assert jpeg not in {one.thumbnail for material in seen.materials for one in material.pages}


def test_files_on_her_stick_name_nobody(world: Any) -> None:
    world.at("stick")
    world.do(ev.AskLook(), ev.ChangeLook(HELPED), ev.Stay())
    assert {one.name for one in world.view.files} == {"＊＊＊"}


# --- she is away ---


def gone(world: Any) -> None:
    world.answer(ev.PresenceSeen(False))
    world.turn(DEFAULTS.away_after_s)


@pytest.mark.parametrize("state", STATES)
def test_while_she_is_away_nothing_of_hers_is_seen(world: Any, state: str) -> None:
    before = world.at(state)
    gone(world)
    if state in NOBODY_KNOWN:
        assert type(world.view) is type(before)
        return
    assert isinstance(world.view, views.Away)
    assert (world.scene.chrome.who, world.scene.chrome.title) == ("", "")
    world.answer(ev.PresenceSeen(True))
    world.turn(0)
    assert type(world.view) is type(before)


def test_a_flickering_sensor_covers_nothing(world: Any) -> None:
    world.at("form")
    world.answer(ev.PresenceSeen(False))
    world.turn(DEFAULTS.away_after_s / 2)
    world.answer(ev.PresenceSeen(True))
    assert isinstance(world.turn(10), views.Form)


def test_a_touch_brings_it_back_and_does_nothing_else(world: Any) -> None:
    world.at("review")
    gone(world)
    assert isinstance(world.do(ev.Continue()), views.Review)
    assert isinstance(world.turn(20), views.Review), "a finger tells more than a sensor"
    world.answer(ev.PresenceSeen(True))
    gone(world)
    assert isinstance(world.view, views.Away)


def test_patience_runs_faster_and_is_whole_again_when_she_comes_back(world: Any) -> None:
    world.at("form")
    gone(world)
    usual = DEFAULTS.patience_s
    left = (usual - DEFAULTS.away_after_s) / DEFAULTS.away_pace
    assert world.scene.chrome.patience_left_s == pytest.approx(left, abs=1)
    world.answer(ev.PresenceSeen(True))
    world.turn(0)
    world.do(ev.Touched())
    assert world.scene.chrome.patience_left_s == usual
    gone(world)
    assert isinstance(world.turn(usual / DEFAULTS.away_pace), views.Goodbye)


def test_whoever_is_warned_while_away_finds_the_cover_again(world: Any) -> None:
    world.at("form")
    gone(world)
    shown = [type(world.turn(1)) for _ in range(int(DEFAULTS.patience_s / DEFAULTS.away_pace) - 2)]
    assert set(shown) == {views.Away, views.StillThere}
    assert isinstance(world.do(ev.Stay()), views.Form)


def test_help_and_look_lie_over_the_cover(world: Any) -> None:
    world.at("form")
    world.do(ev.AskHelp())
    gone(world)
    assert isinstance(world.view, views.Help)
    assert isinstance(world.do(ev.Stay()), views.Form), "a touch: she is there"


def test_the_next_visit_knows_nothing_of_it(world: Any) -> None:
    world.at("form")
    gone(world)
    world.turn(DEFAULTS.patience_s)
    world.turn(DEFAULTS.goodbye_s)
    assert isinstance(world.view, views.Idle)
    world.do(ev.Start())
    assert world.scene.chrome.patience_left_s == DEFAULTS.patience_s
    assert isinstance(world.turn(5), views.Home)


def test_what_a_visit_had_shown_is_no_part_of_the_next(world: Any) -> None:
    world.at("review")
    world.do(ev.Reveal("review"), ev.Leave())
    assert world.visit.record.revealed == ""
    world.turn(DEFAULTS.goodbye_s)
    world.around = replace(world.around)
    world.at("review")
    assert PERSON.number not in reviewed(world).values()
