"""What happened to the devices while nobody could hear it: one event for each change, and none for what stays."""

from pathlib import Path
from typing import Any

import pyrage
import pytest

from devices.status import State, Supply
from ground.clock import ManualClock
from kiosk.case_desk import CaseDesk
from kiosk.health import Health
from offline_cache.items import MessageJob
from offline_cache.outbox import Outbox
from offline_cache.seal import Recipients
from offline_cache.spool import Spool


class _Terminal:
    """A desk with its board of health."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock()
        self.health = Health(self.clock)
        recipients = Recipients.parse([str(pyrage.x25519.Identity.generate().to_public())])
        spool = Spool(folder / "spool", reserve_bytes=0)
        self.outbox = Outbox(folder / "outbox.sqlite", spool, self.clock, recipients=recipients)
        self.desk = CaseDesk(self.outbox, self.health, "sample", self.clock)

    def events(self) -> list[dict[str, Any]]:
        """Those that wait, oldest first."""
        self.desk.look()
        waiting = self.outbox.list_messages(open_only=True)
        jobs = [self.outbox.claim(60) for _ in waiting]
        told = [job for job in jobs if isinstance(job, MessageJob)]
        for job in told:
            self.outbox.message_delivered(job)
        return [dict(job.body) for job in told if job.kind == "device_event"]


@pytest.fixture
def terminal(tmp_path: Path) -> Any:
    made = _Terminal(tmp_path)
    yield made
    made.desk.close()


def test_a_device_that_comes_up_is_no_event(terminal: _Terminal) -> None:
    terminal.health.starting("receipt_printer")
    assert terminal.events() == []
    terminal.health.note("receipt_printer", ok=True)
    assert terminal.events() == []


def test_each_change_is_one_event(terminal: _Terminal) -> None:
    note = terminal.health.note
    note("receipt_printer", ok=True, supplies={"paper": Supply.FULL})
    assert terminal.events() == []
    note("receipt_printer", ok=True, supplies={"paper": Supply.LOW})
    (low,) = terminal.events()
    assert (low["name"], low["ok"], low["supplies"]) == ("receipt_printer", True, {"paper": "low"})
    assert terminal.events() == []
    note("receipt_printer", ok=False, code="condition.paper_out", supplies={"paper": Supply.OUT})
    (out,) = terminal.events()
    assert (out["ok"], out["code"]) == (False, "condition.paper_out")
    note("receipt_printer", ok=True, supplies={"paper": Supply.FULL})
    (well,) = terminal.events()
    assert well["ok"]
    assert set(well) == {"name", "ok", "code", "state", "since", "supplies"}, "nothing that it says of itself"


def test_one_that_never_worked_is_an_event(terminal: _Terminal) -> None:
    terminal.health.starting("id_card")
    assert terminal.events() == []
    terminal.health.note("id_card", ok=False, code="D101", state=State.NO_DEVICE)
    (event,) = terminal.events()
    assert (event["name"], event["code"]) == ("id_card", "D101")


def test_the_link_is_no_device(terminal: _Terminal) -> None:
    terminal.health.note("link", ok=False, code="U101")
    assert terminal.events() == []
