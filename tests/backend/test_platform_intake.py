"""A case is handed in: whole, once, and only if it is what it says."""

import hashlib
import json
import threading
import uuid
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pyrage
import pytest

from backend.clock import ManualClock
from backend.numbers import is_number
from backend.serve import LiveServer
from tests.backend.sealing_terminal import (
    NAME,
    SealedCase,
    SealingTerminal,
    draft_case,
    pdf_of,
    sha256,
)

Damage = Callable[[SealedCase], None]


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


def _other_case(case: SealedCase) -> None:
    case.manifest["case_id"] = str(uuid.uuid4())


def _later_schema(case: SealedCase) -> None:
    case.manifest["schema"] = 2


def _no_applicant(case: SealedCase) -> None:
    del case.manifest["applicant"]


def _no_pages(case: SealedCase) -> None:
    case.manifest["materials"][0]["pages"] = 0
    case.sign()


def _too_few_pages(case: SealedCase) -> None:
    case.manifest["materials"][1]["pages"] = 1
    case.sign()


def _other_pdf(case: SealedCase) -> None:
    case.clear["p01"] = pdf_of(1, 90)


def _no_pdf(case: SealedCase) -> None:
    case.clear["p01"] = b"%PDF-1.7 and nothing else"
    case.manifest["materials"][0]["sha256"] = sha256(case.clear["p01"])
    case.sign()


def _part_unnamed(case: SealedCase) -> None:
    case.clear["p09"] = b"something the manifest does not name"


def _part_absent(case: SealedCase) -> None:
    del case.clear["p02"]


def _part_named_twice(case: SealedCase) -> None:
    case.manifest["materials"][1] |= {
        "part": "p01",
        "sha256": case.manifest["materials"][0]["sha256"],
        "pages": 1,
    }
    case.sign()


def _changed_after_signing(case: SealedCase) -> None:
    case.manifest["form"]["phone"] = "13900000000"


def _other_signature(case: SealedCase) -> None:
    case.clear["p03"] = b"another image"


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (_other_case, "B453"),
        (_later_schema, "B452"),
        (_no_applicant, "B452"),
        (_no_pages, "B452"),
        (_too_few_pages, "B455"),
        (_other_pdf, "B455"),
        (_no_pdf, "B455"),
        (_part_unnamed, "B454"),
        (_part_absent, "B454"),
        (_part_named_twice, "B454"),
        (_changed_after_signing, "B456"),
        (_other_signature, "B456"),
    ],
)
def test_a_manifest_that_contradicts_is_refused(
    guest: SealingTerminal, shared_operator: SealingTerminal, damage: Damage, code: str
) -> None:
    case = draft_case()
    damage(case)
    case.seal(guest.recipients)
    guest.send_all(case)
    for _ in range(2):
        refused = guest.hand_in(case)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert NAME not in refused.json()["detail"]
    assert shared_operator.ask("GET", f"/v1/operator/cases/{case.case_id}").status_code == 404


@pytest.mark.parametrize(
    "opened",
    [
        b"\xff\xfe not utf-8",
        b"[]",
        b"{",
        b'{"schema": NaN}',
        b'{"schema": 1, "schema": 1}',
        b"[" * 200_000,
        b'"' + b"x" * (1024 * 1024) + b'"',
    ],
)
def test_a_manifest_that_is_none_is_refused(guest: SealingTerminal, opened: bytes) -> None:
    case = draft_case().seal(guest.recipients)
    key = pyrage.x25519.Recipient.from_str(guest.recipients[0])
    case.sealed["p00"] = pyrage.encrypt(opened, [key])
    guest.send_all(case)
    assert guest.hand_in(case).json()["code"] == "B452"


def test_half_a_surrogate_pair_has_no_canonical_form(guest: SealingTerminal) -> None:
    case = draft_case().seal(guest.recipients)
    key = pyrage.x25519.Recipient.from_str(guest.recipients[0])
    opened = manifest_text(case).replace("13800000000", "\\ud800")
    case.sealed["p00"] = pyrage.encrypt(opened.encode("utf-8"), [key])
    guest.send_all(case)
    assert guest.hand_in(case).json()["code"] == "B452"


def manifest_text(case: SealedCase) -> str:
    """The manifest as JSON text."""
    return json.dumps(case.manifest, ensure_ascii=False)


@pytest.mark.parametrize("part", ["p00", "p01"])
def test_a_part_sealed_to_somebody_else_is_refused(guest: SealingTerminal, part: str) -> None:
    case = draft_case().seal(guest.recipients)
    stranger = pyrage.x25519.Identity.generate().to_public()
    case.sealed[part] = pyrage.encrypt(case.clear.get(part, b"{}"), [stranger])
    guest.send_all(case)
    refused = guest.hand_in(case)
    assert (refused.status_code, refused.json()["code"]) == (422, "B451")


def test_an_envelope_holds_nothing_else(terminal: SealingTerminal, sent_case: SealedCase) -> None:
    address = f"/v1/cases/{sent_case.case_id}"
    good = sent_case.envelope
    for broken in (
        good | {"applicant": NAME},
        good | {"case_id": "another-case-id"},
        good | {"manifest": "p99"},
        good | {"parts": [*good["parts"], good["parts"][0]]},
        good | {"parts": []},
        good | {"sealed_at": "2026-11-21T09:41:07"},
    ):
        refused = terminal.ask("PUT", address, json=broken)
        assert (refused.status_code, refused.json()["code"]) == (422, "B422")
        assert NAME not in refused.text
    assert terminal.ask("PUT", address, json=good).status_code == 201


def test_too_many_parts_are_refused(terminal: SealingTerminal, sent_case: SealedCase) -> None:
    envelope = sent_case.envelope
    envelope["parts"] += [{"part": f"q{n:03d}", "sha256": "0" * 64, "bytes": 1} for n in range(64)]
    assert terminal.ask("PUT", f"/v1/cases/{sent_case.case_id}", json=envelope).json()["code"] == "B413"
