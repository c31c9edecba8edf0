"""What the catalogue says of a material's PDF: its budget, its layout, whether it may be marked."""

from typing import Any

import pytest
from pydantic import ValidationError

from kiosk.capture.budget import DEFAULT_BUDGET, Budget
from kiosk.catalogue.assemble import _material
from kiosk.catalogue.model import Material
from kiosk.catalogue.parse import MaterialEntry
from kiosk.journey.handin import _budget

ENTRY = {"slot": "00", "name": "示例", "max_pages": 2, "hint": "示例", "source": "示例"}


def material(**facts: Any) -> Material:
    return _material(MaterialEntry.model_validate({**ENTRY, **facts}), sample=True)


def test_a_clerk_need_not_say_anything() -> None:
    said = material()
    assert _budget(said.budget) == DEFAULT_BUDGET
    assert said.watermark and not said.both_sides


def test_half_a_budget_is_a_budget() -> None:
    assert _budget(material(budget={"most_kb": 500}).budget) == Budget(
        most_bytes=500_000, least_dpi=DEFAULT_BUDGET.least_dpi
    )
    assert _budget(material(budget={"least_dpi": 250}).budget) == Budget(
        most_bytes=DEFAULT_BUDGET.most_bytes, least_dpi=250
    )


@pytest.mark.parametrize(
    ("facts", "both"),
    [
        ({"size": "card", "min_pages": 2}, True),
        ({"size": "card"}, False),  # one side may do: a student's card, a bank card
        ({"size": "card", "layout": "both_sides"}, True),
        ({"size": "card", "min_pages": 2, "layout": "each"}, False),
        ({"min_pages": 2}, False),
    ],
)
def test_both_sides_of_a_card(facts: dict[str, Any], both: bool) -> None:
    assert material(**facts).both_sides is both


@pytest.mark.parametrize(
    "wrong",
    [
        {"budget": {"most_kb": 10}},
        {"budget": {"least_dpi": 301}},
        {"budget": {"most": 500}},
        {"layout": "two"},
    ],
)
def test_mistakes_are_found(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        material(**wrong)


def test_a_photograph_may_be_left_unmarked() -> None:
    assert not material(watermark=False).watermark
