"""What can be configured on a terminal. One frozen tree; unknown keys are mistakes; units stand in the names.

Every value here appears with a comment in `terminal.toml`; a test sees to it.
"""

import hashlib
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from config.care_settings import Care
from config.device_settings import DeviceSettings, OfKind
from config.languages import languages
from config.section import HOUR, Section
from config.sentences import SHIPPED
from config.unattended_settings import Failsafe, PowerUse, WindowHours

_WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[^\s?#]*)?")
VOICE_NAME = r"^[A-Za-z0-9+_.() ,-]{1,60}$"  # as the engines list them
_AGE_KEY = re.compile(r"age1[02-9ac-hj-np-z]{58}")  # Bech32 of 32 bytes, as `age-keygen` prints it

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")  # a platform under test, which nobody can listen to


def _web_address(text: str) -> str:
    if not _WEB_ADDRESS.fullmatch(text):
        raise PydanticCustomError("web_address", "not an http(s) address")
    return text.rstrip("/")


def _age_key(text: str) -> str:
    if not _AGE_KEY.fullmatch(text):
        raise PydanticCustomError("age_key", "not a public age key")
    return text


def _language(tag: str) -> str:
    known = languages(SHIPPED)
    if tag not in known:
        raise PydanticKnownError("literal_error", {"expected": " / ".join(known)})
    return tag


def _hash_here(name: str) -> str:
    if name not in hashlib.algorithms_available:
        raise PydanticCustomError("hash_here", "this machine cannot compute it")
    return name


WebAddress = Annotated[str, AfterValidator(_web_address)]
AgeKey = Annotated[str, AfterValidator(_age_key)]
#: An Ed25519 key or a SHA-256, base64.
Base64Of32 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]
Line = Annotated[str, Field(max_length=60)]


Latitude = Annotated[float, Field(ge=20, le=54, description="degrees")]
Longitude = Annotated[float, Field(ge=73, le=136, description="degrees")]


class Site(Section):
    """Where the terminal stands."""

    name: Annotated[Line, Field(min_length=1, description="the place, as citizens call it")]
    township: Annotated[
        Line, Field(description="township or street office; blank in the city's own hall")
    ] = ""
    phone: Annotated[Line, Field(description="the place's own telephone; blank when there is none")] = ""
    hotline: Annotated[Line, Field(description="the city's hotline")] = "12345"
    hours: Annotated[Line, Field(description="opening hours, as shown on the idle screen")] = ""
    position: Annotated[
        tuple[Latitude, Longitude] | None,
        Field(
            description="latitude and longitude (WGS 84); left out: as the catalogue's list of terminals says"
        ),
    ] = None


