"""Resident ID card reader behind the service of 至唯 (ZW) cabinets: HTTP on 127.0.0.1:18889/api, formerly :9999.

Source: shared field notes, A1: the ports and the verbs `connect`, `getStatus`, `readCert`, `disconnect`, and of the old
firmware `InitComm`, `Authenticate`, `getUserInfo`, `CloseComm`, from one source; what is sent and answered is not
known, so it is parsed tolerantly (`service_card`, `service_verdict`) and settings can put it right.
Proven on: emulator only.

The old verbs are those of the CVR library, whose yes is 1 and whose Authenticate says 2 for "no card" and 3 for "not
selected" (from memory): so taken here, for the old firmware only.
"""

from contextlib import suppress
from typing import Literal, NamedTuple

from pydantic import Field

from devices.errors import DeviceError, Unreachable
from devices.id_card import IdCard
from devices.id_card.service_reader import CardServiceSettings, Unclaimed, reader_capabilities
from devices.id_card.service_verdict import Meaning, Verdict, accept, fail, status_by
from devices.status import Capabilities, Status
from devices.wire.http_service import HttpService
from ground.clock import Clock

_GOODBYE_S = 1.0  # a service that hangs must not hold up the closing


class _Verbs(NamedTuple):
    """What a firmware calls its verbs."""

    open: str
    status: str
    find: str  #: finds and selects a card, "" where reading does that too
    read: str
    close: str


_FIRMWARE = {
    "new": _Verbs("connect", "getStatus", "", "readCert", "disconnect"),
    "old": _Verbs("InitComm", "InitComm", "Authenticate", "getUserInfo", "CloseComm"),
}
_CVR_CODES = {"1": Meaning.YES, "2": Meaning.NO_CARD, "3": Meaning.UNREADABLE}


class ZhiweiSettings(CardServiceSettings):
    """Where the service is and which of its two generations it is."""

    driver: Literal["zhiwei_http"] = "zhiwei_http"
    url: str = "http://127.0.0.1:18889/api"
    firmware: Literal["new", "old"] = Field(
        default="new", description="old: the verbs of port 9999, url = http://127.0.0.1:9999"
    )
    open_path: str = Field(default="", description="instead of the firmware's own verb; so are the next four")
    status_path: str = ""
    find_path: str = ""
    read_path: str = ""
    close_path: str = ""
    read_timeout_s: float = Field(default=5.0, gt=0, le=30, description="seconds that reading may take")

    def verbs(self) -> _Verbs:
        """The firmware's verbs, except where a setting replaces one."""
        own = (self.open_path, self.status_path, self.find_path, self.read_path, self.close_path)
        return _Verbs(*(mine or usual for mine, usual in zip(own, _FIRMWARE[self.firmware], strict=True)))


class ZhiweiReader:
    """An `IdCardReader`."""

    def __init__(self, settings: ZhiweiSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._verbs = settings.verbs()
        self._service: HttpService | None = None
        self._unclaimed = Unclaimed(clock)

    def open(self) -> None:
        """Have the service connect to its reader. Raises `DeviceError`."""
        self.close()
        service = HttpService(self._settings, self._clock)
        accept(self._verdict(service, self._verbs.open), self._verbs.open)
        self._service = service

    def close(self) -> None:
        """Have the service let go of its reader, if it listens. May be called twice."""
        service, self._service = self._service, None
        self._unclaimed.take()
        if service is not None:
            with suppress(DeviceError):
                service.ask(self._settings.method, self._verbs.close, patience_s=_GOODBYE_S)

    def identity(self) -> str:
        """The address: no verb for a serial number is known."""
        return self._settings.url

    def read_card(self) -> IdCard | None:
        """The card that lies there, or None when there is none newly to read.

        Raises `Refused` (CARD_UNREADABLE, NOT_AN_ID_CARD, BUSY, OUT_OF_SERVICE), `DeviceError`.
        """
        service = self._opened()
        return self._unclaimed.take() or self._read(service)

    def card_present(self) -> bool:
        """Whether a card can be read now; one that the service gives once only counts as gone afterwards."""
        return self._unclaimed.keep(self._read(self._opened()))

    def status(self) -> Status:
        """What the service says of its reader; no card is touched. Raises `DeviceError`."""
        return status_by(self._verdict(self._opened(), self._verbs.status), self._verbs.status)

    def capabilities(self) -> Capabilities:
        """What is made of such a reader."""
        return {**reader_capabilities(), "firmware": self._settings.firmware}

    def _read(self, service: HttpService) -> IdCard | None:
        if self._verbs.find:
            found = self._verdict(service, self._verbs.find)
            if found.meaning is Meaning.NO_CARD:
                return None
            if found.meaning is not Meaning.YES:
                fail(found, self._verbs.find)
        patience_s = self._settings.read_timeout_s
        said = service.ask(self._settings.method, self._verbs.read, patience_s=patience_s)
        return self._settings.card(said, self._verbs.read)

    def _verdict(self, service: HttpService, verb: str) -> Verdict:
        """What the service says to a verb that brings no card."""
        verdict = self._settings.verdict(service.ask(self._settings.method, verb))
        if self._settings.firmware == "old" and verdict.meaning is Meaning.FAILED:
            return Verdict(_CVR_CODES.get(verdict.code, Meaning.FAILED), verdict.code)
        return verdict

    def _opened(self) -> HttpService:
        if self._service is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._service
