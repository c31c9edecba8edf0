"""Every material that is shipped has a picture of its own kind, and the icon font can draw it."""

from pathlib import Path

import pytest

from kiosk.catalogue.parse import MaterialEntry
from kiosk.catalogue.sources import read_sources
from screens.theme.icons import known

SHIPPED = Path(__file__).parents[2] / "config" / "catalogue"
PACKAGES = {source.parsed.matter: source.parsed for source in read_sources(SHIPPED).packages}
#: what a name holds → what its picture must be one of: people tell papers apart by them
FITTING = {
    "居民身份证": {"card-account-details-outline"},
    "户口簿": {"book-account-outline"},
    "银行卡": {"credit-card-outline"},
    "照片": {"account-box-outline", "camera-outline"},
    "营业执照": {"store-outline"},
    "授权委托书": {"file-sign"},
    "结婚证": {"ring"},
    "平面图": {"floor-plan"},
    "毕业证书": {"school-outline", "file-certificate-outline"},
    "健康证明": {"hospital-box-outline"},
}


@pytest.mark.parametrize("code", PACKAGES)
def test_it_is_said_and_can_be_drawn(code: str) -> None:
    for material in PACKAGES[code].materials:
        assert "picture" in material.model_fields_set, f"{code} {material.slot} {material.name}"
        assert known(material.picture), f"{code} {material.slot}: {material.picture}"


def test_the_usual_picture_can_be_drawn() -> None:
    assert known(str(MaterialEntry.model_fields["picture"].default))


def test_the_same_paper_has_the_same_picture_everywhere() -> None:
    for package in PACKAGES.values():
        for material in package.materials:
            for piece, pictures in FITTING.items():
                if piece in material.name:
                    assert material.picture in pictures, f"{package.matter} {material.name}"
