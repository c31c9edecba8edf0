"""The 256-byte text block of the four identity documents: pure `parse_text` and `format_text`.

Source: shared protocol notes, id_card_reader.md §5. UTF-16LE, padded with spaces; one character at offset
248 tells the layout (a space: resident). Decoded, not judged: whether number, birth and sex agree is the
journey's question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from devices.errors import Condition, Garbled, Refused
from devices.id_card import CardKind, IdCard

TEXT_BYTES = 256
LONG_TERM = "长期"  # §5.1: instead of the last valid day

_KIND_AT = 248  # §5, the same in every layout
_KINDS = {
    " ": CardKind.RESIDENT,
    "\0": CardKind.RESIDENT,  # §5: "sometimes 00 00"
    "J": CardKind.HMT_RESIDENCE,
    "I": CardKind.FOREIGN_2017,
    "Y": CardKind.FOREIGN_2023,
}
_MARKS = {kind: mark for mark, kind in _KINDS.items() if mark != "\0"}

SEXES = {"0": "未知", "1": "男", "2": "女", "9": "未说明"}  # GB/T 2261.1 (§5.5)
_SEX_CODES = {sex: code for code, sex in SEXES.items()}

#: GB/T 3304 (§5.5): codes 01 to 56 in order
_NATIONS = """
    汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水
    东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克
    俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺
