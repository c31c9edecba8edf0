"""What one cabinet passes on to the next: how it serves, never who it is.

No key, no PIN, no token, no id, no address of this machine, nothing of the site; devices by their driver, and by their
place only where that is the same in each cabinet of the series.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from config.compose import toml_value
from config.schema import TerminalConfig
from kiosk.setup.questions import KINDS, written

CLONED: Final = "clone"  #: among the wizard's changes
_FORMAT: Final = 1
#: answers that hold for each cabinet of a series
_ANSWERS: Final = (
    "language.first",
    "site.hotline",
    "time.zone",
    "time.servers",
    "network.proxy",
    "platform.url",
)
#: sections that say how a terminal serves; who, where, keys and measures stand in others
_SHARED: Final = frozenset(
    {
        "storage", "upload", "link", "journey", "pages", "intake", "catalogue", "face", "language", "voice",
        "care", "failsafe", "power",
    }
)  # fmt: skip
#: of the platform only how it is asked
_OF_PLATFORM: Final = ("takes", "connect_timeout_s", "read_timeout_s", "reply_timeout_s")
_OWN_VALUES: Final = frozenset({"storage.data_folder", "face.fonts_folder"})
#: words of a value's name that make it a secret, whatever section may be added one day
_SECRET: Final = frozenset(
    {"pin", "pins", "key", "keys", "token", "secret", "password", "recipients", "publishers", "id", "serial"}
)
#: places that are the same in each cabinet: by socket, by product, services on this machine
_SAME_PLACE: Final = re.compile(
    r"/dev/(serial|v4l|input)/by-path/.+|hwgrep://[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}|usb://[0-9a-f]{4}:[0-9a-f]{4}"
    r"|(https?|ws)://(127\.0\.0\.1|localhost)(:[0-9]+)?(/.*)?|/dev/watchdog[0-9]*|/dev/gpiochip[0-9]+"
)


class NoClone(ValueError):
    """This file was not made by `setup export`."""


@dataclass(frozen=True, slots=True)
class Clone:
    """What is passed on."""

    answers: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)  #: dotted place → value


def clone_of(config: TerminalConfig, shipped: TerminalConfig, answers: Mapping[str, str]) -> Clone:
    """Of a terminal that is set up: where it differs from what is shipped."""
    passed = {name: answers[name] for name in _ANSWERS if answers.get(name)}
    passed["platform.url"] = config.platform.url
    for kind in KINDS:
        settings = getattr(config.devices, kind)
        if settings is None:
            continue
        told = settings.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        table = {"driver": settings.driver} | {key: told[key] for key in told if not _is_secret(key)}
        if not _SAME_PLACE.fullmatch(str(table.get("url", ""))):
            table.pop("url", None)
        passed[f"devices.{kind}"] = written(table)
    mine, theirs = dict(_values(config)), dict(_values(shipped))
    return Clone(passed, {place: value for place, value in mine.items() if theirs.get(place) != value})


def format_clone(clone: Clone) -> str:
    """As TOML, with what it is and is not."""
    lines = [
        "# 装机设置，给同一批机柜用：kiosk setup clone 本文件。没有密钥、口令、终端编号和本机地址。",
        "# Settings for the next cabinets of a series. No keys, PINs, ids or addresses of the machine they come from.",
        f"format = {_FORMAT}",
        "",
        "[answers]",
        *(f"{toml_value(name)} = {toml_value(value)}" for name, value in sorted(clone.answers.items())),
        "",
        "[settings]",
        *(f"{toml_value(place)} = {toml_value(value)}" for place, value in sorted(clone.settings.items())),
    ]
    return "\n".join(lines) + "\n"


def parse_clone(text: str) -> Clone:
    """What `format_clone` wrote. Raises `NoClone`; a place that is never passed on is refused, whoever wrote it."""
    try:
        told = tomllib.loads(text)
        if told["format"] != _FORMAT:
            raise NoClone(str(told["format"]))
        clone = Clone({str(k): str(v) for k, v in told["answers"].items()}, dict(told["settings"]))
    except (tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError) as error:
        raise NoClone(str(error)) from error
    allowed = {*_ANSWERS, *(f"devices.{kind}" for kind in KINDS)}
    own = [place for place in clone.settings if not _is_passed_on(place)]
    if own or not set(clone.answers) <= allowed:
        raise NoClone(", ".join([*own, *sorted(set(clone.answers) - allowed)]))
    return clone


def _values(config: TerminalConfig) -> Iterator[tuple[str, Any]]:
    for section, table in config.model_dump(mode="json", exclude_none=True).items():
        for name, value in table.items() if isinstance(table, dict) else ():
            if _is_passed_on(f"{section}.{name}"):
                yield f"{section}.{name}", value


def _is_passed_on(place: str) -> bool:
    section, _, name = place.partition(".")
    if place in _OWN_VALUES or _is_secret(name):
        return False
    return section in _SHARED or (section == "platform" and name in _OF_PLATFORM)


def _is_secret(name: str) -> bool:
    return not _SECRET.isdisjoint(name.split("_"))
