"""The settings of one device: whichever driver of its kind is named by `driver`.

Built from `devices.catalog`, so that a new driver needs no edit here.
"""

from functools import reduce
from operator import or_
from typing import Annotated, Any, Protocol

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from devices.catalog import DRIVERS, DriverEntry, Kind


class DeviceSettings(Protocol):
    """What the settings of every driver have."""

    @property
    def driver(self) -> str:
        """The driver's name in `devices.catalog`."""
        ...

    @property
    def url(self) -> str:
        """Where the device is."""
        ...


class OfKind:
    """Marks a configuration value as the settings of a device of one kind; pydantic then takes any driver's."""

    def __init__(self, kind: Kind, drivers: tuple[DriverEntry, ...] = DRIVERS) -> None:
        self._kind = kind
        self._drivers = drivers

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler.generate_schema(settings_of_kind(self._kind, self._drivers))


def settings_of_kind(kind: Kind, drivers: tuple[DriverEntry, ...] = DRIVERS) -> Any:
    """The type of a device's settings: its only driver's, a union told apart by `driver`, or None; always
    `| None`, because no device has to be fitted."""
    models: list[Any] = [entry.settings for entry in drivers if entry.kind == kind]
    if not models:
        return type(None)
    if len(models) == 1:
        return models[0] | None
    union: Any = reduce(or_, models)
    return Annotated[union, Field(discriminator="driver")] | None


def names_of_kind(kind: str, drivers: tuple[DriverEntry, ...] = DRIVERS) -> list[str]:
    """The drivers of one kind, for a sentence that lists them."""
    return [entry.name for entry in drivers if entry.kind == kind]
