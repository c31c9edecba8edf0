"""The terminal's side and the reference platform, made by different hands to the same page, meet."""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from backend.serve import LiveServer
from ground.clock import ManualClock
from ground.logbook import MemoryLogbook
from offline_cache.errors import Denied
from offline_cache.items import CaseToSeal, PartToSeal
from offline_cache.outbox import Outbox
from offline_cache.platform import Platform
from offline_cache.seal import Recipients
from offline_cache.spool import Spool
from offline_cache.uploader import Uploader
from tests.backend.sealing_terminal import draft_case


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path / "platform", journal=io.StringIO()).start()
    yield server
    server.stop()


@dataclass
class Terminal:
    """One that was enrolled, with a case in its queue."""

    outbox: Outbox
    platform: Platform
    uploader: Uploader
    clock: ManualClock
    case: CaseToSeal
    number: str  #: of the applicant

    def deliver(self) -> None:
        while self.uploader.step():
            self.clock.turn(1.0)


@pytest.fixture
def terminal(tmp_path: Path, server: LiveServer, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    operator = {"Authorization": f"Bearer {server.operator_token}"}
    code = requests.post(f"{server.url}/v1/operator/codes", headers=operator, timeout=30).json()["code"]
    clock = ManualClock()
    newcomer = Platform(server.url, None, clock)
    enrolment = newcomer.enrol(code, "hall 3")
    with pytest.raises(Denied):
        newcomer.enrol(code, "hall 3")
    newcomer.close()

    spool = Spool(tmp_path / "spool", reserve_bytes=0)
    suite = getattr(request, "param", "international")
    recipients = Recipients(Recipients.parse(enrolment.recipients).keys, suite)
    outbox = Outbox(tmp_path / "outbox.sqlite", spool, clock, recipients=recipients)
    platform = Platform(server.url, enrolment.token, clock)
    assert platform.terminal().terminal_id == enrolment.terminal_id
    uploader = Uploader(outbox, platform, clock, MemoryLogbook(), random.Random(1))

    draft = draft_case()
    parts = tuple(PartToSeal(name_in_manifest=name, content=content) for name, content in draft.clear.items())
    case = CaseToSeal(case_id=draft.case_id, matter_code="N02", manifest=draft.manifest, parts=parts)
    outbox.hand_in(case)
    yield Terminal(outbox, platform, uploader, clock, case, draft.manifest["applicant"]["number"])
    platform.close()
    outbox.close()


@pytest.mark.parametrize("terminal", ["international", "sm"], indirect=True)
def test_from_enrolment_to_the_acceptance_number(server: LiveServer, terminal: Terminal) -> None:
    outbox, case, platform = terminal.outbox, terminal.case, terminal.platform
    outbox.add_evaluation(case.case_id, 5, [], "screen", terminal.clock.now(), "2023.1")
    terminal.deliver()

    number = outbox.acceptance_number(case.case_id)
    assert number is not None
    assert outbox.case(case.case_id).evaluation == "delivered"
    progress = platform.progress(number, terminal.number[-4:])
    assert progress is not None and progress.acceptance_number == number
    operator = {"Authorization": f"Bearer {server.operator_token}"}
    (held,) = requests.get(f"{server.url}/v1/operator/cases", headers=operator, timeout=30).json()
    assert (held["case_id"], held["copies"]) == (case.case_id, 1)
    opened = requests.get(
        f"{server.url}/v1/operator/cases/{case.case_id}", headers=operator, timeout=30
    ).json()
    assert opened["local_number"] == outbox.case(case.case_id).local_number


def test_rated_from_her_phone_before_the_terminal_tells_its_own(
    server: LiveServer, terminal: Terminal
) -> None:
    """A case is rated once: the terminal's is not taken, wipes itself, and waits for nobody."""
    outbox, case = terminal.outbox, terminal.case
    terminal.deliver()
    said = requests.post(f"{server.url}/e/{case.case_id}", data={"level": "4"}, timeout=30)
    assert said.status_code == 200
    outbox.add_evaluation(case.case_id, 5, [], "screen", terminal.clock.now(), "2023.1")
    terminal.deliver()
    assert outbox.case(case.case_id).evaluation == "rated_before"
