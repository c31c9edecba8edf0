"""The wizard's second face without a face: scenes out, events in, work in a thread of its own."""

from pathlib import Path

import pytest

from ground.clock import RealClock
from kiosk.journey import events as ev
from kiosk.journey.views import Scene, SetupForm
from kiosk.setup import events as own
from kiosk.setup.helper import Helper
from kiosk.setup.on_glass import SetupDirector
from kiosk.setup.touch import TARGETS
from kiosk.setup.views import SetupList, SetupTouch, SetupWork
from kiosk.words import Words
from tests.kiosk.setup.set_up_world import FIRST, WORDS, MemoryShop, wizard

SPOKEN = {tag: Words.load(WORDS, tag) for tag in ("zh-Hans", "en")}
CLOCK = RealClock()


class Glass:
    """Touches, and looks until what is expected is there."""

    def __init__(self, folder: Path, shop: MemoryShop) -> None:
        helper = Helper()
        self.wizard = wizard(folder, shop, helper)
        self.director = SetupDirector(self.wizard, helper, lambda tag: SPOKEN[tag])

    def touch(self, *touched: ev.CitizenEvent) -> None:
        for event in touched:
            self.director.touch(event, self.director.pump().number)

    def see(self, step: str, state: str = "") -> Scene:
        until = CLOCK.after(20)
        while not CLOCK.due(until):
            scene = self.director.pump()
            view = scene.view
            if isinstance(view, SetupWork):  # the working thread has the wizard to itself
                there = (view.step, view.state) == (step, state)
            else:
                there = self.wizard.step.key == step and state in ("", getattr(view, "state", ""))
            if there:
                return scene
            CLOCK.wait(0.01)
        raise AssertionError(f"{step} {state}: {self.director.pump().view}")

    def answer(self) -> None:
        self.touch(*(ev.Fill(name, text) for name, text in FIRST.items()), ev.Continue())

    def to_devices(self) -> None:
        self.touch(ev.Continue(), ev.Continue())
        for step in ("site", "network", "time"):
            assert isinstance(self.see(step).view, SetupForm)
            self.answer()
        self.see("find", "ready")
        self.touch(ev.Continue())
        self.see("devices")


@pytest.fixture
def shop() -> MemoryShop:
    return MemoryShop()


def test_from_the_list_to_the_list(tmp_path: Path, shop: MemoryShop) -> None:
    glass = Glass(tmp_path, shop)
    assert isinstance(glass.director.pump().view, SetupList)
    glass.to_devices()
    glass.answer()
    glass.see("enrol")
    glass.answer()
    glass.see("device.id_card", "ready")
    glass.touch(ev.Continue())
    asking = glass.see("device.id_card", "asking").view
    assert isinstance(asking, SetupWork) and asking.question == "?"
    glass.touch(own.Saw(True))
    glass.see("touch")
    for x, y in TARGETS:
        assert isinstance(glass.director.pump().view, SetupTouch)
        glass.touch(own.Pointed(x + 0.01, y))
    glass.see("sound")
    glass.touch(ev.Fill("sound.volume", "0"), ev.Continue())
    glass.see("finish", "ready")
    glass.touch(ev.Continue())
    done = glass.see("finish", "finished").view
    assert isinstance(done, SetupList) and {step.result for step in done.steps} == {"pass"}
    assert not glass.director.over
    glass.touch(ev.Continue())
    assert glass.director.over
    glass.director.close()


def test_what_failed_is_said_before_the_answers_may_be_changed(tmp_path: Path, shop: MemoryShop) -> None:
    shop.ahead_s = 300.0
    glass = Glass(tmp_path, shop)
    glass.touch(ev.Continue(), ev.Continue())
    for step in ("site", "network", "time"):
        glass.see(step)
        glass.answer()
    failed = glass.see("time", "failed").view
    assert isinstance(failed, SetupWork) and failed.told[-1].startswith("W202")
    glass.touch(ev.TryAgain())
    assert isinstance(glass.director.pump().view, SetupForm)
    glass.touch(ev.Skip())
    glass.see("find", "ready")
    glass.director.close()


def test_a_problem_stands_at_its_field(tmp_path: Path, shop: MemoryShop) -> None:
    glass = Glass(tmp_path, shop)
    glass.touch(ev.Continue(), ev.Continue(), ev.Continue())
    form = glass.director.pump().view
    assert isinstance(form, SetupForm) and form.show_problems
    assert {one.field.name: one.problem for one in form.asked}["site.name"] == "setup.problem.W101"
    glass.touch(ev.Fill("site.township", "-"), ev.Fill("site.name", "示例"))
    form = glass.director.pump().view
    assert isinstance(form, SetupForm)
    assert {one.field.name: (one.value, one.problem) for one in form.asked}["site.name"] == ("示例", "")
    glass.director.close()


def test_a_code_is_scanned_and_it_speaks_the_chosen_language(tmp_path: Path, shop: MemoryShop) -> None:
    glass = Glass(tmp_path, shop)
    glass.touch(ev.Continue(), ev.Fill("language.first", "en"), ev.Continue())
    assert glass.see("site").chrome.look.language == "en"
    glass.touch(ev.Back(), ev.Back(), ev.Continue())
    for step in ("language", "site", "network", "time"):
        glass.see(step)
        glass.answer()
    glass.see("find", "ready")
    glass.touch(ev.Skip(), ev.Continue())
    glass.see("enrol")
    shop.said = ""
    glass.touch(ev.Scan())
    until = CLOCK.after(10)
    while not CLOCK.due(until):
        form = glass.director.pump().view
        if isinstance(form, SetupForm) and form.asked[0].problem:
            break
    assert isinstance(form, SetupForm) and form.asked[0].problem == "setup.problem.W208"
    shop.said = "AB12"
    glass.touch(ev.Scan())
    while not CLOCK.due(until) and not (isinstance(form, SetupForm) and form.asked[0].value):
        form = glass.director.pump().view
    assert isinstance(form, SetupForm) and form.asked[0].value == "AB12"
    glass.director.close()
