"""Who waits for whom, and where the whole stands, for plans and events that nobody thought of."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.departments import can_withdraw, move, split, state_of, withdraw
from backend.envelope import Manifest
from backend.schema import Case
from backend.words import ENDED, State
from tests.backend.sealing_terminal import draft_case

_AT = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)
_OFFICES = [f"部门{name}" for name in "甲乙丙丁"]
_TOLD = [State.ACCEPTED, State.CORRECTION, State.FINISHED, State.DECLINED]


@st.composite
def plans(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to eight items of four offices, each after some others, itself and unknown ones among them."""
    count = draw(st.integers(1, 8))
    codes = [f"c{at}" for at in range(count)]
    after = st.lists(st.sampled_from([*codes, "unknown"]), max_size=3)
    return [
        {"code": code, "name": code, "department": draw(st.sampled_from(_OFFICES)), "after": draw(after)}
        for code in codes
    ]


def _case(plan: list[dict[str, Any]]) -> Case:
    manifest = draft_case((1,)).manifest | ({"plan": plan} if plan else {})
    manifest["signature"]["signs"] = "0" * 64
    parts = split(Manifest.model_validate(manifest), _AT)
    return Case(case_id="case", state=State.RECEIVED, departments=parts, corrections=[], timeline=[])


@given(plans())
def test_every_plan_comes_to_an_end(plan: list[dict[str, Any]]) -> None:
    case = _case(plan)
    does = {item["code"]: part.department for part in case.departments for item in part.items}
    assert does == {each["code"]: each["department"] for each in plan}
    assert len({part.department for part in case.departments}) == len(case.departments)
    for turn in range(len(case.departments)):
        begun = [part for part in case.departments if part.state is State.RECEIVED]
        assert begun, "somebody can always begin"
        assert not any(part.state is State.FINISHED for part in begun)
        move(case, begun[0].department, State.FINISHED, "", _AT + timedelta(days=turn))
    assert case.state is State.FINISHED and all(part.state is State.FINISHED for part in case.departments)


@given(
    plans(), st.lists(st.tuples(st.sampled_from([*_OFFICES, "别处"]), st.sampled_from(_TOLD)), max_size=12)
)
def test_the_whole_follows_its_parts(plan: list[dict[str, Any]], events: list[tuple[str, State]]) -> None:
    case, lines = _case(plan), 0
    for office, state in events:
        own = {part.department: part for part in case.departments}.get(office)
        move(case, office, state, "", _AT)
        if own is not None:
            assert own.state is state and case.state is state_of(part.state for part in case.departments)
        else:
            assert case.state is state
        assert len(case.timeline) > lines
        lines = len(case.timeline)
    free = can_withdraw(case)
    assert free == (case.state not in ENDED and all(p.state is not State.FINISHED for p in case.departments))
    if free:
        withdraw(case, _AT)
        assert case.state is State.WITHDRAWN and all(part.state in ENDED for part in case.departments)
        assert not can_withdraw(case)


@given(st.lists(st.sampled_from(list(State)), min_size=1, max_size=6), st.randoms())
def test_the_order_of_departments_does_not_matter(states: list[State], rng: Any) -> None:
    told = state_of(states)
    shuffled = list(states)
    rng.shuffle(shuffled)
    assert state_of(shuffled) is told
    assert (told is State.CORRECTION) == (State.CORRECTION in states)
    assert (told in ENDED) == all(state in ENDED for state in states)


def test_departments_that_wait_for_each_other_begin_together() -> None:
    plan = [
        {"code": "a", "name": "a", "department": "甲", "after": ["b"]},
        {"code": "b", "name": "b", "department": "乙", "after": ["a"]},
        {"code": "c", "name": "c", "department": "丙", "after": ["a", "b", "nowhere"]},
        {"code": "d", "name": "d", "department": "丁", "after": ["c"]},
        {"code": "e", "name": "e", "department": "丁", "after": []},
    ]
    states = {part.department: (part.state, part.after) for part in _case(plan).departments}
    assert states == {
        "甲": (State.RECEIVED, []),
        "乙": (State.RECEIVED, []),
        "丙": (State.WAITING, ["乙", "甲"]),
        "丁": (State.RECEIVED, []),  # one of its items waits for nobody
    }


def test_without_a_plan_the_lead_window_has_it_all() -> None:
    (part,) = _case([]).departments
    assert (part.department, part.state) == ("牵头部门窗口", State.RECEIVED)
    assert [item["code"] for item in part.items] == ["N02-1", "N02-2"]
