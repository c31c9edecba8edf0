"""Every driver of the catalogue has what a driver must have (house style, section 10)."""

import re
import tomllib
from pathlib import Path

import pytest

from devices.catalog import DRIVERS, DriverEntry, driver
from devices.emulators import EMULATORS, SERVICES
from tests.conformance.exchanges import EXCHANGES
from tests.conformance.stage import SERIAL

ROOT = Path(__file__).parents[2]

every_driver = pytest.mark.parametrize("entry", DRIVERS, ids=lambda entry: entry.name)
every_serial_driver = pytest.mark.parametrize("entry", SERIAL, ids=lambda entry: entry.name)


def test_names_are_unique() -> None:
    assert len({entry.name for entry in DRIVERS}) == len(DRIVERS) > 0


def test_drivers_are_found_by_name() -> None:
    assert [driver(entry.name) for entry in DRIVERS] == list(DRIVERS)
    with pytest.raises(KeyError):
        driver("toaster")


@every_driver
def test_its_files_bear_its_name(entry: DriverEntry) -> None:
    for path in (
        f"devices/{entry.kind}/{entry.name}.py",
        f"devices/emulators/{entry.name}.py",
        f"tests/devices/{entry.kind}/test_{entry.name}.py",
        f"docs/devices/{entry.name}.md",
    ):
        assert (ROOT / path).is_file(), f"{entry.name} lacks {path}"


@every_driver
def test_its_settings_are_closed_and_frozen(entry: DriverEntry) -> None:
    fields = entry.settings.model_fields
    assert fields["driver"].default == entry.name
    assert {"url"} <= set(fields)
    assert entry.settings.model_config.get("frozen") is True
    assert entry.settings.model_config.get("extra") == "forbid"


@every_driver
def test_it_says_where_it_was_proven(entry: DriverEntry) -> None:
    assert entry.proven_on
    source = (ROOT / f"devices/{entry.kind}/{entry.name}.py").read_text(encoding="utf-8")
    assert "Proven on: " in source
    assert "roven on" in (ROOT / f"docs/devices/{entry.name}.md").read_text(encoding="utf-8")


@every_serial_driver
def test_it_has_an_emulator_and_an_exchange(entry: DriverEntry) -> None:
    assert entry.name in EMULATORS
    assert entry.name in EXCHANGES


@every_driver
def test_it_has_an_emulator_that_can_be_steered(entry: DriverEntry) -> None:
    assert (entry.name in EMULATORS) != (entry.name in SERVICES)
    emulator = (EMULATORS | SERVICES)[entry.name]
    assert getattr(emulator, "knobs", ()), "a device without physics cannot fail"


@every_driver
def test_its_page_shows_settings_that_load(entry: DriverEntry) -> None:
    page = (ROOT / f"docs/devices/{entry.name}.md").read_text(encoding="utf-8")
    shown = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", page, re.S)]
    tables = [block["devices"][entry.kind] for block in shown if entry.kind in block.get("devices", {})]
    assert tables, f"no ```toml block with [devices.{entry.kind}]"
    for table in tables:
        assert entry.settings.model_validate(table)