"""
ETHNICITIES = {f"{code:02d}": nation for code, nation in enumerate(_NATIONS.split(), start=1)}
ETHNICITIES |= {"97": "其他", "98": "外国血统中国籍人士"}
_ETHNICITY_CODES = {nation: code for code, nation in ETHNICITIES.items()}


@dataclass(frozen=True, slots=True)
class _Place:
    at: int  #: offset in the block
    size: int  #: bytes, two per UTF-16 unit


#: §5.1, shared by §5.2
_RESIDENT = {
    "name": _Place(0, 30),
    "sex": _Place(30, 2),
    "ethnicity": _Place(32, 4),
    "birth": _Place(36, 16),
    "address": _Place(52, 70),
    "number": _Place(122, 36),
    "authority": _Place(158, 30),
    "valid_from": _Place(188, 16),
    "valid_to": _Place(204, 16),
}
_LAYOUTS: dict[CardKind, dict[str, _Place]] = {
    CardKind.RESIDENT: _RESIDENT,
    CardKind.HMT_RESIDENCE: {  # §5.2
        **{field: place for field, place in _RESIDENT.items() if field != "ethnicity"},
        "pass_number": _Place(220, 18),
        "issue": _Place(238, 4),
    },
    CardKind.FOREIGN_2017: {  # §5.3
        "latin_name": _Place(0, 120),
        "sex": _Place(120, 2),
        "number": _Place(122, 30),
        "nationality": _Place(152, 6),
        "name": _Place(158, 30),
        "valid_from": _Place(188, 16),
        "valid_to": _Place(204, 16),
        "birth": _Place(220, 16),
        "issue": _Place(236, 4),
        "authority": _Place(240, 8),
    },
    CardKind.FOREIGN_2023: {  # §5.4; the three characters at 250 are not understood well enough to be shown
        "name": _Place(0, 30),
        "sex": _Place(30, 2),
        "issue": _Place(32, 4),
        "birth": _Place(36, 16),
        "latin_name": _Place(52, 70),
        "number": _Place(122, 36),
        "valid_from": _Place(188, 16),
        "valid_to": _Place(204, 16),
        "latin_name_rest": _Place(220, 22),
        "nationality": _Place(242, 6),
    },
}


def parse_text(block: bytes, photo: bytes = b"") -> IdCard:
    """The card that a 256-byte text block describes.

    Half a surrogate pair becomes U+FFFD, so that every text can be printed, sent and stored; private-use
    characters of older cards stay. Raises `Garbled` for another size, `Refused` (NOT_AN_ID_CARD) for an
    unknown layout.
    """
    if len(block) != TEXT_BYTES:
        raise Garbled(reason="text block", bytes=len(block))
    kind = _kind(block)
    text = {field: _text(block, place) for field, place in _LAYOUTS[kind].items()}
    valid_to = text["valid_to"]
    return IdCard(
        kind=kind,
        name=text["name"],
        sex=SEXES.get(text["sex"], SEXES["0"]),
        ethnicity=_ethnicity(text.get("ethnicity", "")),
        birth=_date(text["birth"]),
        address=text.get("address", ""),
        number=text["number"],
        authority=text.get("authority", ""),
        valid_from=_date(text["valid_from"]),
        valid_to=_date(valid_to),
        long_term=valid_to.startswith(LONG_TERM),
        photo=photo,
        latin_name=_latin_name(block, _LAYOUTS[kind]),
        nationality=text.get("nationality", ""),
        pass_number=text.get("pass_number", ""),
        issue=text.get("issue", ""),
    )


def format_text(card: IdCard) -> bytes:
    """The inverse of `parse_text`. Raises ValueError when a text does not fit its place."""
    layout = _LAYOUTS[card.kind]
    first_part = layout["latin_name"].size // 2 if "latin_name_rest" in layout else None
    text: Mapping[str, str] = {
        "name": card.name,
        "sex": _SEX_CODES[card.sex],
        "ethnicity": _ethnicity_code(card.ethnicity),
        "birth": _digits(card.birth),
        "address": card.address,
        "number": card.number,
        "authority": card.authority,
        "valid_from": _digits(card.valid_from),
        "valid_to": LONG_TERM if card.long_term else _digits(card.valid_to),
        "latin_name": card.latin_name[:first_part],
        "latin_name_rest": card.latin_name[first_part:] if first_part else "",
        "nationality": card.nationality,
        "pass_number": card.pass_number,
        "issue": card.issue,
    }
    block = bytearray(" ".encode("utf-16-le") * (TEXT_BYTES // 2))
    for field, place in layout.items():
        _write(block, place, field, text[field])
    block[_KIND_AT : _KIND_AT + 2] = _MARKS[card.kind].encode("utf-16-le")
    return bytes(block)


def parse_addresses(body: bytes) -> tuple[str, ...]:
    """The addresses of a READ_NEW_ADDRESS answer, blank ones left out (§3.3). Raises `Garbled`."""
    size = _RESIDENT["address"].size
    if len(body) % size:
        raise Garbled(reason="addresses", bytes=len(body))
    texts = (_text(body, _Place(at, size)) for at in range(0, len(body), size))
    return tuple(text for text in texts if text)


def format_addresses(addresses: tuple[str, ...]) -> bytes:
    """The inverse of `parse_addresses`. Raises ValueError when one does not fit."""
    size = _RESIDENT["address"].size
    block = bytearray(" ".encode("utf-16-le") * (size // 2 * len(addresses)))
    for index, address in enumerate(addresses):
        _write(block, _Place(index * size, size), "address", address)
    return bytes(block)


def _kind(block: bytes) -> CardKind:
    mark = block[_KIND_AT : _KIND_AT + 2].decode("utf-16-le", "replace")
    if mark not in _KINDS:
        raise Refused(Condition.NOT_AN_ID_CARD, layout=f"U+{ord(mark):04X}")
    return _KINDS[mark]


def _text(block: bytes, place: _Place) -> str:
    return block[place.at : place.at + place.size].decode("utf-16-le", "replace").rstrip(" \0")


def _latin_name(block: bytes, layout: Mapping[str, _Place]) -> str:
    """The English name, which goes on in a second place where the first is full (§5.4).

    A first place that is full up to a space ends with a word: that space is no padding.
    """
    if "latin_name" not in layout:
        return ""
    first = _text(block, layout["latin_name"])
    rest = _text(block, layout["latin_name_rest"]) if "latin_name_rest" in layout else ""
    last = layout["latin_name"].at + layout["latin_name"].size - 2
    between = " " if rest and block[last : last + 2] == b" \0" else ""
    return first + between + rest


def _write(block: bytearray, place: _Place, field: str, text: str) -> None:
    units = text.encode("utf-16-le")
    if len(units) > place.size:
        raise ValueError(f"{field} has {len(units) // 2} UTF-16 units, the chip holds {place.size // 2}")
    block[place.at : place.at + len(units)] = units


def _date(digits: str) -> date | None:
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _digits(day: date | None) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}" if day is not None else ""


def _ethnicity(code: str) -> str:
    """§5.5: vendors know more codes than GB/T 3304, so an unknown one is shown, not refused."""
    return ETHNICITIES.get(code, f"未知({code})") if code else ""


def _ethnicity_code(ethnicity: str) -> str:
    if ethnicity.startswith("未知("):
        return ethnicity[len("未知(") : -1]
    return _ETHNICITY_CODES[ethnicity] if ethnicity else ""
