"""The configuration in a bundle: numbers, switches and choices of the schema, and a short list of texts.

Every other text is withheld, also one that a later version adds: what is not known to be harmless stays here.
"""

import ipaddress
import types
import typing
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel

from config.schema import TerminalConfig

WITHHELD: Final = "(withheld)"
_NONE: Final = "(not set)"
#: texts whose shape the schema itself closes: hours, letters, languages, names of channels and drivers
SAID: Final = frozenset(
    {
        "terminal.id", "terminal.letters", "language.first", "face.night_from", "face.night_until",
        "care.restart_from", "care.restart_until", "release.channel", "release.quiet_from", "release.quiet_until",
        "catalogue.popular",
    }
)  # fmt: skip
#: addresses: scheme, port and what kind of place, never host, path, user or password
_ADDRESSES: Final = ("url", "public_url", "notices_url", "listen")
_LOCAL: Final = ("localhost",)


def told(config: TerminalConfig) -> dict[str, Any]:
    """The tree as a bundle has it."""
    return _section(config, "")


def _section(section: BaseModel, above: str) -> dict[str, Any]:
    return {
        name: _value(getattr(section, name), info.annotation, f"{above}{name}")
        for name, info in type(section).model_fields.items()
    }


def _value(value: Any, annotation: Any, place: str) -> Any:
    name = place.rpartition(".")[2]
    if isinstance(value, BaseModel):
        return _section(value, f"{place}.")
    if value is None or value in ("", (), {}):
        return _NONE
    if isinstance(value, bool | int | float):
        return value
    if name == "driver" or place in SAID or (isinstance(value, str) and value in _choices(annotation)):
        return list(value) if isinstance(value, tuple) else value
    if name in _ADDRESSES and isinstance(value, str):
        return address(value)
    if isinstance(value, tuple):
        if all(isinstance(each, BaseModel) for each in value):
            return [_section(each, f"{place}.") for each in value]
        if all(isinstance(each, bool | int | float) for each in value):
            return WITHHELD if place == "site.position" else list(value)
        return {"count": len(value), "values": WITHHELD}
    if isinstance(value, Mapping | Enum | Path | str):
        return WITHHELD
    return WITHHELD


def _choices(annotation: Any) -> frozenset[str]:
    """The texts that the schema offers to choose from."""
    if typing.get_origin(annotation) is Literal:
        return frozenset(each for each in typing.get_args(annotation) if isinstance(each, str))
    if typing.get_origin(annotation) in (typing.Union, types.UnionType, typing.Annotated):
        return frozenset().union(*map(_choices, typing.get_args(annotation)))
    return frozenset()


def address(text: str) -> dict[str, Any]:
    """What kind of place an address names."""
    if text.startswith("/"):
        return {"scheme": "path", "host": "this machine"}
    try:
        split = urlsplit(text if "://" in text else f"//{text}")
        host, port = split.hostname or "", split.port
    except ValueError:
        return {"scheme": WITHHELD}
    known = (
        "http",
        "https",
        "ipp",
        "ipps",
        "tcp",
        "udp",
        "socket",
        "emu",
        "hid",
        "usb",
        "serial",
        "spy",
        "hwgrep",
    )
    scheme = split.scheme if split.scheme in known else "" if not split.scheme else WITHHELD
    return {"scheme": scheme, "host": _kind(host), **({"port": port} if port else {})}


def _kind(host: str) -> str:
    if not host or host in _LOCAL:
        return "this machine"
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return "name"
    return "this machine" if found.is_loopback else "private" if found.is_private else "public"
