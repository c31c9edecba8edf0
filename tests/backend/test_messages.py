"""Corrections, reports and device events: taken once, whole, and after the case that they are about."""

import uuid
from collections.abc import Callable
from typing import Any

import pyrage

from tests.backend.sealing_terminal import SealingTerminal, draft_case, sha256


def _envelope(**other: Any) -> dict[str, Any]:
    told = {
        "schema": 1,
        "message_id": str(uuid.uuid4()),
        "kind": "device_event",
        "case_id": None,
        "at": "2026-11-21T01:41:00+00:00",
        "body": {"device": "receipt_printer", "code": "D201"},
        "parts": [],
    }
    return told | other


def _put(caller: SealingTerminal, told: dict[str, Any]) -> Any:
    return caller.ask("PUT", f"/v1/messages/{told['message_id']}", json=told)


def test_a_message_is_taken_once_however_often_it_comes(
    terminal: SealingTerminal, operator: SealingTerminal
) -> None:
    told = _envelope()
    assert _put(terminal, told).status_code == 201
    assert _put(terminal, told).status_code == 200
    (kept,) = operator.ask("GET", "/v1/operator/messages").json()
    assert (kept["message_id"], kept["body"], kept["repeats"]) == (told["message_id"], told["body"], 1)
    assert operator.ask("GET", "/v1/operator/messages?kind=hardship").json() == []


def test_the_same_id_with_another_kind_is_refused(terminal: SealingTerminal) -> None:
    told = _envelope()
    _put(terminal, told)
    assert _put(terminal, told | {"kind": "hardship"}).json()["code"] == "U410"


def test_one_about_a_case_waits_for_it(terminal: SealingTerminal) -> None:
    told = _envelope(kind="correction", case_id=str(uuid.uuid4()))
    assert (_put(terminal, told).status_code, _put(terminal, told).json()["code"]) == (404, "B404")


def test_sealed_parts_come_first_and_open_for_the_operator_alone(
    terminal: SealingTerminal, operator: SealingTerminal, new_terminal: Callable[[], SealingTerminal]
) -> None:
    clear = b"what she reports"
    recipients = terminal.ask("GET", "/v1/terminal").json()["recipients"]
    sealed = pyrage.encrypt(clear, [pyrage.x25519.Recipient.from_str(each) for each in recipients])
    part = {"part": "p01", "sha256": sha256(sealed), "bytes": len(sealed)}
    told = _envelope(kind="hardship", parts=[part])
    early = _put(terminal, told)
    assert (early.json()["code"], early.json()["missing"]) == ("U409", ["p01"])
    location = terminal.create(told["message_id"], "p01", sealed).headers["Location"]
    assert terminal.patch(location, 0, sealed).status_code == 204
    assert _put(new_terminal(), told).json()["code"] == "U409"  # another's files are not ours
    assert _put(terminal, told).status_code == 201
    path = f"/v1/operator/messages/{told['message_id']}/parts"
    assert operator.ask("GET", f"{path}/p01").content == clear
    assert operator.ask("GET", f"{path}/p02").status_code == 404
    assert terminal.ask("GET", f"{path}/p01").status_code == 401
    assert terminal.ask("DELETE", location).status_code in (400, 403, 412)


def test_what_is_no_envelope_is_refused(terminal: SealingTerminal) -> None:
    told = _envelope()
    part = {"part": "p01", "sha256": "0" * 64, "bytes": 1}
    for wrong in (
        told | {"kind": "No"},
        told | {"more": 1},
        told | {"at": "yesterday"},
        told | {"parts": [part, part]},
    ):
        assert _put(terminal, wrong).status_code == 422
    other = terminal.ask("PUT", f"/v1/messages/{uuid.uuid4()}", json=told)
    assert (other.status_code, other.json()["code"]) == (422, "B422")


def test_a_case_and_its_correction(terminal: SealingTerminal, operator: SealingTerminal) -> None:
    recipients = terminal.ask("GET", "/v1/terminal").json()["recipients"]
    case = draft_case().seal(recipients)
    terminal.send_all(case)
    assert terminal.hand_in(case).status_code == 201
    told = _envelope(kind="correction", case_id=case.case_id)
    assert _put(terminal, told).status_code == 201
    (kept,) = operator.ask("GET", "/v1/operator/messages?kind=correction").json()
    assert kept["case_id"] == case.case_id
