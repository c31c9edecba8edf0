"""Where a vendor's service is and how long it is waited for: what the settings of all such drivers have in common."""

import ipaddress
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator


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
            raise ValueError(f"url {fault}")
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
    """What is wrong with the address of a service; "" when nothing is."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "is no address"
    if parts.scheme not in schemes or not host or port == 0:
        return f"must be {schemes[0]}://127.0.0.1:PORT"
    if parts.username is not None or parts.query or parts.fragment:
        return "must have no user, no query and no fragment"
    if not allow_remote and not is_loopback(host):
        return "must be on this machine (127.0.0.1), or allow_remote be true"
    return ""


def is_loopback(host: str) -> bool:
    """Whether `host` is this very machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
