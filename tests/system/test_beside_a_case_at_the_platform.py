"""What the kiosk sends about a case, made and sealed by its own code, is what the platform takes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.case_desk import CaseDesk
from kiosk.domain.case import HandedMaterial
from kiosk.health import Health
from kiosk.journey.mended import Mended
from kiosk.stage import Message
from tests.backend.sealing_terminal import NUMBER, jpegs_of, pdf_of, sha256
from tests.offline_cache.citizen import Hall, case_of, new_id, planned

_STROKES = (((0.1, 0.1), (0.5, 0.3)), ((0.7, 0.2),))


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = Hall(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(hall: Hall) -> CaseDesk:
    return CaseDesk(hall.outbox, Health(hall.clock), "sample-1")


def _mended(case_id: str, correction_id: str) -> Mended:
    pdf = pdf_of(1, 120)
    made = {
        "page": 1,
        "sha256": sha256(jpegs_of(pdf)[0]),
        "corners": [[1, 2], [3, 4]],
        "size_tenth_mm": [2100, 2970],
    }
    material = HandedMaterial(
        slot="slot-p02", name="居住地住址证明", part="p01", pages=1, sha256=sha256(pdf), pages_made=(made,)
    )
    return Mended(
        message_id=new_id(),
        case_id=case_id,
        correction_id=correction_id,
        number=NUMBER,
        form={"phone": "13911111111", "rare": "㐂𠮷"},
        materials=(material,),
        pdfs=(("p01", pdf),),
    )


def test_a_correction_that_she_signed(hall: Hall, desk: CaseDesk) -> None:
    case = case_of(change=planned)
    hall.hand_in(case)
    asked = hall.ask_correction(case.case_id, fields=["phone", "rare"])
    mended = _mended(case.case_id, asked["correction_id"]).signed(
        _STROKES, datetime(2026, 11, 21, 2, tzinfo=UTC)
    )
    ticket = desk.send(mended.message())
    assert desk.send(mended.message()) == ticket
    hall.deliver()
    assert hall.outbox.status().stuck == 0
    (standing,) = hall.platform.people.cases(NUMBER)
    assert (standing.state, standing.correction) == ("accepted", None)
    told = hall.operator("GET", f"cases/{case.case_id}").json()
    assert told["corrected"]["form"]["rare"] == "㐂𠮷"


def test_a_correction_whose_signature_is_anothers(hall: Hall, desk: CaseDesk) -> None:
    case = case_of()
    hall.hand_in(case)
    asked = hall.ask_correction(case.case_id, fields=["phone", "rare"])
    mended = _mended(case.case_id, asked["correction_id"]).signed(
        _STROKES, datetime(2026, 11, 21, 2, tzinfo=UTC)
    )
    desk.send(replace(mended, form={"phone": "1"}).message())
    hall.deliver()
    assert hall.outbox.status().stuck == 1 and '"code": "B456"' in hall.journal.getvalue()


@pytest.mark.parametrize(
    ("kind", "body", "content"),
    [
        (
            "hardship",
            {"matter": "N02", "step": "capture", "reasons": ["slow"]},
            {"schema": 1, "name": "李凤", "phone": "13800000000", "callback": True, "text": "三次"},
        ),
        (
            "hardship",
            {"matter": None, "step": "home", "reasons": []},
            {"schema": 1, "callback": False, "text": ""},
        ),
        ("callback", {"matter": None}, {"schema": 1, "phone": "13800000000", "when": "morning"}),
    ],
)
def test_a_report_and_a_call(
    hall: Hall, desk: CaseDesk, kind: str, body: dict[str, Any], content: dict[str, Any]
) -> None:
    ticket = desk.send(Message(message_id=new_id(), kind=kind, body=body, content=content))
    hall.deliver()
    (told,) = hall.operator("GET", "tickets").json()
    assert (told["ticket"], told["kind"], told["phone"]) == (ticket, kind, content.get("phone"))


def test_a_withdrawal(hall: Hall, desk: CaseDesk) -> None:
    case = case_of()
    hall.hand_in(case)
    content = {"schema": 1, "number": NUMBER, "reason": ""}
    desk.send(Message(message_id=new_id(), kind="withdrawal", body={}, content=content, case_id=case.case_id))
    hall.deliver()
    assert [each.state for each in hall.platform.people.cases(NUMBER)] == ["withdrawn"]
