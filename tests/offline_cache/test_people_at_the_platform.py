"""The product's client and queue at the real platform: her cases, corrections, withdrawal, tickets, drafts."""

import hashlib
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from offline_cache.items import CaseState
from tests.backend.sealing_terminal import NUMBER, pdf_of, sha256
from tests.offline_cache.citizen import Hall, case_of, new_id, planned

OTHER = "429006199003070019"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path)
    yield made
    made.close()


def _event(hall: Hall, case_id: str, department: str, state: str) -> dict[str, Any]:
    answer = hall.operator("POST", f"cases/{case_id}/events", json={"department": department, "state": state})
    assert answer.status_code == 201
    return dict(answer.json())


def _paper(pages: int = 1, slot: str = "slot-p02") -> tuple[bytes, dict[str, Any]]:
    pdf = pdf_of(pages, 90)
    told = {
        "slot": slot,
        "name": "居住地住址证明",
        "part": "p01",
        "pages": pages,
        "sha256": sha256(pdf),
        "trust": "C",
    }
    return pdf, told


def test_departments_work_beside_each_other_and_the_last_waits(hall: Hall) -> None:
    case = case_of(change=planned)
    number = hall.hand_in(case)
    (standing,) = hall.platform.people.cases(NUMBER.lower())
    assert (standing.case_id, standing.acceptance_number, standing.state) == (
        case.case_id,
        number,
        "received",
    )
    assert [(each.department, each.state) for each in standing.departments] == [
        ("市公安局", "received"),
        ("市房管局", "received"),
        ("市人社局", "waiting"),
    ]
    assert standing.departments[2].items[0].name == "制证"
    assert _event(hall, case.case_id, "市公安局", "finished")["state"] == "accepted"
    told = _event(hall, case.case_id, "市房管局", "finished")
    assert [each["state"] for each in told["departments"]] == ["finished", "finished", "received"]
    assert told["timeline"][-1]["department"] == "市人社局" and not told["can_withdraw"]
    assert _event(hall, case.case_id, "市人社局", "finished")["state"] == "finished"
    progress = hall.platform.progress(number, NUMBER[-4:])
    assert progress is not None and progress.case_id == case.case_id and progress.state == "finished"
    assert [each.state for each in progress.departments] == ["finished"] * 3
    assert hall.platform.people.cases(OTHER) == ()


def test_a_department_without_a_part_moves_the_whole_case(hall: Hall) -> None:
    case = case_of(change=planned)
    hall.hand_in(case)
    told = _event(hall, case.case_id, "市政务服务中心", "accepted")
    assert told["state"] == "accepted"
    assert [each["state"] for each in told["departments"]] == ["accepted", "accepted", "waiting"]
    told = _event(hall, case.case_id, "市政务服务中心", "finished")
    assert told["state"] == "finished" and {each["state"] for each in told["departments"]} == {"finished"}


def test_a_correction_is_asked_answered_and_shown(hall: Hall) -> None:
    case = case_of(change=planned)
    number = hall.hand_in(case)
    asked = hall.ask_correction(case.case_id)
    (standing,) = hall.platform.people.cases(NUMBER)
    assert standing.state == "correction" and standing.correction is not None
    assert standing.correction.correction_id == asked["correction_id"]
    assert standing.correction.materials[0].slot == "slot-p02" and standing.correction.fields == ("phone",)
    before = hall.operator("GET", f"cases/{case.case_id}/document.pdf").content
    pdf, material = _paper(1)
    content = {"number": NUMBER, "form": {"phone": "13911111111"}, "materials": [material]}
    body = {"correction_id": asked["correction_id"]}
    message = hall.tell("correction", body, content, about=case.case_id, p01=pdf)
    assert hall.outbox.message(message).state is CaseState.DELIVERED
    (standing,) = hall.platform.people.cases(NUMBER)
    assert (standing.state, standing.correction) == ("accepted", None)
    progress = hall.platform.progress(number, NUMBER[-4:])
    assert progress is not None and progress.timeline[-1].what == "已收到补正"
    manifest = hall.operator("GET", f"cases/{case.case_id}").json()
    assert manifest["form"]["phone"] == "13800000000"
    assert manifest["corrected"]["form"]["phone"] == "13911111111"
    assert [each["slot"] for each in manifest["corrected"]["materials"]] == ["slot-p01", "slot-p02"]
    assert manifest["corrections"][0]["materials"][0]["sha256"] == material["sha256"]
    after = hall.operator("GET", f"cases/{case.case_id}/document.pdf").content
    assert [_pages(each) for each in (before, after)] == [3, 2]
    # she answers again from another terminal, after days without a network: nothing is replaced, and it is said
    content["form"] = {"phone": "13922222222"}
    hall.tell("correction", body, content, about=case.case_id, p01=pdf)
    manifest = hall.operator("GET", f"cases/{case.case_id}").json()
    assert manifest["corrected"]["form"]["phone"] == "13911111111"
    progress = hall.platform.progress(number, NUMBER[-4:])
    assert progress is not None and "未替换" in progress.timeline[-1].what


