"""What a visit seals, the platform takes: members, signature, her licences, an agent beside the applicant."""

import json
from hashlib import sha256
from typing import Any

import pytest

from backend.envelope import SIGNED_IF_THERE, Manifest
from kiosk.domain.case import canonical
from tests.journeys.any_matter import FULL, sealed
from tests.journeys.walked_world import CASE_ID, GRADUATE, NOW, PERSON, World

SIX = ("matter", "situation", "items", "applicant", "form", "materials")


def taken(manifest: dict[str, Any]) -> Manifest:
    """As the platform reads it, with the signature that it recomputes."""
    told = json.loads(json.dumps(manifest))
    told["local_number"] = "T-000001-3"
    signed = {name: told[name] for name in (*SIX, *SIGNED_IF_THERE) if name in told}
    assert told["signature"]["signs"] == sha256(canonical(signed)).hexdigest()
    return Manifest.model_validate(told)


@pytest.mark.parametrize("code", FULL)
def test_every_full_package_can_be_walked_to_its_end(world: World, code: str) -> None:
    manifest = taken(sealed(world, code, {}))
    assert [item.code for item in manifest.plan] == manifest.items
    brought = {material.slot for material in manifest.materials}
    assert not brought & {one.slot for one in manifest.replaced}
    assert PERSON.name not in repr(world.scene)


@pytest.mark.parametrize("code", ["N04", "H01"])
def test_with_all_papers_nothing_is_replaced(world: World, code: str) -> None:
    manifest = taken(sealed(world, code, GRADUATE if code == "N04" else {}, proof="paper", agree=False))
    assert manifest.replaced == []
    assert manifest.earlier_consent_at is None


def test_licences_and_promises_stand_for_papers(world: World) -> None:
    manifest = taken(sealed(world, "N04", GRADUATE, way="post"))
    by = {one.slot: one.by for one in manifest.replaced}
    assert by == {"01": "licence", "07": "promise", "08": "licence"}
    assert manifest.earlier_consent_at == NOW
    assert manifest.delivery is not None and manifest.delivery.way == "post"
    told = manifest.delivery.model_extra or {}
    assert told["name"] == PERSON.name and told["phone"] == "19900000001" and told["address"]
    assert manifest.form["result_delivery"] == "post"
    assert manifest.form["post_address"] == told["address"]


@pytest.mark.parametrize(("code", "who", "kind"), [("C29", "guardian", "guardian"), ("C32", "agent", "agent"),
                                                   ("C08", "agent", "agent")])  # fmt: skip
def test_whoever_acts_is_not_the_applicant(world: World, code: str, who: str, kind: str) -> None:
    manifest = taken(sealed(world, code, {"who": who}))
    assert manifest.agent is not None
    assert (manifest.agent.kind, manifest.agent.number) == (kind, PERSON.number)
    assert manifest.agent.entered == "card"
    assert manifest.applicant.number != PERSON.number
    assert manifest.applicant.entered == "manual"


def test_a_newborn_has_no_number_and_the_guardian_applies(world: World) -> None:
    manifest = taken(sealed(world, "C02", {"who": "guardian"}))
    assert manifest.agent is None
    assert manifest.applicant.number == PERSON.number


def test_an_enterprise_applies_with_a_right_credit_code(world: World) -> None:
    manifest = taken(sealed(world, "C08", {"who": "self"}))
    assert manifest.form["credit_code"] == "91429006MA4ABCDE1R"


def test_members_of_a_household_are_asked_one_by_one(world: World) -> None:
    manifest = taken(sealed(world, "C12", {"who": "self", "members": "two"}))
    assert {"member_name_1", "member_name_2"} <= set(manifest.form)
    assert "member_name_3" not in manifest.form


def test_a_simple_case_has_a_plan_and_nothing_else_new(world: World) -> None:
    world.to_handing_in()
    assert world.stage.case is not None
    manifest = taken(world.stage.case.manifest)
    assert manifest.case_id == CASE_ID
    assert manifest.plan and not manifest.replaced
    assert manifest.delivery is None and manifest.agent is None and manifest.draft_id is None
