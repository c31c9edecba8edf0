"""The devices that a terminal's configuration names."""

from collections.abc import Mapping
from typing import Any

from config.schema import TerminalConfig
from devices.catalog import Device, driver
from ground.clock import Clock


class NotFitted(LookupError):
    """No such device is configured; the message lists those that are."""


def fitted(config: TerminalConfig) -> Mapping[str, Any]:
    """Name (the kind) → settings, in the order of the schema."""
    devices = config.devices
    told = {kind: getattr(devices, kind) for kind in type(devices).model_fields}
    return {kind: settings for kind, settings in told.items() if settings is not None}


def named(config: TerminalConfig, name: str) -> tuple[str, Any]:
    """The device called `name`; "id-card" and "id_card" are one. Raises `NotFitted`."""
    there = fitted(config)
    kind = name.replace("-", "_")
    if kind not in there:
        raise NotFitted(f"no device {name} in the configuration; there are: {', '.join(there) or 'none'}")
    return kind, there[kind]


def built(settings: Any, clock: Clock) -> Device:
    """The device of `settings`, closed."""
    return driver(settings.driver).build(settings, clock)
