"""What a manifest may also hold: what stands for papers, delivery, an agent, the plan. Signed, and checked."""

from typing import Any

import pytest

from tests.backend.sealing_terminal import NUMBER, SealedCase, SealingTerminal, draft_case

LICENCE = {"slot": "household", "name": "户口簿", "by": "licence", "licence": "电子居民户口簿"}
PROMISE = {
    "slot": "no-house",
    "name": "无房证明",
    "by": "promise",
    "promise": {"name": "no-house", "title": "无房承诺", "text_sha256": "a" * 64},
}
AGENT = {"kind": "agent", "name": "王小明", "number": "429006199003070019", "entered": "card"}
PLAN = [
    {"code": "a", "name": "核验", "department": "市公安局", "after": [], "online": True, "promised_days": 3}
]
ALL = {
    "replaced": [LICENCE, PROMISE],
    "delivery": {"way": "post", "region": "429006101", "address": "示例路1号", "phone": "13800000000"},
    "agent": AGENT,
    "plan": PLAN,
}


def _hand_in(terminal: SealingTerminal, members: dict[str, Any], *, signed: bool = True) -> Any:
    case = _case(terminal, members, signed=signed)
    terminal.send_all(case)
    return terminal.hand_in(case)


def _case(terminal: SealingTerminal, members: dict[str, Any], *, signed: bool = True) -> SealedCase:
    case = draft_case((1,))
    case.manifest.update(members)
    if signed:
        case.sign()
    return case.seal(terminal.recipients)


def test_all_of_them_are_taken_and_kept(guest: SealingTerminal, shared_operator: SealingTerminal) -> None:
    unsigned = {"draft_id": "d" * 16, "earlier_consent_at": "2026-11-21T09:35:00+08:00"}
    case = _case(guest, ALL | unsigned)
    guest.send_all(case)
    assert guest.hand_in(case).status_code == 201
    kept = shared_operator.ask("GET", f"/v1/operator/cases/{case.case_id}").json()
    assert {name: kept[name] for name in ALL} == ALL


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_is_covered_by_the_signature(guest: SealingTerminal, name: str) -> None:
    answer = _hand_in(guest, {name: ALL[name]}, signed=False)
    assert (answer.status_code, answer.json()["code"]) == (422, "B456")
    assert _hand_in(guest, {name: ALL[name]}).status_code == 201


def test_what_is_not_signed_may_be_added(guest: SealingTerminal) -> None:
    assert _hand_in(guest, {"draft_id": "d" * 16}, signed=False).status_code == 201


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"replaced": None}, "B467"),
        ({"replaced": [LICENCE | {"promise": PROMISE["promise"]}]}, "B467"),
        ({"replaced": [LICENCE | {"by": "promise"}]}, "B467"),
        ({"replaced": [{"slot": "x", "name": "x", "by": "licence"}]}, "B467"),
        ({"replaced": [PROMISE | {"promise": {"name": "x", "title": "x", "text_sha256": "A" * 64}}]}, "B467"),
        ({"replaced": [PROMISE | {"promise": {"name": "x", "title": "x"}}]}, "B467"),
        ({"replaced": [LICENCE, LICENCE]}, "B467"),
        ({"replaced": [LICENCE | {"slot": "slot-p01"}]}, "B467"),
        ({"replaced": [LICENCE | {"licence": "电子营业执照"}]}, "B471"),
        ({"replaced": [LICENCE | {"licence_number": "SAMPLE-9999"}]}, "B471"),
        ({"delivery": None}, "B468"),
        ({"delivery": {"way": "pigeon"}}, "B468"),
        ({"delivery": {"way": "post", "address": {"street": "x"}}}, "B468"),
        ({"delivery": {"way": "post", "address": "x" * 501}}, "B468"),
        ({"agent": None}, "B469"),
        ({"agent": AGENT | {"kind": "friend"}}, "B469"),
        ({"agent": AGENT | {"number": NUMBER}}, "B469"),
        ({"agent": {"kind": "agent"}}, "B469"),
        ({"plan": None}, "B470"),
        ({"plan": [PLAN[0] | {"department": ""}]}, "B470"),
        ({"plan": [PLAN[0] | {"promised_days": -1}]}, "B470"),
        ({"plan": PLAN * 2}, "B470"),
        ({"draft_id": "../etc"}, "B452"),
    ],
)
def test_what_is_wrong_is_refused_by_its_own_code(
    guest: SealingTerminal, members: dict[str, Any], code: str
) -> None:
    answer = _hand_in(guest, members)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["detail"] and NUMBER not in answer.text and "王小明" not in answer.text


def test_the_licence_may_be_the_agents(guest: SealingTerminal) -> None:
    licence = LICENCE | {"licence": "电子营业执照", "licence_number": "SAMPLE-0003"}
    assert _hand_in(guest, {"replaced": [licence]}).json()["code"] == "B471"
    assert _hand_in(guest, {"replaced": [licence], "agent": AGENT}).status_code == 201
