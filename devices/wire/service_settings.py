"""Where a vendor's service is and how long it is waited for: what the settings of all such drivers have in common."""

import ipaddress
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError


class ServiceSettings(BaseModel):
    """Where, and how patiently. Each driver adds `driver` and its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    allow_remote: bool = Field(
        default=False, description="true: the service may be on another machine. It has no password: do not"
    )
    connect_timeout_s: float = Field(default=2.0, gt=0, le=30, description="seconds to be let in")
    answer_timeout_s: float = Field(
        default=5.0, gt=0, le=60, description="seconds of silence before or within an answer"
    )
    deadline_s: float = Field(
        default=10.0, gt=0, le=120, description="seconds that one question may take altogether"
    )

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        fault = url_fault(self.url, self.schemes(), self.allow_remote)
        if fault:
            raise PydanticCustomError(fault, "not the address of a service", {"scheme": self.schemes()[0]})
        return self

    @classmethod
    def schemes(cls) -> tuple[str, ...]:
        """What the URL may begin with."""
        return ("http",)


class WsServiceSettings(ServiceSettings):
    """The same for a service that speaks over a WebSocket."""

    @classmethod
    def schemes(cls) -> tuple[str, ...]:
        return ("ws",)


def url_fault(url: str, schemes: tuple[str, ...], allow_remote: bool) -> str:
    """What is wrong with the address of a service, as words `mistakes.reason.<what>`; "" when nothing is."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "service_no_address"
    if parts.scheme not in schemes or not host or port == 0:
        return "service_address"
    if parts.username is not None or parts.query or parts.fragment:
        return "service_plain"
    if not allow_remote and not is_loopback(host):
        return "service_here"
    return ""


def is_loopback(host: str) -> bool:
    """Whether `host` is this very machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
