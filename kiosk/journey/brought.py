"""What a visit knows of pages that come from her phone or her USB stick. A part of the record, wiped with it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kiosk.capture.page import Page
from kiosk.intake.stick import StickFile
from kiosk.journey.events import StickState


@dataclass(slots=True)
class Brought:
    """By which way the pages of the open slot come now, and what has come."""

    way: Literal["", "phone", "stick"] = ""
    waiting: list[Page] = field(default_factory=list)  #: came while she looked at an earlier one
    # phone
    url: str = ""
    ends: datetime | None = None  #: when the code becomes void
    opened: bool = False
    over: bool = False
    arrived: int = 0  #: pictures that came
    made: int = 0  #: pictures of which a page was made, or none could be
    # stick
    stick: StickState | None = None  #: None: not looked yet
    files: tuple[StickFile, ...] = ()
    pictures: dict[int, bytes] = field(default_factory=dict)
    unreadable: dict[int, str] = field(default_factory=dict)  #: number of the file → code
