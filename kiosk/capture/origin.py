"""Where a page came from: which way, through which device, when, and how sure that time is."""

import enum
from dataclasses import dataclass
from datetime import datetime


class Way(enum.StrEnum):
    """By which way a picture came in; the values stand in the manifest."""

    CAMERA = "camera"  #: the terminal's document camera
    SCANNER = "scanner"  #: the terminal's document scanner
    PHONE = "phone"  #: taken or chosen on the citizen's phone
    STICK = "stick"  #: a file from her USB stick


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the pixels themselves do not tell."""

    way: Way
    device: str = ""  #: its `identity()`; "" where it told none, and always for a phone
    at: datetime | None = None  #: when the page was made of it, by the terminal's wall clock
    clock: str = "unchecked"  #: how sure that time is; "unchecked" until something compares the clock
