"""A whole visit by the keypad: its bytes go to the real face, and nothing touches the glass."""

from pathlib import Path

import pytest

from tests.system.test_demo import VIEWS
from tests.system.walked import WalkedDemo, walk_once


@pytest.fixture(scope="module")
def by_keys(tmp_path_factory: pytest.TempPathFactory) -> WalkedDemo:
    """One visit, drawn small: nobody aims."""
    return walk_once(tmp_path_factory.mktemp("keys"), "--keys")


def test_it_goes_through_every_screen_to_the_goodbye(by_keys: WalkedDemo) -> None:
    assert by_keys.summary["screens"] == VIEWS
    assert by_keys.summary["evaluation"] == 5
    assert by_keys.summary["delivered_copies"] == 1


def test_what_she_spelled_and_typed_arrives(by_keys: WalkedDemo) -> None:
    form = by_keys.manifest["form"]
    assert form["phone"] == "19900000001"
    assert form["residence_address"] == "湖北省天门市岳口镇建设路8号"
    assert form["residence_since"] == "2026-03-01"


def test_she_signs_without_writing_and_the_platform_takes_it(by_keys: WalkedDemo) -> None:
    signature = by_keys.manifest["signature"]
    assert (signature["made"], signature["reason"]) == ("confirmed", "cannot_write")


def test_the_ring_is_on_the_pictures(by_keys: WalkedDemo) -> None:
    from PIL import Image

    from screens.theme.tokens import FOCUS_INNER

    wanted = tuple(round(part * 255) for part in FOCUS_INNER[:3])
    folder: Path = by_keys.out / "screens"
    for name in ("home", "form", "review", "evaluate"):
        (path,) = folder.glob(f"[0-9][0-9]-{name}.png")
        with Image.open(path) as picture:
            near = [
                count
                for count, colour in picture.convert("RGB").getcolors(1 << 24) or ()
                if sum(abs(a - b) for a, b in zip(colour, wanted, strict=True)) < 24
            ]
            assert sum(near) > 100, name
