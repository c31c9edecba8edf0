"""After a case was received: evaluation, progress, and what a department tells."""

from pathlib import Path
from typing import Any

import pytest

from backend.clock import ManualClock
from backend.serve import LiveServer
from backend.settings import Settings
from tests.backend.sealing_terminal import LAST_FOUR, SealedCase, SealingTerminal, draft_case

EVALUATION = {
    "level": 4,
    "reasons": ["speed", "guide"],
    "channel": "screen",
    "at": "2026-11-21T09:42:11.25+08:00",
    "indicators_version": "2026-1",
}


@pytest.fixture
def received(terminal: SealingTerminal, sent_case: SealedCase) -> dict[str, Any]:
    """The answer to a case that was handed in."""
    return dict(terminal.hand_in(sent_case).json())


def _evaluate(terminal: SealingTerminal, case_id: str, **instead: Any) -> tuple[int, str]:
    answer = terminal.ask("PUT", f"/v1/cases/{case_id}/evaluation", json=EVALUATION | instead)
    return answer.status_code, answer.json().get("code", "")


def test_an_evaluation_is_kept_once(
    terminal: SealingTerminal, operator: SealingTerminal, received: dict[str, Any]
) -> None:
    assert _evaluate(terminal, received["case_id"]) == (201, "")
    assert _evaluate(terminal, received["case_id"]) == (200, "")
    assert _evaluate(terminal, received["case_id"], level=1) == (409, "B409")
    (row,) = operator.ask("GET", "/v1/operator/cases").json()
    assert (row["evaluation"], row["evaluation_reasons"]) == (4, ["speed", "guide"])


def test_an_evaluation_must_fit(
    terminal: SealingTerminal, operator: SealingTerminal, received: dict[str, Any]
) -> None:
    for instead in (
        {"level": 0},
        {"level": 6},
        {"level": "5"},
        {"level": 4.5},
        {"level": True},
        {"level": None},
        {"channel": "telephone"},
        {"reasons": ["王小明 办事太慢"]},
        {"at": "yesterday"},
        {"name": "王小明"},
    ):
        assert _evaluate(terminal, received["case_id"], **instead) == (422, "B422"), instead
    assert operator.ask("GET", "/v1/operator/cases").json()[0]["evaluation"] is None


def test_an_evaluation_of_an_unknown_case_waits(terminal: SealingTerminal, sent_case: SealedCase) -> None:
    assert _evaluate(terminal, sent_case.case_id) == (404, "B404")
    terminal.hand_in(sent_case)
    assert _evaluate(terminal, sent_case.case_id) == (201, "")


def test_progress_begins_with_received(terminal: SealingTerminal, received: dict[str, Any]) -> None:
    number = received["acceptance_number"]
    answer = terminal.ask("GET", f"/v1/progress/{number}?check={LAST_FOUR}")
    items = [{"code": code, "name": ""} for code in ("N02-1", "N02-2")]
    at = "2026-11-21T01:41:00Z"
    assert answer.json() == {
        "case_id": received["case_id"],
        "acceptance_number": number,
        "matter_code": "N02",
        "matter": "居住证办理一件事",
        "state": "received",
        "received_at": at,
        "departments": [
            {"department": "牵头部门窗口", "items": items, "state": "received", "what": "已收件", "at": at}
        ],
        "correction": None,
        "can_withdraw": True,
        "timeline": [{"at": "2026-11-21T01:41:00Z", "department": "联办服务平台", "what": "已收件"}],
    }


def test_a_check_of_x_may_be_small(terminal: SealingTerminal) -> None:
    case = draft_case((1,))
    case.manifest["applicant"]["number"] = "42900619900307503X"
    case.sign()
    case.seal(terminal.recipients)
    terminal.send_all(case)
    number = terminal.hand_in(case).json()["acceptance_number"]
    for check in ("503X", "503x"):
        assert terminal.ask("GET", f"/v1/progress/{number}?check={check}").status_code == 200


def test_a_wrong_check_and_an_unknown_number_look_the_same(
    terminal: SealingTerminal, received: dict[str, Any]
) -> None:
    number = received["acceptance_number"]
    wrong = terminal.ask("GET", f"/v1/progress/{number}?check=0000")
    unknown = terminal.ask("GET", f"/v1/progress/429006-20261121-000002-9?check={LAST_FOUR}")
    mistyped = terminal.ask("GET", f"/v1/progress/{number[:-1]}X?check={LAST_FOUR}")
    nonsense = terminal.ask("GET", f"/v1/progress/nonsense?check={LAST_FOUR}")
    answers = {(answer.status_code, answer.content) for answer in (wrong, unknown, mistyped, nonsense)}
    assert answers == {(404, b'{"code":"B404","detail":"no case with this number and check"}')}


def test_checks_cannot_be_tried_out(tmp_path: Path, clock: ManualClock) -> None:
    with LiveServer(tmp_path / "p", clock=clock, settings=Settings(progress_per_minute=2)) as live:
        terminal = SealingTerminal(live.url, live.operator_token)
        terminal.enrol(terminal.ask("POST", "/v1/operator/codes").json()["code"])
        answers = [terminal.ask("GET", "/v1/progress/1?check=0000") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [404, 404, 429]
        clock.turn(int(answers[2].headers["Retry-After"]))
        assert terminal.ask("GET", "/v1/progress/1?check=0000").status_code == 404
        terminal.close()


def test_a_department_tells(
    terminal: SealingTerminal, operator: SealingTerminal, received: dict[str, Any], clock: ManualClock
) -> None:
    address = f"/v1/operator/cases/{received['case_id']}/events"
    clock.turn(3600)
    told = operator.ask("POST", address, json={"department": "市公安局", "state": "accepted"})
    assert told.status_code == 201
    clock.turn(3600)
    said = {"department": "市公安局", "state": "correction", "what": "请补交租赁合同第二页"}
    operator.ask("POST", address, json=said)
    number = received["acceptance_number"]
    progress = terminal.ask("GET", f"/v1/progress/{number}?check={LAST_FOUR}").json()
    assert progress["state"] == "correction"
    assert progress["timeline"] == [
        {"at": "2026-11-21T01:41:00Z", "department": "联办服务平台", "what": "已收件"},
        {"at": "2026-11-21T02:41:00Z", "department": "市公安局", "what": "已受理"},
        {"at": "2026-11-21T03:41:00Z", "department": "市公安局", "what": "请补交租赁合同第二页"},
    ]


def test_a_department_may_not_tell_everything(operator: SealingTerminal, received: dict[str, Any]) -> None:
    for said in (
        {"department": "市公安局", "state": "received"},
        {"department": "市公安局", "state": "lost"},
        {"department": "", "state": "accepted"},
        {"department": "市公安局", "state": "accepted", "what": "证件429006199003075127有误"},
    ):
        refused = operator.ask("POST", f"/v1/operator/cases/{received['case_id']}/events", json=said)
        assert (refused.status_code, refused.json()["code"]) == (422, "B422"), said


def test_a_department_tells_nothing_of_an_unknown_case(operator: SealingTerminal) -> None:
    said = {"department": "市公安局", "state": "accepted"}
    assert operator.ask("POST", "/v1/operator/cases/unknown-case/events", json=said).status_code == 404
