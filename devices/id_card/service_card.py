"""What a vendor's service says about a card, in whatever spelling, as an `IdCard`: pure `parse_card`.

Only the verbs of these services are known, from one source; what their JSON looks like is not. So keys are looked up
in a table of the spellings that public code for other readers uses (Chinese and English; case, `_`, `-` and spaces
do not count), one level deep; settings can add more. Values are taken in the forms that are about: dates with and
without separators, 汉 and 汉族 and 01, 男 and 1. Read, not judged: whether number, birth and sex agree is the
journey's question. Errors never hold a value, nor a key that is not in the table.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from devices.errors import Garbled
from devices.id_card import CardKind, IdCard
from devices.id_card.card_text import ETHNICITIES, LONG_TERM, SEXES

#: by the field of `IdCard` ("validity": both ends of it in one text); best known first
_SPELLINGS = {
    "kind": """
        cardType certType idType cardKind type 证件类型 卡类型
    """,
    "name": """
        name partyName peopleName userName chineseName cnName nameCn xm 姓名 中文姓名
    """,
    "sex": """
        sex gender sexName peopleSex xb 性别
    """,
    "ethnicity": """
        nation folk nationName people ethnic ethnicity ethnicGroup minority peopleNation mz 民族
    """,
    "birth": """
        birth birthday birthDate born bornDate bornDay dateOfBirth peopleBirthday csrq 出生 出生日期
    """,
    "address": """
        address addr peopleAddress certAddress homeAddress zz 住址 地址 家庭住址
    """,
    "number": """
        idNo idNum idNumber idCardNo idCardNum idCardNumber cardNo cardId cardNumber certNo certNumber
        certId idCode peopleIdCode identityNumber idCard id sfzh sfzhm gmsfhm 公民身份号码 身份证号
        身份证号码 证件号码
    """,
    "authority": """
        agency department issuingAuthority authority signOrgan grantDept dept depart police certOrg
        issueOrg issuedAt signedDepartment qfjg 签发机关 发证机关
    """,
    "valid_from": """
        validFrom startDate beginDate effDate effectDate effectedDate validStart validDateStart
        validityPeriodBegin userLifeB userLifeBegin usefulStart 有效期起 有效期开始 有效期起始 起始日期
    """,
    "valid_to": """
        validTo endDate expDate expireDate expiredDate expiryDate validEnd validDateEnd
        validityPeriodEnd userLifeE userLifeEnd usefulEnd 有效期止 有效期结束 有效期截止 截止日期
    """,
    "validity": """
        valid validDate validity validPeriod validityPeriod userLife usefulLife expire 有效期 有效期限
    """,
    "latin_name": """
        englishName enName nameEn latinName foreignName ywxm 英文姓名 英文名
    """,
    "nationality": """
        nationality country countryCode nationCode gj 国籍 国籍代码
    """,
    "pass_number": """
        passNumber passNo passId passCheckId passCardNo txzhm 通行证号 通行证号码
    """,
    "issue": """
        issueCount issueNum issuesNum signCount visaTimes certVersion 签发次数 换证次数
    """,
    "photo": """
        wlt wltData photoWlt photo photoData picture
    """,
}
SPELLINGS: Mapping[str, tuple[str, ...]] = {field: tuple(keys.split()) for field, keys in _SPELLINGS.items()}

_LONGEST_TEXT = 200  # characters; the chip's longest field has 60
_WLT_BYTES = 1024  # notes §6; anything else is a decoded picture, for which `IdCard` has no place
_NUMBER = re.compile(r"\d{17}[\dX]|[A-Z]{3}\d{12}")  # resident and 2023; foreigners of 2017
_DAY = re.compile(r"(\d{4})(?:(\d{2})(\d{2})|\s?[-./年]\s?(\d{1,2})\s?[-./月]\s?(\d{1,2}))")
_FOREVER = (LONG_TERM, "long", "permanent", "永久")
_SEXES = {"男性": "男", "女性": "女", "m": "男", "f": "女", "male": "男", "female": "女"}
_SEXES |= {sex: sex for sex in SEXES.values()} | SEXES | {"01": "男", "02": "女"}
#: what a service may call a kind; the letters are the chip's own (notes §5)
_KINDS = {
    "j": CardKind.HMT_RESIDENCE,
    "i": CardKind.FOREIGN_2017,
    "y": CardKind.FOREIGN_2023,
    "a": CardKind.RESIDENT,
}
_HMT_REGIONS = ("810000", "820000", "830000")  # notes §5.2


def normalised(key: str) -> str:
    """A key as it is compared: case, `_`, `-` and spaces do not count."""
    return re.sub(r"[\s_-]", "", key).casefold()


_KNOWN: Mapping[str, tuple[str, ...]] = {
    field: tuple(map(normalised, keys)) for field, keys in SPELLINGS.items()
}


def layers(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The answer itself and every object right inside it, also one in a list or written as a text."""
    yield said
    for value in said.values():
        if isinstance(value, str) and value.lstrip().startswith("{"):
            with suppress(ValueError, RecursionError):
                value = json.loads(value)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            yield value


