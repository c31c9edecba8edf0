"""From the sign in the corners to giving everything back, over the whole journey, with a stage in memory."""

from collections.abc import Callable
from typing import Any

import pytest

from ground.logbook import Event
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS
from kiosk.journey.tended import TendedJourney
from kiosk.journey.training import FORGOTTEN_S, TrainingJourney
from kiosk.tending import events as te
from kiosk.tending.knock import NEXT_S, ORDER, Knocks
from kiosk.tending.roles import MAY, Role
from kiosk.tending.tending import CLOSE_S, DOOR_S, RELEASE_S, TOUCH_COLUMNS, TOUCH_ROWS, Tending
from tests.journeys.walked_world import World

LINES = (
    te.Line("id_card", "身份证阅读器", "D101", "wrong", "devices", ("看电源", "看线")),
    te.Line("receipt_printer", "凭条打印机", "", "good", "devices"),
    te.Line("touch", "触摸屏"),
    te.Line("paper_roll", "换凭条纸"),
    te.Line("pens", "笔"),
)


class NotedStage:
    """Notes what was asked; the test answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.ticket = 0

    def __getattr__(self, name: str) -> Callable[..., None]:
        def note(*facts: object) -> None:
            self.asked.append(" ".join([name, *(str(fact) for fact in facts if fact != self._took(facts))]))

        return note

    def _took(self, facts: tuple[object, ...]) -> object:
        if facts and isinstance(facts[0], int) and not isinstance(facts[0], bool):
            self.ticket = facts[0]
            return facts[0]
        return None


class Tended:
    """A world whose journey can be looked after."""

    def __init__(self, world: World) -> None:
        self.world, self.stage = world, NotedStage()
        self.tending = Tending(
            self.stage,  # type: ignore[arg-type]
            world.clock,
            world.logbook,
            version="1.0",
            clean=lambda: self.journey.handle(ev.Clean()),
        )
        old = world.journey
        self.journey = TendedJourney(old._visit, old._show, world.clock, self.tending, old._visit._words)
        world.journey = world.conductor._journey = self.journey

    def knock(self, *corners: Any) -> views.View:
        return self.world.do(*(te.Knock(corner) for corner in corners or ORDER))

    def hear(self, make: Callable[[int], te.TendingAnswer]) -> Any:
        self.world.conductor.post(make(self.stage.ticket))
        return self.world.conductor.pump().view

    def come_in(self, role: Role = Role.TECHNICIAN) -> Any:
        self.knock()
        self.hear(lambda ticket: te.DoorSeen(ticket, ("pin",), 0.0))
        self.world.do(*(te.Digit(key) for key in ("0", "7", "enter", *"204817", "enter")))
        view = self.hear(lambda ticket: te.Admitted(ticket, "07", role, "pin"))
        if isinstance(view, views.Handover):
            view = self.hear(lambda ticket: te.Released(ticket))
        return view

    def choose(self, key: str) -> Any:
        return self.world.do(te.Choose(key))

    def page(self, key: str) -> Any:
        self.choose(key)
        return self.hear(lambda ticket: te.PageSeen(ticket, LINES))

    def logged(self, event: Event) -> list[dict[str, Any]]:
        return [facts for each, facts in self.world.logbook.lines if each is event]


@pytest.fixture
def tended(world: World) -> Tended:
    return Tended(world)


# --- the sign ---


def test_four_corners_crosswise_show_the_door(tended: Tended) -> None:
    assert isinstance(tended.knock(), views.TendingDoor)
    assert tended.stage.asked == ["open_door"]


def test_other_ways_round_and_slow_hands_do_not(tended: Tended) -> None:
    clockwise = ("top_left", "top_right", "bottom_right", "bottom_left")
    assert isinstance(tended.knock(*clockwise), views.Idle)
    for corner in ORDER:
        assert isinstance(tended.knock(corner), views.Idle)
        tended.world.turn(NEXT_S)
    assert tended.stage.asked == []


def test_a_citizen_who_touches_a_corner_begins_a_moment_later(tended: Tended) -> None:
    tended.knock("top_left")
    assert isinstance(tended.world.do(ev.Start()), views.Idle)
    assert isinstance(tended.world.turn(NEXT_S), views.Home)


def test_any_other_corner_begins_at_once(tended: Tended) -> None:
    tended.knock("top_right")
    assert isinstance(tended.world.do(ev.Start()), views.Home)


def test_the_sign_counts_from_the_beginning_after_a_mistake(tended: Tended) -> None:
    knocks = Knocks(tended.world.clock)
    assert [knocks.touched(corner) for corner in ("top_left", *ORDER)] == [False] * 4 + [True]


@pytest.mark.parametrize("state", ["home", "form", "capture", "review"])
def test_a_visit_is_never_cut(tended: Tended, state: str) -> None:
    before = tended.world.at(state)
    assert tended.knock() == before
    assert tended.stage.asked == []


def test_also_while_out_of_service(tended: Tended) -> None:
    from dataclasses import replace

    tended.world.around = replace(tended.world.around, out_of_service="S101")
    assert isinstance(tended.knock(), views.TendingDoor)


# --- the door ---


def test_where_nobody_is_set_up_nobody_types(tended: Tended) -> None:
    tended.knock()
    view = tended.hear(lambda ticket: te.DoorSeen(ticket, (), 0.0))
    assert view.state == "closed"
    tended.world.do(te.Digit("1"), te.Digit("2"), te.Digit("enter"))
    assert tended.stage.asked == ["open_door"]


def test_a_pin_is_in_no_scene_and_in_no_log(tended: Tended) -> None:
    tended.knock()
    tended.hear(lambda ticket: te.DoorSeen(ticket, ("pin",), 0.0))
    for key in ("0", "7", "enter", *"204817"):
        tended.world.do(te.Digit(key))
        assert "2048" not in repr(tended.world.scene)
    assert tended.world.view.length == 6
    tended.world.do(te.Digit("enter"))
    assert tended.stage.asked[-1] == "try_pin 07 204817"
    assert "204817" not in repr(tended.tending._door.__dict__) and "204817" not in repr(
        tended.world.logbook.lines
    )


def test_wrong_then_waiting_then_again(tended: Tended) -> None:
    tended.knock()
    tended.hear(lambda ticket: te.DoorSeen(ticket, ("pin",), 0.0))
    tended.world.do(*(te.Digit(key) for key in ("0", "7", "enter", *"204817", "enter")))
    view = tended.hear(lambda ticket: te.Rejected(ticket, "wait", 15.0))
    assert (view.state, view.wait_s, view.length) == ("waiting", 15, 0)
    asked = len(tended.stage.asked)
    tended.world.do(*(te.Digit(key) for key in ("2", "0", "4", "8", "1", "7", "enter")))
    assert len(tended.stage.asked) == asked
    assert tended.world.turn(15).state == "open"


def test_the_door_closes_by_itself(tended: Tended) -> None:
    tended.knock()
    assert isinstance(tended.world.turn(DOOR_S), views.Idle)
    assert tended.stage.asked[-1] == "close_door"


def test_a_late_answer_lets_nobody_in(tended: Tended) -> None:
    tended.knock()
    late = tended.stage.ticket
    tended.world.do(te.Quit())
    tended.world.conductor.post(te.Admitted(late, "07", Role.TECHNICIAN, "pin"))
    assert isinstance(tended.world.conductor.pump().view, views.Idle)


# --- vendor mode ---


def test_nothing_is_done_before_the_devices_are_let_go_of(tended: Tended) -> None:
    tended.knock()
    tended.hear(lambda ticket: te.DoorSeen(ticket, ("pin",), 0.0))
    view = tended.hear(lambda ticket: te.Admitted(ticket, "07", Role.TECHNICIAN, "card"))
    assert isinstance(view, views.Handover) and tended.stage.asked[-1] == "release"
    assert isinstance(tended.choose("tests"), views.Handover)
    view = tended.hear(lambda ticket: te.Released(ticket))
    assert [line.key for line in view.lines] == [act.value for act in MAY[Role.TECHNICIAN]]


def test_a_device_that_does_not_answer_is_told_of(tended: Tended) -> None:
    tended.knock()
    tended.hear(lambda ticket: te.DoorSeen(ticket, ("pin",), 0.0))
    tended.hear(lambda ticket: te.Admitted(ticket, "07", Role.TECHNICIAN, "pin"))
    view = tended.world.turn(RELEASE_S)
    assert view.page == "acts" and view.code == "D102"


def test_an_auditor_takes_no_device(tended: Tended) -> None:
    tended.come_in(Role.AUDITOR)
    tended.world.do(te.Quit())
    assert not {"release", "take_back"} & set(tended.stage.asked)


@pytest.mark.parametrize("role", list(Role))
def test_only_what_the_role_may(tended: Tended, role: Role) -> None:
    acts = tended.come_in(role)
    for act in ("tests", "log", "refill", "version"):
        if act not in MAY[role]:
            assert tended.choose(act) == acts


def test_left_alone_everything_is_given_back(tended: Tended) -> None:
    tended.come_in()
    tended.page("health")
    assert isinstance(tended.world.turn(CLOSE_S), views.Idle)
    assert tended.stage.asked[-1] == "take_back"
    assert tended.logged(Event.TENDING_LEFT) == [{"outcome": "alone", "person": "07", "role": "technician"}]


def test_nobody_begins_a_visit_meanwhile(tended: Tended) -> None:
    acts = tended.come_in()
    for event in (ev.Start(), ev.AskHelp(), ev.AskLook(), ev.Leave(), ev.AskClean(), te.Knock("top_left")):
        assert tended.world.do(event) == acts
    tended.world.do(te.Quit())
    assert isinstance(tended.world.do(ev.Start()), views.Home)


def test_each_act_is_logged_with_who(tended: Tended) -> None:
    tended.come_in(Role.STAFF)
    tended.page("refill")
    tended.choose("pens")
    assert tended.logged(Event.TENDING_ENTERED) == [{"way": "pin", "person": "07", "role": "staff"}]
    told = [(facts["act"], facts["of"]) for facts in tended.logged(Event.TENDING_ACT)]
    assert told == [("refill", ""), ("refill", "pens")]


# --- inside ---


def test_a_fault_is_opened_to_its_steps(tended: Tended) -> None:
    tended.come_in()
    tended.page("health")
    assert tended.choose("receipt_printer").page == "health", "nothing to mend there"
    view = tended.choose("id_card")
    assert (view.title, [line.name for line in view.lines]) == ("身份证阅读器", ["看电源", "看线"])
    assert tended.world.do(ev.Back()).page == "health"
    assert tended.world.do(ev.Back()).page == "acts"


def test_a_device_tells_asks_and_is_judged(tended: Tended) -> None:
    tended.come_in()
    tended.page("tests")
    view = tended.choose("receipt_printer")
    assert isinstance(view, views.DeviceTest) and view.state == "running"
    assert tended.stage.asked[-1] == "test receipt_printer 07"
    tended.hear(lambda ticket: te.Told(ticket, "纸：full"))
    view = tended.hear(lambda ticket: te.Asked(ticket, "出来了吗？"))
    assert (view.told, view.state) == (("纸：full",), "asking")
    assert tended.world.do(te.Judge(True)).state == "running"
    assert tended.stage.asked[-1] == "judge True"
    assert tended.hear(lambda ticket: te.Tested(ticket, "pass")).state == "pass"


def test_whoever_goes_back_stops_the_test(tended: Tended) -> None:
    tended.come_in()
    tended.page("tests")
    tended.choose("receipt_printer")
    late = tended.stage.ticket
    tended.world.do(ev.Back())
    assert "stop" in tended.stage.asked
    tended.world.conductor.post(te.Tested(late, "pass"))
    assert tended.world.conductor.pump().view.page == "tests"


def test_a_running_test_keeps_the_screen_open_and_its_own_limit_ends_it(tended: Tended) -> None:
    tended.come_in()
    tended.page("tests")
    tended.choose("receipt_printer")
    assert isinstance(tended.world.turn(CLOSE_S), views.DeviceTest)
    assert isinstance(tended.world.turn(300), views.Idle)


def test_a_refill_goes_step_by_step_and_ends_with_a_print(tended: Tended) -> None:
    tended.come_in(Role.STAFF)
    tended.page("refill")
    seen = [tended.choose("paper_roll").number]
    while tended.stage.asked[-1] != "refilled paper_roll 07":
        view: Any = tended.world.do(te.Proceed())
        seen.append(view.number)
    assert seen == [1, 2, 3, 4, 4] and view.state == "trying"
    view = tended.hear(lambda ticket: te.Tested(ticket, "error", "condition.cover_open", "合上"))
    assert (view.state, view.code) == ("failed", "condition.cover_open")
    tended.world.do(te.Proceed())
    assert tended.hear(lambda ticket: te.Tested(ticket, "pass")).state == "done"
    assert tended.world.do(te.Proceed()).page == "refill"


def test_the_glass_is_tested_field_by_field(tended: Tended) -> None:
    tended.come_in()
    tended.page("tests")
    tended.choose("touch")
    for number in range(TOUCH_COLUMNS * TOUCH_ROWS):
        assert isinstance(tended.world.view, views.TouchTest)
        tended.world.do(te.Dot(number))
    assert tended.world.view.page == "tests"
    assert "keep touch pass 07" in tended.stage.asked


def test_the_glass_is_wiped_after_everything_is_given_back(tended: Tended) -> None:
    tended.come_in(Role.STAFF)
    assert isinstance(tended.choose("clean"), views.Cleaning)
    assert tended.stage.asked[-1] == "take_back"
    assert isinstance(tended.world.turn(DEFAULTS.cleaning_s), views.Idle)


def test_training_is_asked_for_and_everybody_leaves(tended: Tended) -> None:
    tended.come_in(Role.STAFF)
    assert tended.choose("training").page == "training"
    assert isinstance(tended.world.do(te.Proceed()), views.Idle)
    assert tended.stage.asked[-3:] == ["train", "close_door", "take_back"]


def test_where_nobody_can_come_in_the_sign_does_nothing(world: World) -> None:
    before = world.view
    assert world.do(*(te.Knock(corner) for corner in ORDER)) == before


def test_a_training_ends_by_a_touch_or_by_itself_and_a_knock_is_nothing(world: World) -> None:
    ended: list[bool] = []
    old = world.journey
    world.journey = TrainingJourney(old._visit, old._show, world.clock, lambda: ended.append(True))
    world.conductor._journey = world.journey
    world.do(*(te.Knock(corner) for corner in ORDER))
    assert world.scene.chrome.training and isinstance(world.do(ev.Start()), views.Home) and not ended
    world.do(te.EndTraining())
    assert ended == [True]
    world.do(ev.Leave())
    world.turn(FORGOTTEN_S)
    assert len(ended) > 1
