"""The engine: step by step, resumed at each, back, undone, failed, skipped; what comes of it."""

import json
import tomllib
from pathlib import Path

import pytest

from kiosk.setup import questions, system
from kiosk.setup.clone import Clone, NoClone, clone_of, format_clone, parse_clone
from kiosk.setup.steps import steps_of
from tests.kiosk.setup.set_up_world import CARD, MemoryShop, Present, walk_to, wizard

STEPS = [
    "language",
    "site",
    "network",
    "time",
    "find",
    "devices",
    "enrol",
    "device.id_card",
    "touch",
    "sound",
    "finish",
]


def test_step_by_step_and_resumed_at_each(tmp_path: Path) -> None:
    """Another wizard takes over at every step, as after a power cut."""
    shop = MemoryShop()
    for key in STEPS:
        one = wizard(tmp_path, shop)
        walk_to(one, key)
        assert wizard(tmp_path, shop).step.key == key
    assert [step.key for step in steps_of(one.held)] == STEPS
    assert one.work().result == "pass"
    assert wizard(tmp_path, shop).finished
    tree = tomllib.loads((tmp_path / "etc" / "terminal.toml").read_text(encoding="utf-8"))
    assert tree["terminal"]["id"] == "TM-0007"
    assert tree["devices"] == {"id_card": tree["devices"]["id_card"]}
    assert shop.tested == [CARD.url], "the draft's device was tested before anything was in force"
    assert [line for line in shop.done if line.startswith("enrol ")] == ["enrol AB12"], (
        "the code is spent once"
    )
    assert "AB12" not in (tmp_path / "setup" / "state.json").read_text(encoding="utf-8")


def test_wrong_answers_stay_where_they_are(tmp_path: Path) -> None:
    one = wizard(tmp_path, MemoryShop())
    walk_to(one, "network")
    for name, text in {
        "network.way": "static",
        "network.address": "10.0.0.2/24",
        "network.gateway": "10.0.1.1",
    }.items():
        one.fill(name, text)
    assert one.go_on() == {"platform.url": "W101", "network.dns": "W101"}
    one.fill("platform.url", "https://ywt.example.cn")
    one.fill("network.dns", "10.0.0.1")
    assert one.go_on() == {"network.gateway": "W108"}
    assert one.step.key == "network" and "network" not in one.held.outcomes


def test_every_question_is_known_to_an_answers_file(tmp_path: Path) -> None:
    one = wizard(tmp_path, MemoryShop())
    asked = set()
    for way in ("static", "mobile", "dhcp"):
        for step in one.steps:
            answers = {"network.way": way, "network.ipv6": "static"}
            asked |= {ask.name for ask in step.asks(one.held, answers, one.bench)}
    asked |= {f"margins.{edge}" for edge in ("left", "top", "right", "bottom")}
    kinds = {f"devices.{kind}" for kind in questions.KINDS}
    assert asked - kinds == set(questions.NAMES)


def test_a_clock_that_is_wrong_is_not_passed_over(tmp_path: Path) -> None:
    shop = MemoryShop(ahead_s=-75.0)
    one = wizard(tmp_path, shop)
    walk_to(one, "time")
    one.go_on()
    ended = one.work()
    assert (ended.result, ended.code) == ("error", "W202") and "75" in ended.told[0]
    assert one.step.key == "time" and one.phase == "ask"
    shop.ahead_s = 0.0
    one.go_on()
    assert one.work().result == "pass"


def test_a_person_says_no_then_the_step_is_skipped(tmp_path: Path) -> None:
    person = Present()
    one = wizard(tmp_path, MemoryShop(), person)
    walk_to(one, "device.id_card")
    person.fine = False
    assert one.work().code == "W122"
    one.skip()
    skipped = one.outcome("device.id_card")
    assert skipped is not None and skipped.result == "skipped"
    assert one.step.key == "touch"
    one.go_to("network")
    with pytest.raises(LookupError):
        one.skip()


def test_what_a_step_did_is_taken_back(tmp_path: Path) -> None:
    one = wizard(tmp_path, MemoryShop())
    walk_to(one, "find")
    proxy = one.bench.system_folder / system.PROXY_FILE
    assert proxy.exists() and "platform.example.cn" in one.draft.text()
    one.undo("network")
    assert not proxy.exists() and "platform.example.cn" not in one.draft.text()
    assert one.step.key == "network" and one.outcome("network") is None
    assert (
        one.value(next(ask for ask in one.asks() if ask.name == "platform.url"))
        == "https://platform.example.cn"
    )


def test_back_and_again_proposes_what_was_said(tmp_path: Path) -> None:
    one = wizard(tmp_path, MemoryShop())
    walk_to(one, "network")
    one.back()
    assert one.step.key == "site"
    assert {one.value(ask) for ask in one.asks()} >= {"示例服务点", "一号", "12345", "T"}


def test_a_code_of_another_platform_is_not_spent(tmp_path: Path) -> None:
    shop = MemoryShop()
    one = wizard(tmp_path, shop)
    walk_to(one, "enrol")
    one.fill("enrol.code", "https://other.example.cn#AB12")
    assert one.go_on() == {}
    assert one.work().code == "W121"
    assert not any("enrol" in line for line in shop.done)


def test_a_spoilt_state_begins_anew(tmp_path: Path) -> None:
    walk_to(wizard(tmp_path, MemoryShop()), "network")
    (tmp_path / "setup" / "state.json").write_text('{"at": 1', encoding="utf-8")
    assert wizard(tmp_path, MemoryShop()).step.key == "language"


# --- clones ---


def test_a_clone_holds_what_is_shared_and_nothing_else(tmp_path: Path) -> None:
    one = wizard(tmp_path, MemoryShop())
    walk_to(one, "finish")
    config = one.config()
    changed = config.model_copy(
        update={
            "journey": config.journey.model_copy(update={"patience_s": 150.0}),
            "platform": config.platform.model_copy(update={"recipients": ("age1secret",), "pins": ("pin",)}),
        }
    )
    clone = clone_of(changed, one.draft.before, one.held.answers)
    assert clone.settings["journey.patience_s"] == 150.0
    assert "sdt" in clone.answers["devices.id_card"] and "url" not in clone.answers["devices.id_card"]
    text = format_clone(clone)
    for own in ("TM-0007", "示例服务点", "一号", "by-id", "age1", "pin"):
        assert own not in text.replace("PINs", ""), own
    assert parse_clone(text) == clone


@pytest.mark.parametrize(
    "place", ["platform.token", "terminal.id", "site.name", "storage.data_folder", "tending.pins"]
)
def test_a_clone_that_says_more_is_refused(place: str) -> None:
    with pytest.raises(NoClone):
        parse_clone(format_clone(Clone({}, {place: "x"})))
    with pytest.raises(NoClone):
        parse_clone(format_clone(Clone({"enrol.code": "x"}, {})))


def test_a_cloned_cabinet_takes_the_same_driver_where_it_was_found(tmp_path: Path) -> None:
    one = wizard(tmp_path, MemoryShop(found=(CARD,)))
    one.take_over(
        Clone(
            {"platform.url": "https://ywt.example.cn", "devices.id_card": "sdt"},
            {"journey.patience_s": 150.0},
        )
    )
    walk_to(one, "devices")
    ask = next(ask for ask in one.asks() if ask.name == "devices.id_card")
    assert json.loads(ask.otherwise)["url"] == CARD.url
    one.fill(ask.name, ask.otherwise)
    assert one.go_on() == {} and one.work().result == "pass"
    assert one.config().journey.patience_s == 150.0
