"""The manifest says what docs/backend-api.md promises, and the signature is bound to it."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from devices.evaluator import Level
from devices.id_card import CardKind, IdCard
from kiosk.domain.case import (
    Applicant,
    CaseContent,
    Evaluation,
    HandedMaterial,
    Signature,
    canonical,
    manifest,
    signed_digest,
)
from kiosk.domain.identity import Doubt

AT = datetime(2026, 11, 21, 1, 41, tzinfo=UTC)
CARD = IdCard(
    kind=CardKind.RESIDENT,
    name="王小明",
    sex="女",
    ethnicity="汉",
    birth=date(1949, 12, 31),
    address="湖北省天门市示例街道1号",
    number="11010519491231002X",
    authority="天门市公安局",
    valid_from=date(2016, 1, 1),
    valid_to=None,
    long_term=True,
)
CONTENT = CaseContent(
    matter_code="N02",
    matter_name="居住证办理一件事",
    matter_version="1",
    situation={"housing": "rented", "applicant": "mainland"},
    items=("N02-1", "N02-2"),
    applicant=Applicant.from_card(CARD, (Doubt.EXPIRED,)),
    form={"phone": "13800000000"},
    materials=(
        HandedMaterial(
            slot="00",
            name="申报人身份证",
            part="p01",
            pages=2,
            sha256="ab" * 32,
            pages_made=({"page": 1, "way": "camera", "dpi": 300},),
        ),
    ),
)


def made(content: CaseContent = CONTENT, signs: str | None = None) -> dict[str, Any]:
    signature = Signature(part="p09", sha256="cd" * 32, signs=signs or signed_digest(content), at=AT)
    return manifest(
        content,
        case_id="3f0c",
        terminal_id="TM-1",
        signature=signature,
        consented_at=AT,
        handed_in_at=AT,
        local_number="L1",
        sample=True,
    )


def test_it_has_the_fields_of_the_contract() -> None:
    told = json.loads(json.dumps(made()))
    assert set(told) == {
        "schema",
        "case_id",
        "terminal_id",
        "matter",
        "situation",
        "items",
        "applicant",
        "form",
        "materials",
        "signature",
        "consented_at",
        "handed_in_at",
        "local_number",
        "sample",
    }
    assert told["matter"] == {"code": "N02", "name": "居住证办理一件事", "version": "1"}
    assert told["applicant"] == {
        "name": "王小明",
        "sex": "女",
        "ethnicity": "汉",
        "birth": "1949-12-31",
        "address": "湖北省天门市示例街道1号",
        "number": "11010519491231002X",
        "authority": "天门市公安局",
        "valid_from": "2016-01-01",
        "valid_to": None,
        "entered": "card",
        "doubts": ["expired"],
    }
    assert told["materials"] == [
        {
            "slot": "00",
            "name": "申报人身份证",
            "part": "p01",
            "pages": 2,
            "sha256": "ab" * 32,
            "trust": "C",
            "pages_made": [{"page": 1, "way": "camera", "dpi": 300}],
            "over_budget": False,
        }
    ]
    assert datetime.fromisoformat(told["handed_in_at"]) == AT


def test_the_platform_can_recompute_what_was_signed() -> None:
    told = json.loads(json.dumps(made(), ensure_ascii=True))
    signed = {key: told[key] for key in ("matter", "situation", "items", "applicant", "form", "materials")}
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode("utf-8")).hexdigest() == told["signature"]["signs"]


def test_the_order_in_which_things_were_answered_is_not_signed() -> None:
    turned = replace(CONTENT, situation=dict(reversed(CONTENT.situation.items())))
    assert signed_digest(turned) == signed_digest(CONTENT)


@pytest.mark.parametrize(
    "changed",
    [
        replace(CONTENT, form={"phone": "13800000001"}),
        replace(CONTENT, items=("N02-1",)),
        replace(CONTENT, materials=()),
        replace(CONTENT, applicant=replace(CONTENT.applicant, name="王晓明")),
        replace(CONTENT, situation={**CONTENT.situation, "housing": "owned"}),
        replace(CONTENT, matter_version="2"),
        replace(
            CONTENT, materials=(replace(CONTENT.materials[0], pages_made=({"page": 1, "way": "phone"},)),)
        ),
        replace(CONTENT, materials=(replace(CONTENT.materials[0], over_budget=True),)),
    ],
)
def test_every_part_is_signed(changed: CaseContent) -> None:
    assert signed_digest(changed) != signed_digest(CONTENT)


def test_a_signature_for_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="another content"):
        made(signs="00" * 32)


def test_half_a_character_from_the_chip_can_be_stored() -> None:
    broken = Applicant.from_card(replace(CARD, name="王\ud842"), ())
    whole = Applicant.from_card(replace(CARD, name="王\ud842\udfb7"), ())
    assert broken.name == "王\ufffd"
    assert whole.name == "王𠮷"
    canonical(replace(CONTENT, applicant=broken).signed())


def test_by_hand_only_what_the_number_says_is_known() -> None:
    typed = Applicant.by_hand(" 王小明 ", "11010519491231002X")
    assert (typed.name, typed.sex, typed.birth) == ("王小明", "女", date(1949, 12, 31))
    assert (typed.entered, typed.doubts) == ("manual", ())
    assert Applicant.by_hand("王小明", "110105194912310021").doubts == (Doubt.CHECK_DIGIT,)
    assert Applicant.by_hand("王小明", "1").birth is None


def test_a_foreigner_without_a_chinese_name_has_the_latin_one() -> None:
    card = replace(CARD, name="", latin_name="EXAMPLE, JANE")
    assert Applicant.from_card(card, ()).name == "EXAMPLE, JANE"


def test_card_values_leave_out_what_is_unknown() -> None:
    assert "card.valid_to" not in CONTENT.applicant.card_values()
    assert CONTENT.applicant.card_values()["card.birth"] == "1949-12-31"
    assert "card.address" not in Applicant.by_hand("王小明", "1").card_values()


def test_nobody_is_named_when_a_case_is_shown_in_a_trace() -> None:
    shown = repr(CONTENT)
    assert "王" not in shown
    assert "1949" not in shown
    assert "1380000" not in shown


def test_an_evaluation_as_the_platform_takes_it() -> None:
    given = Evaluation(level=Level.SATISFIED, reasons=("clear",), channel="device", at=AT)
    assert given.body("sample-1") == {
        "level": 4,
        "reasons": ["clear"],
        "channel": "device",
        "at": "2026-11-21T01:41:00+00:00",
        "indicators_version": "sample-1",
    }
