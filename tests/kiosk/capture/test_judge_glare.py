"""A reflection is told from a portrait's white ground and from a gleam in the margin, and seen on bright paper.

The pictures are the judging generator's, of dice that the bench never throws.
"""

import pytest

from bench.defects import case
from bench.verdicts import verdicts_of

_DICE = 902


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("identity_card", 33),  # the portrait's ground is the brightest of the card
        ("identity_card", 75),  # and reaches the sensor's end
        ("highlight_beside_print", 13),  # lines stand beside it, and none of them goes on beneath it
        ("highlight_beside_print", 39),  # lines begin 3 mm from it
        ("dark_photograph", 13),  # white margins round a dark picture
    ],
)
def test_what_only_looks_like_a_reflection(kind: str, number: int) -> None:
    assert verdicts_of(case(kind, number, _DICE)) == frozenset()


@pytest.mark.parametrize("number", [4, 56, 67, 79])
def test_a_lamp_whose_halo_is_as_burnt_as_itself(number: int) -> None:
    """On bright paper, in a head of large red characters, in a page that is half burnt out."""
    assert "glare" in verdicts_of(case("glare_on_print", number, _DICE))
