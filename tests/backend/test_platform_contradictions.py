"""A hand-in that contradicts itself is refused, and nothing of it stays."""

import json
import uuid
from collections.abc import Callable

import pyrage
import pytest

from tests.backend.sealing_terminal import (
    NAME,
    SealedCase,
    SealingTerminal,
    draft_case,
    jpegs_of,
    pdf_of,
    sha256,
)

Damage = Callable[[SealedCase], None]


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


def _pages_made(case: SealedCase, page: int, jpeg: bytes) -> None:
    case.manifest["materials"][1]["pages_made"] = [{"page": page, "sha256": sha256(jpeg), "way": "camera"}]
    case.sign()


def _other_picture(case: SealedCase) -> None:
    _pages_made(case, 1, b"a picture that is not on that page")


def _picture_of_another_page(case: SealedCase) -> None:
    _pages_made(case, 1, jpegs_of(case.clear["p02"])[1])


def _picture_past_the_end(case: SealedCase) -> None:
    _pages_made(case, 3, jpegs_of(case.clear["p02"])[0])


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
        (_other_picture, "B455"),
        (_picture_of_another_page, "B455"),
        (_picture_past_the_end, "B455"),
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
    envelope["parts"] += [{"part": f"q{n:03d}", "sha256": "0" * 64, "bytes": 1} for n in range(100)]
    assert terminal.ask("PUT", f"/v1/cases/{sent_case.case_id}", json=envelope).json()["code"] == "B413"