class Terminal(Section):
    """Which terminal this is."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,32}$", description="given at enrolment")]
    name: Annotated[Line, Field(min_length=1, description="what technicians call it")]
    letters: Annotated[
        str,
        Field(pattern=r"^[A-Z]{1,4}$", description="first part of local numbers; differs within one hall"),
    ] = "T"


class Platform(Section):
    """The joint-service platform."""

    url: WebAddress
    public_url: Annotated[
        WebAddress | None,
        Field(description="where citizens' phones reach the platform; left out when they cannot"),
    ] = None
    recipients: Annotated[
        tuple[AgeKey, ...], Field(max_length=8, description="public age keys to which cases are sealed")
    ] = ()
    token: Annotated[
        SecretStr | None, Field(description="only from KIOSK__PLATFORM__TOKEN or the credentials folder")
    ] = None
    ca_file: Annotated[
        Path | None, Field(description="PEM; only these authorities are believed then, not the system's")
    ] = None
    pins: Annotated[
        tuple[Base64Of32, ...],
        Field(
            max_length=8, description="base64 SHA-256 of public keys that the platform's certificate may have"
        ),
    ] = ()
    publishers: Annotated[
        tuple[Base64Of32, ...],
        Field(
            max_length=8, description="public keys (base64) that sign what is downloaded; given at enrolment"
        ),
    ] = ()
    takes: Annotated[
        Literal["sealed", "opened"],
        Field(
            description="opened: the platform cannot open age; this terminal opens, in memory, as it sends"
        ),
    ] = "sealed"
    connect_timeout_s: Annotated[float, Field(gt=0, le=60)] = 5.0
    read_timeout_s: Annotated[float, Field(gt=0, le=300, description="between two pieces of data")] = 20.0
    reply_timeout_s: Annotated[float, Field(gt=0, le=600, description="for a whole reply")] = 60.0

    @model_validator(mode="after")
    def _opened_only_inside_tls(self) -> "Platform":
        host = urlsplit(self.url).hostname or ""
        if self.takes == "opened" and not self.url.startswith("https://") and host not in _THIS_MACHINE:
            raise PydanticCustomError("opened_without_tls", "takes = opened needs an https address")
        return self


class Storage(Section):
    """What is kept on the terminal."""

    data_folder: Annotated[Path, Field(description="outbox, spool, fonts, log")] = Path(
        "/var/lib/tiantianshun"
    )
    biggest_case_mb: Annotated[
        int, Field(ge=1, le=2000, description="room for twice this must be there before papers are taken")
    ] = 100
    drafts_days: Annotated[
        int, Field(ge=0, le=30, description="pages of a visit that the power cut short are kept so long")
    ] = 3
    log_days: Annotated[
        int,
        Field(ge=183, le=3650, description="days with events that the log goes back; six months at least"),
    ] = 200
    log_hash: Annotated[
        Literal["sha256", "sm3"], AfterValidator(_hash_here), Field(description="how the log is chained")
    ] = "sha256"
    log_file_mb: Annotated[
        int, Field(ge=1, le=256, description="the log begins a new file, at the latest")
    ] = 16
    log_most_mb: Annotated[
        int, Field(ge=64, le=100_000, description="all of the log; then the oldest goes, however young")
    ] = 2048


class Cap(Section):
    """A part of the day, in China, in which the terminal leaves the line to others."""

    begins: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="hour:minute")]
    ends: Annotated[
        str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="may lie after midnight")
    ]
    kb_s: Annotated[int, Field(ge=4, le=1_000_000, description="kilobytes a second, at most")]


class Upload(Section):
    """How fast the terminal sends."""

    caps: Annotated[tuple[Cap, ...], Field(max_length=8, description="of several the least holds")] = ()


class LinkUse(Section):
    """What may go over a line that costs by the megabyte."""

    metered_interfaces: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.*?-]{1,15}$")], ...],
        Field(max_length=8, description="names of the interfaces that cost, with * and ?"),
    ] = ()
    metered_sends: Literal["everything", "cases", "small"] = "cases"
    metered_small_kb: Annotated[int, Field(ge=1, le=100_000, description="for small: the largest item")] = 256


class Journey(Section):
    """Every delay of a visit; names and defaults are those of `kiosk.journey.delays`."""

    patience_s: Annotated[float, Field(ge=45, le=900)] = 120.0
    warning_s: Annotated[float, Field(ge=10, le=120)] = 30.0
    after_hand_in_s: Annotated[float, Field(ge=30, le=600)] = 60.0
    countdown_s: Annotated[float, Field(ge=0.5, le=10)] = 2.0
    delivery_wait_s: Annotated[float, Field(ge=0, le=60)] = 10.0
    delivery_wait_offline_s: Annotated[float, Field(ge=0, le=10)] = 1.5
    slow_after_s: Annotated[float, Field(ge=0.5, le=2)] = 1.5
    ask_wait_s: Annotated[float, Field(ge=3, le=60)] = 20.0
    earlier_s: Annotated[float, Field(ge=1, le=60)] = 8.0
    to_evaluation_s: Annotated[float, Field(ge=3, le=120)] = 12.0
    goodbye_s: Annotated[float, Field(ge=3, le=60)] = 8.0
    sorry_s: Annotated[float, Field(ge=5, le=120)] = 15.0
    reveal_s: Annotated[float, Field(ge=3, le=60)] = 8.0
    away_after_s: Annotated[float, Field(ge=0, le=30)] = 1.0
    away_pace: Annotated[float, Field(ge=1, le=10, description="times, not seconds")] = 2.0
    attract_s: Annotated[float, Field(ge=5, le=120)] = 12.0
    dim_after_s: Annotated[float, Field(ge=10, le=3600)] = 60.0
    clean_question_s: Annotated[float, Field(ge=5, le=60)] = 15.0
    cleaning_s: Annotated[float, Field(ge=20, le=300)] = 60.0
    rating_window_s: Annotated[int, Field(ge=5, le=255, description="one byte of the keypad's frame")] = 60

    @model_validator(mode="after")
    def _warning_within_patience(self) -> "Journey":
        for name, patience_s in (("patience_s", self.patience_s), ("after_hand_in_s", self.after_hand_in_s)):
            if self.warning_s >= patience_s:
                limits = {"name": name, "seconds": f"{patience_s:g}"}
                raise PydanticCustomError("warning_within_patience", "warning_s is too long", limits)
        return self


class Pages(Section):
    """What is done to photographed pages before they are stored."""

    watermark: Annotated[
        bool, Field(description="each stored page says what it may be used for, and the day")
    ] = True


class Paper(Section):
    """Where the page printer puts things, as measured by the set-up wizard."""

    shift_right_mm: Annotated[
        float, Field(ge=-15, le=15, description="all that is printed is moved so far")
    ] = 0.0
    shift_down_mm: Annotated[float, Field(ge=-15, le=15, description="negative: upwards")] = 0.0


class Intake(Section):
    """Other ways for pages to come in than camera and scanner."""

    phone: Annotated[bool, Field(description="her own phone may take the pictures")] = True
    phone_minutes: Annotated[int, Field(ge=2, le=15, description="how long a code on the screen lives")] = 5
    stick: Annotated[bool, Field(description="a USB stick may be looked into")] = True
    stick_folder: Annotated[Path, Field(description="where the system mounts sticks, or just below")] = Path(
        "/media/kiosk"
    )
    stick_most_files: Annotated[int, Field(ge=1, le=200)] = 60
    stick_most_mb: Annotated[int, Field(ge=1, le=60, description="of one file")] = 20


class CatalogueShown(Section):
    """Which matters the home screen offers first."""

    popular: Annotated[
        tuple[str, ...], Field(min_length=1, max_length=6, description="codes, most wanted first")
    ] = ("N02", "C29", "C02", "C25", "C12", "C28")
    notices_url: Annotated[
        WebAddress | None,
        Field(description="the folder on the web where `catalogue guide` has put CODE.html; left out: none"),
    ] = None


class Face(Section):
    """The window."""

    width_px: Annotated[int, Field(ge=480, le=7680)] = 1080
    height_px: Annotated[int, Field(ge=480, le=7680)] = 1920
    diagonal_inch: Annotated[
        float, Field(ge=15, le=75, description="of the panel; on one below 23.8 all is drawn larger")
    ] = 23.8
    fullscreen: bool = True
    zoom: Annotated[
        float,
        Field(ge=0.25, le=2, description="1 on the terminal; less where the screen is smaller than that"),
    ] = 1.0
    scan_s: Annotated[
        float, Field(ge=0.5, le=30, description="how long a single switch is offered each thing")
    ] = 2.0
    max_fps: Annotated[int, Field(ge=10, le=240, description="pictures a second; looks for touches")] = 240
    renew_after_s: Annotated[
        float,
        Field(
            ge=0, le=86400, description="idle seconds after a visit until the process is replaced; 0: never"
        ),
    ] = 30.0
    night_from: Annotated[
        str,
        Field(
            pattern=HOUR, description="from then on the idle screen is dark; the same as night_until: never"
        ),
    ] = "21:00"
    night_until: Annotated[str, Field(pattern=HOUR, description="until then")] = "06:30"
    backlight: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9_.:-]{0,60}$",
            description="of /sys/class/backlight, dimmed at night; blank: none",
        ),
    ] = ""
    dim_command: Annotated[
        tuple[str, ...],
        Field(max_length=16, description="dims a panel that has no backlight of the system's"),
    ] = ()
    wake_command: Annotated[tuple[str, ...], Field(max_length=16, description="makes it bright again")] = ()
    fonts_folder: Annotated[Path, Field(description="where the set-up put the typefaces")] = Path(
        "build/fonts"
    )


class Language(Section):
    """Which words are shown."""

    first: Annotated[
        str,
        AfterValidator(_language),
        Field(description="the language of a new visit: a folder of config/words"),
    ] = "zh-Hans"


class Speech(Section):
    """How screens are read aloud."""

    engine: Annotated[
        Literal["auto", "dispatcher", "espeak", "none"],
        Field(description="auto: speech-dispatcher, else espeak-ng; none: nothing speaks here"),
    ] = "auto"
    speaks: Annotated[bool, Field(description="a visit begins with the voice on")] = False
    volume: Annotated[int, Field(ge=0, le=10, description="of ten, at which a visit begins")] = 6
    night_volume: Annotated[int, Field(ge=0, le=10, description="the same in the hall's night hours")] = 3
    chinese: Annotated[str, Field(pattern=VOICE_NAME, description="voice of the engine for Chinese")] = (
        "cmn-latn-pinyin"
    )
    english: Annotated[str, Field(pattern=VOICE_NAME, description="voice of the engine for English")] = (
        "en-gb"
    )
    sound_device: Annotated[
        str, Field(min_length=1, max_length=60, description="ALSA name; see aplay -L")
    ] = "default"
    dispatcher_socket: Annotated[Path, Field(description="where speech-dispatcher listens")] = Path(
        "/run/speech-dispatcher/speechd.sock"
    )
    dispatcher_module: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9_-]{0,40}$", description="its output module; blank: its own choice")
    ] = ""
    packs_folder: Annotated[Path, Field(description="where packs of recorded sentences lie")] = Path(
        "/var/lib/tiantianshun/packs"
    )
    packs: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")], ...],
        Field(max_length=4, description="names of folders in it, the first counts most"),
    ] = ()


class Security(Section):
    """Which algorithms the terminal uses where there is a choice."""

    suite: Annotated[
        Literal["international", "sm"],
        Field(
            description="sm: cases sealed with SM4 and SM3, the log chained with SM3; not a certified product"
        ),
    ] = "international"


class Release(Section):
    """How this terminal gets newer releases of this software, and how they prove themselves (ADR 0078, 0079)."""

    url: Annotated[
        WebAddress | None,
        Field(description="the repository of releases; left out: by stick or package alone"),
    ] = None
    folder: Annotated[Path, Field(description="where releases lie side by side")] = Path("/opt/tiantianshun")
    root_file: Annotated[Path, Field(description="whose signatures count; brought at installation")] = Path(
        "/etc/tiantianshun/release-root.json"
    )
    channel: Annotated[str, Field(pattern=r"^[a-z]{1,20}$", description="which line of releases")] = "stable"
    automatic: Annotated[
        bool, Field(description="what was installed is switched to in the quiet hour; else a technician does")
    ] = True
    quiet_from: Annotated[str, Field(pattern=HOUR, description="from then on it may")] = "02:00"
    quiet_until: Annotated[str, Field(pattern=HOUR, description="until then")] = "05:00"
    healthy_within_s: Annotated[
        float, Field(ge=1, le=3600, description="a release on trial that is not well for so long is given up")
    ] = 300.0
    probation_h: Annotated[
        float,
        Field(ge=0, le=336, description="hours that it must be watched and well until it counts as good"),
    ] = 24.0


class Devices(Section):
    """What is fitted. A device that is not named is not fitted."""

    id_card: Annotated[DeviceSettings | None, OfKind("id_card")] = None
    document_camera: Annotated[DeviceSettings | None, OfKind("document_camera")] = None
    receipt_printer: Annotated[DeviceSettings | None, OfKind("receipt_printer")] = None
    evaluator: Annotated[DeviceSettings | None, OfKind("evaluator")] = None
    document_scanner: Annotated[DeviceSettings | None, OfKind("document_scanner")] = None
    page_printer: Annotated[DeviceSettings | None, OfKind("page_printer")] = None
    code_scanner: Annotated[DeviceSettings | None, OfKind("code_scanner")] = None
    chip_card: Annotated[DeviceSettings | None, OfKind("chip_card")] = None
    ups: Annotated[DeviceSettings | None, OfKind("ups")] = None
    signals: Annotated[DeviceSettings | None, OfKind("signals")] = None
    watchdog: Annotated[DeviceSettings | None, OfKind("watchdog")] = None
    headphones: Annotated[DeviceSettings | None, OfKind("headphones")] = None
    keypad: Annotated[DeviceSettings | None, OfKind("keypad")] = None
    switch: Annotated[DeviceSettings | None, OfKind("keypad")] = None


class Tending(Section):
    """Who may look after the terminal on its glass."""

    close_after_s: Annotated[
        float, Field(ge=30, le=1800, description="without a touch; then everything is given back")
    ] = 180.0
    operators: Annotated[
        tuple[Base64Of32, ...],
        Field(
            max_length=8, description="public keys (base64) that sign passes on a stick; none: no stick opens"
        ),
    ] = ()


class HealthView(Section):
    """The health page for technicians on the local network (ADR 0087)."""

    listen: Annotated[
        str,
        Field(
            pattern=r"^[0-9A-Fa-f.:\[\]]{0,60}$",
            description="a private address of this machine, with or without port; blank: not served",
        ),
    ] = ""
    certificate: Annotated[
        Path | None, Field(description="PEM, with its chain; left out: one that the terminal makes itself")
    ] = None
    key: Annotated[Path | None, Field(description="PEM, of the certificate")] = None

    @model_validator(mode="after")
    def _both_or_none(self) -> "HealthView":
        if (self.certificate is None) != (self.key is None):
            raise PydanticCustomError("both_or_none", "certificate and key belong together")
        return self


class TerminalConfig(Section):
    """The whole configuration of one terminal."""

    site: Site
    terminal: Terminal
    platform: Platform
    storage: Storage = Storage()
    upload: Upload = Upload()
    link: LinkUse = LinkUse()
    journey: Journey = Journey()
    pages: Pages = Pages()
    paper: Paper = Paper()
    intake: Intake = Intake()
    catalogue: CatalogueShown = CatalogueShown()
    face: Face = Face()
    failsafe: Failsafe = Failsafe()
    hours: WindowHours = WindowHours()
    power: PowerUse = PowerUse()
    language: Language = Language()
    voice: Speech = Speech()
    care: Care = Care()
    security: Security = Security()
    release: Release = Release()
    tending: Tending = Tending()
    health_view: HealthView = HealthView()
    devices: Devices = Devices()
