"""Printers and scanners that announce themselves: IPP by DNS-SD, scanners by SANE."""

import subprocess
from collections.abc import Iterable

from zeroconf import ServiceBrowser, ServiceInfo, ServiceListener, Zeroconf

from ground.clock import Clock

_SERVICE = "_ipp._tcp.local."
_PATIENCE_S = 3.0  # chosen: printers answer a multicast question within a second or two
_SCAN_PATIENCE_S = 30.0  # SANE asks the whole network


def ipp_printers(clock: Clock, patience_s: float = _PATIENCE_S) -> list[tuple[str, str]]:
    """(url, name) of every driverless printer that answers on the local network."""
    listener = _Listener()
    with Zeroconf() as zeroconf:
        browser = ServiceBrowser(zeroconf, _SERVICE, listener)
        clock.wait(patience_s)
        infos = [zeroconf.get_service_info(_SERVICE, name) for name in sorted(listener.names)]
        browser.cancel()
    return [printer_of(info) for info in infos if info is not None]


def printer_of(info: ServiceInfo) -> tuple[str, str]:
    """Where the announced printer is (its TXT record `rp` is the path), and what it is called."""
    path = (info.decoded_properties.get("rp") or "ipp/print").strip("/")
    host = (info.parsed_addresses() or [info.server.rstrip(".") if info.server else info.name])[0]
    host = f"[{host}]" if ":" in host else host
    return f"ipp://{host}:{info.port}/{path}", info.name.removesuffix(f".{_SERVICE}")


def scanners() -> Iterable[tuple[str, str]]:
    """(url, name) of every scanner that SANE finds; none where SANE is not installed."""
    try:
        told = subprocess.run(
            ["scanimage", "-f", "%d\t%v %m%n"],
            capture_output=True,
            text=True,
            timeout=_SCAN_PATIENCE_S,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    pairs = [line.partition("\t") for line in told.splitlines() if "\t" in line]
    return [(f"sane:{device}", label) for device, _, label in pairs]


class _Listener(ServiceListener):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.names.add(name)

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.names.add(name)

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.names.discard(name)
