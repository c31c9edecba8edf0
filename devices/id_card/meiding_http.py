"""Resident ID card reader behind the service of 美鼎 (Meiding) cabinets: HTTP on 127.0.0.1:8080/api.

Source: shared field notes, A1: the port and the verbs `OpenDevice`, `ReadMsg` and `CloseDevice`, from one source; what
is sent and answered is not known, so it is parsed tolerantly (`service_card`, `service_verdict`) and settings can put
it right.
Proven on: emulator only.
"""

from contextlib import suppress
from typing import Literal

from pydantic import Field

from devices.errors import DeviceError, Unreachable
from devices.id_card import IdCard
from devices.id_card.service_reader import CardServiceSettings, Unclaimed, reader_capabilities
from devices.id_card.service_verdict import accept, status_by
from devices.status import Capabilities, Status
from devices.wire.http_service import HttpService
from ground.clock import Clock

_GOODBYE_S = 1.0  # a service that hangs must not hold up the closing


class MeidingSettings(CardServiceSettings):
    """Where the service is and how its verbs are called."""

    driver: Literal["meiding_http"] = "meiding_http"
    url: str = "http://127.0.0.1:8080/api"
    open_path: str = "OpenDevice"
    read_path: str = "ReadMsg"
    close_path: str = "CloseDevice"
    read_timeout_s: float = Field(default=5.0, gt=0, le=30, description="seconds that reading may take")


class MeidingReader:
    """An `IdCardReader`."""

    def __init__(self, settings: MeidingSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._service: HttpService | None = None
        self._unclaimed = Unclaimed(clock)

    def open(self) -> None:
        """Have the service open its reader. Raises `DeviceError`."""
        self.close()
        settings, service = self._settings, HttpService(self._settings, self._clock)
        accept(settings.verdict(service.ask(settings.method, settings.open_path)), settings.open_path)
        self._service = service

    def close(self) -> None:
        """Have the service let go of its reader, if it listens. May be called twice."""
        service, self._service = self._service, None
        self._unclaimed.take()
        if service is not None:
            with suppress(DeviceError):
                service.ask(self._settings.method, self._settings.close_path, patience_s=_GOODBYE_S)

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
        """What the service says when its reader is opened again; no card is touched. Raises `DeviceError`."""
        settings = self._settings
        said = self._opened().ask(settings.method, settings.open_path)
        return status_by(settings.verdict(said), settings.open_path)

    def capabilities(self) -> Capabilities:
        """What is made of such a reader."""
        return reader_capabilities()

    def _read(self, service: HttpService) -> IdCard | None:
        settings = self._settings
        said = service.ask(settings.method, settings.read_path, patience_s=settings.read_timeout_s)
        return settings.card(said, settings.read_path)

    def _opened(self) -> HttpService:
        if self._service is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._service
