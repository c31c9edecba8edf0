"""Invented citizens, one a visit: no two have a name, a number, a telephone or an address in common."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from devices.id_card import CardKind, IdCard

_SURNAMES = "赵钱孙周吴郑冯褚卫蒋沈韩杨朱秦尤许何吕施孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁"
#: no word of the screens has two of these beside each other
_GIVEN = "璟珩翊骁岚蔚霖桐薇芮珂琪瑜瑾璇昀晗晟煜炜熠烨焱灏泓沁沅湛漪澜"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECKS = "10X98765432"
_FIRST_BIRTH, _BIRTHS = date(1948, 1, 1), 20_000  # days: the youngest is of age
_NUMBER = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")
_VEILED = re.compile(r"\d{3}\*{11}\d{3}[\dX]")
NAMES = re.compile(f"[{_SURNAMES}][{_GIVEN}][{_GIVEN}]")  #: all of them
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who stands there in one visit."""

    visit: int
    card: IdCard
    phone: str
    address: str  #: where she lives now: typed, not on the card

    @property
    def veiled_number(self) -> str:
        """Her number as screens and slips show it."""
        return veiled(self.card.number)

    @property
    def on_the_wire(self) -> dict[str, Any]:
        """Her card as the cabinet takes it."""
        told = {name: getattr(self.card, name) for name in ("name", "sex", "address", "number")}
        return told | {"birth": str(self.card.birth), "photo": self.visit}


def citizen_of(visit: int) -> Citizen:
    """The citizen of this visit, from 0; the same each time."""
    count = len(_GIVEN)
    name = (
        _SURNAMES[visit % len(_SURNAMES)]
        + _GIVEN[(visit // len(_SURNAMES)) % count]
        + _GIVEN[(visit // len(_SURNAMES) // count + visit * 7) % count]
    )
    birth = _FIRST_BIRTH + timedelta(days=(visit * 4001) % _BIRTHS)
    number = with_check(f"429006{birth:%Y%m%d}{visit % 1000:03d}")
    return Citizen(
        visit,
        card_of(
            {
                "name": name,
                "sex": "男" if visit % 1000 % 2 else "女",
                "address": f"湖北省天门市岳口镇示例路{visit + 10_000}号",
                "number": number,
                "birth": str(birth),
                "photo": visit,
            }
        ),
        f"199{visit:08d}",
        f"天门市岳口镇示例路{visit + 50_000}号",
    )


def veiled(number: str) -> str:
    """An id number as screens and slips show it."""
    return f"{number[:3]}***********{number[-4:]}"


def with_check(first: str) -> str:
    """Seventeen digits and their check character (ISO 7064, MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first, strict=True))
    return first + _CHECKS[total % 11]


def card_of(told: dict[str, Any]) -> IdCard:
    """A card from what `Citizen.on_the_wire` tells of it."""
    seed = hashlib.sha256(str(told["photo"]).encode("ascii")).digest()
    return IdCard(
        kind=CardKind.RESIDENT,
        name=told["name"],
        sex=told["sex"],
        ethnicity="汉",
        birth=date.fromisoformat(told["birth"]),
        address=told["address"],
        number=told["number"],
        authority="天门市公安局",
        valid_from=date(2020, 5, 1),
        valid_to=date(2040, 5, 1),
        long_term=False,
        photo=seed * 32,  # 1024 bytes that only this card has
    )


def strangers(text: str, own: Citizen | None, known: tuple[str, ...] = ()) -> Iterator[str]:
    """What `text` tells of anybody but `own`: the kind only, never what it says. `known`: numbers of samples."""
    mine = (own.card.number, own.veiled_number, own.phone) if own else ()
    known = (*known, *(veiled(number) for number in known))
    for kind, pattern in (("number", _NUMBER), ("veiled number", _VEILED), ("telephone", _PHONE)):
        if any(found not in mine and found not in known for found in pattern.findall(text)):
            yield kind
    if any(found[1:] != (own.card.name[1:] if own else "") for found in NAMES.findall(text)):
        yield "name"
