"""A case is handed in: whole, once, and only if it is what it says."""

import hashlib
import threading
import uuid
from collections.abc import Callable
from io import BytesIO

import pikepdf

from backend.clock import ManualClock
from backend.numbers import is_number
from backend.serve import LiveServer
from tests.backend.sealing_terminal import (
    NAME,
    SealedCase,
    SealingTerminal,
    draft_case,
    jpegs_of,
    sha256,
)


def test_a_case_is_received(
    terminal: SealingTerminal, operator: SealingTerminal, sent_case: SealedCase
) -> None:
    answer = terminal.hand_in(sent_case)
    assert answer.status_code == 201
    assert answer.json() == {
        "case_id": sent_case.case_id,
        "acceptance_number": "429006-20261121-000001-0",
        "received_at": "2026-11-21T01:41:00Z",
    }
    assert operator.ask("GET", "/v1/operator/cases").json() == [
        {
            "case_id": sent_case.case_id,
            "acceptance_number": "429006-20261121-000001-0",
            "terminal_id": terminal.terminal_id,
            "received_at": "2026-11-21T01:41:00Z",
            "matter": "居住证办理一件事",
            "matter_code": "N02",
            "state": "received",
            "pages": 3,
            "citizen_name": NAME,
            "evaluation": None,
            "evaluation_reasons": [],
            "copies": 1,
            "repeats": 0,
        }
    ]
    opened = operator.ask("GET", f"/v1/operator/cases/{sent_case.case_id}")
    assert opened.json() == sent_case.manifest
    assert opened.headers["Cache-Control"] == "no-store"


def test_where_pages_came_from_is_kept_and_shown(
    terminal: SealingTerminal, operator: SealingTerminal
) -> None:
    case = draft_case()
    for material in case.manifest["materials"]:
        jpegs = jpegs_of(case.clear[material["part"]])
        material["pages_made"] = [
            {"page": page, "way": "camera", "device": "示例高拍仪", "sha256": sha256(jpeg), "new_member": [1]}
            for page, jpeg in enumerate(jpegs, start=1)
        ]
        material["over_budget"] = False
    case.sign()
    case.seal(terminal.recipients)
    terminal.send_all(case)
    assert terminal.hand_in(case).status_code == 201
    opened = operator.ask("GET", f"/v1/operator/cases/{case.case_id}").json()
    assert opened["materials"] == case.manifest["materials"]


def test_handing_in_again_gets_the_same_answer(
    terminal: SealingTerminal, operator: SealingTerminal, sent_case: SealedCase, clock: ManualClock
) -> None:
    first = terminal.hand_in(sent_case)
    clock.turn(3600)
    for _ in range(2):
        again = terminal.hand_in(sent_case)
        assert (again.status_code, again.json()) == (200, first.json())
    (row,) = operator.ask("GET", "/v1/operator/cases").json()
    assert (row["copies"], row["repeats"]) == (1, 2)


def test_all_parts_are_still_listed_after_the_case_was_received(
    terminal: SealingTerminal, sent_case: SealedCase
) -> None:
    terminal.hand_in(sent_case)
    listed = {file["part"]: file["complete"] for file in terminal.files(sent_case.case_id)}
    assert listed == dict.fromkeys(sent_case.sealed, True)


def test_received_files_cannot_be_given_up(
    terminal: SealingTerminal, operator: SealingTerminal, sent_case: SealedCase
) -> None:
    terminal.hand_in(sent_case)
    for file in terminal.files(sent_case.case_id):
        assert terminal.ask("DELETE", file["location"]).status_code == 403
    assert operator.ask("GET", f"/v1/operator/cases/{sent_case.case_id}/document.pdf").ok


def test_a_terminal_that_was_enrolled_anew_gets_the_same_answer(
    new_terminal: Callable[[], SealingTerminal], terminal: SealingTerminal, sent_case: SealedCase
) -> None:
    first = terminal.hand_in(sent_case)
    again = new_terminal().hand_in(sent_case)
    assert (again.status_code, again.json()) == (200, first.json())


def test_what_was_sent_twice_is_kept_once(
    terminal: SealingTerminal, sent_case: SealedCase, server: LiveServer
) -> None:
    terminal.send(sent_case.case_id, "p01", sent_case.sealed["p01"])
    terminal.create(sent_case.case_id, "p02", b"an earlier sealing")
    terminal.hand_in(sent_case)
    kept = {hashlib.sha256(file.read_bytes()).hexdigest() for file in (server.data / "files").iterdir()}
    assert kept == {sha256(content) for content in sent_case.sealed.values()}
    assert len(list((server.data / "files").iterdir())) == len(sent_case.sealed)


