"""Toner: little of it is told, none of it stops."""

import pytest

from devices.errors import Condition
from devices.page_printer import JobState
from devices.status import State, Supply
from tests.devices.page_printer.conftest import TITLE, pdf


@pytest.mark.parametrize(("percent", "supply"), [(80, Supply.FULL), (11, Supply.FULL), (10, Supply.LOW)])
def test_as_long_as_there_is_some_it_prints(printer, emulator, percent: int, supply: Supply) -> None:
    emulator.toner = percent
    status = printer.status()
    assert (status.ready, status.supplies["toner"]) == (True, supply)
    assert status.readings["toner_percent"] == percent
    assert printer.follow(printer.submit(pdf(), TITLE)).state is JobState.COMPLETED


def test_without_it_the_job_waits_for_a_cartridge(printer, emulator) -> None:
    emulator.toner = 0
    job = printer.submit(pdf(), TITLE)
    status = printer.status()
    assert (status.state, status.condition) == (State.USER_ERROR, Condition.TONER_OUT)
    assert status.supplies["toner"] is Supply.OUT
    assert printer.follow(job).state is JobState.STOPPED
    emulator.toner = 100
    assert printer.follow(job).state is JobState.COMPLETED
    assert len(emulator.tray) == 1
