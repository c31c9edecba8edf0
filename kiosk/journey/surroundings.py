"""What a journey is told of the place and of the machine's health, each time that it draws."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from kiosk.catalogue.nearby import Nearby
from kiosk.hours import Hours
from kiosk.journey.voice import USUAL_VOICE, Voice

#: China keeps one time and no summer time; a fixed offset needs no time-zone files on the terminal
CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The site's own facts and what works now."""

    place: str = ""
    hours: str = ""
    phone: str = ""
    terminal_id: str = ""
    online: bool = False  #: the backend answered lately
    printer_ready: bool = False
    keypad: bool = False  #: an evaluation device answers
    scanner: bool = False  #: a document scanner answers
    phone_upload: bool = False  #: pictures may come from her phone; the platform must be there for it
    stick_in: bool = False  #: a USB stick is in and may be looked into
    page_printer: bool = False  #: A4 can be printed
    code_scanner: bool = False  #: a code scanner answers
    public_url: str = (
        ""  #: where citizens reach the platform on their phones; "" when there is no such address
    )
    notices_url: str = ""  #: where the notices lie on the web as CODE.html; "" when they do not
    hotline: str = ""  #: the city's, beside the place's own `phone`
    watermark: bool = True  #: stored pages say what they may be used for
    saved_days: int = 30  #: how long the platform keeps a visit that she wants to go on with (its setting)
    drafts_days: int = 0  #: how long pages of a visit that a power cut ended are kept
    clock: str = "unchecked"  #: how the wall clock was found: right, off, impossible, jumped
    faults: Mapping[str, str] = field(default_factory=dict)  #: `kiosk.service.Faults`
    out_of_service: str = ""  #: code of a fault with which no visit can begin; "" when there is none
    out_since: datetime | None = None
    nearby: tuple[Nearby, ...] = ()  #: other terminals, the nearest first
    night: bool = False  #: the hall's night hours: the screen is calmer
    voice: Voice | None = (
        USUAL_VOICE  #: how a visit that begins now is spoken to; None: nothing can speak here
    )
    headphones: bool = False  #: somebody has plugged hers in
    window: Hours | None = None  #: the place's own; None: not known
    on_battery: bool = False
    safe_mode: bool = False  #: the program failed too often and uses only what a case needs
