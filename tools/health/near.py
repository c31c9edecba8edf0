"""Which addresses lie on a local network: RFC 1918, RFC 3927, RFC 4193, fe80::/10, and this machine itself."""

import ipaddress
from dataclasses import dataclass
from typing import Final

PORT: Final = 8443
_NETS: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8",
            "fc00::/7", "fe80::/10", "::1/128",
        ),
    )
)  # fmt: skip


class NotLocal(ValueError):
    """An address that nobody may listen on: public, all of them at once, or none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page is served."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether nobody but this machine can come."""
        return ipaddress.ip_address(self.host).is_loopback

    @property
    def authority(self) -> str:
        """As a browser writes it in `Host`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def is_near(address: str) -> bool:
    """Whether `address` (as the kernel tells it) lies on a local network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return any((mapped or found) in net for net in _NETS if net.version == (mapped or found).version)


def place(text: str) -> Place:
    """ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT. Raises `NotLocal`."""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
    elif text.count(":") > 1:
        host, port = text, ""
    else:
        host, _, port = text.partition(":")
    port = port.removeprefix(":") or str(PORT)
    if not is_near(host) or "%" in host or not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise NotLocal(text)
    return Place(host, int(port))