def test_missing_parts_are_named(terminal: SealingTerminal, operator: SealingTerminal) -> None:
    case = draft_case().seal(terminal.recipients)
    half = terminal.create(case.case_id, "p00", case.sealed["p00"]).headers["Location"]
    terminal.patch(half, 0, case.sealed["p00"][:10])
    terminal.send(case.case_id, "p01", case.sealed["p01"])
    spoilt = terminal.create(case.case_id, "p02", case.sealed["p02"]).headers["Location"]
    terminal.patch(spoilt, 0, bytes(len(case.sealed["p02"])))
    refused = terminal.hand_in(case)
    assert refused.status_code == 409
    assert refused.json()["code"] == "U409"
    assert refused.json()["missing"] == ["p00", "p02", "p03"]
    assert operator.ask("GET", "/v1/operator/cases").json() == []
    terminal.patch(half, 10, case.sealed["p00"][10:])
    terminal.send(case.case_id, "p02", case.sealed["p02"])
    terminal.send(case.case_id, "p03", case.sealed["p03"])
    assert terminal.hand_in(case).status_code == 201


def test_another_terminals_files_do_not_count(
    new_terminal: Callable[[], SealingTerminal], sent_case: SealedCase
) -> None:
    assert new_terminal().hand_in(sent_case).json()["missing"] == list(sent_case.sealed)


def test_the_same_id_with_other_parts_is_refused(terminal: SealingTerminal, sent_case: SealedCase) -> None:
    first = terminal.hand_in(sent_case).json()
    other = draft_case()
    other.case_id = other.manifest["case_id"] = sent_case.case_id
    other.seal(terminal.recipients)
    terminal.send_all(other)
    refused = terminal.hand_in(other)
    assert (refused.status_code, refused.json()["code"]) == (409, "U410")
    assert terminal.hand_in(sent_case).json() == first


def test_hand_ins_at_the_same_moment_make_one_case(
    terminal: SealingTerminal, operator: SealingTerminal, sent_case: SealedCase, server: LiveServer
) -> None:
    token = str(terminal.session.headers["Authorization"]).removeprefix("Bearer ")
    callers = [SealingTerminal(server.url, token) for _ in range(6)]
    together = threading.Barrier(len(callers))
    answers: list[tuple[int, str]] = []

    def hand_in(caller: SealingTerminal) -> None:
        together.wait()
        answer = caller.hand_in(sent_case)
        answers.append((answer.status_code, answer.text))
        caller.close()

    threads = [threading.Thread(target=hand_in, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _ in answers) == [200] * 5 + [201]
    assert len({text for _, text in answers}) == 1
    (row,) = operator.ask("GET", "/v1/operator/cases").json()
    assert (row["copies"], row["repeats"]) == (1, 5)


def test_numbers_count_the_day_in_china(terminal: SealingTerminal, clock: ManualClock) -> None:
    def number() -> str:
        case = draft_case((1,)).seal(terminal.recipients)
        terminal.send_all(case)
        said = str(terminal.hand_in(case).json()["acceptance_number"])
        assert is_number(said)
        return said[:-2]

    assert [number(), number()] == ["429006-20261121-000001", "429006-20261121-000002"]
    clock.turn(14 * 3600 + 18 * 60)  # 23:59 in China
    assert number() == "429006-20261121-000003"
    clock.turn(60)
    assert number() == "429006-20261122-000001"


def test_the_document_holds_every_page_in_order(
    terminal: SealingTerminal, operator: SealingTerminal, sent_case: SealedCase
) -> None:
    terminal.hand_in(sent_case)
    answer = operator.ask("GET", f"/v1/operator/cases/{sent_case.case_id}/document.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    found = images_of(answer.content)
    assert found == images_of(sent_case.clear["p01"]) + images_of(sent_case.clear["p02"])
    assert len(set(found)) == 3


def images_of(pdf: bytes) -> list[bytes]:
    """The JPEG of each page."""
    with pikepdf.open(BytesIO(pdf)) as document:
        images = [list(page.get_images().values()) for page in document.pages]
        return [image.read_raw_bytes() for (image,) in images]


def test_a_matter_without_materials(terminal: SealingTerminal, operator: SealingTerminal) -> None:
    case = draft_case(()).seal(terminal.recipients)
    terminal.send_all(case)
    assert terminal.hand_in(case).status_code == 201
    assert operator.ask("GET", f"/v1/operator/cases/{case.case_id}/document.pdf").status_code == 404


def test_unknown_cases_are_unknown(operator: SealingTerminal) -> None:
    for path in ("", "/document.pdf"):
        assert operator.ask("GET", f"/v1/operator/cases/{uuid.uuid4()}{path}").status_code == 404
