"""Sample cards, and the portraits on them. Every person here is invented; number, birth and sex agree, and the check
digits are right.

The Chinese on them is what a chip would say. Streets and houses do not exist (示例 = sample).
"""

import hashlib
from datetime import date

from devices.id_card import CardKind, IdCard
from devices.id_card.portrait import Pixels, silhouette


def _photo(seed: int) -> bytes:
    """1024 bytes that are no WLT picture, for the notes know no encoder (§6), but one card's alone."""
    return bytes((index + seed) % 256 for index in range(1024))


WANG_XIAOMING = IdCard(
    kind=CardKind.RESIDENT,
    name="王小明",
    sex="男",
    ethnicity="汉",
    birth=date(1990, 3, 7),
    address="湖北省天门市竟陵街道示例路1号",
    number="429006199003070019",
    authority="天门市公安局",
    valid_from=date(2020, 5, 1),
    valid_to=date(2040, 5, 1),
    long_term=False,
    photo=_photo(0),
)
LI_FENG = IdCard(
    kind=CardKind.RESIDENT,
    name="李凤",
    sex="女",
    ethnicity="土家",
    birth=date(1958, 12, 30),
    address="湖北省天门市岳口镇示例村三组8号",
    number="429006195812300023",
    authority="天门市公安局",
    valid_from=date(2010, 1, 15),
    valid_to=None,
    long_term=True,
    photo=_photo(1),
)
RARE_IN_THE_BASIC_PLANE = IdCard(
    kind=CardKind.RESIDENT,
    name="陈㐂",
    sex="女",
    ethnicity="汉",
    birth=date(2001, 8, 19),
    address="湖北省天门市皂市镇示例街22号",
    number="429006200108190047",
    authority="天门市公安局",
    valid_from=date(2019, 9, 2),
    valid_to=date(2029, 9, 2),
    long_term=False,
    photo=_photo(2),
)
RARE_BEYOND_THE_BASIC_PLANE = IdCard(
    kind=CardKind.RESIDENT,
    name="𠮷永年",
    sex="男",
    ethnicity="蒙古",
    birth=date(1976, 2, 29),
    address="湖北省天门市张港镇示例路5号",
    number="429006197602290030",
    authority="天门市公安局",
    valid_from=date(2016, 6, 6),
    valid_to=date(2036, 6, 6),
    long_term=False,
    photo=_photo(3),
)
HMT_RESIDENT = IdCard(
    kind=CardKind.HMT_RESIDENCE,
    name="何家乐",
    sex="男",
    ethnicity="",
    birth=date(1980, 1, 1),
    address="湖北省天门市竟陵街道示例路9号",
    number="810000198001010014",
    authority="天门市公安局",
    valid_from=date(2023, 2, 1),
    valid_to=date(2028, 2, 1),
    long_term=False,
    photo=_photo(4),
    pass_number="H00000000",
    issue="01",
)
FOREIGNER_2017 = IdCard(
    kind=CardKind.FOREIGN_2017,
    name="",
    sex="女",
    ethnicity="",
    birth=date(1990, 12, 31),
    address="",
    number="KAZ110090123105",
    authority="1500",
    valid_from=date(2019, 4, 1),
    valid_to=date(2029, 4, 1),
    long_term=False,
    photo=_photo(5),
    latin_name="SAMPLE, AIZHAN",
    nationality="KAZ",
    issue="01",
)
FOREIGNER_2023 = IdCard(
    kind=CardKind.FOREIGN_2023,
    name="样例",
    sex="女",
    ethnicity="",
    birth=date(1981, 8, 8),
    address="",
    number="911124198108081024",
    authority="",
    valid_from=date(2024, 1, 1),
    valid_to=date(2034, 1, 1),
    long_term=False,
    photo=_photo(6),
    latin_name="SAMPLE, MARGUERITE-ANTOINETTE JOSEPHINE",
    nationality="CAN",
    issue="00",
)

#: by the name that a control panel uses
SAMPLE_CARDS = {
    "wang_xiaoming": WANG_XIAOMING,
    "li_feng": LI_FENG,
    "rare_basic": RARE_IN_THE_BASIC_PLANE,
    "rare_beyond": RARE_BEYOND_THE_BASIC_PLANE,
    "hmt": HMT_RESIDENT,
    "foreign_2017": FOREIGNER_2017,
    "foreign_2023": FOREIGNER_2023,
}


class SamplePortraits:
    """Implements `devices.id_card.portrait.PortraitDecoder` for the sample cards, without any WLT.

    Knows each card by the SHA-256 of its block; every portrait is a silhouette in that card's own tint, so that
    nobody can take one for another.
    """

    def __init__(self) -> None:
        self._places = {
            hashlib.sha256(card.photo).hexdigest(): place for place, card in enumerate(SAMPLE_CARDS.values())
        }

    def decode(self, wlt: bytes) -> Pixels | None:
        """The portrait of the sample card that this block is from; None for any other."""
        place = self._places.get(hashlib.sha256(wlt).hexdigest())
        if place is None:
            return None
        pixels = silhouette()
        pixels[..., place % 3] //= 2 + place // 3
        return pixels
