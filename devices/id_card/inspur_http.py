"""Resident ID card reader behind the device service of 浪潮 (Inspur) cabinets: HTTP on 127.0.0.1:7999.

Source: shared field notes, A1: the port and the verbs `idcard` and `stopIdcard`, from one source; what is sent and
answered is not known, so it is parsed tolerantly (`service_card`, `service_verdict`) and settings can put it right.
Proven on: emulator only.

The pair of verbs suggests that `idcard` may wait for a card until `stopIdcard` ends it. Both ways are served: silence
that `stopIdcard` can end was waiting, silence that it cannot end is a hung service.
"""

from typing import Literal

from pydantic import Field

from devices.errors import TimedOut, Unreachable
from devices.id_card import IdCard
from devices.id_card.service_reader import CardServiceSettings, Unclaimed, reader_capabilities
from devices.id_card.service_verdict import accept, status_by
from devices.status import Capabilities, Status
from devices.wire.http_service import HttpService
from ground.clock import Clock


class InspurSettings(CardServiceSettings):
    """Where the service is and how its verbs are called."""

    driver: Literal["inspur_http"] = "inspur_http"
    url: str = "http://127.0.0.1:7999"
    read_path: str = Field(default="idcard", description="reads a card, or waits for one")
    stop_path: str = Field(default="stopIdcard", description="ends the waiting")
    read_timeout_s: float = Field(
        default=3.0, gt=0, le=30, description="seconds that reading, or waiting for a card, may take"
    )


class InspurReader:
    """An `IdCardReader`."""

    def __init__(self, settings: InspurSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._service: HttpService | None = None
        self._unclaimed = Unclaimed(clock)

    def open(self) -> None:
        """Make sure that the service answers and has a reader. Raises `DeviceError`."""
        self.close()
        service = HttpService(self._settings, self._clock)
        settings = self._settings
        accept(settings.verdict(service.ask(settings.method, settings.stop_path)), settings.stop_path)
        self._service = service

    def close(self) -> None:
        """Forget the service; nothing waits there between two calls. May be called twice."""
        self._service = None
        self._unclaimed.take()

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
        """What the service says when it is told to stop; no card is touched. Raises `DeviceError`."""
        settings = self._settings
        said = self._opened().ask(settings.method, settings.stop_path)
        return status_by(settings.verdict(said), settings.stop_path)

    def capabilities(self) -> Capabilities:
        """What is made of such a reader."""
        return reader_capabilities()

    def _read(self, service: HttpService) -> IdCard | None:
        settings = self._settings
        try:
            said = service.ask(settings.method, settings.read_path, patience_s=settings.read_timeout_s)
        except TimedOut:
            service.ask(settings.method, settings.stop_path)  # silent as well: this one goes up
            return None
        return settings.card(said, settings.read_path)

    def _opened(self) -> HttpService:
        if self._service is None:
            raise Unreachable(url=self._settings.url, reason="not open")
        return self._service