def texts_of(layer: Mapping[str, Any]) -> dict[str, str]:
    """Its plain values by normalised key; empty ones are left out."""
    texts = {}
    for key, value in layer.items():
        if isinstance(value, str | int | float | bool) and (text := _cleaned(str(value))):
            texts[normalised(key)] = text
    return texts


def _cleaned(text: str) -> str:
    """Without padding; half a surrogate pair becomes U+FFFD, as from the chip itself."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip(" \0\t\r\n\u3000")


def parse_card(said: Mapping[str, Any], added: Mapping[str, Sequence[str]]) -> IdCard | None:
    """The card of an answer; None when it names none of a card's fields, or leaves them empty.

    `added` are spellings of this installation, by the field of `IdCard`; they count before the table's.
    Raises Garbled when the number or the name is missing, or is none.
    """
    found = _fields(said, added)
    if not found.keys() - {"kind", "photo", "issue"}:
        return None
    number = _number(found.get("number", ""))
    kind = _kind(found.get("kind", ""), number)
    name, latin_name = found.get("name", ""), found.get("latin_name", "")
    if not name and not latin_name:
        raise Garbled(reason="no name")
    if any(len(text) > _LONGEST_TEXT for field, text in found.items() if field != "photo"):
        raise Garbled(reason="text too long")
    begins, ends, long_term = _validity(found)
    return IdCard(
        kind=kind,
        name=name,
        sex=_SEXES.get(found.get("sex", "").casefold(), SEXES["0"]),
        ethnicity=_ethnicity(found.get("ethnicity", "")) if kind is CardKind.RESIDENT else "",
        birth=_day(found.get("birth", "")),
        address=found.get("address", ""),
        number=number,
        authority=found.get("authority", ""),
        valid_from=begins,
        valid_to=ends,
        long_term=long_term,
        photo=_wlt(found.get("photo", "")),
        latin_name=latin_name,
        nationality=found.get("nationality", "") if kind.name.startswith("FOREIGN") else "",
        pass_number=found.get("pass_number", ""),
        issue=found.get("issue", ""),
    )


def _fields(said: Mapping[str, Any], added: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The texts of the answer by field: from the layer that knows most of them, the rest from the others."""
    found: list[dict[str, str]] = []
    for layer in layers(said):
        texts = texts_of(layer)
        spelt = {
            field: next((texts[key] for key in (*map(normalised, added.get(field, ())), *known) if key in texts), "")
            for field, known in _KNOWN.items()
        }  # fmt: skip
        found.append({field: text for field, text in spelt.items() if text})
    found.sort(key=len)
    merged: dict[str, str] = {}
    for fields in found:
        merged |= fields
    return merged if len(found[-1]) > 1 else {}  # a lone "type" or "id" is none of a card's


def _number(text: str) -> str:
    number = text.upper()
    if not _NUMBER.fullmatch(number):
        raise Garbled(reason="no number" if not text else "number is none", characters=len(text))
    return number


def _kind(said: str, number: str) -> CardKind:
    """What the service says, where it is understood; else what the number tells (notes §5.2 to §5.4)."""
    known = _KINDS.get(said.casefold())
    if known is not None:
        return known
    if number[:3].isalpha():
        return CardKind.FOREIGN_2017
    if number.startswith("9"):
        return CardKind.FOREIGN_2023
    if number.startswith(_HMT_REGIONS):
        return CardKind.HMT_RESIDENCE
    return CardKind.RESIDENT


def _validity(found: Mapping[str, str]) -> tuple[date | None, date | None, bool]:
    """First and last valid day, and whether it is valid for ever."""
    both = found.get("validity", "")
    begins, ends = found.get("valid_from", ""), found.get("valid_to", "")
    days = [match[0] for match in _DAY.finditer(both)]
    begins = begins or (days[0] if days else "")
    ends = ends or (days[1] if len(days) > 1 else both)
    if any(word in ends.casefold() for word in _FOREVER):
        return _day(begins), None, True
    return _day(begins), _day(ends) if ends != both or len(days) > 1 else None, False


def _day(text: str) -> date | None:
    match = _DAY.match(text)
    if match is None:
        return None
    year, *parts = (part for part in match.groups() if part is not None)
    with suppress(ValueError):
        return date(int(year), int(parts[0]), int(parts[1]))
    return None


def _ethnicity(text: str) -> str:
    """A name without 族, or the name of a GB/T 3304 code."""
    if text.isascii() and text.isdigit():
        code = text.zfill(2)
        return ETHNICITIES.get(code, f"未知({code})")
    return text.removesuffix("族") or text


def _wlt(text: str) -> bytes:
    """The chip's own photograph, where the service hands it out."""
    try:
        photo = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return photo if len(photo) == _WLT_BYTES else b""
