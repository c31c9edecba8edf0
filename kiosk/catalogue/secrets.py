"""Which fields are secret, and what of them may be seen. Data: the dictionary's `secret`, else how it is checked.

What may be seen suffices to know one's own again, and nobody else's.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

from kiosk.catalogue.model import Check, Field
from kiosk.domain.identity import mask_name, mask_number

Secrecy = Literal["none", "name", "number", "phone", "bank", "address", "whole"]

#: by how a value is checked, where the dictionary says nothing
BY_CHECK: Final[Mapping[Check, Secrecy]] = {
    Check.ID_NUMBER: "number",
    Check.PHONE: "phone",
    Check.BANK_CARD: "bank",
    Check.ADDRESS: "address",
}
#: what stands for a value of which nothing may be seen; of one length, so that it does not tell how long it is
HIDDEN: Final = "＊＊＊＊＊＊"
#: up to the township or street office, as everybody in the hall has one
_DOWN_TO_TOWNSHIP: Final = re.compile(r"^.*(?:街道办事处|街道|农场|[镇乡])")
_DOWN_TO_CITY: Final = re.compile(r"^.*?(?:[市区县州])")


def secrecy(field: Field) -> Secrecy:
    """How secret a field is."""
    if field.secret:
        return field.secret
    return "name" if field.prefill == "card.name" else BY_CHECK.get(field.check, "none")


def is_secret(field: Field) -> bool:
    """Whether anything of it is hidden."""
    return secrecy(field) != "none"


def veiled(field: Field, value: str) -> str:
    """What of `value` may be seen. Veiling twice is veiling once."""
    if not value:
        return ""
    match secrecy(field):
        case "none":
            return value
        case "name":
            return mask_name(value)
        case "number" | "phone":
            return mask_number(value)
        case "bank":
            return "*" * (len(value) - 4) + value[-4:] if len(value) > 4 else "*" * len(value)
        case "address":
            known = _DOWN_TO_TOWNSHIP.match(value) or _DOWN_TO_CITY.match(value)
            return f"{known[0]}****" if known else HIDDEN
        case "whole":
            return HIDDEN