def _pages(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


def test_a_signed_correction_must_sign_itself(hall: Hall) -> None:
    case = case_of()
    hall.hand_in(case)
    asked = hall.ask_correction(case.case_id, materials=[])
    form = {"phone": "13911111111"}
    signed = {"case_id": case.case_id, "correction_id": asked["correction_id"], "form": form, "materials": []}
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    image = b"a picture"
    signature = {
        "part": "p01",
        "sha256": sha256(image),
        "signs": sha256(b""),
        "at": "2026-11-21T09:41:00+08:00",
    }
    content = {"number": NUMBER, "form": form, "signature": signature}
    body = {"correction_id": asked["correction_id"]}
    wrong = hall.tell("correction", body, content, about=case.case_id, p01=image)
    assert hall.outbox.message(wrong).state is CaseState.STUCK
    signature["signs"] = hashlib.sha256(text.encode()).hexdigest()
    right = hall.tell("correction", body, content, about=case.case_id, p01=image)
    assert hall.outbox.message(right).state is CaseState.DELIVERED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": OTHER}, "B472"),
        ({"form": {"phone": "1", "name": "X"}}, "B473"),
        ({"form": {}, "materials": []}, "B473"),
        ({"paper": {"slot": "slot-p01"}}, "B473"),
        ({"paper": {"pages": 2}}, "B455"),
        ({"paper": {"sha256": "0" * 64}}, "B455"),
        ({"paper": {"part": "p02"}}, "B454"),
        ({"form": [1]}, "B475"),
    ],
)
def test_only_what_was_asked_of_her_is_taken(hall: Hall, change: dict[str, Any], code: str) -> None:
    case = case_of()
    hall.hand_in(case)
    body = {"correction_id": hall.ask_correction(case.case_id)["correction_id"]}
    pdf, material = _paper(1)
    material |= change.get("paper", {})
    content = {"number": NUMBER, "form": {"phone": "1"}, "materials": [material]} | change
    parts = {"p01": pdf} if content["materials"] else {}
    told = hall.tell("correction", body, content, about=case.case_id, **parts)
    assert hall.outbox.message(told).state is CaseState.STUCK
    assert f'"code": "{code}"' in hall.journal.getvalue()
    (standing,) = hall.platform.people.cases(NUMBER)
    assert standing.state == "correction"


def test_she_withdraws_what_nobody_has_finished(hall: Hall) -> None:
    first, second = case_of(change=planned), case_of(change=planned)
    hall.hand_in(first)
    number = hall.hand_in(second)
    _event(hall, second.case_id, "市公安局", "finished")
    hall.tell("withdrawal", {}, {"number": OTHER, "reason": ""}, about=first.case_id)
    for case in (first, second):
        hall.tell("withdrawal", {}, {"number": NUMBER, "reason": "不办了"}, about=case.case_id)
    standings = {each.case_id: each for each in hall.platform.people.cases(NUMBER)}
    assert standings[first.case_id].state == "withdrawn" and not standings[first.case_id].can_withdraw
    assert standings[second.case_id].state == "accepted"
    progress = hall.platform.progress(number, NUMBER[-4:])
    assert progress is not None and "未撤回" in progress.timeline[-1].what
    assert hall.outbox.status().stuck == 1  # the one that was not hers


def test_tickets_wait_for_the_operator(hall: Hall) -> None:
    body = {"ticket": "B-000123-4", "matter": "N02", "step": "capture", "reasons": ["slow", "hard"]}
    content = {"name": "李凤", "phone": "13800000000", "callback": True, "text": "办了三次没办成"}
    first = hall.tell("hardship", body, content)
    hall.tell(
        "callback", {"ticket": "C-000124-1", "matter": None}, {"phone": "13700000000", "when": "morning"}
    )
    bad = hall.tell("callback", {"ticket": "C 1", "matter": None}, {"phone": "1", "when": "morning"})
    assert hall.outbox.message(bad).state is CaseState.STUCK
    told = hall.operator("GET", "tickets").json()
    assert [(each["kind"], each["state"], each["phone"]) for each in told] == [
        ("hardship", "open", "13800000000"),
        ("callback", "open", "13700000000"),
    ]
    assert told[0]["text"] == content["text"] and told[1]["when"] == "morning"
    assert hall.operator("POST", f"tickets/{first}", json={"state": "called"}).json()["state"] == "called"
    assert len(hall.operator("GET", "tickets?state=open").json()) == 1
    assert hall.operator("POST", f"tickets/{new_id()}", json={"state": "closed"}).status_code == 404
    assert "13800000000" not in hall.journal.getvalue() and "李凤" not in hall.journal.getvalue()
